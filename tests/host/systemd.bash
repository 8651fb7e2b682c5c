# shellcheck shell=bash
# A test host with systemd as process 1: systemd-nspawn boots a debootstrap tree with a tmpfs over it; libvirtd runs as its service.
# A script that calls host_power_cut is started again after the next boot; HOST_BOOT counts from 1.
#
#   . "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
#   host_run_systemd "$@"            # from here on the script runs inside, as a service, as root, in an empty directory
#
# Everything in host.bash works there too, except start_libvirtd and similar functions: use systemctl.

# host_run_systemd ARGS…: starts $0 again inside; returns only there
host_run_systemd() {
    local self
    self=$(cd "$(dirname "$0")" && pwd -P)/$(basename "$0")
    if [ "${HOST_SYSTEMD_INSIDE:-}" = yes ]; then
        host_systemd_inside
        return 0
    fi
    host_systemd_needs
    setpriv --pdeathsig KILL unshare -m -p -f --mount-proc --propagation private --kill-child \
        bash -c '. "$1/host.bash"; shift; host_systemd_boot "$@"' bash "$HOST_LIB" "$self" "$@" <&0 &
    trap 'kill -KILL '$!'; exit 130' INT TERM HUP
    wait $! || exit
    exit 0
}

host_systemd_needs() {
    host_tools systemd-nspawn debootstrap unshare nsenter setpriv
    # checked before a tree is made, which takes minutes and hundreds of megabytes
    unshare -m -p -f --mount-proc --propagation private true 2>/dev/null || host_skip "namespaces"
    # shellcheck disable=SC2016
    unshare -m --propagation private sh -c 'mount -t tmpfs tmpfs /run && mkdir /run/cgroup && mount -t cgroup2 cgroup2 /run/cgroup' 2>/dev/null ||
        host_skip "control groups"
    SYSTEMD_TREE=${SYSTEMD_TREE:-$HOST_SOURCE/build/systemd-tree}
    export SYSTEMD_TREE
    (flock 9 && "$HOST_LIB/systemd-tree" "$SYSTEMD_TREE") 9>"$SYSTEMD_TREE.lock" || host_skip "a Debian tree"
}

# In our own namespaces: provides a control group hierarchy for systemd, boots the tree, and runs the script in it as a service.
host_systemd_boot() {
    local dir binds=() boot=1 status
    mount -t tmpfs -o mode=755 tmpfs /run
    mkdir /run/lock
    umount -R -l /sys/fs/cgroup 2>/dev/null || true
    mount -t cgroup2 cgroup2 /sys/fs/cgroup || host_skip "control groups"
    IFS=: read -r -a HOST_KEPT <<<"${HOST_KEEP:-$HOST_SOURCE}"
    for dir in "${HOST_KEPT[@]}"; do
        # read-only: what systemd cleans up when it boots must never belong to the machine
        binds+=(--bind-ro="$dir")
    done
    mkdir /run/over && mount -t tmpfs -o mode=755 tmpfs /run/over && mkdir /run/over/upper /run/over/work /run/over/tree
    # what is written stays from one boot to the next
    mount -t overlay -o "lowerdir=$SYSTEMD_TREE,upperdir=/run/over/upper,workdir=/run/over/work" overlay /run/over/tree || host_skip "an overlay"
    while true; do
        status=0
        host_systemd_once "$boot" "$@" || status=$?
        [ -e /run/over/tree/var/power-cut ] || return $status
        rm /run/over/tree/var/power-cut
        boot=$((boot + 1))
    done
}

# host_systemd_once BOOT SCRIPT ARGS…
host_systemd_once() {
    local boot=$1 nspawn leader dir env=()
    shift
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn -q --register=no --keep-unit -D /run/over/tree \
        --private-network --hostname=testhost --console=pipe "${binds[@]}" -b >/run/nspawn.log 2>&1 </dev/null &
    nspawn=$!
    # its child is process 1 of the host
    for _ in $(seq 300); do
        leader=$(pgrep -P "$nspawn" -o || true)
        if [ -n "$leader" ] && host_systemd_enter "$leader" systemctl is-system-running >/dev/null 2>&1; then break; fi
        kill -0 "$nspawn" 2>/dev/null || host_skip "systemd-nspawn ($(tail -n 1 /run/nspawn.log))"
        sleep 0.1
    done
    for dir in SPICECFG TESTLIB HOST_KEEP SPICECFG_REQUIRE_HOST; do
        [ -z "${!dir:-}" ] || env+=(-E "$dir=${!dir}")
    done
    host_systemd_enter "$leader" systemd-run -q --pipe --wait --collect "${env[@]}" -E HOST_SYSTEMD_INSIDE=yes -E HOST_BOOT="$boot" bash "$@" ||
        status=$?
    # when process 1 is killed, everything is
    [ ! -e /run/over/tree/var/power-cut ] || { kill -KILL "$leader" && wait "$nspawn" || true; }
    return $status
}

# host_power_cut: everything is killed, and the host boots again (what was written and not synced is still there: tests/crash tries that)
host_power_cut() {
    [ "$EXPECT_FAILED" != 0 ] || touch /var/power-cut
    exit 0
}

# host_systemd_enter PID COMMAND…
host_systemd_enter() {
    local pid=$1
    shift
    nsenter -t "$pid" -m -p -u -i -n -C -r -w -- "$@"
}

host_systemd_inside() {
    # nspawn mounts its own read-only /run/host, which nothing in here needs
    mount -t tmpfs -o mode=755 tmpfs /run/host
    mkdir -p /run/test
    cp "$HOST_LIB/spice-client.py" /run/host/
    export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/tmp HOME=/root LIBVIRT_DEFAULT_URI=qemu:///system
    cd /run/test || exit 1
    exec {HOST_STDOUT}>&1
    host_show_logs() { journalctl --no-pager -q -n 40 | sed 's/^/# /'; }
    trap 'host_on_error "$LINENO" "$BASH_COMMAND"' ERR
    trap 'host_on_exit $?' EXIT
    trap 'exit 130' INT TERM
}
