#!/bin/bash
# A PAM account bound to one VM: two accounts, two VMs, each with a saslauthd with its own PAM file; then the host's saslauthd and PAM for
# the other VMs. With the real client, saslauthd and libpam. There is no systemd here: the script for hosts without systemd starts the daemons.
# shellcheck disable=SC2034
HOST_NAME=mysrv.example.org
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

GROUP=$(getent group "$(qemu_account | cut -d: -f2)" | cut -d: -f1)
QEMU=$(getent passwd "$(qemu_account | cut -d: -f1)" | cut -d: -f1)
CA=(--host mysrv.example.org --ca-file /etc/pki/libvirt-spice/ca-cert.pem)
console() { printf "<graphics type='spice' autoport='no' tlsPort='%s' listen='0.0.0.0' defaultMode='secure'/>" "$1"; }
uuid() { vm_conf "$1" /domain/uuid; }
login() { expect_client "$1" "$2" password="$3" "${CA[@]}" --tls-port "$4" --user "$5"; }
per_vm_daemon() {
    daemon "saslauthd-$1" "$HOST_SOURCE/templates/saslauthd-vm" "$1" "$GROUP"
    wait_for 10 "saslauthd of $1" test -S "/run/spicecfg/saslauthd/$1/mux"
}

add_account anne s3pam-anne
add_account ralph s3pam-ralph office
cfg pki init >/dev/null
cfg pki issue >/dev/null
qemu_conf 'spice_tls = 1'
define_vm debianx graphics="$(console 20002)"
define_vm leaptest graphics="$(console 20004)"
define_vm office graphics="$(console 20006)"
watch_argv s3pam-anne s3pam-ralph
ONE=$(uuid debianx) TWO=$(uuid leaptest)

# --- PAM files of single VMs
expect_exit 3 "no PAM file yet: check says so" cfg pam check --vm debianx
expect_match "and how to make one" "spicecfg pam install --vm debianx" "$ERR"
expect_exit 10 "a PAM file for debianx" cfg pam install --vm debianx --detailed-exitcode
expect_exit 0 "once more changes nothing" cfg pam install --vm debianx --detailed-exitcode
expect_ok "it is sound" cfg pam check --vm debianx
expect_match "and admits nobody" 'refuse everybody' "$OUT"
expect_exit 1 "not even anne" cfg pam test anne --vm debianx <<<s3pam-anne
expect_exit 2 "a word that is neither an account nor a group" cfg pam install --vm debianx --allow anne
expect_ok "debianx for anne" cfg pam install --vm debianx --allow user:anne
expect_ok "leaptest for the group office" cfg pam install --vm leaptest --allow group:office
expect_ok "both are sound" cfg pam check --vm leaptest
expect_ok "anne may" cfg pam test anne --vm debianx <<<s3pam-anne
expect_exit 1 "not with another password" cfg pam test anne --vm debianx <<<wrong
expect_exit 1 "nor may ralph" cfg pam test ralph --vm debianx <<<s3pam-ralph
expect_ok "ralph may use leaptest" cfg pam test ralph --vm leaptest <<<s3pam-ralph
expect_file "a PAM file belongs to root" '644 root:root' "/etc/spicecfg/pam/$ONE"
expect_eq "the host's own service is not touched" "" "$(ls /etc/pam.d/spice 2>/dev/null)"
expect_match "the unit has the script and QEMU's group" "^ExecStart=/.*/saslauthd-vm %i $GROUP\$" \
    "$(cat '/etc/systemd/system/spicecfg-saslauthd@.service')"

# --- a saslauthd per VM
expect_ok "debianx by saslauthd" cfg sasl set --vm debianx --backend saslauthd
expect_match "without systemd the command is printed" "saslauthd-vm $ONE $GROUP" "$OUT"
expect_exit 0 "once more changes nothing" cfg sasl set --vm debianx --backend saslauthd --detailed-exitcode
expect_ok "leaptest by saslauthd" cfg sasl set --vm leaptest --backend saslauthd
expect_exit 2 "saslauthd can't do scram" cfg sasl set --vm leaptest --backend saslauthd --mech scram-sha-256
expect_match "show: saslauthd is not running yet" 'does not listen' "$(cfg sasl show --vm debianx)"
per_vm_daemon "$ONE"
per_vm_daemon "$TWO"
expect_file "its directory is open to QEMU" "710 root:$GROUP" "/run/spicecfg/saslauthd/$ONE"
expect_eq "show: no findings" '[]' "$(cfg sasl show --vm debianx --format json | json_get results.0.findings)"
expect_ok "sasl test as QEMU: anne on debianx" cfg sasl test anne --vm debianx <<<s3pam-anne
expect_exit 1 "sasl test as QEMU: ralph on debianx" cfg sasl test ralph --vm debianx <<<s3pam-ralph
vm_start debianx
vm_start leaptest
login opened "anne opens debianx" s3pam-anne 20002 anne
expect_eq "by PLAIN" PLAIN "$(client_got mechanism)"
login auth-failed "anne with a wrong password" wrong 20002 anne
login opened "ralph opens leaptest" s3pam-ralph 20004 ralph
login auth-failed "anne is refused by leaptest" s3pam-anne 20004 anne
login auth-failed "ralph is refused by debianx" s3pam-ralph 20002 ralph
expect_ok "debianx for ralph too" cfg pam install --vm debianx --allow user:ralph
login opened "ralph is in" s3pam-ralph 20002 ralph
login opened "anne still is" s3pam-anne 20002 anne
expect_ok "a group, whose members get in" cfg pam allow --vm debianx group:office
expect_ok "without ralph himself" cfg pam revoke --vm debianx user:ralph
expect_match "who is a member" "'user:ralph' still gets in, as a member of 'group:office'" "$OUT"
login opened "which is right" s3pam-ralph 20002 ralph
expect_ok "nobody but the group" cfg pam revoke --vm debianx user:anne
login auth-failed "anne is out at once" s3pam-anne 20002 anne
login opened "ralph is in" s3pam-ralph 20002 ralph
expect_ok "nobody at all" cfg pam revoke --vm debianx group:office
login auth-failed "ralph is out" s3pam-ralph 20002 ralph
cfg pam check --vm debianx --format json >/run/host/check.json
expect_eq "check says how to let somebody in" "spicecfg pam allow user:NAME --vm debianx" "$(json_get findings.0.fix </run/host/check.json)"
expect_ok "ralph again" cfg pam allow user:ralph --vm debianx
login opened "and he is in" s3pam-ralph 20002 ralph

# --- the host's saslauthd and PAM
expect_ok "the host's PAM service" cfg pam install
expect_ok "and is sound" cfg pam check
expect_eq "Debian's stacks are in it" 2 "$(cfg pam show | grep -c 'pam_unix.so')"
expect_ok "pam test" cfg pam test anne <<<s3pam-anne
expect_ok "SASL of the host by saslauthd" cfg sasl set --backend saslauthd
expect_exit 0 "once more changes nothing" cfg sasl set --backend saslauthd --detailed-exitcode
expect_match "QEMU's account is in the group that guards the socket" "\\bsasl\\b" "$(id -nG "$QEMU")"
expect_file "/etc/group keeps its mode" '644 root:root' /etc/group
expect_match "the daemon asks PAM" '^MECHANISMS="pam"' "$(cat /etc/default/saslauthd)"
start_saslauthd
restart_libvirtd
vm_start office
login opened "anne opens office" s3pam-anne 20006 anne
login opened "ralph opens office" s3pam-ralph 20006 ralph
login auth-failed "not with a wrong password" wrong 20006 ralph
login auth-failed "and anne still not debianx" s3pam-anne 20002 anne
printf 'auth required pam_permit.so\naccount required pam_permit.so\n' >/etc/pam.d/spice.new
mv /etc/pam.d/spice.new /etc/pam.d/spice
login opened "a service that admits everybody, by a rename" wrong 20006 anne
login auth-failed "does not open a VM with its own rules" wrong 20002 anne
expect_ok "debianx for nobody" rm "/etc/spicecfg/pam/$ONE"
login auth-failed "a VM whose rules were removed admits nobody" s3pam-ralph 20002 ralph

# --- files made by others
printf 'auth required pam_permit.so\n' >/etc/pam.d/spice
expect_exit 1 "everybody gets in: check says so" cfg pam check
expect_match "by its rule" 'pam-admits-all' "$OUT"
expect_exit 3 "allow does not guess who gets in" cfg pam allow user:anne
expect_exit 1 "not replaced without being asked" cfg pam install
expect_ok "but with --force" cfg pam install --force
expect_ok "for anne alone" cfg pam install --allow user:anne
expect_ok "installed again" cfg pam install
expect_exit 1 "ralph is not let in by it" cfg pam test ralph <<<s3pam-ralph
expect_ok "anne is" cfg pam test anne <<<s3pam-anne
printf 'auth requierd pam_unix.so\naccount required pam_nosuch.so\n' >/etc/pam.d/spice
expect_exit 1 "broken lines: check says so" cfg pam check
expect_match "with the line" '/etc/pam.d/spice:1:1: error: the control word' "$OUT"
expect_match "and the missing module" 'pam_nosuch.so is not installed' "$OUT"
expect_argv_clean "no password in anybody's arguments"
expect_no_match "none in a log" 's3pam' "$(cat /run/host/*.log /var/log/libvirt/qemu/*.log)"
