#!/bin/bash
# systemd as process 1: a change of qemu.conf and a definition ends in the middle and the host boots again: the shipped unit undoes it before
# libvirtd reads its files. And which process of the daemon a recovery restarts.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run_systemd "$@"

CONF=/etc/libvirt/qemu.conf
STATE=/var/lib/spicecfg
TLS_VM="<graphics type='spice' tlsPort='5901' autoport='no'><listen type='address'/></graphics>"

main_pid() { systemctl show -P MainPID libvirtd.service; }
monotonic() { systemctl show -P "$2" "$1"; }
heads() { virsh -q dumpxml --inactive one | grep -o "heads='[0-9]*'" | tr -dc 0-9; }
# killed CALL N COMMAND…: is killed at that call
killed() {
    local call=$1 n=$2
    shift 2
    strace -f -qq -o /dev/null -e "inject=$call:signal=KILL:when=$n" "$SPICECFG" "$@" --force -q >out 2>&1
    [ $? = 137 ]
}

# the daemon has read the new file if it was started since
restarts() {
    local pid
    systemctl start libvirtd.service
    domain_xml probe graphics="$TLS_VM" >probe.xml
    cp $CONF before.conf

    pid=$(main_pid)
    expect_ok "killed before the restart" killed renameat2 1 host set spice_tls=1 --restart-daemon
    expect_eq "a transaction is open" 1 "$(ls $STATE/tx | wc -l)"
    expect_ok "recovered" cfg recover
    expect_ok "the old file" cmp $CONF before.conf
    expect_eq "the daemon has not read the new one, and runs on" "$pid" "$(main_pid)"

    expect_ok "killed after the restart, at the commit" killed renameat 1 host set spice_tls=1 --restart-daemon
    expect_ne "it was restarted" "$pid" "$(main_pid)"
    pid=$(main_pid)
    expect_ok "the new file" grep -q '^spice_tls = 1' $CONF
    expect_ok "recovered" cfg recover
    expect_ok "the old file" cmp $CONF before.conf
    expect_ne "the daemon had read the new one, and is restarted" "$pid" "$(main_pid)"
    expect_match "it has read the old one" 'TLS is disabled' "$(virsh -q domxml-to-native qemu-argv --xml probe.xml 2>&1)"
    pid=$(main_pid)
    expect_ok "again" cfg recover
    expect_eq "nothing more" "$pid" "$(main_pid)"
}

# as the package does, with the program of this build
install_unit() {
    sed "s|^ExecStart=[^ ]*|ExecStart=$SPICECFG|" "$(dirname "$SPICECFG")/templates/spicecfg-recover.service" >/etc/systemd/system/spicecfg-recover.service
    systemctl daemon-reload
    systemctl -q enable spicecfg-recover.service libvirtd.service
    expect_eq "the unit is sound" "" "$(systemd-analyze --man=no verify spicecfg-recover.service 2>&1)"
}

leave_open() {
    define_vm one
    cfg set-heads one 1 -q
    sha256sum $CONF /etc/libvirt/qemu/one.xml >/var/before.sums
    printf 'set-heads one 3\nhost set spice_tls=1\n' >lines
    expect_ok "killed at the commit" killed renameat 1 batch lines
    expect_eq "the definition is the new one" 3 "$(heads)"
    expect_ok "qemu.conf too" grep -q '^spice_tls = 1' $CONF
}

booted() {
    expect_ok "the old files" sha256sum -c --quiet /var/before.sums
    expect_eq "nothing is open" "" "$(ls $STATE/tx)"
    expect_eq "by the unit" "success 0" "$(systemctl show -P Result spicecfg-recover.service) $(systemctl show -P ExecMainStatus spicecfg-recover.service)"
    expect_match "it says so" 'undone: .*qemu.conf, domain:one' "$(journalctl -q --no-pager -b -u spicecfg-recover.service)"
    expect_eq "libvirtd was started by the boot" active "$(systemctl is-active libvirtd.service)"
    if [ "$(monotonic spicecfg-recover.service ExecMainExitTimestampMonotonic)" -lt "$(monotonic libvirtd.service ExecMainStartTimestampMonotonic)" ]; then
        pass "after the recovery"
    else
        fail "after the recovery" "recovery first" "$(systemctl show -p ExecMainExitTimestamp spicecfg-recover.service) $(systemctl show -p ExecMainStartTimestamp libvirtd.service)"
    fi
    expect_eq "it has the old definition" 1 "$(heads)"
    expect_match "and the unit is also ordered before virtqemud" 'virtqemud.service' "$(systemctl show -P Before spicecfg-recover.service)"
}

case $HOST_BOOT in
1)
    restarts
    install_unit
    leave_open
    host_power_cut
    ;;
2)
    booted
    host_power_cut
    ;;
3)
    # nothing is left to undo: the next boot does not mention it
    expect_eq "a boot without anything open" "success 0" "$(systemctl show -P Result spicecfg-recover.service) $(systemctl show -P ExecMainStatus spicecfg-recover.service)"
    expect_match "it says so" 'no transaction is unfinished' "$(journalctl -q --no-pager -b -t spicecfg)"
    ;;
esac
