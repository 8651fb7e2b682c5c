# shellcheck shell=bash
# libvirtd and its VMs, QEMU's view of them, the program under test, and the Spice client.

# cfg ARGS…: the program under test
cfg() { "$SPICECFG" "$@"; }

# D-Bus and polkit, which libvirtd asks whether an unprivileged account may connect; start them before libvirtd
start_polkit() {
    local polkitd=/usr/lib/polkit-1/polkitd
    command -v "$polkitd" dbus-daemon >/dev/null || host_skip "packages (no polkitd)"
    mkdir -p /run/dbus
    daemon dbus dbus-daemon --system --nofork --nopidfile
    wait_for 10 "D-Bus" test -S /run/dbus/system_bus_socket
    daemon polkitd "$polkitd" --no-debug
    wait_for 10 polkitd dbus-send --system --print-reply --dest=org.freedesktop.PolicyKit1 /org/freedesktop/PolicyKit1/Authority \
        org.freedesktop.DBus.Peer.Ping
}

start_libvirtd() {
    mkdir -p /run/libvirt
    init_script libvirtd
    daemon virtlogd virtlogd -p /run/virtlogd.pid
    wait_for 10 virtlogd test -S /run/libvirt/virtlogd-sock
    daemon libvirtd libvirtd -p /run/libvirtd.pid
    LIBVIRTD_TINI=$DAEMON_PID
    wait_for 30 libvirtd virsh -q list
}

stop_libvirtd() {
    local pid
    pid=$(cat /run/libvirtd.pid)
    kill "$pid"
    wait "$LIBVIRTD_TINI" || true
    # a daemon that the program under test restarted is not our child
    wait_for 20 "libvirtd's end" test ! -e "/proc/$pid"
}

# init_script NAME [PROGRAM]: an init script for a daemon of libvirt, as a host without systemd has one: for service(8)
init_script() {
    local name=$1 program=${2:-/usr/sbin/$1}
    mkdir -p /etc/init.d
    cat >"/etc/init.d/$name" <<EOF
#!/bin/sh
daemon() { start-stop-daemon --quiet --oknodo --pidfile /run/$name.pid --exec $program "\$@"; }
start() { daemon --start --background --output /run/host/$name.log -- -p /run/$name.pid; }
stop() { daemon --stop --retry TERM/20/KILL/5; }
case \$1 in
start | stop) "\$1" ;;
status) daemon --status ;;
restart) stop && start ;;
*) exit 3 ;;
esac
EOF
    chmod 755 "/etc/init.d/$name"
}

# the settings of qemu.conf are read only at start; running VMs keep running
restart_libvirtd() {
    stop_libvirtd
    daemon libvirtd libvirtd -p /run/libvirtd.pid
    LIBVIRTD_TINI=$DAEMON_PID
    wait_for 30 libvirtd virsh -q list
}

# qemu_conf LINE…: appends to the private qemu.conf and restarts libvirtd
qemu_conf() {
    printf '%s\n' "$@" >>/etc/libvirt/qemu.conf
    restart_libvirtd
}

# domain_xml NAME [graphics=XML] [video=XML] [devices=XML] [commandline=XML]: a minimal domain on stdout
domain_xml() {
    local name=$1 arg part
    local graphics="<graphics type='spice' autoport='yes' listen='127.0.0.1'/>"
    local video="<video><model type='qxl'/></video>" devices='' commandline=''
    shift
    for arg in "$@"; do
        part=${arg%%=*}
        case $part in
        graphics | video | devices | commandline) printf -v "$part" '%s' "${arg#*=}" ;;
        *) printf 'domain_xml: unknown part %s\n' "$part" >&2; return 2 ;;
        esac
    done
    cat <<EOF
<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>$name</name>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <emulator>$(command -v qemu-system-x86_64)</emulator>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
    $graphics
    $video
    $devices
  </devices>
  ${commandline:+<qemu:commandline>$commandline</qemu:commandline>}
</domain>
EOF
}

# define_vm NAME [XML-FILE | PART=XML…]: validated against libvirt's schema; replaces one of that name
define_vm() {
    local name=$1
    shift
    case ${1:-} in
    '' | graphics=* | video=* | devices=* | commandline=*) domain_xml "$name" "$@" >"/run/host/define.xml" ;;
    *) cp "$1" /run/host/define.xml ;;
    esac
    virsh -q undefine "$name" >/dev/null 2>&1 || true
    virsh -q define --validate /run/host/define.xml >/dev/null
}

vm_start() { virsh -q start "$1" >/dev/null; }
vm_stop() { virsh -q destroy "$1" >/dev/null; }
vm_restart() { vm_stop "$1"; vm_start "$1"; }

# vm_get NAME XPATH [virsh options]: from the running definition, or with --inactive from the persistent one
vm_get() {
    local name=$1 xpath=$2
    shift 2
    virsh dumpxml "$name" --security-info "$@" | xmllint --xpath "string($xpath)" -
}
vm_conf() { vm_get "$1" "$2" --inactive; }
vm_port() { vm_get "$1" '/domain/devices/graphics[1]/@port'; }
vm_tls_port() { vm_get "$1" '/domain/devices/graphics[1]/@tlsPort'; }

vm_pid() { cat "/run/libvirt/qemu/$1.pid"; }

# vm_cmdline NAME: QEMU's arguments, one a line
vm_cmdline() { tr '\0' '\n' <"/proc/$(vm_pid "$1")/cmdline"; }

# qmp NAME JSON: QEMU's answer
qmp() { virsh -q qemu-monitor-command "$1" "$2"; }

# qom NAME DEVICE-ID PROPERTY: a device's property as QEMU reports it
qom() {
    qmp "$1" "{\"execute\":\"qom-get\",\"arguments\":{\"path\":\"/machine/peripheral/$2\",\"property\":\"$3\"}}" |
        json_get return
}

# json_get KEY[.KEY…]: from the document on stdin; numbers index lists; prints nothing if it is missing
json_get() {
    /usr/bin/python3 -c '
import json, sys
try:
    value = json.load(sys.stdin)
    for key in sys.argv[1].split("."):
        value = value[int(key) if isinstance(value, list) else key]
except (ValueError, KeyError, IndexError, TypeError):
    sys.exit(0)
print(value if isinstance(value, str) else json.dumps(value, sort_keys=True))' "$1"
}

# client OPTIONS…: the real Spice client (spice-client.py --help); one JSON line; password on stdin
client() { timeout 60 /usr/bin/python3 /run/host/spice-client.py "$@"; }

# expect_client RESULT WHAT [user=ACCOUNT] [machine=NAME] [password=TEXT] OPTIONS…: how a login of the real client ends;
# CLIENT keeps the JSON
expect_client() {
    local result=$1 what=$2 password='' as=() ask=()
    shift 2
    while :; do
        case ${1:-} in
        user=*) as=(as_user "${1#*=}") ;;
        machine=*) as=(on_machine "${1#*=}") ;;
        password=*) password=${1#*=} ask=(--password-stdin) ;;
        *) break ;;
        esac
        shift
    done
    run "${as[@]}" timeout 60 /usr/bin/python3 /run/host/spice-client.py "${ask[@]}" "$@" <<<"$password"
    CLIENT=$OUT
    if [ "$(json_get result <<<"${OUT:-{\}}" 2>/dev/null)" = "$result" ]; then
        pass "$what"
    else
        fail "$what" "$result" "${OUT:-exit $STATUS}${ERR:+$'\n'$ERR}"
    fi
}

client_got() { json_get "$1" <<<"$CLIENT"; }
