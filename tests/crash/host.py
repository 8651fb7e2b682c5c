# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host tree whose commit is recorded, and the batch that is committed: files, directories, ACLs, xattrs, a sasldb, certificates, PAM and
account files, definitions as files; owners and modes of every kind."""
import os
import struct
import subprocess

QEMU, ANNE, STAFF = 64055, 1001, 50
VMS = {"debianx": "2f3c1f0e-6d5a-4f0b-9d86-0c2b1f7b9f10", "leaptest": "6f1c0b1e-6f43-4a63-9a3e-0d0c2b9e8a11", "kiosk": "0b9d1f8a-9a3e-4a63-8f43-6f1c2b9e0d0c"}
SOCKET = "<graphics type='spice'><listen type='socket' socket='/var/spicex/{uuid}/spice.socket'/></graphics>"
NETWORK = """<graphics type='spice' port='5900' autoport='no' listen='127.0.0.1'>
      <listen type='address' address='127.0.0.1'/>
    </graphics>"""
DOMAIN = """<domain type='kvm'>
  <name>{name}</name>
  <uuid>{uuid}</uuid>
  <memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    {graphics}
    <video><model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1' primary='yes'/></video>
  </devices>
</domain>
"""
FILES = {
    "etc/passwd": f"root:x:0:0::/root:/bin/sh\nlibvirt-qemu:x:{QEMU}:{QEMU}::/:/bin/false\nanne:x:{ANNE}:{ANNE}::/home/anne:/bin/sh\n",
    "etc/group": f"root:x:0:\nlibvirt-qemu:x:{QEMU}:\nkvm:x:106:\nanne:x:{ANNE}:\nstaff:x:{STAFF}:anne\nsasl:x:45:\nshadow:x:42:\n",
    "etc/gshadow": "root:*::\nlibvirt-qemu:!::\nstaff:*::anne\nsasl:!::\n",
    "etc/hostname": "tree.example.org\n",
    "etc/os-release": "ID=debian\n",
    "etc/libvirt/qemu.conf": "# kept as it is\n#spice_tls = 1\nspice_listen = \"127.0.0.1\"\n",
    "etc/pam.d/other": "auth required pam_deny.so\naccount required pam_deny.so\n",
    "etc/pam.d/common-auth": "auth required pam_unix.so\n",
    "etc/pam.d/common-account": "account required pam_unix.so\n",
    "etc/pam.d/common-session-noninteractive": "session required pam_unix.so\n",
    "etc/.pwd.lock": "",
}
MODES = {"etc/gshadow": (0, 42, 0o640), "etc/libvirt/qemu.conf": (0, 0, 0o600), "etc/.pwd.lock": (0, 0, 0o600)}
DIRECTORIES = ("var/lib", "var/spicex", "usr/lib/x86_64-linux-gnu/security", "usr/bin", "etc/libvirt/qemu")
# every line leaves something to do; the certificate of `pki import` replaces two files and removes two
BATCH = """set-heads debianx 4
set-listen debianx socket
acl grant debianx user:anne
acl grant kiosk group:spicex --create-group
set-heads leaptest 2
set-options leaptest --keymap de
host set spice_listen=0.0.0.0
host set spice_tls=1
sasl set --vm debianx
user add bob@tree --vm debianx --password-file {top}/new
user passwd carol@tree --password-file {top}/new
pam allow user:anne group:staff
pam install --vm kiosk --allow user:anne
pki import --cert {top}/signed --ca {top}/corporate
"""
# as the host itself, where no libvirtd runs
HOST_BATCH = """host set spice_listen=0.0.0.0
host set spice_tls=1
sasl set --mech scram-sha-256
user passwd carol@tree --password-file {top}/new
user add bob@tree --password-file {top}/new
pam allow user:anne group:staff
pki import --cert {top}/signed --ca {top}/corporate
pki init --ca-dir /etc/pki/other
"""


def acl(*entries):
    """The bytes of a POSIX ACL attribute: (tag, permissions, id)."""
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


def spicecfg(program, tree, words, **more):
    done = subprocess.run([program, "--root", tree, *words], capture_output=True, text=True, check=False, **more)
    if done.returncode:
        raise SystemExit(f"{words}: exit {done.returncode}: {done.stdout}{done.stderr}")


def sign(top, tree):
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=top)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=Corporate", "-keyout", "corporate-key", "-out", "corporate",
            "-days", "3650", "-addext", "basicConstraints=critical,CA:TRUE")
    openssl("x509", "-req", "-in", f"{tree}/etc/pki/libvirt-spice/server.csr", "-CA", "corporate", "-CAkey", "corporate-key", "-CAcreateserial", "-copy_extensions", "copy", "-days", "300",
            "-out", "signed")


def make(program, top, own=False):
    """Makes top/tree and what the batch reads; own: as the host's own root directory (enter). Returns the path of the batch."""
    tree = os.path.join(top, "tree")
    for name in (*DIRECTORIES, *(("proc", "dev", "run", "host", "root", "tmp") if own else ())):
        os.makedirs(f"{tree}/{name}")
    for name in ("lib", "lib64", "bin", "sbin") if own else ():
        os.symlink(f"usr/{name}", f"{tree}/{name}")
    for name, text in FILES.items():
        os.makedirs(os.path.dirname(f"{tree}/{name}"), exist_ok=True)
        with open(f"{tree}/{name}", "w", encoding="ascii") as file:
            file.write(text)
        uid, gid, mode = MODES.get(name, (0, 0, 0o644))
        os.chmod(file.name, mode)
        os.chown(file.name, uid, gid)
    open(f"{tree}/usr/lib/x86_64-linux-gnu/security/pam_listfile.so", "w", encoding="ascii").close()
    for name, uuid in VMS.items():
        with open(f"{tree}/etc/libvirt/qemu/{name}.xml", "w", encoding="ascii") as file:
            file.write(DOMAIN.format(name=name, uuid=uuid, graphics=(SOCKET if name == "kiosk" else NETWORK).format(uuid=uuid)))
        os.chmod(file.name, 0o600)
    for name, text in {"old": "old-secret\n", "new": "new-secret\n", "other": "other-secret\n", "batch": (HOST_BATCH if own else BATCH).format(top=top)}.items():
        with open(f"{top}/{name}", "w", encoding="ascii") as file:
            file.write(text)
    os.chmod(f"{tree}/var/spicex", 0o711)
    for words in (["pki", "init"], ["pki", "issue", "--host", "tree.example.org"], ["pki", "csr", "--host", "tree.example.org"], ["sasl", "set"],
                  ["user", "add", "carol@tree", "--password-file", f"{top}/old"], ["user", "add", "dave@tree", "--password-file", f"{top}/other"],
                  ["pam", "install", "--allow", "user:root"], ["acl", "grant", "kiosk", "group:staff"]):
        spicecfg(program, tree, words)
    sign(top, tree)
    odd = f"{tree}/etc/libvirt/qemu/leaptest.xml"
    os.chown(odd, ANNE, STAFF)
    os.setxattr(odd, "user.note", b"kept\x00by hand")
    os.setxattr(odd, "system.posix_acl_access", acl((1, 6, 0xffffffff), (2, 4, ANNE), (4, 4, 0xffffffff), (8, 2, QEMU), (16, 6, 0xffffffff), (32, 0, 0xffffffff)))
    os.setxattr(f"{tree}/etc/libvirt/qemu.conf", "user.site", b"a" * 300)
    os.setxattr(f"{tree}/etc/pki/libvirt-spice", "system.posix_acl_default", acl((1, 7, 0xffffffff), (2, 5, ANNE), (4, 5, 0xffffffff), (16, 5, 0xffffffff), (32, 0, 0xffffffff)))
    for name in VMS if own else ():
        os.unlink(f"{tree}/etc/libvirt/qemu/{name}.xml")
    return f"{top}/batch"
