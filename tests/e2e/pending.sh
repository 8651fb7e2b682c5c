#!/bin/bash
# qemu.conf was changed and libvirtd not restarted: check says that it does not know what libvirt would do, and the restart that it prints ends that.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

TLS="<graphics type='spice' tlsPort='5961' autoport='no' listen='127.0.0.1'><channel name='main' mode='secure'/></graphics>"
verdict() { "$SPICECFG" check "$@" --format json 2>/dev/null | python3 -c 'import json, sys; print(*(r["target"] + "=" + r["verdict"] for r in json.load(sys.stdin)["results"]))'; }

stop_libvirtd
init_script libvirtd
service libvirtd start
wait_for 30 libvirtd virsh -q list
cfg pki init -q
cfg pki issue -q
cfg host set spice_tls=1 --restart-daemon -q
define_vm tls graphics="$TLS"
define_vm plain
expect_eq "TLS is on, and libvirtd has read that" "tls=starts plain=starts" "$(verdict tls plain)"
cfg host unset spice_tls --restart-daemon -q
expect_eq "TLS is off, and libvirtd has read that" "tls=refused plain=starts" "$(verdict tls plain)"
expect_exit 0 "nothing is pending" cfg check plain
expect_no_match "so nothing is said" 'conf-pending' "$OUT$ERR"

expect_ok "TLS is turned on, without a restart" cfg host set spice_tls=1
expect_exit 1 "libvirt refuses the VM all the same" virsh -q start tls
expect_match "by what it has read" 'TLS is disabled' "$ERR"
expect_eq "what starts with either is known, the rest is not" "tls=unknown plain=starts" "$(verdict tls plain)"
run cfg check tls
expect_match "the reason" 'tls: unknown \(conf-pending: libvirtd has not read the qemu.conf that is there now\)' "$OUT"
expect_match "the finding" 'libvirtd was started before this file was changed, and has not read it \[conf-pending\]' "$OUT"
run cfg check
expect_eq "the whole host: once" 1 "$(grep -c 'conf-pending\]' <<<"$OUT")"
fix=$(grep -o 'service libvirtd restart' <<<"$OUT" | head -1)
expect_ok "the fix that it prints" $fix
wait_for 30 libvirtd virsh -q list
expect_eq "nothing is pending" "tls=starts plain=starts" "$(verdict tls plain)"
expect_ok "libvirt starts it" virsh -q start tls
virsh -q destroy tls

# the other way round, and where the file is only touched
expect_ok "TLS is turned off again" cfg host unset spice_tls
expect_eq "after the next restart it is refused" "tls=refused plain=starts" "$(verdict tls plain)"
expect_ok "with a restart" cfg host set spice_tls=1 --restart-daemon
expect_eq "nothing is pending" "tls=starts plain=starts" "$(verdict tls plain)"
service libvirtd stop
touch /etc/libvirt/qemu.conf
expect_eq "a daemon that does not run will read it" "tls=starts" "$(verdict /etc/libvirt/qemu/tls.xml | sed 's/.*tls.xml/tls/')"
