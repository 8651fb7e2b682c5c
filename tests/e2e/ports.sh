#!/bin/bash
# A port or socket that another VM of the host has: reported when it is set, whether or not the other VM runs; libvirt agrees.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

cfg() { "$SPICECFG" "$@"; }
fixed() { printf "<graphics type='%s' autoport='no' port='%s' listen='127.0.0.1'/>" "$1" "$2"; }
auto="<graphics type='spice' autoport='yes' listen='127.0.0.1'/>"
define() { domain_xml "$1" graphics="$2" >"$1.xml" && define_vm "$1" "$1.xml"; }
define one "$(fixed spice 5930)"
define two "$auto"
define 'the third' "$auto"
define vnc "$(fixed vnc 5940)"

expect_ok "the port of a VM that does not run" cfg set-listen two address 127.0.0.1 --port 5930
expect_match "is reported" "warning: port 5930 is taken by domain 'one' \[port-of-other-vm\]" "$ERR"
expect_match "with a fix" 'spicecfg set two .*port=5931' "$ERR"
expect_eq "and set" 5930 "$(vm_conf two "//graphics/@port")"
vm_start one
run virsh -q start two
expect_ne "libvirt refuses the second" 0 "$STATUS"
expect_exit 0 "once more: no change, no new finding" cfg set-listen two address 127.0.0.1 --port 5930 --detailed-exitcode
expect_no_match "no new finding" port-of-other-vm "$ERR"
expect_ok "another one" cfg set-listen two address 127.0.0.1 --port 5931
expect_no_match "is free" port-of-other-vm "$ERR"
expect_ok "the own one under another name" cfg set-listen two address 127.0.0.1 --port none --tls-port 5931 --dry-run
expect_no_match "is free for itself" port-of-other-vm "$ERR"
expect_ok "as the TLS port" cfg set-listen two address 127.0.0.1 --tls-port 5930 --dry-run
expect_match "too" "tlsPort 5930 is taken by domain 'one'" "$ERR"
expect_ok "the port of a VNC console" cfg set two port=5940
expect_match "is reported" "port 5940 is taken by domain 'vnc'" "$ERR"
expect_ok "an edit by path" cfg set two /domain/devices/graphics/@port=5930
expect_match "is reported" "port 5930 is taken by domain 'one'" "$ERR"

# Which VM has a port is known only if every process of QEMU's account can be read; otherwise the verdict is unknown.
domain_xml copy graphics="$(fixed spice 5930)" >copy.xml
verdict() { /usr/bin/python3 -c 'import json, sys
for r in json.load(sys.stdin)["results"]:
    print(r["target"] == "host" and [f["file"] for f in r["findings"] if f["file"] == "/proc"] or r["verdict"])' | tr '\n' ' '; }
run cfg check copy.xml --format json
expect_eq "a port of a VM that runs" "refused " "$(verdict <<<"$OUT")"
run unshare -m sh -c 'mount -t proc -o hidepid=2 proc /proc && exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"' sh "$SPICECFG" check - --format json <copy.xml
expect_match "processes that are hidden" "^unknown .*/proc" "$(verdict <<<"$OUT")"
expect_match "are the reason" 'port-of-other-vm: it is not known which VM has port 5930|conf-type: qemu.conf' "$OUT"
daemon lengthy sh -c 'ulimit -s unlimited; word=$(head -c 100000 /dev/zero | tr "\0" x); set --; for i in $(seq 45); do set -- "$@" "$word"; done
	exec setpriv --reuid "$0" --clear-groups --regid "$0" /usr/bin/python3 -c "import time; time.sleep(600)" "$@"' "$(id -u libvirt-qemu)"
wait_for 10 "the words" bash -c 'pgrep -u libvirt-qemu python3'
run cfg check copy.xml --format json
expect_eq "a command line that is too long" "unknown ['/proc'] " "$(verdict <<<"$OUT")"
kill "$(pgrep -u libvirt-qemu python3)"

vm_start 'the third'
port=$(vm_port 'the third')
expect_ok "the port that a running VM was given" cfg set-listen two address 127.0.0.1 --port "$port"
expect_match "is reported" "port $port is taken by domain 'the third'" "$ERR"
run cfg set-listen two address 127.0.0.1 --port 5940 --format json --dry-run
expect_match "a warning in JSON" '"rule": "port-of-other-vm"' "$OUT"
expect_eq "of the start" 'warning start' "$(/usr/bin/python3 -c 'import json,sys
for f in json.load(sys.stdin)["results"][0]["findings"]:
    if f["rule"] == "port-of-other-vm": print(f["level"], f["class"])' <<<"$OUT")"

virsh -q destroy 'the third'
virsh -q destroy one
expect_ok "one port for all" cfg set-listen --match 't*' address 127.0.0.1 --port 5950
expect_match "the second is reported" "port 5950 is taken by domain '(two|the third)'" "$ERR"
expect_eq "only the second" 1 "$(grep -c port-of-other-vm <<<"$ERR")"

expect_ok "a socket" cfg set-listen one socket /srv/spice/one.sock
expect_ok "the same for another" cfg set-listen two socket /srv/spice/one.sock
expect_match "is reported" "socket '/srv/spice/one.sock' is that of domain 'one'" "$ERR"

mkdir -p tree/etc/libvirt/qemu
virsh dumpxml --inactive vnc >tree/etc/libvirt/qemu/vnc.xml
domain_xml other graphics="$auto" >tree/etc/libvirt/qemu/other.xml
cp /etc/passwd /etc/group tree/etc/
expect_ok "in an image tree" cfg --root tree set-listen other address 127.0.0.1 --port 5940
expect_match "is reported" "port 5940 is taken by domain 'vnc'" "$ERR"

# no port at all: libvirt converts it to listen type none, and so it is written, so that a second run changes nothing
expect_ok "no port at all" cfg set-listen two address 127.0.0.1 --port none
expect_match "is reported" 'only virt-viewer --attach on the host can reach \[console-nowhere\]' "$ERR"
expect_eq "listen type none" none "$(vm_conf two "//graphics/listen/@type")"
expect_exit 0 "once more" cfg set-listen two address 127.0.0.1 --port none --detailed-exitcode
expect_no_match "is not a new finding" console-nowhere "$ERR"
expect_exit 10 "and back" cfg set-listen two address 127.0.0.1 --port auto --detailed-exitcode
expect_eq "to a port" yes "$(vm_conf two "//graphics/@autoport")"
