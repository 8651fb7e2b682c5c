#!/bin/bash
# A SASL user bound to one VM: two VMs with a sasldb each, two users. Each opens its own VM and is refused by the other; a removed user is shut out; a global
# user still opens a VM without its own file; VMs with a ticket are not affected. With the real client.
# shellcheck disable=SC2034
HOST_NAME=mysrv.example.org
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

GROUP=$(getent group "$(qemu_account | cut -d: -f2)" | cut -d: -f1)
BASE=/etc/pki/libvirt-spice/sasl
CA=(--host mysrv.example.org --ca-file /etc/pki/libvirt-spice/ca-cert.pem)
console() { printf "<graphics type='spice' autoport='no' tlsPort='%s' listen='0.0.0.0' defaultMode='secure'/>" "$1"; }
uuid() { vm_conf "$1" /domain/uuid; }
add() { cfg user add "$1" "${@:3}" <<<"$2"; }
try() { cfg sasl test "$1" "${@:3}" <<<"$2"; }
offered() { cfg sasl show --vm "$1" --format json | json_get results.0.offered_tls; }

cfg pki init >/dev/null
cfg pki issue >/dev/null
qemu_conf 'spice_tls = 1'
define_vm debianx graphics="$(console 20002)"
define_vm leaptest graphics="$(console 20004)"
define_vm office graphics="$(console 20006)"
define_vm ticket graphics="<graphics type='spice' autoport='no' tlsPort='20008' listen='0.0.0.0' defaultMode='secure' passwd='melon'/>"
watch_argv s3sam-alice s3sam-bob s3sam-global wrong-word
ONE=$(uuid debianx) TWO=$(uuid leaptest)

# --- set-up
expect_exit 3 "a user of a VM without its own SASL is refused" add alice s3sam-alice --vm debianx
expect_match "with the fix" "spicecfg sasl set --vm debianx" "$ERR"
expect_exit 10 "its own SASL for debianx, dry run" cfg sasl set --vm debianx --dry-run --detailed-exitcode
expect_eq "writes nothing" "" "$(ls $BASE 2>/dev/null)"
expect_exit 10 "its own SASL for debianx" cfg sasl set --vm debianx --detailed-exitcode
expect_exit 0 "once more changes nothing" cfg sasl set --vm debianx --detailed-exitcode
expect_ok "its own SASL for leaptest" cfg sasl set --vm leaptest
expect_exit 1 "a VM with a password can't have SASL" cfg sasl set --vm ticket
expect_match "with the fix" 'spicecfg clear-password' "$ERR"
expect_exit 10 "alice for debianx" add alice s3sam-alice --vm debianx --detailed-exitcode
expect_exit 0 "once more changes nothing" add alice s3sam-alice --vm debianx --detailed-exitcode
expect_ok "bob for leaptest" add bob s3sam-bob --vm leaptest
expect_eq "alice has both realms" "alice@mysrv alice@mysrv.example.org" "$(cfg user list --vm debianx | paste -sd' ')"
expect_eq "sasldblistusers2 agrees" "alice@mysrv alice@mysrv.example.org" \
    "$(sasldblistusers2 -f $BASE/$ONE/passwd.db | sed 's/: .*//' | LC_ALL=C sort | paste -sd' ')"
expect_tree "owners and modes" $BASE < <(
    printf 'd 750 root:%s \n' "$GROUP"
    printf '%s\n' "$ONE" "$TWO" | LC_ALL=C sort | while IFS= read -r directory; do
        printf 'd 750 root:%s %s\n' "$GROUP" "$directory"
        printf "f 640 root:$GROUP $directory/%s\n" passwd.db qemu.conf
    done
)
add_account third ''
expect_secret_hidden "a third account finds no password" s3sam-alice third /etc /var/lib /var/log /run/libvirt
expect_no_match "no password in a diff" 's3sam' "$(add alice s3sam-bob --vm debianx --diff --dry-run)"
expect_eq "mechanisms that a client is offered" "SCRAM-SHA-256 PLAIN" "$(offered debianx)"

# --- the host's own users
expect_ok "SASL for the host" cfg sasl set
expect_ok "a global user" add carol s3sam-global
expect_match "spice_sasl in qemu.conf" '^spice_sasl = 1' "$(cat /etc/libvirt/qemu.conf)"
restart_libvirtd
for vm in debianx leaptest office; do vm_start "$vm"; done

login() { expect_client "$1" "$2" password="$3" "${CA[@]}" --tls-port "$4" --user "$5"; }
login opened "alice opens debianx" s3sam-alice 20002 alice
expect_eq "by SCRAM" SCRAM-SHA-256 "$(client_got mechanism)"
login opened "bob opens leaptest" s3sam-bob 20004 bob
login auth-failed "alice is refused by leaptest" s3sam-alice 20004 alice
login auth-failed "bob is refused by debianx" s3sam-bob 20002 bob
login auth-failed "alice with a wrong password" wrong-word 20002 alice
login opened "the global user opens office" s3sam-global 20006 carol
login auth-failed "the global user is refused by debianx" s3sam-global 20002 carol
login auth-failed "alice is refused by office" s3sam-alice 20006 alice

# --- the test verb gives the same results without a client
expect_ok "test: alice on debianx" try alice s3sam-alice --vm debianx
expect_exit 1 "test: alice on leaptest" try alice s3sam-alice --vm leaptest
expect_ok "test: carol on office" try carol s3sam-global --vm office
expect_exit 1 "test: carol with another password" try carol wrong-word

# --- a password changes, a user is removed, on running VMs
expect_ok "bob's password changes" cfg user passwd bob --vm leaptest <<<s3sam-global
login auth-failed "the old one no longer opens" s3sam-bob 20004 bob
login opened "the new one does" s3sam-global 20004 bob
expect_exit 3 "a password for nobody" cfg user passwd dave --vm leaptest <<<x
expect_exit 10 "alice is removed" cfg user remove alice --vm debianx --detailed-exitcode
expect_match "the empty database stays" 'empty database stays' "$OUT"
expect_exit 0 "once more changes nothing" cfg user remove alice --vm debianx --detailed-exitcode
login auth-failed "alice is shut out" s3sam-alice 20002 alice
login auth-failed "and no global user comes in" s3sam-global 20002 carol
expect_no_match "the password does not stay in the file" s3sam "$(tr -d '\0' <$BASE/"$ONE"/passwd.db)"
vm_restart debianx
login auth-failed "nor after a restart" s3sam-global 20002 carol

# --- a rename, and back to the host's settings
vm_stop leaptest
virsh -q domrename leaptest 'my other VM' >/dev/null
vm_start 'my other VM'
login opened "the renamed VM keeps its users" s3sam-global 20004 bob
expect_ok "and they are found by its new name" cfg user remove bob@mysrv --vm 'my other VM'
expect_eq "one realm is left" bob@mysrv.example.org "$(cfg user list --vm 'my other VM')"
expect_ok "debianx back to the host's settings" cfg sasl off --vm debianx
expect_match "it reports who gets in" 'carol@mysrv.*get' "$OUT"
vm_restart debianx
login opened "and does" s3sam-global 20002 carol

# --- a VM with a ticket on the same host
expect_exit 1 "no SASL without a password is refused" cfg sasl off --vm office --ticket
expect_ok "no SASL, a ticket" cfg sasl off --vm ticket --ticket
vm_start ticket
expect_client opened "the ticket opens" password=melon "${CA[@]}" --tls-port 20008
expect_client auth-failed "another one does not" password=lemon "${CA[@]}" --tls-port 20008
expect_argv_clean "no password in anybody's arguments"
expect_no_match "none in libvirt's or QEMU's logs" 's3sam' "$(cat /run/host/*.log /var/log/libvirt/qemu/*.log)"
