#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Converts the oracle's host.json (prose about a host) to host facts for check --host-facts (docs/host-facts.md)."""
import json
import sys

BAD = {  # what host.json says about a directory of certificates -> the facts
    "ca-cert.pem is no PEM": {"ca": "invalid"},
    "directory is root 0700": {"ca": "unreadable", "certificate": "unreadable", "key": "unreadable"},
    "empty directory": {"ca": "missing", "certificate": "missing", "key": "missing"},
    "server-key.pem has a passphrase": {"key": "encrypted"},
    "server certificate expired": {"expired": True},
    "a regular file": {"ca": "missing", "certificate": "missing", "key": "missing"},
    "server-key.pem is no PEM": {"key": "invalid"},
    "complete": {},
    "key does not belong to the certificate": {"key": "mismatch"},
    "does not exist": {"exists": False, "ca": "missing", "certificate": "missing", "key": "missing"},
    "no ca-cert.pem": {"ca": "missing"},
    "no server-cert.pem": {"certificate": "missing"},
    "server-key.pem is root 0600": {"key": "unreadable"},
}
SOUND = {"exists": True, "ca": "ok", "certificate": "ok", "key": "ok", "expired": False, "names_host": True, "key_private": True}


def directory(**facts):
    return {"type": "directory", "writable": True, "searchable": True, **facts}


def certificates(fixtures):
    out = {}
    for path, text in fixtures.items():
        if path.startswith("/etc/pki/"):
            out[path] = {**SOUND, **BAD.get(text, {})}
    return out


def paths():
    file = {"type": "file", "own": True}
    return {
        "/var/spicex": directory(writable=False),
        "/var/spicex/ok": directory(own=True, others=True),
        "/var/spicex/ok/adir": directory(own=True),
        "/var/spicex/ok/afile": file,
        "/var/spicex/ok/stale.sock": file,
        "/var/spicex/ok/dangling": file,
        "/var/spicex/ro": directory(writable=False, others=True),
        "/var/spicex/ro/stale.sock": file,
        "/var/spicex/ro/afile": file,
        "/var/spicex/closed": directory(writable=False, searchable=False),
        "/var/spicex/sticky": directory(sticky=True, others=True),
        "/var/spicex/sticky/stale.sock": {"type": "file", "own": False},
        "/var/spicex/link": {"type": "directory", "link": "/var/spicex/ok"},
    }


def main():
    host = json.load(open(sys.argv[1], encoding="utf-8"))
    addresses = [a for a in host["local_addresses"] if ":" in a or a[0].isdigit()]
    facts = {
        "version": 1,
        "qemu": {"version": "7.2.0", "spice": host["spice_capable"], "qxl": "qxl" in host["qemu_display_devices"],
                 "virtio_gpu_gl": host["packages"]["qemu-system-modules-opengl"] is not None, "vhost_user_gpu": False,
                 "sdl": bool(host["packages"]["qemu-system-gui"]), "root": False},
        "libvirt": {"version": "9.0.0"},
        "addresses": addresses,
        "unprivileged_port_start": host["ip_unprivileged_port_start"],
        "networks": {"virt_test_vnet": "10.0.1.1", "virt_test_nat": "2001:b8:ca2:2::1", "virt_test_route": "2001:b8:ca2:3::2",
                     "virt_test_bridge": "198.51.101.1", "virt_test_macvtap": "198.51.101.1"},
        "listening": [],
        "render_node": bool(host["dri_render_nodes"]),
        "paths": paths(),
        "certificates": certificates(host["fixtures"]),
    }
    json.dump(facts, sys.stdout, indent=1, sort_keys=True)
    print()


main()
