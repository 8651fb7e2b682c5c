#!/bin/bash
# The ways into libvirt on a real host, by which accounts get around the protection of consoles. Each fault is made and shown to let an account
# in, is found by its rule, and fixed by the command that the finding prints, run as printed; then the account stays out.
# shellcheck disable=SC2034
HOST_NAME=mysrv.example.org
HOST_POLKIT=yes
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

CONF=/etc/libvirt/libvirtd.conf
RULES=/etc/polkit-1/rules.d
# finding RULE FIELD: of the host's result
finding() {
    /usr/bin/python3 -c '
import json, sys
for result in json.load(open("/run/host/check.json"))["results"]:
    for finding in result["findings"]:
        if result["target"] == "host" and finding["rule"] == sys.argv[1]:
            print(finding.get(sys.argv[2], "")); sys.exit()' "$@"
}
check() { cfg check --format json >/run/host/check.json || true; }
fires() { # RULE LEVEL WHAT
    check
    expect_eq "$3: $1" "$2" "$(finding "$1" level)"
    FIX=$(finding "$1" fix) MESSAGE=$(finding "$1" message)
}
silent() { # RULE WHAT
    check
    expect_eq "$2: $1 is silent" "" "$(finding "$1" message)"
}
fixes() { # RULE LEVEL WHAT
    fires "$@"
    expect_match "$3: it names a command" '^(sed|echo|gpasswd|systemctl|touch) ' "$FIX"
    eval "$FIX" >/run/host/fix.log 2>&1 || cat /run/host/fix.log
}
# manages ACCOUNT: may it read the password of a console?
manages() { as_user "$1" timeout 10 virsh -q -c qemu:///system dumpxml debianx --security-info 2>/dev/null | grep -q sesame && echo yes || echo no; }
restart() { # ARGUMENTS…
    stop_libvirtd
    rm -f /run/libvirt/libvirt-sock*
    daemon libvirtd libvirtd -p /run/libvirtd.pid "$@"
    LIBVIRTD_TINI=$DAEMON_PID
    wait_for 30 libvirtd virsh -q list
}
over() { virsh -q -c "$1" dumpxml debianx --security-info 2>/dev/null | grep -q sesame && echo yes || echo no; }

define_vm debianx graphics="<graphics type='spice' autoport='yes' listen='127.0.0.1' passwd='sesame'/>"
add_account anne ''
add_account bob ''
check
for rule in libvirt-tcp libvirt-tcp-open libvirt-tls-open libvirt-tls-certificates libvirt-socket-open libvirt-socket-group libvirt-group \
    libvirt-polkit libvirt-polkit-all; do
    expect_eq "stock settings: $rule is silent" "" "$(finding $rule message)"
done
expect_eq "anne stays out" no "$(manages anne)"

# --- the group libvirt, and what polkit allows
join_group anne libvirt
expect_eq "a member of libvirt gets in" yes "$(manages anne)"
fixes libvirt-group note "anne in the group"
expect_match "she is named" 'anne' "$MESSAGE"
silent libvirt-group "she left"
cp /etc/group /run/group
/usr/bin/python3 -c 'import re
text = open("/run/group").read()
open("/etc/group", "w").write(re.sub("(?m)^(libvirt:.*:).*$", lambda m: m[1] + ",".join("member%05d" % i for i in range(9000)), text))'
run cfg check
expect_match "an entry that is larger than most" 'member00000.*\[libvirt-group\]' "$OUT"
cat /run/group >/etc/group
expect_eq "and stays out" no "$(manages anne)"
polkit_rule() {
    printf '// by the administrator: subject.isInGroup("nobody")\npolkit.addRule(function(action, subject) {\n  %s\n});\n' "$1" >$RULES/20-own.rules
    sleep 0.3
}
expect_polkit() { # RULE LEVEL WHAT CODE
    polkit_rule "$4"
    wait_for 5 "polkit's new rule" test "$(manages anne)" = yes || true
    expect_eq "$3: anne gets in" yes "$(manages anne)"
    fires "$1" "$2" "$3"
}
add_group staff
join_group anne staff
expect_polkit libvirt-polkit warning "a rule for another group" 'if (action.id == "org.libvirt.unix.manage" && subject.isInGroup("staff")) return polkit.Result.YES;'
expect_match "its members are named" "'staff' .*: anne$" "$MESSAGE"
expect_polkit libvirt-polkit warning "a rule for a user" "if (action.id.indexOf('org.libvirt.') == 0 && subject.user == 'anne') { return 'yes'; }"
expect_match "the user is named" "'anne'" "$MESSAGE"
expect_polkit libvirt-polkit warning "a condition" 'if (action.id == "org.libvirt.unix.manage" && !subject.isInGroup("nogroup")) return polkit.Result.YES;'
expect_polkit libvirt-polkit-all error "a rule for all" 'if (/^org\.libvirt\.unix/.test(action.id)) return polkit.Result.YES;'
polkit_rule 'if (action.id == "org.freedesktop.login1.reboot" && subject.isInGroup("staff")) return polkit.Result.YES; /* org.libvirt.unix.manage */'
silent libvirt-polkit "a rule for another action"
silent libvirt-polkit-all "a rule for another action"
rm $RULES/20-own.rules

# --- the Unix socket
printf 'auth_unix_rw = "none"\n' >>$CONF
restart
expect_eq "without polkit everybody gets in" yes "$(manages bob)"
fixes libvirt-socket-open error "no authentication"
silent libvirt-socket-open "the line is a comment"
restart
expect_eq "and stays out" no "$(manages bob)"
printf 'unix_sock_group = "staff"\nunix_sock_rw_perms = "0770"\nauth_unix_rw = "none"\n' >>$CONF
restart
expect_eq "a member gets in" yes "$(manages anne)"
expect_eq "others do not" no "$(manages bob)"
fixes libvirt-socket-group warning "a group's socket"
expect_match "its members are named" "'staff' .*: anne$" "$MESSAGE"
silent libvirt-socket-group "the line is a comment"
restart
expect_eq "and stays out" no "$(manages anne)"

# --- TCP and TLS: libvirtd listens only with --listen
printf 'listen_tcp = 1\nauth_tcp = "none"\nlisten_tls = 0\n' >>$CONF
restart
silent libvirt-tcp-open "without --listen it does not listen"
expect_eq "so it is" no "$(over qemu+tcp://192.168.2.2/system)"
restart --listen
expect_eq "with it anybody gets in" yes "$(over qemu+tcp://192.168.2.2/system)"
fixes libvirt-tcp-open error "no password"
restart --listen
silent libvirt-tcp-open "SASL is asked"
expect_eq "and stays out" no "$(over qemu+tcp://192.168.2.2/system </dev/null)"
fixes libvirt-tcp warning "a plain port"
restart --listen
silent libvirt-tcp "the port is shut"
printf 'LIBVIRTD_ARGS="--listen"\n' >>/etc/default/libvirtd
printf 'listen_tcp = 1\n' >>$CONF
restart
fires libvirt-tcp warning "by its arguments at the next start"
sed -i '$d' $CONF /etc/default/libvirtd
mkdir -p /etc/systemd/system/sockets.target.wants
ln -s /lib/systemd/system/libvirtd-tcp.socket /etc/systemd/system/sockets.target.wants/
silent libvirt-tcp "no systemd heeds a socket unit"
mkdir -p /run/systemd/system
fires libvirt-tcp warning "by a socket unit"
rmdir /run/systemd/system
eval "$FIX" 2>/dev/null
mkdir -p /run/systemd/system
silent libvirt-tcp "after '$FIX'"
rmdir /run/systemd/system

make_ca /root/ca
make_server_cert /root/ca /root/tls mysrv.example.org
install -D -m 644 /root/tls/ca-cert.pem /etc/pki/CA/cacert.pem
install -D -m 644 /root/tls/server-cert.pem /etc/pki/libvirt/servercert.pem
install -D -m 600 /root/tls/server-key.pem /etc/pki/libvirt/private/serverkey.pem
sed -i 's/^listen_tls = 0/listen_tls = 1/' $CONF
printf 'tls_no_verify_certificate = 1\n' >>$CONF
restart --listen
expect_eq "TLS without client certificates: anybody gets in" yes "$(over qemu://mysrv.example.org/system)"
fixes libvirt-tls-open error "no certificate is asked for"
restart --listen
silent libvirt-tls-open "certificates are asked for"
expect_eq "a client without one stays out" no "$(over qemu://mysrv.example.org/system)"
install -D -m 644 /root/tls/server-cert.pem /etc/pki/libvirt/clientcert.pem
install -D -m 600 /root/tls/server-key.pem /etc/pki/libvirt/private/clientkey.pem
expect_eq "a server's certificate gets in" yes "$(over qemu://mysrv.example.org/system)"
fixes libvirt-tls-certificates note "any certificate of the CA"
silent libvirt-tls-certificates "a password is asked too"
restart --listen
expect_eq "and stays out" no "$(over qemu://mysrv.example.org/system </dev/null)"

# --- the facts, and an image
printf 'auth_unix_rw = "none"\n' >>$CONF
cfg host facts >facts.json
virsh dumpxml debianx >debianx.xml
run cfg check --host-facts facts.json debianx.xml
expect_match "the facts include it, with the VM" 'members of the group .staff.*: anne \[libvirt-socket-group\]' "$OUT"
mkdir -p /run/root/etc/libvirt /run/root/etc/polkit-1/rules.d
cp $CONF /run/root/etc/libvirt/
cp /etc/passwd /etc/group /run/root/etc/
run cfg --root /run/root check
expect_match "an image is checked by its files" 'members of the group .staff.*: anne \[libvirt-socket-group\]' "$OUT"
expect_match "the fix is for the image" "= chroot /run/root sh -c 'sed -i " "$OUT"
printf 'spice_sasl = 1\n' >/run/root/etc/libvirt/qemu.conf
mkdir -p /run/root/etc/sasl2
run cfg --root /run/root check
FIX=$(sed -n 's/^ *= \(spicecfg .* sasl set\)$/\1/p' <<<"$OUT" | head -1)
expect_eq "the one with spicecfg, too" "spicecfg --root /run/root sasl set" "$FIX"
eval "${FIX/spicecfg/cfg}" >/dev/null
expect_ok "it fixes the image" test -s /run/root/etc/sasl2/qemu.conf
expect_exit 1 "and leaves the host alone" test -e /etc/sasl2/qemu.conf
expect_no_match "it is silent then" 'sasl-file-missing' "$(cfg --root /run/root check || true)"
install -D -m 644 /usr/share/polkit-1/actions/org.libvirt.unix.policy /run/root/usr/share/polkit-1/actions/org.libvirt.unix.policy
sed -i 's/^auth_unix_rw/#&/' /run/root$CONF
run cfg --root /run/root check
expect_no_match "the action's stock defaults" 'libvirt-polkit' "$OUT"
sed -i 's|<allow_inactive>auth_admin_keep|<allow_inactive>yes|' /run/root/usr/share/polkit-1/actions/org.libvirt.unix.policy
run cfg --root /run/root check
expect_match "defaults that let everybody in" 'every account of this host manage every VM \[libvirt-polkit-all\]' "$OUT"
