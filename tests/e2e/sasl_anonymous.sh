#!/bin/bash
# A SASL file without mech_list lets anybody in: on TLS spice-server requires no properties of a mechanism, so that libsasl2 offers ANONYMOUS too.
# Shown with the real QEMU, found by `sasl show`, fixed by `sasl set`.
# shellcheck disable=SC2034
HOST_NAME=mysrv.example.org
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

anonymous() { timeout 30 /usr/bin/python3 "$HOST_LIB/spice-anonymous.py" 192.168.2.2 20002; }

cfg pki init >/dev/null
cfg pki issue >/dev/null
qemu_conf 'spice_tls = 1' 'spice_sasl = 1'
install -d -m 755 /etc/pki/libvirt-spice/empty
define_vm debianx graphics="<graphics type='spice' autoport='no' tlsPort='20002' listen='0.0.0.0' defaultMode='secure'/>" \
    commandline="<qemu:env name='SASL_CONF_PATH' value='/etc/pki/libvirt-spice/empty'/>"
vm_start debianx
expect_match "an empty SASL directory: ANONYMOUS is admitted" '^admitted ' "$(anonymous)"
expect_match "show says so" 'ANONYMOUS, which lets anybody in' "$(cfg sasl show --vm debianx)"
expect_exit 2 "it can't be requested" cfg sasl set --vm debianx --mech anonymous,plain
expect_ok "a SASL file with a list" cfg sasl set --vm debianx
vm_restart debianx
expect_match "ANONYMOUS is out" '^not offered' "$(anonymous)"
expect_match "good mechanisms are in" 'SCRAM-SHA-256' "$(anonymous)"

# --- an empty directory is "/", not libsasl2's default; a VNC console sets its own
cfg sasl set >/dev/null
spice="<graphics type='spice' autoport='no' tlsPort='20002' listen='0.0.0.0' defaultMode='secure'/>"
rules() { "$SPICECFG" check debianx --format json | /usr/bin/python3 -c 'import json,sys
print(" ".join(sorted({f["rule"] for r in json.load(sys.stdin)["results"] for f in r["findings"]} & {"sasl-anonymous", "console-open", "sasl-unguarded"})))'; }
try() { # WHAT RULES
    virsh -q start debianx
    expect_match "$1: ANONYMOUS is admitted" '^admitted ' "$(anonymous)"
    expect_eq "$1: check says so" "$2" "$(rules)"
    virsh -q destroy debianx
}
virsh -q destroy debianx
for env in "<qemu:env name='SASL_CONF_PATH'/>" "<qemu:env name='SASL_CONF_PATH' value='/etc/sasl2'/><qemu:env name='SASL_CONF_PATH' value=''/>"; do
    define_vm debianx graphics="$spice" commandline="$env"
    try "$env" "console-open sasl-anonymous sasl-unguarded"
done
expect_match "show says so" 'ANONYMOUS, which lets anybody in' "$(cfg sasl show --vm debianx)"
cfg sasl set --vm debianx >/dev/null
expect_eq "closed by sasl set" "" "$(rules)"
define_vm debianx graphics="$spice<graphics type='vnc' autoport='yes'/>"
qemu_conf 'spice_tls = 1' 'spice_sasl = 1' 'vnc_sasl = 1' 'vnc_sasl_dir = "/nowhere"'
try "vnc_sasl_dir" "console-open sasl-anonymous"
cfg sasl set --vm debianx >/dev/null
expect_eq "closed by sasl set --vm" "" "$(rules)"
define_vm debianx graphics="$spice"
qemu_conf 'spice_tls = 1' 'spice_sasl = 1' 'spice_sasl_dir = ""'
try "an empty spice_sasl_dir" "console-open sasl-anonymous"
