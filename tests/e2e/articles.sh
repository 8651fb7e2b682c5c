#!/bin/bash
# The articles' set-ups, walked through with spicecfg alone, each proved with the real client. The last thing printed is a table:
# article and fact (docs: A1-A36), command, what the client saw.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
HOST_NAME=mysrv.example.org
host_run "$@"

graphics=/domain/devices/graphics[1]
TABLE=()
LAST=''

# do_it ARGS…: spicecfg with these arguments; the step's command for the table
do_it() {
    LAST="spicecfg $*"
    expect_ok "$LAST" cfg "$@"
}

# do_with_password TEXT ARGS…
do_with_password() {
    local text=$1
    shift
    LAST="spicecfg $* < password"
    expect_ok "$LAST" cfg_with "$text" "$@"
}
cfg_with() { local text=$1; shift; printf '%s\n' "$text" | cfg "$@"; }

# saw ID RESULT WHAT OPTIONS…: what the client must see after the last command
saw() {
    local id=$1 result=$2 what=$3
    shift 3
    expect_client "$result" "$id: $what" "$@"
    TABLE+=("$id|$LAST|$what: $(client_got result)")
}
note() { TABLE+=("$1|$LAST|$2"); }

define_vm debianx
define_vm leaptest
watch_argv Geheim-1 Geheim-2 Geheim-3 Geheim-4
add_machine mylap 192.168.2.22

# QXL IV: four heads
do_it set-heads debianx 4
vm_start debianx
saw A5 opened "console opens" --port "$(vm_port debianx)"
expect_eq "A5: QEMU's heads" 4 "$(qom debianx video0 max_outputs)"
note A5 "QEMU: max_outputs $(qom debianx video0 max_outputs), vgamem $(qom debianx video0 vgamem_mb) MiB"
vm_stop debianx

# IV: virtio with two heads
do_it set-heads leaptest 2 --model virtio
vm_start leaptest
saw A7 opened "console opens" --port "$(vm_port leaptest)"
expect_eq "A7: display channels" 2 "$(client_got displays)"
note A7 "client: $(client_got displays) display channels"
vm_stop leaptest

# I: a plain port on loopback, and through an SSH tunnel from the laptop (A13, A14)
do_it set-listen debianx address 127.0.0.1 --port 20001
vm_start debianx
saw A3 opened "on the server" --port 20001
saw A13 connect-failed "from the laptop, without a tunnel" machine=mylap --host "$HOST_ADDRESS" --port 20001
add_account uvmb secret spicex
usermod -s /bin/sh uvmb
ssh-keygen -q -t ed25519 -N '' -f key
install -d -m 700 -o uvmb /home/uvmb/.ssh
install -m 600 -o uvmb key.pub /home/uvmb/.ssh/authorized_keys
start_sshd
daemon tunnel ip netns exec mylap ssh -i key -o StrictHostKeyChecking=no -N -L 31001:localhost:20001 "uvmb@$HOST_ADDRESS"
wait_for 10 "the tunnel" ip netns exec mylap bash -c '>/dev/tcp/127.0.0.1/31001'
saw A14 opened "from the laptop, through ssh -L" machine=mylap --port 31001
vm_stop debianx

# IV: a Unix socket for the group spicex (A8-A10)
do_it set-listen debianx socket --allow group:spicex
vm_start debianx
socket=$(vm_conf debianx "$graphics/listen/@socket")
add_account stranger secret
saw A9 opened "member of spicex" user=uvmb --unix "$socket"
saw A9 connect-failed "another account" user=stranger --unix "$socket"
vm_stop debianx

# V: compression on a network port (A11)
do_it set-listen debianx address 0.0.0.0 --port 20001
do_it set-compression debianx auto_glz
vm_start debianx
expect_match "A11: QEMU's command line" image-compression=auto_glz "$(vm_cmdline debianx)"
saw A11 opened "from the laptop" machine=mylap --host "$HOST_ADDRESS" --port 20001
vm_stop debianx

# VII: TLS (A15-A17)
do_it pki init
do_it pki issue --host "$HOST_NAME"
do_it host set spice_tls=1 spice_tls_x509_cert_dir=/etc/pki/libvirt-spice
restart_libvirtd
do_it set-listen debianx address 0.0.0.0 --tls-port 20002
expect_no_match "no word of spice_tls, which is on" spice_tls "$ERR"
vm_start debianx
cfg pki export-ca >ca.pem
make_ca /run/test/otherca "Other CA"
tls=(machine=mylap)
way=(--host "$HOST_NAME" --tls-port 20002 --ca-file /run/test/ca.pem)
saw A17 opened "right CA and name" "${tls[@]}" "${way[@]}"
saw A17 tls-failed "wrong CA" "${tls[@]}" --host "$HOST_NAME" --tls-port 20002 --ca-file /run/test/otherca/ca-cert.pem
saw A17 tls-failed "wrong name" "${tls[@]}" --host "$HOST_ADDRESS" --tls-port 20002 --ca-file /run/test/ca.pem
saw A16 connect-failed "no plain port is left" "${tls[@]}" --host "$HOST_NAME" --port 20001
vm_stop debianx

# VIII: TLS with a password per VM, no SASL (A36, A28)
do_with_password Geheim-1 set-password debianx
vm_start debianx
saw A36 opened "right password" "${tls[@]}" password=Geheim-1 "${way[@]}"
saw A36 auth-failed "wrong password" "${tls[@]}" password=falsch "${way[@]}"
expect_no_match "A28: not in QEMU's arguments" Geheim "$(vm_cmdline debianx)"
vm_stop debianx
do_it clear-password debianx

# VII: SASL with sasldb (A18-A23)
do_it sasl set --backend sasldb --mech scram-sha-256
do_with_password Geheim-2 user add charlie
do_it host set spice_sasl=1
restart_libvirtd
vm_start debianx
saw A18 opened "user charlie" "${tls[@]}" password=Geheim-2 "${way[@]}" --user charlie
expect_eq "A19: mechanism" SCRAM-SHA-256 "$(client_got mechanism)"
saw A18 auth-failed "wrong password" "${tls[@]}" password=falsch "${way[@]}" --user charlie
saw A18 auth-failed "unknown user" "${tls[@]}" password=Geheim-2 "${way[@]}" --user maggie
do_it user list
expect_match "A22: charlie is listed" charlie "$OUT"
vm_stop debianx
do_with_password Geheim-1 set-password debianx
expect_match "A23: a password beside the host's SASL: warned" 'sasl' "$ERR"
expect_exit 1 "A23: check tells that it won't start" cfg check debianx
expect_exit 1 "A23: and it doesn't" virsh start debianx
note A23 "no VM: libvirt refuses to start it"
do_it clear-password debianx
expect_exit 0 "A23: check has no error now" cfg check debianx
vm_start debianx
do_it user remove charlie
saw A22 auth-failed "charlie, removed" "${tls[@]}" password=Geheim-2 "${way[@]}" --user charlie
vm_stop debianx

# VII: saslauthd and PAM (A25, A26)
add_account ralph Geheim-3
do_it pam install
do_it sasl set --backend saslauthd
join_group libvirt-qemu sasl
start_saslauthd
vm_start debianx
saw A25 opened "account ralph" "${tls[@]}" password=Geheim-3 "${way[@]}" --user ralph
saw A25 auth-failed "wrong password" "${tls[@]}" password=falsch "${way[@]}" --user ralph
vm_stop debianx

# VII held a user of one VM to be impossible (A27): leaptest gets users of its own, debianx goes on by the host's
do_it set-listen leaptest address 0.0.0.0 --tls-port 20004
do_it sasl set --vm leaptest --backend sasldb --mech scram-sha-256
do_with_password Geheim-4 user add maggie --vm leaptest
vm_start debianx
vm_start leaptest
way2=(--host "$HOST_NAME" --tls-port 20004 --ca-file /run/test/ca.pem)
saw A27 opened "maggie on leaptest" "${tls[@]}" password=Geheim-4 "${way2[@]}" --user maggie
saw A27 auth-failed "maggie on debianx" "${tls[@]}" password=Geheim-4 "${way[@]}" --user maggie
saw A27 auth-failed "ralph on leaptest" "${tls[@]}" password=Geheim-3 "${way2[@]}" --user ralph
saw A27 opened "ralph on debianx" "${tls[@]}" password=Geheim-3 "${way[@]}" --user ralph

expect_argv_clean "no password was in anybody's arguments or environment"
for secret in Geheim-1 Geheim-2 Geheim-3 Geheim-4; do
    expect_secret_hidden "no file shows $secret to another account" "$secret" stranger /etc /var /run
    expect_eq "no log has $secret" "" "$(printf '%s\n' "$secret" | grep -rlFs -f - /var/log /run/host/*.log || true)"
done

printf '\n%-7s %-62s %s\n' article command "what the client saw"
for row in "${TABLE[@]}"; do
    IFS='|' read -r id command seen <<<"$row"
    printf '%-7s %-62s %s\n' "$id" "$command" "$seen"
done
