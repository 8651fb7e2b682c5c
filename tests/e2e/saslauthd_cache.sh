#!/bin/bash
# saslauthd's cache (-c, Debian's default) admits an account that is locked. check finds it wherever saslauthd is used, and the command that it prints
# disables it; with the real saslauthd and PAM.
# shellcheck disable=SC2034
HOST_NAME=mysrv.example.org HOST_LIBVIRTD=no
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

spicecfg() { "$SPICECFG" "$@"; }
DEFAULTS=/etc/default/saslauthd
add_account anne s3pam-anne
domain_xml debianx graphics="<graphics type='spice' autoport='no' tlsPort='20002' listen='127.0.0.1' defaultMode='secure'/>" >vm.xml
UUID=6f1c0b1e-6f43-4a63-9a3e-0d0c2b9e8a11
sed -i "/<uuid>/d; s|<name>|<uuid>$UUID</uuid><name>|" vm.xml
finding() { # FIELD of saslauthd-cache for vm.xml
    spicecfg check vm.xml --format json | /usr/bin/python3 -c '
import json, sys
for f in json.load(sys.stdin)["results"][0]["findings"]:
    if f["rule"] == "saslauthd-cache":
        print(f[sys.argv[1]] if sys.argv[1] in f else "")' "$1"
}
options() { sed -n 's/^OPTIONS=//p' $DEFAULTS; }
# the daemon as Debian's init script starts it
stop() {
    [ -z "${DAEMON_PID:-}" ] || kill "$DAEMON_PID"
    wait_for 10 "saslauthd's end" eval '! pgrep -x saslauthd >/dev/null'
}
restart() {
    stop
    rm -rf /run/saslauthd
    install -d -m 710 -o root -g sasl /run/saslauthd
    # shellcheck disable=SC2046
    daemon saslauthd saslauthd -d -a pam $(. $DEFAULTS; echo "${OPTIONS:--c -m /var/run/saslauthd}") -n 2
    wait_for 10 saslauthd test -S /run/saslauthd/mux
}
gets_in() { spicecfg sasl test anne <<<s3pam-anne >/dev/null 2>&1 && echo yes || echo no; }

printf '%s\n' 'spice_tls = 1' 'spice_sasl = 1' >>/etc/libvirt/qemu.conf
spicecfg pam install >/dev/null
spicecfg sasl set --backend saslauthd >/dev/null
expect_eq "sasl set disables the cache" '"-m /var/run/saslauthd"' "$(options)"
expect_exit 0 "once more changes nothing" cfg sasl set --backend saslauthd --detailed-exitcode
restart
expect_eq "anne gets in" yes "$(gets_in)"
usermod -L anne
expect_eq "and does not when she is locked" no "$(gets_in)"
expect_eq "check finds nothing" "" "$(finding message)"

# --- with the cache
usermod -U anne
sed -i 's|^OPTIONS=.*|OPTIONS="-c -m /var/run/saslauthd"|' $DEFAULTS
restart
expect_eq "with the cache anne gets in" yes "$(gets_in)"
usermod -L anne
expect_eq "also when she is locked" yes "$(gets_in)"
expect_eq "check finds it" "error/security" "$(finding level)/$(finding class)"
expect_eq "in its line" "$DEFAULTS:$(grep -n '^OPTIONS' $DEFAULTS | cut -d: -f1)" "$(finding file):$(finding line)"
expect_match "sasl show reports it" '\[saslauthd-cache\]' "$(spicecfg sasl show)"
expect_eq "how to close it" "spicecfg sasl set --backend saslauthd" "$(finding fix)"
eval "$(finding fix)" >/dev/null
expect_match "the daemon that runs still has it" 'was started with' "$(finding message)"
restart
expect_eq "the new one does not admit her" no "$(gets_in)"
expect_eq "check finds nothing" "" "$(finding message)"

# --- forms of the option
stop
form() { # OPTIONS AFTER: the line as it is written
    sed -i "/^EXTRA=/d; s|^OPTIONS=.*|OPTIONS=$1|" $DEFAULTS
    expect_eq "$1: found" error "$(finding level)"
    spicecfg sasl set --backend saslauthd >/dev/null
    expect_eq "$1: closed" "$2" "$(options)"
    expect_eq "$1: not found" "" "$(finding message)"
}
form '"-cm /var/run/saslauthd"' '"-m /var/run/saslauthd"'
form "'-m /run/saslauthd -c -t 3600'" "'-m /run/saslauthd'"
form '"-rct3600 -s 128 -m /run/saslauthd"' '"-r -m /run/saslauthd"'
form '"-m /run/saslauthd ${X:--c}"' '"-m /run/saslauthd ${X:-}"'
form '"-m /run/saslauthd"; OPTIONS="$OPTIONS -c"' '"-m /run/saslauthd"; OPTIONS="$OPTIONS"'
form '-c' '"-m /var/run/saslauthd"'
form '""' '"-m /var/run/saslauthd"'
sed -i 's|^OPTIONS=.*|EXTRA="-c -r"\nOPTIONS="$EXTRA -m /run/saslauthd"|' $DEFAULTS
expect_eq "another variable: found" "error" "$(finding level)"
spicecfg sasl set --backend saslauthd >/dev/null
expect_eq "another variable: closed" 'EXTRA="-r" OPTIONS="$EXTRA -m /run/saslauthd"' "$(grep -E '^(EXTRA|OPTIONS)' $DEFAULTS | paste -sd' ')"
sed -i '/^EXTRA=/d; s|^OPTIONS=.*|OPTIONS="-m /run/saslauthd -O c -n 3"|' $DEFAULTS
expect_exit 0 "no cache: nothing changes" cfg sasl set --backend saslauthd --detailed-exitcode
sed -i 's|^OPTIONS=.*|OPTIONS="-m /run/saslauthd"|' $DEFAULTS
echo 'OPTIONS="-c -m /run/other"' >$DEFAULTS-other
expect_eq "another daemon's cache is not ours" "" "$(finding message)"
echo 'OPTIONS="-c -m /run/saslauthd"' >$DEFAULTS-other
expect_eq "a second file for the same socket" "$DEFAULTS-other" "$(finding file)"
rm $DEFAULTS-other

# --- what only a shell could evaluate is reported as unknown
rules() {
    spicecfg check vm.xml --format json | /usr/bin/python3 -c '
import json, sys
print(*sorted("%s:%s:%s" % (f["rule"], f["level"], f["line"]) for f in json.load(sys.stdin)["results"][0]["findings"] if f["rule"].startswith("saslauthd-cache")))'
}
KEPT=$(cat $DEFAULTS)
printf 'OPTIONS=-c\n' >saslauthd.inc
unclear() { # LINE TEXT
    printf "$2" >$DEFAULTS
    expect_eq "$2: unknown" "saslauthd-cache-unknown:warning:$1" "$(rules)"
}
unclear 2 'X=c\nOPTIONS="-$X -m /run/saslauthd"\n'
unclear 2 "OPTIONS='-m /run/saslauthd'\n. $PWD/saslauthd.inc\n"
unclear 2 "OPTIONS='-m /run/saslauthd'\nunset OPTIONS\n"
unclear 2 "OPTIONS='-m /run/saslauthd'\nOPTIONS+=' -c'\n"
expect_match "sasl set reports it" "saslauthd:2: can't determine whether saslauthd has a cache \(-c\)" "$(spicecfg sasl set --backend saslauthd)"
printf 'X=-c\nOPTIONS="-m /run/saslauthd $X"\n' >$DEFAULTS
expect_eq "a variable that is a whole word is evaluated" "saslauthd-cache:error:1" "$(rules)"
printf '%s\n' "$KEPT" >$DEFAULTS
expect_eq "plain assignments are evaluated" "" "$(rules)"

# --- units of systemd
unit() { install -D -m 644 /dev/stdin "/etc/systemd/system/$1"; }
printf '[Service]\nExecStart=/usr/sbin/saslauthd \\\n  -a pam "-c"\n' | unit saslauthd.service
expect_eq "a unit" "/etc/systemd/system/saslauthd.service:2" "$(finding file):$(finding line)"
printf '[Service]\nExecStart=\nExecStart=/usr/sbin/saslauthd -a pam -m /run/saslauthd\n' | unit saslauthd.service.d/own.conf
expect_eq "a drop-in that disables it" "" "$(finding message)"
printf '[Service]\nEnvironment=X=c\nExecStart=/usr/sbin/saslauthd -a pam -$X\n' | unit saslauthd.service
rm -r /etc/systemd/system/saslauthd.service.d
expect_eq "a unit with a variable within a word" "saslauthd-cache-unknown:warning:3" "$(rules)"
printf '[Service]\nEnvironment="OPTIONS=-c"\nExecStart=/usr/sbin/saslauthd -a pam $OPTIONS\n' | unit saslauthd.service
expect_eq "a unit that sets variables itself" "saslauthd-cache-unknown:warning:2" "$(rules)"
printf '[Service]\nEnvironmentFile=-/etc/default/saslauthd\nExecStart=/usr/sbin/saslauthd -a $MECHANISMS $OPTIONS -n $THREADS\n' | unit saslauthd.service
expect_eq "a unit as distributions have it" "" "$(rules)"
rm -r /etc/systemd/system/saslauthd.service*
spicecfg sasl set --vm vm.xml --backend saslauthd >/dev/null
spicecfg pam install --vm vm.xml --allow user:anne >/dev/null
expect_eq "a VM's own saslauthd has none" "" "$(finding message)"
TEMPLATE='/etc/systemd/system/spicecfg-saslauthd@.service'
sed -i 's|^ExecStart=.*|ExecStart=/usr/sbin/saslauthd -d -a pam -cm /run/spicecfg/saslauthd/%i|' "$TEMPLATE"
expect_eq "but one in its unit is found" "$TEMPLATE" "$(finding file)"
eval "$(finding fix)" >/dev/null
expect_eq "and fixed" "" "$(finding message)"
printf '[Service]\nExecStart=\nExecStart=/usr/sbin/saslauthd -c -a pam -m /run/spicecfg/saslauthd/%%i\n' | unit "spicecfg-saslauthd@$UUID.service.d/x.conf"
expect_eq "a drop-in of this VM's" "/etc/systemd/system/spicecfg-saslauthd@$UUID.service.d/x.conf:3" "$(finding file):$(finding line)"
rm -r "/etc/systemd/system/spicecfg-saslauthd@$UUID.service.d"
sed -i 's|^OPTIONS=.*|OPTIONS="-c -m /run/saslauthd"|' $DEFAULTS
sed -i 's|^saslauthd_path:.*|saslauthd_path: /run/saslauthd/mux|' "/etc/pki/libvirt-spice/sasl/$UUID/qemu.conf"
expect_eq "a VM that uses the host's" "$DEFAULTS" "$(finding file)"
eval "$(finding fix)" >/dev/null
expect_eq "is fixed too" '"-m /run/saslauthd"' "$(options)"
expect_eq "and stays with the host's" "saslauthd_path: /run/saslauthd/mux" "$(grep ^saslauthd_path "/etc/pki/libvirt-spice/sasl/$UUID/qemu.conf")"

# --- a tree of another distribution
mkdir -p tree/etc/sysconfig tree/etc/libvirt/qemu tree/etc/sasl2
printf 'ID=fedora\n' >tree/etc/os-release
printf 'spice_tls = 1\nspice_sasl = 1\n' >tree/etc/libvirt/qemu.conf
printf 'SOCKETDIR=/run/saslauthd\nMECH=pam\nFLAGS=-c\n' >tree/etc/sysconfig/saslauthd
printf 'mech_list: plain\npwcheck_method: saslauthd\nsaslauthd_path: /run/saslauthd/mux\n' >tree/etc/sasl2/qemu.conf
cp vm.xml tree/etc/libvirt/qemu/
sed -i '/qemu:/d' tree/etc/libvirt/qemu/vm.xml
expect_match "a tree" 'sysconfig/saslauthd:3:1: error: saslauthd has a cache' "$(spicecfg check --root tree)"
spicecfg host facts --root tree >facts.json
expect_match "facts of the host" 'sysconfig/saslauthd:3:1: error: saslauthd has a cache' "$(spicecfg check --host-facts facts.json tree/etc/libvirt/qemu/vm.xml)"
