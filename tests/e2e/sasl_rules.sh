#!/bin/bash
# The rules about SASL files, databases and saslauthd on a real host: each fault is made, found by its rule, and fixed by the command that the finding prints, run as
# printed. What libsasl2 and QEMU do with the fault is shown, too.
# shellcheck disable=SC2034
HOST_NAME=mysrv.example.org
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

spicecfg() { "$SPICECFG" "$@"; }
GROUP=$(qemu_account | cut -d: -f2)
GROUPNAME=$(getent group "$GROUP" | cut -d: -f1)
# finding TARGET RULE FIELD: of the whole host's check
finding() {
    /usr/bin/python3 -c '
import json, sys
for result in json.load(sys.stdin)["results"]:
    for finding in result["findings"]:
        if (result["target"], finding["rule"]) == (sys.argv[1], sys.argv[2]):
            print(finding.get(sys.argv[3], "")); sys.exit()' "$@"
}
check() { spicecfg check --format json >/run/host/check.json || true; }

# fires TARGET RULE LEVEL WHAT
fires() {
    check
    expect_eq "$4: $2" "$3" "$(finding "$1" "$2" level </run/host/check.json)"
    FIX=$(finding "$1" "$2" fix </run/host/check.json)
}
silent() { # TARGET RULE WHAT
    check
    expect_eq "$3: $2 is silent" "" "$(finding "$1" "$2" message </run/host/check.json)"
}
# fixes TARGET RULE LEVEL WHAT [NAME]: found, its command run as printed (with NAME instead of the placeholder), silent
fixes() {
    fires "$1" "$2" "$3" "$4"
    expect_match "$4: it names a command" '^(spicecfg|gpasswd|sed|chown|setfacl|echo|install|mv) ' "$FIX"
    printf 'sesame\n' | eval "${FIX/NAME/${5:-NAME}}" >/run/host/fix.log 2>&1 || cat /run/host/fix.log
    silent "$1" "$2" "after '$FIX'"
}
anonymous() { timeout 30 /usr/bin/python3 "$HOST_LIB/spice-anonymous.py" 192.168.2.2 20002; }

spicecfg pki init >/dev/null
spicecfg pki issue >/dev/null
qemu_conf 'spice_tls = 1' 'spice_sasl = 1'
define_vm debianx graphics="<graphics type='spice' autoport='no' tlsPort='20002' listen='0.0.0.0' defaultMode='secure'/>"
CONF=/etc/sasl2/qemu.conf
DB=/etc/pki/libvirt-spice/sasl/passwd.db

# --- the file
rm -rf /etc/sasl2
fires host sasl-file-missing warning "no directory at all"
mkdir -p /etc/sasl2
fires host sasl-file-missing warning "an empty directory"
fires host sasl-anonymous error "an empty directory"
fires debianx console-open error "its console belongs to anybody"
vm_start debianx
expect_match "indeed: ANONYMOUS is admitted" '^admitted ' "$(anonymous)"
vm_stop debianx
printf 'mech_list: plain\nnot a setting\n' >/etc/sasl2/spice.conf
fires host sasl-file-misnamed warning "a broken file of a wrong name"
expect_no_match "not renamed: QEMU would end" '^(mv|spicecfg)' "$(check; finding host sasl-file-misnamed fix </run/host/check.json)"
printf 'mech_list: plain\nsasldb_path: %s\n' $DB >/etc/sasl2/spice.conf
fires host sasl-anonymous error "a file of a wrong name"
silent host sasl-file-missing "a file of a wrong name"
fixes host sasl-file-misnamed warning "a file of a wrong name"
expect_eq "what it says stays" "mech_list: plain sasldb_path: $DB" "$(xargs <$CONF)"
silent host sasl-file-missing "the file is there"
silent host sasl-anonymous "the file is there"
silent debianx console-open "the file is there"
chown root:root $CONF
chmod 600 $CONF
fires host sasl-anonymous error "a file that QEMU can't read"
fixes host sasl-file-unreadable warning "a file that QEMU can't read"
chmod 700 /etc/sasl2
fixes host sasl-file-unreadable warning "a directory that QEMU can't pass"
chmod 755 /etc/sasl2
chmod 666 $CONF
fixes host sasl-file-writable error "a file that others may write"
printf 'mech_list: plain anonymous\nsasldb_path: %s\n' $DB >$CONF
vm_start debianx
expect_match "ANONYMOUS in the list is admitted" '^admitted ' "$(anonymous)"
fires debianx console-open error "ANONYMOUS in the list"
fixes host sasl-anonymous error "ANONYMOUS in the list"
vm_restart debianx
expect_match "and is out then" '^not offered' "$(anonymous)"
vm_stop debianx
silent debianx console-open "ANONYMOUS is out"
list() { printf "mech_list: %s\nsasldb_path: $DB\n%s\n" "$1" "${2:-}" >$CONF; }
list plain 'pwcheck_method: alwaystrue'
expect_match "sasl test: any password" 'admitted|gets in' "$(spicecfg sasl test nobody <<<x || true)"
fixes host sasl-always-true error "any password"
list plain 'pwcheck_method: sasldb'
fixes host sasl-method warning "an obsolete method"
list 'digest-md5 nonsense'
fixes host sasl-mechanism warning "what a port without TLS needs stays"
expect_match "digest-md5" '^mech_list: digest-md5$' "$(cat $CONF)"
list 'digest-md5 scram-sha-256'
printf 'sesame\n' | spicecfg user add anne >/dev/null
define_vm office graphics="<graphics type='spice' autoport='no' port='20006' listen='0.0.0.0'/>"
vm_start office
expect_client opened "a port without TLS: anne, by digest-md5" password=sesame --port 20006 --user anne
fires host sasl-weak warning "a mechanism that is weak, and needed"
expect_eq "no command removes it" "" "${FIX#None}"
list 'scram-sha-256 plain'
vm_restart office
expect_client auth-failed "because nobody gets in then" password=sesame --port 20006 --user anne
vm_stop office
virsh -q undefine office
spicecfg user remove anne >/dev/null
list 'cram-md5 scram-sha-256'
fixes host sasl-weak warning "a weak mechanism"
expect_match "the known one stays" '^mech_list: scram-sha-256$' "$(cat $CONF)"
list 'scram-sha-256,plain'
fires host sasl-no-mechanism warning "a list with commas"
fixes host sasl-mechanism warning "a list with commas"
silent host sasl-no-mechanism "names with blanks"
list 'gssapi scram-sha-256'
fixes host sasl-plugin warning "a plugin that is not installed"
expect_match "the package is named" libsasl2-modules-gssapi-mit "$(list gssapi; check; finding host sasl-plugin message </run/host/check.json)"
fixes host sasl-no-mechanism warning "nothing that is installed"
list 'scram-sha-256 plain' 'pwcheck_method: saslauthd'
fixes host sasl-challenge warning "scram with saslauthd"

# --- the database
spicecfg sasl set --backend sasldb --mech scram-sha-256,plain >/dev/null
rm -f $DB
fixes host sasldb-missing warning "no database"
fixes host sasldb-empty warning "an empty database" anne
silent host sasldb-realm "anne has this host's realm"
chown root:root $DB
fixes host sasldb-unreadable warning "a database that QEMU can't read"
mkdir -p /srv/sasl
cp -p $DB /srv/sasl/
chmod 644 /srv/sasl/passwd.db
spicecfg sasl set --sasldb /srv/sasl/passwd.db >/dev/null
chmod 644 /srv/sasl/passwd.db
fixes host sasldb-open error "a database that all can read"
chmod 664 /srv/sasl
fixes host sasldb-unreadable warning "a directory that QEMU can't pass"
chmod 777 /srv/sasl
fixes host sasldb-owner note "a directory that all write to"
spicecfg sasl set --sasldb $DB >/dev/null
chmod 755 /etc/pki/libvirt-spice/sasl
fixes host sasldb-owner note "a directory that is too open"
add_account bob ''
join_group bob "$GROUPNAME"
fixes host sasldb-group warning "bob in the group"
expect_no_match "bob is out of the group" bob "$(getent group "$GROUPNAME")"
rm -f $DB
sasldb_user $DB anne sesame elsewhere.example.org
fixes host sasldb-realm warning "a user of another host"
printf garbage >$DB
fires host sasldb-damaged warning "a damaged database"
rm -f $DB

list gssapi
silent host sasldb-missing "Kerberos needs no database"
printf 'mech_list: scram-sha-256\nauxprop_plugin: sql\n' >$CONF
silent host sasldb-missing "another plugin has its users elsewhere"

# --- saslauthd
spicecfg sasl set --backend saslauthd >/dev/null
leave_group "$(getent passwd "$(qemu_account | cut -d: -f1)" | cut -d: -f1)" sasl
fixes host saslauthd-closed warning "QEMU is not in the group"
fires host saslauthd-off warning "no daemon"
expect_match "how to start it is printed" saslauthd "$(spicecfg sasl set --backend saslauthd)"
# systemd itself can't run in here: a systemctl that does what systemd would do with saslauthd.service
cat >systemctl <<'EOT'
#!/bin/bash
case "$*" in
*is-active*) [ -S /run/saslauthd/mux ] ;;
*"restart saslauthd.service") saslauthd -a pam -n 2 -m /run/saslauthd ;;
esac
EOT
chmod 755 systemctl
if [ -e /usr/bin/systemctl ]; then
    mkdir -p /run/systemd/system
    mount --bind systemctl /usr/bin/systemctl
    fixes host saslauthd-off warning "no daemon"
    umount /usr/bin/systemctl
    rmdir /run/systemd/system
    expect_ok "it listens" test -S /run/saslauthd/mux
fi

# --- a VM's own directory is reported with the VM
spicecfg sasl set --backend sasldb >/dev/null
define_vm own graphics="<graphics type='spice' autoport='no' tlsPort='20004' listen='127.0.0.1' defaultMode='secure'/>" \
    commandline="<qemu:env name='SASL_CONF_PATH' value='/etc/pki/libvirt-spice/own'/>"
fires own sasl-folder-missing warning "a VM's directory that is missing"
fires own console-local warning "anybody here gets in"
fixes own sasl-anonymous error "a VM's directory that is missing"
silent own sasl-folder-missing "the directory exists"
silent own console-local "the directory exists"
fires own sasldb-empty warning "its users are its own"
expect_match "they are added to the VM" '^spicecfg user add NAME --vm own$' "$FIX"

# --- a broken file stops QEMU, with SASL or without
expect_ok "SASL off" spicecfg host set spice_sasl=0 --restart-daemon
rm -f $CONF
define_vm plain graphics="<graphics type='spice' autoport='yes' passwd='a' listen='127.0.0.1'/>"
define_vm vnc graphics="<graphics type='vnc' autoport='yes' listen='127.0.0.1'/>" video="<video><model type='virtio'/></video>"
define_vm qxl graphics="<graphics type='vnc' autoport='yes' listen='127.0.0.1'/>" video="<video><model type='qxl'/></video>"
printf '# ours\nmech_list plain\n' >$CONF
fires plain sasl-file-broken error "a line without a colon"
fires qxl sasl-file-broken error "a QXL device alone"
silent vnc sasl-file-broken "neither Spice nor QXL"
for vm in plain qxl vnc; do
    expect_eq "$vm: the verdict is what happens" "$(virsh -q start $vm >/dev/null 2>&1 && echo starts || echo refused)" \
        "$(/usr/bin/python3 -c 'import json, sys; print([r["verdict"] for r in json.load(open("/run/host/check.json"))["results"] if r["target"] == sys.argv[1]][0])' $vm)"
done
fixes plain sasl-file-broken error "a line without a colon"
vm_start plain
printf 'mech_list:\n' >$CONF
fixes plain sasl-file-broken error "a key without a value"

# --- AppArmor, which is off in a test host: its rules are real, that it is enabled is faked
if [ -e /etc/apparmor.d/libvirt/TEMPLATE.qemu ]; then
    spicecfg host set spice_sasl=1 --restart-daemon >/dev/null
    rm -f $CONF
    spicecfg sasl set >/dev/null
    silent host sasl-apparmor "it is off"
    mount -t tmpfs tmpfs /sys/module
    install -D -m 644 <(echo Y) /sys/module/apparmor/parameters/enabled
    fixes host sasl-apparmor warning "no rule for /etc/sasl2"
    sed -i 's,#include <local/abstractions/libvirt-qemu>,include if exists <abstractions/libvirt-qemu.d>,' /etc/apparmor.d/abstractions/libvirt-qemu
    fixes host sasl-apparmor warning "no rule for /etc/sasl2, where the rules of the host are in a directory"
    expect_eq "which has it" spicecfg "$(ls /etc/apparmor.d/abstractions/libvirt-qemu.d)"
    silent own sasl-apparmor "a VM's own directory has libvirt's rule"
    umount /sys/module
fi

# --- the facts, checked elsewhere
spicecfg host set spice_sasl=1 --restart-daemon >/dev/null
printf 'sasldb_path: %s\n' $DB >$CONF
spicecfg host facts >facts.json
virsh dumpxml debianx >debianx.xml
run spicecfg check --host-facts facts.json debianx.xml
expect_match "the facts include it" 'error: with TLS, clients are offered ANONYMOUS.*mech_list \[sasl-anonymous\]' "$OUT"
expect_match "sasl show says the same" 'ANONYMOUS.*\[sasl-anonymous\]' "$(spicecfg sasl show --vm debianx)"
