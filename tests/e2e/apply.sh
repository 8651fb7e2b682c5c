#!/bin/bash
# The host of the articles from a bare one with a single `apply`: TLS, users per VM, a console on a Unix socket for a group, one that only live
# tickets open. Every console with the real client; the second run changes nothing; what can't be is rolled back to the byte.
# shellcheck disable=SC2034
HOST_NAME=mysrv.example.org
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

CA=(--host mysrv.example.org --ca-file /etc/pki/libvirt-spice/ca-cert.pem)
login() { expect_client "$1" "$2" password="$3" machine=mylap "${CA[@]}" --tls-port "$4" --user "$5"; }
daemon_pid() { pgrep -x libvirtd; }
# every byte of the host's configuration, with owners, modes and ACLs; libvirt's own caches and logs apart
state() {
    snapshot_tree /etc
    find /etc -type f -not -path '/etc/libvirt/qemu/*' -exec sha256sum {} + | LC_ALL=C sort -k2
    [ ! -e /var/spicex ] || snapshot_tree /var/spicex
    for vm in debianx leaptest lab-1 kiosk; do virsh dumpxml --inactive --security-info "$vm"; done
}

add_machine mylap 192.168.2.22
add_account uvma ''
add_account uvmb ''
mkdir -m 700 /root/secrets
(umask 077 && printf 's3apply-anne\n' >/root/secrets/anne && printf 's3apply-bob\n' >/root/secrets/bob && printf 's3apply-ticket\n' >ticket)
watch_argv s3apply-anne s3apply-bob s3apply-ticket
for vm in debianx leaptest lab-1 kiosk; do
    define_vm "$vm" graphics="<graphics type='spice' autoport='yes'><listen type='address'/><image compression='off'/></graphics>" \
        video="<video><model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1' primary='yes'/></video>"
done
cat >host.ini <<'EOF'
[host]
tls = yes
sasl = per-vm
restart-daemon = yes

[host.mysrv]                          ; the short name of this host
spice_tls_x509_cert_dir = /etc/pki/libvirt-spice

[host.other]
spice_tls_x509_cert_dir = /nonexistent

[pki]
host = "mysrv.example.org mysrv"
ip = 192.168.2.2
days = 825

[vm.bookkeeping]
name = debianx
heads = 2
resolution = 1920x1080
listen = address 0.0.0.0
tls-port = 20002
mode = secure
compression = auto_glz

[vm.webserver]
name = leaptest
listen = address 0.0.0.0
tls-port = 20004
mode = secure

[vm.lab]
match = "lab-*"
heads = 2
listen = socket
allow = group:spicex
create-group = yes

[vm.kiosk]
name = kiosk
listen = address 127.0.0.1
port = 20006
password = ticket

[vm.rest]
match = "*"
agent = on

[user.anne]
user = anne
vm = debianx
password = file:/root/secrets/anne

[user.bob]
user = bob
vm = leaptest
password = file:/root/secrets/bob
EOF

# --- before
before=$(state)
pid=$(daemon_pid)
expect_exit 10 "--dry-run" cfg apply host.ini --dry-run --diff --detailed-exitcode
expect_eq "changes nothing" "$before" "$(state)"
expect_eq "and restarts nothing" "$pid" "$(daemon_pid)"
expect_match "the preview has what is added" '^  \+ /domain/devices/graphics\[1\]/@tlsPort: 20002' "$OUT"
expect_match "what is changed" '^  ~ /domain/devices/video\[1\]/model/@heads: 1 -> 2' "$OUT"
expect_match "and what is removed" '^  - /domain/devices/graphics\[1\]/@autoport: yes' "$OUT"
expect_match "the section that does not decide is reported" '\[vm.rest\] also matches .*debianx by \[vm.bookkeeping\]' "$OUT"
expect_exit 3 "a typing error" cfg apply - < <(sed 's/^heads/hedas/' host.ini)
expect_match "with its place and a word for it" "stdin:19:1: 'hedas'.*Did you mean 'heads'" "$(tr '\n' ' ' <<<"$ERR")"
expect_eq "still nothing has changed" "$before" "$(state)"

# --- from bare to the articles' host
expect_exit 10 "apply" cfg apply host.ini --detailed-exitcode
expect_no_match "no password is printed" s3apply "$OUT$ERR"
expect_eq "libvirtd was restarted once" 1 "$(grep -c 'libvirtd is restarted' <<<"$OUT")"
[ "$pid" != "$(daemon_pid)" ] && pass "by another process" || fail "by another process" "not $pid" "$(daemon_pid)"
after=$(state) pid=$(daemon_pid)
expect_exit 0 "apply again" cfg apply host.ini --detailed-exitcode
expect_eq "says so" "host.ini: unchanged" "$(head -1 <<<"$OUT")"
expect_eq "and changes nothing" "$after" "$(state)"
expect_eq "nor restarts libvirtd" "$pid" "$(daemon_pid)"
expect_exit 0 "check finds no error" cfg check --no-fix
join_group uvmb spicex

for vm in debianx leaptest lab-1 kiosk; do vm_start "$vm"; done
SOCKET=$(vm_get lab-1 '/domain/devices/graphics[1]/listen/@socket')
login opened "anne opens her VM over TLS" s3apply-anne 20002 anne
login auth-failed "with a wrong password she does not" s3apply-bob 20002 anne
login auth-failed "bob does not open it" s3apply-bob 20002 bob
login opened "bob opens his" s3apply-bob 20004 bob
login auth-failed "anne does not" s3apply-anne 20004 anne
expect_client tls-failed "who does not trust the CA gets nowhere" password=s3apply-anne machine=mylap --host mysrv.example.org \
    --ca-file /etc/ssl/certs/ca-certificates.crt --tls-port 20002 --user anne
expect_client connect-failed "there is no plain port" password=s3apply-anne machine=mylap --host mysrv.example.org --port 20001
expect_client opened "a member of the group opens the socket" user=uvmb --unix "$SOCKET"
expect_client connect-failed "another account does not" user=uvma --unix "$SOCKET"
expect_client auth-failed "nobody opens the ticket VM" --port 20006
expect_client auth-failed "nor with a guess" password=s3apply-guess --port 20006
expect_eq "two heads" 2 "$(vm_get debianx '/domain/devices/video[1]/model/@heads')"

# --- a live ticket, and the policy again
expect_ok "a live ticket" cfg set-password kiosk --password-file ticket --valid-for 2m --live
expect_client opened "opens it" password=s3apply-ticket --port 20006
expect_exit 10 "apply takes the ticket out of the definition" cfg apply host.ini --detailed-exitcode
expect_match "and names the VM that runs with it" 'run with their old settings .*: kiosk' "$OUT"
expect_client opened "the running VM keeps it" password=s3apply-ticket --port 20006
expect_eq "the definition does not" "" "$(virsh dumpxml --inactive --security-info kiosk | grep s3apply || true)"
expect_exit 0 "apply again" cfg apply host.ini --detailed-exitcode

# --- passwords that are made
cat >generate.ini <<'EOF'
[vm.kiosk]
name = kiosk
password = generate
[user.carol]
user = carol
vm = debianx
password = generate
EOF
expect_exit 10 "generated passwords" cfg apply generate.ini --format json --detailed-exitcode
made=$(json_get results.0.passwords.0.password <<<"$OUT") carol=$(json_get results.0.passwords.1.password <<<"$OUT")
expect_eq "are shown once" "kiosk carol" "$(json_get results.0.passwords.0.vm <<<"$OUT") $(json_get results.0.passwords.1.user <<<"$OUT")"
expect_exit 0 "the second run makes none" cfg apply generate.ini --format json --detailed-exitcode
expect_eq "and shows none" '' "$(json_get results.0.passwords <<<"$OUT")"
login opened "carol logs in with hers" "$carol" 20002 carol
vm_restart kiosk
expect_client opened "the VM opens with its own" password="$made" --port 20006

# --- what can't be
before=$(state) pid=$(daemon_pid)
cat >broken.ini <<'EOF'
[host]
spice_tls_x509_cert_dir = /nonexistent
restart-daemon = yes
[vm.bookkeeping]
name = debianx
heads = 1
[vm.kiosk]
name = kiosk
password = none
EOF
expect_exit 4 "a qemu.conf with which libvirtd has no QEMU driver" cfg apply broken.ini --force
expect_eq "everything is as before" "$before" "$(state)"
expect_exit 3 "a VM that does not exist" cfg apply - <<<$'[host]\nspice_listen = 0.0.0.0\n[vm.a]\nname = debianxx\nheads = 2'
expect_match "is named with its place" "stdin:4:8: .*debianxx.*Did you mean 'debianx'" "$(tr '\n' ' ' <<<"$ERR")"
expect_eq "everything is still as before" "$before" "$(state)"
expect_exit 2 "another host's URI" cfg -c qemu+ssh://other/system apply host.ini
login opened "anne still gets in" s3apply-anne 20002 anne

expect_argv_clean "no password in anybody's arguments or environment"
expect_secret_hidden "a third account finds no password" s3apply uvma /etc /var /run/libvirt /run/test
