#!/bin/bash
# set-listen and set-mode on real VMs: QEMU listens where it should, and a client can connect there.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
HOST_NAME=mysrv.example.org
host_run "$@"

graphics=/domain/devices/graphics[1]
define_vm vm1
define_vm vm2

# listening PORT: the address on which QEMU listens
listening() { ss -Hltn "sport = :$1" | awk '{print $4}' | sed "s/:$1\$//"; }

expect_ok "a fixed plain port on loopback" cfg set-listen vm1 address 127.0.0.1 --port 20001
expect_eq "definition: autoport" no "$(vm_conf vm1 "$graphics/@autoport")"
expect_eq "attribute and element agree" "$(vm_conf vm1 "$graphics/@listen")" "$(vm_conf vm1 "$graphics/listen/@address")"
vm_start vm1
expect_eq "QEMU listens there" 127.0.0.1 "$(listening 20001)"
expect_client opened "client on the plain port" --port 20001
vm_stop vm1

expect_ok "port auto" cfg set-listen vm2 address "$HOST_ADDRESS" --port auto
vm_start vm2
expect_client opened "client on the automatic port" --host "$HOST_ADDRESS" --port "$(vm_port vm2)"
expect_client connect-failed "loopback is closed" --port "$(vm_port vm2)"
vm_stop vm2

if [ -e /proc/net/if_inet6 ]; then
    expect_ok "IPv6" cfg set-listen vm1 address "$HOST_ADDRESS6" --port 20001
    vm_start vm1
    expect_client opened "client on IPv6" --host "$HOST_ADDRESS6" --port 20001
    vm_stop vm1
fi

# Unix socket (A8): directory and ACLs come from spicecfg, the socket from QEMU
uuid=$(virsh domuuid vm1 | tr -d '\n')
expect_ok "a socket at the default path" cfg set-listen vm1 socket
socket=$(vm_conf vm1 "$graphics/listen/@socket")
expect_eq "its directory is named by UUID" "/var/spicex/$uuid/spice.socket" "$socket"
expect_eq "no port is left" "" "$(vm_conf vm1 "$graphics/@port")$(vm_conf vm1 "$graphics/@tlsPort")"
expect_eq "compression is off" off "$(vm_conf vm1 "$graphics/image/@compression")"
vm_start vm1
expect_client opened "client on the socket" --unix "$socket"
add_account stranger secret
expect_client connect-failed "another account is shut out" user=stranger --unix "$socket"
vm_stop vm1
add_group spicex
add_account uvmb secret spicex
expect_ok "a socket for a group" cfg set-listen vm1 socket --allow group:spicex
vm_start vm1
expect_client opened "a member opens it" user=uvmb --unix "$socket"
expect_client connect-failed "another account doesn't" user=stranger --unix "$socket"
vm_restart vm1
expect_client opened "a member opens it after a restart" user=uvmb --unix "$socket"
expect_client connect-failed "another account doesn't" user=stranger --unix "$socket"
vm_stop vm1

# another path: the directory is created if it is missing
expect_ok "a socket in a directory that is missing" cfg set-listen vm1 socket /srv/spice/vm1.sock
vm_start vm1
expect_client opened "client on it" --unix /srv/spice/vm1.sock
expect_client connect-failed "another account doesn't" user=stranger --unix /srv/spice/vm1.sock
vm_stop vm1
mkdir -m 755 /srv/foreign
expect_ok "a socket in another account's directory" cfg set-listen vm1 socket /srv/foreign/vm1.sock
expect_file "which stays as it is" "755 root:root" /srv/foreign
expect_exit 3 "a group that is missing" cfg set-listen vm1 socket --allow group:nosuch
expect_eq "changes nothing" /srv/foreign/vm1.sock "$(vm_conf vm1 "$graphics/listen/@socket")"
expect_exit 2 "--allow without a socket" cfg set-listen vm1 address 127.0.0.1 --allow group:spicex
virsh dumpxml vm1 --inactive >file.xml
expect_exit 2 "--allow for a file" cfg set-listen ./file.xml socket --allow group:spicex
expect_ok "a file alone" cfg set-listen ./file.xml socket
expect_ok "the article's place" cfg set-listen vm2 socket /var/spicex/spice.socket --allow group:spicex
vm_start vm2
expect_client opened "a member opens it" user=uvmb --unix /var/spicex/spice.socket
vm_stop vm2
expect_exit 0 "once more" cfg set-listen vm2 socket /var/spicex/spice.socket --allow group:spicex --detailed-exitcode

expect_ok "from a socket to a network port" cfg set-listen vm1 address 127.0.0.1 --port 20001
expect_eq "no socket is left" "" "$(vm_conf vm1 "$graphics/listen/@socket")"
vm_start vm1
expect_client opened "client on the port again" --port 20001
vm_stop vm1

# a libvirt network: the address of its bridge
virsh -q net-start default
expect_ok "a network" cfg set-listen vm1 network default
vm_start vm1
expect_client opened "client on the bridge's address" --host 192.168.122.1 --port "$(vm_port vm1)"
expect_client connect-failed "loopback is closed" --port "$(vm_port vm1)"
vm_stop vm1
expect_ok "from a network back to a port" cfg set-listen vm1 address 127.0.0.1 --port 20001
expect_eq "no network is left" "" "$(vm_conf vm1 "$graphics/listen/@network")"

# TLS only (A17)
make_ca /run/test/ca
make_server_cert /run/test/ca /etc/pki/libvirt-spice "$HOST_NAME"
before=$(virsh dumpxml vm2 --inactive)
expect_exit 4 "TLS only, while spice_tls is off: libvirt refuses the definition" cfg set-listen vm2 address "$HOST_ADDRESS" --tls-port 20002
expect_match "its message is kept" 'TLS is disabled in qemu.conf' "$ERR"
expect_match "and the fix is printed" 'spicecfg host set spice_tls=1' "$ERR"
expect_eq "nothing changed" "$before" "$(virsh dumpxml vm2 --inactive)"
qemu_conf 'spice_tls = 1'
expect_ok "TLS only" cfg set-listen vm2 address "$HOST_ADDRESS" --tls-port 20002
expect_eq "no plain port" "" "$(vm_conf vm2 "$graphics/@port" | grep -v '^-1$')"
expect_eq "defaultMode" secure "$(vm_conf vm2 "$graphics/@defaultMode")"
vm_start vm2
expect_client opened "client over TLS" --host "$HOST_NAME" --tls-port 20002 --ca-file /run/test/ca/ca-cert.pem
expect_client connect-failed "no plain port" --host "$HOST_NAME" --port 20001
vm_stop vm2

expect_ok "both ports" cfg set-listen vm2 address "$HOST_ADDRESS" --port 20003 --tls-port 20002
expect_ok "any mode" cfg set-mode vm2 any
vm_start vm2
expect_client opened "client on the plain port" --host "$HOST_NAME" --port 20003
expect_client opened "client on the TLS port" --host "$HOST_NAME" --tls-port 20002 --ca-file /run/test/ca/ca-cert.pem
vm_stop vm2
expect_ok "plain port, secure main channel" cfg set-mode vm2 any --channel main=secure
vm_start vm2
expect_client opened "the client switches to TLS" --host "$HOST_NAME" --port 20003 --tls-port 20002 --ca-file /run/test/ca/ca-cert.pem
expect_eq "main channel over TLS" true "$(client_got tls)"
vm_stop vm2

# states that would be refused are not created
expect_exit 1 "plain port only with secure mode" cfg set-mode vm1 secure
expect_exit 1 "the same port twice" cfg set-listen vm1 address 127.0.0.1 --port 20001 --tls-port 20001
expect_ok "none" cfg set-listen vm1 none
vm_start vm1
expect_eq "QEMU listens nowhere" "" "$(listening 20001)"
