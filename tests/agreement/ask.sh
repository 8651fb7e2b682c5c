#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Asks the real libvirt and QEMU about generated cases and compares: ask.sh BUILD-FOLDER (below the sources) [COUNT] [SEED]. Takes about 0.2 s per case.
# Leaves cases.jsonl (with what happened) and host-facts.json in BUILD-FOLDER/agreement.
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ANSWERS=$(cd "$1" && pwd)/agreement COUNT=${2:-2400} SEED=${3:-1}
mkdir -p "$ANSWERS"
export HOST_LIBVIRTD=no
HOST_KEEP=$(cd "$HERE/../.." && pwd)
export HOST_KEEP
. "$HERE/../host/host.bash"
host_run "$@"

fixtures() {
    local user folder
    user=$(qemu_account | cut -d: -f1)
    mkdir -p /srv/{ok,ok/dir,ro,closed,sticky,pki} /etc/pki
    touch /srv/ok/file /srv/ro/old /srv/sticky/old
    chown "$user" /srv/ok /srv/ok/* /srv/ro/old
    chmod 700 /srv/closed
    chmod 1777 /srv/sticky
    ln -s /srv/ok /srv/link
    make_ca /srv/ca
    for folder in /etc/pki/libvirt-spice /srv/pki/{nokey,noca}; do make_server_cert /srv/ca "$folder" testhost.example.org; done
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
    cat <<'JSON'
{"version": 1,
 "qemu": {"version": "7.2.0", "spice": true, "qxl": true, "virtio_gpu_gl": false, "vhost_user_gpu": false, "sdl": false, "root": false},
 "libvirt": {"version": "9.0.0"}, "unprivileged_port_start": 1024, "listening": [], "render_node": false,
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
/usr/bin/python3 "$HERE/generate.py" "$COUNT" "$SEED" >"$ANSWERS/asked.jsonl"
/usr/bin/python3 "$HERE/ask.py" "$ANSWERS/asked.jsonl" "$ANSWERS/cases.jsonl"
"$ANSWERS/../tests/agreement/agreement" "$ANSWERS/cases.jsonl" "$ANSWERS/host-facts.json"
