#!/bin/bash
# A VM's own SASL directory that is missing, empty or closed to QEMU lets anybody in: with the guard QEMU does not start there. VMs without a guard are found, and fixed by the printed command. Shown with a
# client that asks for ANONYMOUS.
# shellcheck disable=SC2034
HOST_NAME=mysrv.example.org
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

GROUP=$(getent group "$(qemu_account | cut -d: -f2)" | cut -d: -f1)
cfg pki init >/dev/null
cfg pki issue >/dev/null
qemu_conf 'spice_tls = 1'
define_vm debianx graphics="<graphics type='spice' autoport='no' tlsPort='20002' listen='0.0.0.0' defaultMode='secure'/>"
DIR=/etc/pki/libvirt-spice/sasl/$(vm_conf debianx /domain/uuid)
OURS="secret,id=spicecfg-sasl,file=$DIR/qemu.conf,format=raw"
spicecfg() { "$SPICECFG" "$@"; }
# how a client that asks for ANONYMOUS fares: "closed" if QEMU does not start
anonymous() {
    local said=closed
    if virsh -q start debianx >/run/host/start.log 2>&1; then
        said=$(timeout 30 /usr/bin/python3 "$HOST_LIB/spice-anonymous.py" 192.168.2.2 20002)
        virsh -q destroy debianx
    fi
    echo "${said%% ,*}"
}
rules() {
    cfg check debianx --format json | /usr/bin/python3 -c '
import json, sys
ours = {"sasl-unguarded", "sasl-guard-file", "sasl-anonymous", "sasl-file-broken", "console-open"}
print(*sorted(ours & {f["rule"] for f in json.load(sys.stdin)["results"][0]["findings"]}))'
}
fix_of() {
    cfg check debianx --format json | /usr/bin/python3 -c '
import json, sys
print([f["fix"] for f in json.load(sys.stdin)["results"][0]["findings"] if f["rule"] == sys.argv[1]][0])' "$1"
}
# redefine SCRIPT: the domain, changed by hand
redefine() { virsh dumpxml --inactive debianx | sed -E "$1" >/run/host/domain.xml && virsh -q define /run/host/domain.xml; }
guard() { redefine "s|(<qemu:arg value=')[^']*id[=\"':]+spicecfg-sasl[^']*|\1$1|"; }


# --- a VM of an earlier release has no guard
cfg sasl set --vm debianx >/dev/null
redefine "/value='-object'/d; /spicecfg-sasl/d"
expect_eq "check finds it" sasl-unguarded "$(rules)"
expect_match "sasl show reports it" 'guard +none that names the SASL file' "$(cfg sasl show --vm debianx)"
expect_eq "in JSON too" missing "$(cfg sasl show --vm debianx --format json | json_get results.0.guard)"
mv "$DIR" "$DIR.away"
expect_eq "without its directory anybody gets in" admitted "$(anonymous)"
expect_eq "check says so" "console-open sasl-anonymous sasl-unguarded" "$(rules)"
expect_eq "the command that closes it" "spicecfg sasl set --vm debianx" "$(fix_of sasl-unguarded)"
eval "$(fix_of sasl-unguarded)" >/dev/null
expect_eq "check finds nothing" "" "$(rules)"
expect_eq "nobody gets in by ANONYMOUS" "not offered" "$(anonymous)"
expect_eq "the guard is written" "$OURS" "$(vm_conf debianx "//*[local-name()='arg'][starts-with(@value, 'secret,')]/@value")"
expect_exit 0 "once more changes nothing" cfg sasl set --vm debianx --detailed-exitcode
rm -r "$DIR"

# --- with the guard QEMU does not start without its file
expect_eq "no directory: QEMU does not start" closed "$(anonymous)"
expect_match "because of the file" "Unable to read $DIR/qemu.conf" "$(cat /run/host/start.log)"
expect_eq "check knows it" sasl-guard-file "$(rules)"
expect_eq "the verdict too" refused "$(cfg check debianx --format json | json_get results.0.verdict)"
mkdir "$DIR"
expect_eq "an empty directory: QEMU does not start" closed "$(anonymous)"
rmdir "$DIR"
mv "$DIR.away" "$DIR"
chown root:root "$DIR"
chmod 700 "$DIR"
expect_eq "a directory that QEMU can't pass: it does not start" closed "$(anonymous)"
expect_eq "check knows it" sasl-guard-file "$(rules)"
eval "$(fix_of sasl-guard-file)" >/dev/null
expect_eq "after the command it starts" "not offered" "$(anonymous)"

# --- what a guard can't prevent: a file without a list
for file in '' '# mech_list: plain\n' 'pwcheck_method: auxprop\nauxprop_plugin: sasldb\n'; do
    printf "$file" >"$DIR/qemu.conf"
    expect_eq "file '$file': anybody gets in" admitted "$(anonymous)"
    expect_eq "file '$file': check says so" "console-open sasl-anonymous" "$(rules)"
done
expect_match "sasl show says it" 'error: .*no mech_list \[sasl-anonymous\]' "$(cfg sasl show --vm debianx)"
eval "$(fix_of sasl-anonymous)" >/dev/null
expect_eq "after the command nobody does" "not offered " "$(anonymous) $(rules)"
printf 'mech_list: \n' >"$DIR/qemu.conf"
expect_eq "an empty value: QEMU does not start" "closed sasl-file-broken" "$(anonymous) $(rules)"
rm "$DIR/qemu.conf"
cfg sasl set --vm debianx >/dev/null

# --- guards for another file, and other forms of a guard
mv "$DIR" "$DIR.away"
variant() { # TEXT CLIENT RULES WHAT
    guard "$1"
    expect_eq "$4" "$2" "$(anonymous)"
    expect_eq "$4: check" "$3" "$(rules)"
    cfg sasl set --vm debianx >/dev/null
    expect_eq "$4: one guard after the command" 1 "$(virsh dumpxml --inactive debianx | grep -c "value='$OURS'")"
    expect_eq "$4: and check finds nothing" "" "$(rules)"
    rm -r "$DIR"
}
OPEN="console-open sasl-anonymous sasl-unguarded"
variant 'secret,id=spicecfg-sasl,file=/etc/hostname,format=raw' admitted "$OPEN" "a guard of another file"
variant "secret,id=spicecfg-sasl,file=$DIR/qemu.conf,file=/etc/hostname,format=raw" admitted "$OPEN" "the last file= counts"
variant "{\"qom-type\":\"secret\",\"id\":\"spicecfg-sasl\",\"file\":\"$DIR/qemu.conf\"}" closed sasl-guard-file "JSON of its file"
redefine "s|<qemu:arg value='-spice'/>|<qemu:arg value='-object'/><qemu:arg value='secret,id=mine,file=/etc/hostname,format=raw'/>&|"
variant 'secret,id=spicecfg-sasl,file=/etc/hosts,format=raw' admitted "$OPEN" "two guards, neither of its file"
mv "$DIR.away" "$DIR"

# --- a rename keeps it, 'off' removes it and nothing else
virsh -q domrename debianx other
virsh -q domrename other debianx
expect_eq "a rename keeps it" "" "$(rules)"
cfg sasl off --vm debianx >/dev/null
expect_eq "off leaves others' arguments" "-object secret,id=mine,file=/etc/hostname,format=raw" \
    "$(virsh dumpxml --inactive debianx | sed -nE "s/.*<qemu:arg value='(.*)'.*/\1/p" | paste -sd' ')"
expect_exit 0 "once more changes nothing" cfg sasl off --vm debianx --detailed-exitcode

# --- a comma in the path
redefine "s|</qemu:commandline>|<qemu:env name='SASL_CONF_PATH' value='/srv/a,b'/>&|"
cfg sasl set --vm debianx >/dev/null
expect_eq "a comma in the path: it starts" "not offered" "$(anonymous)"
rm -r /srv/a,b
expect_eq "and does not without its directory" closed "$(anonymous)"

# --- the host's own file
define_vm office graphics="<graphics type='spice' autoport='no' tlsPort='20006' listen='0.0.0.0' defaultMode='secure'/>" \
    commandline="<qemu:arg value='-spice'/><qemu:arg value='sasl=on'/>"
install -D -m 644 /dev/null /etc/sasl2/qemu.conf
host_rule() { cfg check --format json | json_get results | grep -c 'sasl-anonymous' || true; }
expect_match "SASL on for one VM, off for the host: check of all says it" '^[1-9]' "$(host_rule)"
expect_match "facts of the host say it" '\[sasl-anonymous\]' "$(virsh dumpxml office >office.xml; cfg host facts >facts.json; cfg check --host-facts facts.json office.xml)"
mkdir -p tree/etc/libvirt/qemu tree/etc/sasl2
cp office.xml tree/etc/libvirt/qemu/
printf 'spice_tls = 1\n' >tree/etc/libvirt/qemu.conf
printf '# nothing\n' >tree/etc/sasl2/qemu.conf
expect_match "a tree without accounts and plugins says it" '\[sasl-anonymous\]' "$(spicecfg check --root tree)"
