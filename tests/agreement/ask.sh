#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Tries generated cases with the real libvirt and QEMU and compares the verdicts: ask.sh BUILD-DIRECTORY (below the sources) [COUNT] [SEED] [FAMILY...]
# Takes about 0.3 s per case. Writes cases.jsonl (with the results) and host-facts.json to BUILD-DIRECTORY/agreement, or in the directory ANSWERS.
# ASK_TREE names the directory of another Debian system (debootstrap) with libvirtd, QEMU, python3-libvirt and tini, which are used then.
# ASK_CASES names a file of cases to try instead of generated ones.
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BUILD=$(cd "$1" && pwd) COUNT=${2:-2400} SEED=${3:-1}
ANSWERS=${ANSWERS:-$BUILD/agreement${ASK_TREE:+-$(basename "$ASK_TREE")}}
mkdir -p "$ANSWERS"

# The tree gets the kernel's file systems and the sources at the same path; host_run does the rest, inside.
ask_tree() {
    local sources=$1 dir
    shift
    mount --bind "$ASK_TREE" "$ASK_TREE" # its / must be a mount point
    for dir in proc sys dev; do mount --rbind "/$dir" "$ASK_TREE/$dir"; done
    mkdir -p "$ASK_TREE$sources"
    mount --bind "$sources" "$ASK_TREE$sources"
    exec env -u ASK_TREE ASK_ANSWERS="$ANSWERS" chroot "$ASK_TREE" bash "$HERE/ask.sh" "$@"
}
if [ -n "${ASK_TREE:-}" ]; then
    export ASK_TREE ANSWERS HERE ASK_CASES
    [ -z "${ASK_CASES:-}" ] || cp "$ASK_CASES" "$ANSWERS/given.jsonl"
    unshare -m --propagation private bash -c "$(declare -f ask_tree); ask_tree \"\$@\"" ask "$(cd "$HERE/../.." && pwd)" "$@"
    exec "$BUILD/tests/agreement/agreement" "$ANSWERS/cases.jsonl" "$ANSWERS/host-facts.json"
fi
ANSWERS=${ASK_ANSWERS:-$ANSWERS}
export HOST_LIBVIRTD=no HOST_CLIENT=no
HOST_KEEP=$(cd "$HERE/../.." && pwd)
export HOST_KEEP
. "$HERE/../host/host.bash"
host_run "$@"

fixtures() {
    local user directory
    user=$(qemu_account | cut -d: -f1)
    mkdir -p /srv/{ok,ok/dir,ro,closed,sticky,pki} /etc/pki
    touch /srv/ok/file /srv/ro/old /srv/sticky/old
    chown "$user" /srv/ok /srv/ok/* /srv/ro/old
    chmod 700 /srv/closed
    chmod 1777 /srv/sticky
    ln -s /srv/ok /srv/link
    make_ca /srv/ca
    for directory in /etc/pki/libvirt-spice /etc/pki/libvirt-vnc /srv/pki/{nokey,noca}; do make_server_cert /srv/ca "$directory" testhost.example.org; done
    make_server_cert /srv/ca /srv/pki/expired testhost.example.org -5
    chmod 755 /srv/pki
    rm /srv/pki/noca/ca-cert.pem
    chown root:root /srv/pki/nokey/server-key.pem
    chmod 600 /srv/pki/nokey/server-key.pem
    touch /srv/pki/file
    mkdir -p /etc/libvirt/qemu/networks
    printf '<network><name>lan</name><forward mode="bridge"/><bridge name="lo"/></network>' >/etc/libvirt/qemu/networks/lan.xml
    printf '<network><name>isolated</name><bridge name="isobr"/></network>' >/etc/libvirt/qemu/networks/isolated.xml
}

facts() {
    local qemu gl=false gpu=false
    qemu=$(qemu-system-x86_64 --version | sed -n '1s/.*version \([0-9.]*\).*/\1/p')
    [ ! -e /usr/lib/x86_64-linux-gnu/qemu/hw-display-virtio-gpu-gl.so ] || gl=true
    [ ! -d /usr/share/qemu/vhost-user ] || ! grep -qs gpu /usr/share/qemu/vhost-user/*.json || gpu=true
    cat <<JSON
{"version": 1,
 "qemu": {"version": "$qemu", "spice": true, "qxl": true, "virtio_gpu_gl": $gl, "vhost_user_gpu": $gpu, "sdl": false, "root": false},
 "libvirt": {"version": "$(libvirtd --version | sed 's/.* //')"}, "unprivileged_port_start": 1024, "listening": [], "render_node": false,
 "addresses": ["127.0.0.0/8", "::1", "192.168.2.2", "fd00:2::2"], "networks": {"lan": "127.0.0.1", "isolated": null},
 "paths": {"/srv": {"type": "directory", "writable": false, "searchable": true},
  "/srv/ok": {"type": "directory", "writable": true, "searchable": true, "own": true},
  "/srv/ok/dir": {"type": "directory", "writable": true, "searchable": true, "own": true}, "/srv/ok/file": {"type": "file", "own": true},
  "/srv/ro": {"type": "directory", "writable": false, "searchable": true}, "/srv/ro/old": {"type": "file", "own": true},
  "/srv/closed": {"type": "directory", "writable": false, "searchable": false},
  "/srv/sticky": {"type": "directory", "writable": true, "searchable": true, "sticky": true}, "/srv/sticky/old": {"type": "file", "own": false},
  "/srv/link": {"type": "directory", "link": "/srv/ok"}},
 "certificates": {
  "/etc/pki/libvirt-spice": {"exists": true, "ca": "ok", "certificate": "ok", "key": "ok", "expired": false},
  "/etc/pki/libvirt-vnc": {"exists": true, "ca": "ok", "certificate": "ok", "key": "ok", "expired": false},
  "/srv/pki/expired": {"exists": true, "ca": "ok", "certificate": "ok", "key": "ok", "expired": true},
  "/srv/pki/nokey": {"exists": true, "ca": "ok", "certificate": "ok", "key": "unreadable"},
  "/srv/pki/noca": {"exists": true, "ca": "missing", "certificate": "ok", "key": "ok"},
  "/srv/pki/file": {"exists": true, "ca": "missing", "certificate": "missing", "key": "missing"},
  "/srv/pki/gone": {"exists": false}}}
JSON
}

start_libvirtd
fixtures
stop_libvirtd
facts >"$ANSWERS/host-facts.json"
if [ -e "$ANSWERS/given.jsonl" ]; then
    mv "$ANSWERS/given.jsonl" "$ANSWERS/asked.jsonl"
else
    /usr/bin/python3 "$HERE/generate.py" "$COUNT" "$SEED" "${@:4}" >"$ANSWERS/asked.jsonl"
fi
/usr/bin/python3 "$HERE/ask.py" "$ANSWERS/asked.jsonl" "$ANSWERS/cases.jsonl"
[ -z "${ASK_ANSWERS:-}" ] || exit 0
"$BUILD/tests/agreement/agreement" "$ANSWERS/cases.jsonl" "$ANSWERS/host-facts.json" && exit
# a disagreement is not a failure of the host: don't show logs
trap - ERR EXIT
exit 1
