#!/bin/bash
# The shipped unit of a per-VM saslauthd under a real systemd: enabled, started, restarted, answering QEMU's question.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run_systemd "$@"

systemctl start libvirtd.service
hostname mysrv.example.org
echo mysrv.example.org >/etc/hostname
add_account anne s3sysd-anne
add_account ralph s3sysd-ralph
cfg pki init >/dev/null
cfg pki issue >/dev/null
cfg host set spice_tls=1 --restart-daemon >/dev/null
define_vm debianx graphics="<graphics type='spice' autoport='no' tlsPort='20002' listen='127.0.0.1' defaultMode='secure'/>"
UNIT=spicecfg-saslauthd@$(vm_conf debianx /domain/uuid).service

expect_ok "a PAM file for debianx" cfg pam install --vm debianx --allow user:anne
expect_exit 10 "debianx by saslauthd" cfg sasl set --vm debianx --backend saslauthd --detailed-exitcode
expect_eq "its service runs, at boot too" "active enabled" "$(systemctl is-active "$UNIT") $(systemctl is-enabled "$UNIT")"
expect_exit 0 "once more changes nothing" cfg sasl set --vm debianx --backend saslauthd --detailed-exitcode
expect_ok "anne may" cfg sasl test anne --vm debianx <<<s3sysd-anne
expect_exit 1 "ralph may not" cfg sasl test ralph --vm debianx <<<s3sysd-ralph
pid=$(systemctl show -P MainPID "$UNIT")
systemctl kill -s KILL "$UNIT"
another_answers() {
    ! systemctl show -P MainPID "$UNIT" | grep -qxE "0|$pid" && cfg sasl test anne --vm debianx <<<s3sysd-anne
}
wait_for 20 "the service again" another_answers
expect_ok "after being killed it is restarted" cfg sasl test anne --vm debianx <<<s3sysd-anne
expect_ok "debianx for ralph" cfg pam allow --vm debianx user:ralph
expect_ok "instead of anne" cfg pam revoke --vm debianx user:anne
expect_exit 1 "anne is out" cfg sasl test anne --vm debianx <<<s3sysd-anne
expect_ok "ralph is in" cfg sasl test ralph --vm debianx <<<s3sysd-ralph
