#!/bin/bash
# The commands and files that `viewer` prints, run by the real remote-viewer, virt-viewer and ssh as they are: each opens the console.
# shellcheck disable=SC2034
HOST_NAME=mysrv.example.org
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"
for program in remote-viewer virt-viewer Xvfb; do
    command -v $program >/dev/null || host_skip "packages (no $program)"
done

export DISPLAY=:77 GDK_BACKEND=x11 NO_AT_BRIDGE=1 LIBGL_ALWAYS_SOFTWARE=1
daemon xvfb Xvfb $DISPLAY -screen 0 1280x1024x24 -nolisten tcp
wait_for 20 "the X server" test -e /tmp/.X11-unix/X77

channels() { qmp "$1" '{"execute":"query-spice"}' | json_get return.channels | grep -o '"channel-type"' | wc -l; }
is_open() { [ "$(channels "$1")" -ge 3 ]; }
is_closed() { [ "$(channels "$1")" -eq 0 ]; }

mkdir /run/host/bin && ln -s "$SPICECFG" /run/host/bin/spicecfg
export PATH=$PATH:/run/host/bin

# lines VM OPTIONS…: the commands, without where they are to be run
lines() { "$SPICECFG" viewer "$@" | sed -n 's/^  on the [a-z]*: *//p'; }

# opened WHAT VM COMMANDS: runs them in a directory of their own; the last one is the client, which is ended again
opened() {
    local what=$1 vm=$2 commands=$3 pid before
    printf '%s\n' "$commands" | sed '$d' >/run/host/before.sh
    printf '%s\n' "$commands" | sed -n '$p' >/run/host/client.sh
    cd /run/host || return
    sh -e /run/host/before.sh >/run/host/before.log 2>&1 || fail "$what: what comes before it" 0 "$(cat /run/host/before.sh /run/host/before.log)"
    setsid sh -c 'exec sh /run/host/client.sh' >/run/host/client.log 2>&1 &
    pid=$!
    if wait_for 40 "$what" is_open "$vm"; then pass "$what"; else fail "$what" "an open console" "$(cat /run/host/client.sh /run/host/client.log)"; fi
    kill -- -$pid 2>/dev/null || true
    wait_for 20 "its end" is_closed "$vm"
    cd - >/dev/null || return
}

expect_ok "a CA" cfg pki init
expect_ok "a certificate" cfg pki issue --host mysrv.example.org
qemu_conf 'spice_tls = 1'
define_vm tls graphics="<graphics type='spice' tlsPort='20002' autoport='no' listen='0.0.0.0' defaultMode='secure'/>"
define_vm plain graphics="<graphics type='spice' autoport='yes' listen='127.0.0.1'/>"
define_vm "two words" graphics="<graphics type='spice'><listen type='socket' socket='/var/spicex/two.socket'/></graphics>"
mkdir -p /var/spicex && chown "$(qemu_account)" /var/spicex
expect_exit 1 "a port that nobody knows yet" cfg viewer plain --reach loopback
expect_match "is said" "chooses the port of 'plain' when the VM starts" "$ERR"
for vm in tls plain "two words"; do vm_start "$vm"; done

opened "TLS over the network" tls "$(lines tls --reach network)"
opened "TLS by the host's address, which the certificate does not name" tls "$(lines tls --reach network --host 192.168.2.2)"
opened "a port that libvirt chose, on loopback" plain "$(lines plain --reach loopback)"
expect_exit 1 "which the network does not reach" cfg viewer plain --reach network
opened "a Unix socket" "two words" "$(lines "two words" --reach socket)"
opened "through libvirt" plain "$(lines plain --reach libvirt | grep attach)"
expect_exit 1 "channels with TLS only are not opened through libvirt" cfg viewer tls --reach libvirt
opened "a socket through libvirt" "two words" "$(lines "two words" --reach libvirt | grep attach)"
for vm in tls plain "two words"; do
    expect_ok "a connection file of $vm" cfg viewer "$vm" --vv "/run/host/$vm.vv"
    opened "opens it" "$vm" "remote-viewer '/run/host/$vm.vv'"
    expect_exit 0 "is written once" cfg viewer "$vm" --vv "/run/host/$vm.vv" --detailed-exitcode
done

grep -q ^X11Forwarding /etc/ssh/sshd_config || echo "X11Forwarding yes" >>/etc/ssh/sshd_config
start_sshd
add_account anne secret
usermod -s /bin/sh anne
mkdir -p ~/.ssh /home/anne/.ssh
ssh-keygen -q -t ed25519 -N '' -f ~/.ssh/id_ed25519
cp ~/.ssh/id_ed25519.pub /home/anne/.ssh/authorized_keys && chown -R anne: /home/anne/.ssh && chmod 700 /home/anne/.ssh
cp ~/.ssh/id_ed25519.pub ~/.ssh/authorized_keys
ssh-keyscan mysrv.example.org >~/.ssh/known_hosts 2>/dev/null
for vm in tls plain; do opened "$vm by an SSH tunnel" "$vm" "$(lines "$vm" --reach ssh --user anne)"; done
setfacl -m u:anne:rwx /var/spicex && setfacl -m u:anne:rw /var/spicex/two.socket
opened "through libvirt and SSH" plain "$(lines plain --reach libvirt | tail -n 1)"
opened "a socket by an SSH tunnel" "two words" "$(lines "two words" --reach ssh --user anne)"
opened "a socket, with the window brought by X11 through SSH" "two words" "$(lines "two words" --reach ssh --user anne --x11)"
