# shellcheck shell=bash
# A complete private test host for one test script: its own processes, network, mounts, host name; real libvirtd and QEMU.
#
#   . "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
#   HOST_NAME=mysrv.example.org      # optional, before host_run
#   host_run "$@"                    # from here on the script runs inside, as root, in an empty directory
#
# README.md in this directory describes what is private, and what the helpers do.
set -Eeu -o pipefail

HOST_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
HOST_SOURCE=$(cd "$HOST_LIB/../.." && pwd -P)
SPICECFG=${SPICECFG:-$HOST_SOURCE/build/spicecfg}
for part in expect vm accounts sasl tls net watch systemd; do
    # shellcheck source=/dev/null
    . "$HOST_LIB/$part.bash"
done
unset part

# host_skip WORD…: this machine can't run the test: status 77, or a failure if the host is required (CI)
host_skip() {
    if [ "${SPICECFG_REQUIRE_HOST:-0}" = 1 ]; then
        printf 'not ok - no test host: %s (required here)\n' "$*"
        exit 1
    fi
    printf 'skipped: %s\n' "$*"
    exit 77
}

# host_run ARGS…: starts $0 again inside a private host; returns only there
host_run() {
    local self
    self=$(cd "$(dirname "$0")" && pwd -P)/$(basename "$0")
    if [ -n "${HOST_OUTER_NS:-}" ]; then
        if [ "$HOST_OUTER_NS" = "$(readlink /proc/self/ns/mnt)" ] || [ "$PPID" != 1 ]; then
            host_skip "namespaces (not inside)"
        fi
        unset HOST_OUTER_NS
        host_inside
        return 0
    fi
    host_needs
    # unshare ignores INT and TERM; when this shell ends, in whatever way, everything inside ends with it
    HOST_OUTER_NS=$(readlink /proc/self/ns/mnt) setpriv --pdeathsig KILL \
        unshare -m -p -n -i -u -f --mount-proc --propagation private --kill-child \
        tini -s -- bash "$self" "$@" <&0 &
    trap 'kill -KILL '$!'; exit 130' INT TERM HUP
    wait $! || exit
    exit 0
}

# host_tools PROGRAM…: root, and what has to be installed on the machine
host_tools() {
    local tool missing=()
    [ "$(id -u)" = 0 ] || host_skip "root"
    for tool; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    [ ${#missing[@]} = 0 ] || host_skip "packages (no ${missing[*]})"
}

# what has to be installed and allowed on the machine before anything starts
host_needs() {
    host_tools unshare tini ip libvirtd virtlogd virsh qemu-system-x86_64 setfacl setpriv service start-stop-daemon
    [ "${HOST_CLIENT:-yes}" = no ] || /usr/bin/python3 -c 'import gi; gi.require_version("SpiceClientGLib", "2.0")' 2>/dev/null ||
        host_skip "packages (no gir1.2-spiceclientglib-2.0)"
    unshare -m -p -n -i -u -f --mount-proc true 2>/dev/null || host_skip "namespaces"
}

# host_setup WHAT COMMAND…: a step that the test host can't do without
host_setup() {
    local what=$1
    shift
    local error
    # not into a file: the first steps have no private place for one
    error=$("$@" 2>&1 >/dev/null) || host_skip "$what (${error##*$'\n'})"
}

host_inside() {
    host_private_files
    host_private_names
    exec {HOST_STDOUT}>&1
    trap 'host_on_error "$LINENO" "$BASH_COMMAND"' ERR
    trap 'host_on_exit $?' EXIT
    trap 'exit 130' INT TERM
    [ "${HOST_POLKIT:-no}" = no ] || start_polkit
    [ "${HOST_LIBVIRTD:-yes}" = no ] || start_libvirtd
}

# Everything that tests, libvirt, PAM and useradd write goes to a tmpfs that disappears with the namespace.
host_private_files() {
    local dir upper
    host_keep_open
    host_setup namespaces mount -t tmpfs -o mode=755 tmpfs /run
    mkdir -m 755 /run/lock /run/libvirt /run/host /run/host/keep /run/test
    mkdir -m 1777 /run/host/tmp
    for dir in etc var root home srv; do
        [ -d "/$dir" ] || continue
        upper=/run/host/upper/$dir
        mkdir -p "$upper" "/run/host/scratch/$dir"
        chmod --reference="/$dir" "$upper"
        chown --reference="/$dir" "$upper"
        host_setup "overlayfs" mount -t overlay overlay \
            -o "lowerdir=/$dir,upperdir=$upper,workdir=/run/host/scratch/$dir" "/$dir"
    done
    host_private_dev
    # the private network's devices, no cgroups (libvirt would create groups on the machine), no security modules
    umount -R -l /sys
    host_setup namespaces mount -t sysfs -o ro sysfs /sys
    [ ! -d /sys/kernel/security ] || host_setup namespaces mount -t tmpfs -o ro tmpfs /sys/kernel/security
    host_setup namespaces mount -t tmpfs -o mode=1777 tmpfs /tmp
    host_keep_bind
    mkdir -m 710 /run/saslauthd
    chgrp sasl /run/saslauthd 2>/dev/null || true
    cp "$HOST_LIB/spice-client.py" /run/host/
    chmod 644 /run/host/spice-client.py
    export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/tmp HOME=/root LIBVIRT_DEFAULT_URI=qemu:///system
    unset XDG_RUNTIME_DIR XDG_CONFIG_HOME XDG_CACHE_HOME DISPLAY
    cd /run/test
}

# The sources and the build tree stay the real ones (coverage data, sanitizer logs), even below /tmp, /var or /home:
# they are opened before the mounts hide them, and bound back afterwards.
host_keep_open() {
    local dir fd
    HOST_KEPT=()
    IFS=: read -r -a HOST_KEPT <<<"${HOST_KEEP:-$HOST_SOURCE}"
    HOST_KEPT_FD=()
    for dir in "${HOST_KEPT[@]}"; do
        exec {fd}<"$dir"
        HOST_KEPT_FD+=("$fd")
    done
}

host_keep_bind() {
    local i dir fd parent
    for i in "${!HOST_KEPT[@]}"; do
        dir=${HOST_KEPT[i]} fd=${HOST_KEPT_FD[i]}
        mkdir -p "$dir"
        host_setup namespaces mount --no-canonicalize --bind "/proc/self/fd/$fd" "$dir"
        exec {fd}<&-
        # other accounts of the private host run the program too
        for parent in /root /home; do
            case $dir/ in "$parent"/*) chmod o+x "$parent" ;; esac
        done
    done
}

# A /dev without kvm (libvirt would probe QEMU again at each define) and without render nodes.
host_private_dev() {
    local node
    host_setup namespaces mount -t tmpfs -o mode=755 tmpfs /run/host/keep
    for node in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0; do
        host_setup namespaces mknod -m 666 "/run/host/keep/${node%%:*}" c "$(cut -d: -f2 <<<"$node")" "$(cut -d: -f3 <<<"$node")"
    done
    mkdir -p /run/host/keep/net
    mknod -m 666 /run/host/keep/net/tun c 10 200
    mkdir /run/host/keep/pts /run/host/keep/mqueue
    mkdir -m 1777 /run/host/keep/shm
    ln -s pts/ptmx /run/host/keep/ptmx
    ln -s /proc/self/fd /run/host/keep/fd
    ln -s fd/0 /run/host/keep/stdin
    ln -s fd/1 /run/host/keep/stdout
    ln -s fd/2 /run/host/keep/stderr
    host_setup namespaces mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts /run/host/keep/pts
    # remove the old mounts: libvirt moves each mount below /dev that /proc/mounts lists
    umount -R -l /dev
    host_setup namespaces mount --move /run/host/keep /dev
}

host_private_names() {
    HOST_NAME=${HOST_NAME:-testhost.example.org} HOST_ADDRESS=${HOST_ADDRESS:-192.168.2.2} HOST_ADDRESS6=fd00:2::2
    ip link set lo up
    # an address beyond 127/8: without one resolvers that ask for AI_ADDRCONFIG find no name at all
    ip address add "$HOST_ADDRESS/24" dev lo
    [ ! -e /proc/net/if_inet6 ] || ip -6 address add "$HOST_ADDRESS6/64" dev lo
    hostname "$HOST_NAME"
    printf '%s\n' "$HOST_NAME" >/etc/hostname
    printf '127.0.0.1 localhost\n::1 localhost\n%s %s %s\n' "$HOST_ADDRESS" "$HOST_NAME" "${HOST_NAME%%.*}" >/etc/hosts
}

# wait_for SECONDS WHAT COMMAND…: until the command succeeds
wait_for() {
    local limit=$1 what=$2 end
    shift 2
    end=$((SECONDS + limit + 1))
    until "$@" >/dev/null 2>&1; do
        if [ "$SECONDS" -ge "$end" ]; then
            printf '# %s: not within %s s\n' "$what" "$limit" >&2
            return 1
        fi
        sleep 0.02
    done
}

# daemon NAME COMMAND…: in the background, reaped by tini, output in /run/host/NAME.log; pid in DAEMON_PID
daemon() {
    local name=$1
    shift
    tini -s -- "$@" >>"/run/host/$name.log" 2>&1 </dev/null &
    DAEMON_PID=$!
}
