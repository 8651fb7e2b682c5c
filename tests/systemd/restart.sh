#!/bin/bash
# systemd as process 1: the daemon is restarted through its unit, started by its socket, and rolled back if it does not start; a per-VM
# saslauthd runs as an instance of the shipped unit.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run_systemd "$@"

CONF=/etc/libvirt/qemu.conf
TLS_VM="<graphics type='spice' tlsPort='5901' autoport='no'><listen type='address'/></graphics>"
domain_xml probe graphics="$TLS_VM" >probe.xml

spice_option() { virsh -q domxml-to-native qemu-argv --xml probe.xml 2>&1 | grep -oE -- '-spice [^ ]*|TLS is disabled' | head -1; }
main_pid() { systemctl show -P MainPID libvirtd.service; }
state() { systemctl show -P ActiveState "$1"; }

running_unit() {
    local pid
    systemctl start libvirtd.service
    pid=$(main_pid)
    expect_ok "spice_tls with a restart" cfg host set spice_tls=1 --restart-daemon
    expect_match "libvirtd has read it" 'tls-port=5901' "$(spice_option)"
    expect_ne "another process" "$pid" "$(main_pid)"
    expect_eq "as the unit" active "$(state libvirtd.service)"
    pid=$(main_pid)
    expect_ok "the same again" cfg host set spice_tls=1 --restart-daemon
    expect_eq "nothing to restart" "$pid" "$(main_pid)"
    expect_ok "without a restart" cfg host set spice_sasl=0
    expect_match "says what to do" 'systemctl restart libvirtd, or --restart-daemon' "$OUT"
    expect_ok "unset" cfg host unset spice_tls spice_sasl --restart-daemon
    expect_eq "libvirtd has read that" "TLS is disabled" "$(spice_option)"
}

# the daemon is idle and only its socket exists
activated_by_socket() {
    systemctl stop libvirtd.service
    systemctl start libvirtd.socket
    expect_eq "no daemon, only its socket" "inactive active" "$(state libvirtd.service) $(state libvirtd.socket)"
    expect_ok "spice_tls while the daemon is not running" cfg host set spice_tls=1 --restart-daemon
    expect_match "the daemon that the socket starts has read it" 'tls-port=5901' "$(spice_option)"
    expect_ok "unset" cfg host unset spice_tls --restart-daemon
}

rolled_back() {
    local before
    systemctl start libvirtd.service
    cp $CONF before.conf
    before=$(main_pid)
    expect_exit 4 "a value with which the QEMU driver doesn't start" cfg host set spice_tls_x509_cert_dir=/nowhere --restart-daemon
    expect_match "it is not waited for: its unit has failed" 'it exited by itself' "$ERR"
    cmp -s before.conf $CONF && pass "the old file is back" || fail "the old file is back" "$(cat before.conf)" "$(diff before.conf $CONF)"
    expect_ok "libvirtd answers" virsh -q list
    expect_ne "it was restarted" "$before" "$(main_pid)"
    expect_eq "its unit runs" active "$(state libvirtd.service)"
}

# a process that is not the unit's: systemd would start a second one beside it
by_hand() {
    local pid
    systemctl stop libvirtd.service libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket
    cp $CONF before.conf
    libvirtd -d -p /run/byhand.pid
    wait_for 30 libvirtd virsh -q list
    pid=$(cat /run/byhand.pid)
    expect_exit 4 "a daemon that systemd did not start" cfg host set spice_tls=1 --restart-daemon
    expect_match "is reported" "libvirtd \(process $pid\) can't be restarted: systemd did not start it" "$ERR"
    cmp -s before.conf $CONF && pass "the file is put back" || fail "the file is put back" "$(cat before.conf)" "$(diff before.conf $CONF)"
    expect_ok "and it runs on" kill "$pid"
    wait_for 20 "its end" test ! -e "/proc/$pid"
}

expect_exit 1 "nothing in here can change the sources" touch "$HOST_SOURCE/probe"
running_unit
activated_by_socket
rolled_back
by_hand
