# SPDX-License-Identifier: LGPL-2.1-or-later
"""A healthy virtualisation host as a tree for --root, in memory until write(): Debian, SUSE or RHEL, with one to four VMs."""
import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree as ET

QEMU_NS = "http://libvirt.org/schemas/domain/qemu/1.0"
ET.register_namespace("qemu", QEMU_NS)
PKI = "/etc/pki/libvirt-spice"
PASSWORD = "geheim99"
# name, account, group, uid, gid of QEMU; library directory; the file of saslauthd's options and its key; saslauthd's directory
FAMILIES = {
    "debian": {"qemu": ("libvirt-qemu", "libvirt-qemu", 64055, 64055), "lib": "/usr/lib/x86_64-linux-gnu", "release": "ID=debian\nVERSION_ID=\"12\"\n",
               "saslauthd": "/etc/default/saslauthd", "mux": "/var/run/saslauthd", "common": "common"},
    "suse": {"qemu": ("qemu", "qemu", 107, 107), "lib": "/usr/lib64", "release": "ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n",
             "saslauthd": "/etc/sysconfig/saslauthd", "mux": "/run/sasl2", "common": "common"},
    "rhel": {"qemu": ("qemu", "qemu", 107, 107), "lib": "/usr/lib64", "release": "ID=\"rhel\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"9.4\"\n",
             "saslauthd": "/etc/sysconfig/saslauthd", "mux": "/run/saslauthd", "common": "system-auth"},
}
ACCOUNTS = {"anne": 1001, "bob": 1002, "ralph": 1003, "maggie": 1004}
MODULES = ("ui-spice-core.so", "hw-display-qxl.so", "hw-display-virtio-gpu.so", "ui-sdl.so", "ui-opengl.so", "audio-spice.so", "chardev-spice.so")


def parse(devices):
    """The elements of a <devices> content."""
    return list(ET.fromstring(f"<d xmlns:qemu='{QEMU_NS}'>{devices}</d>"))


def text_of(element):
    text = ET.tostring(element, encoding="unicode").strip()
    return re.sub(rf' xmlns:qemu="{re.escape(QEMU_NS)}"', "", text)


class Vm:
    """A definition; slots that a fault has taken are not given to another one."""

    def __init__(self, name, uuid, rnd, number):
        self.name, self.uuid = name, uuid
        self.type, self.arch, self.machine = "kvm", "x86_64", rnd.choice(("pc", "q35", "pc-i440fx-7.2", "pc-q35-7.2"))
        port = 5910 + 2 * number
        self.graphics = parse(rnd.choice((
            "<graphics type='spice' autoport='yes' listen='127.0.0.1' passwd='Xk3dPw9q'><listen type='address' address='127.0.0.1'/></graphics>",
            f"<graphics type='spice' port='{port}' autoport='no' listen='127.0.0.1' passwd='Xk3dPw9q'><listen type='address' address='127.0.0.1'/></graphics>",
            "<graphics type='spice'><listen type='none'/></graphics>")))
        self.video = parse(rnd.choice((
            "<video><model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1' primary='yes'/></video>",
            "<video><model type='virtio' heads='1' primary='yes'/></video>",
            "<video><model type='vga' vram='16384' heads='1' primary='yes'/></video>")))
        self.others, self.root, self.taken = [], [], set()
        self.mode, self.acl = 0o600, None

    def own_sasl(self):
        return any("SASL_CONF_PATH" in text_of(e) for e in self.root)

    def xml(self):
        machine = f" machine='{self.machine}'" if self.machine else ""
        devices = "\n".join("    " + text_of(e) for e in self.graphics + self.video + self.others)
        root = "".join("\n  " + text_of(e) for e in self.root)
        return (f"<domain type='{self.type}' xmlns:qemu='{QEMU_NS}'>\n  <name>{self.name}</name>\n  <uuid>{self.uuid}</uuid>\n"
                f"  <memory unit='MiB'>512</memory>\n  <vcpu>1</vcpu>\n  <os><type arch='{self.arch}'{machine}>hvm</type></os>\n"
                f"  <devices>\n{devices}\n  </devices>{root}\n</domain>\n")


class Host:
    """Files, directories and links by path; conf: lines of qemu.conf by key."""

    def __init__(self, rnd, pool):
        self.rnd, self.pool = rnd, pool
        self.family = rnd.choice(sorted(FAMILIES))
        self.facts = FAMILIES[self.family]
        self.user, self.group, self.uid, self.gid = self.facts["qemu"]
        self.name = rnd.choice(("kvm1.example.org", "lab.example.org", "server-7"))
        self.files, self.dirs, self.links, self.nodes, self.acls, self.conf, self.used = {}, {}, {}, {}, [], {}, set()
        self.members = {}
        self.libvirt, self.qemu, self.conf_mode = "9.0.0", "7.2", 0o600
        self.vms = []
        for number in range(rnd.randint(1, 4)):
            self.add_vm(number)
        self.base()

    def add_vm(self, number=None):
        number = len(self.vms) if number is None else number
        uuid = "%08x-1c2b-4a63-9f43-%012x" % (self.rnd.getrandbits(32), self.rnd.getrandbits(48))
        self.vms.append(Vm(f"{self.rnd.choice(('web', 'lab', 'desk', 'build'))}{number}", uuid, self.rnd, number))
        return self.vms[-1]

    def file(self, path, data="", mode=0o644, uid=0, gid=0):
        self.files[path] = (data if isinstance(data, bytes) else data.encode(), mode, uid, gid)

    def dir(self, path, mode=0o755, uid=0, gid=0):
        self.dirs[path] = (mode, uid, gid)

    def change(self, path, mode=None, uid=None, gid=None, data=None):
        """Changes a file that is present; returns False if it is missing."""
        if path not in self.files:
            return False
        old = self.files[path]
        self.files[path] = (old[0] if data is None else data, old[1] if mode is None else mode, old[2] if uid is None else uid, old[3] if gid is None else gid)
        return True

    def take(self, *what):
        """Reserves parts of the host for one fault; False: another fault has one of them."""
        if self.used & set(what):
            return False
        self.used |= set(what)
        return True

    def base(self):
        lib, common = self.facts["lib"], self.facts["common"]
        for module in MODULES:
            self.file(f"{lib}/qemu/{module}")
        for plugin in ("scram", "plain", "anonymous", "digestmd5", "crammd5", "login", "sasldb"):
            self.file(f"{lib}/sasl2/lib{plugin}.so.2")
        for module in ("unix", "deny", "permit", "time", "listfile", "succeed_if", "nologin", "env", "faildelay", "warn"):
            self.file(f"{lib}/security/pam_{module}.so" if self.family != "debian" else f"/lib/x86_64-linux-gnu/security/pam_{module}.so")
        self.file("/etc/os-release", self.facts["release"])
        self.file("/etc/hostname", self.name + "\n")
        self.file("/usr/sbin/libvirtd" if self.family == "debian" else "/usr/sbin/virtqemud", mode=0o755)
        self.file("/usr/sbin/saslauthd", mode=0o755)
        self.file("/etc/pam.d/other", "auth required pam_deny.so\naccount required pam_deny.so\n")
        if common == "common":
            self.file("/etc/pam.d/common-auth", "auth required pam_unix.so\n")
            self.file("/etc/pam.d/common-account", "account required pam_unix.so\n")
        else:
            for name in ("system-auth", "password-auth"):
                self.file(f"/etc/pam.d/{name}", "auth required pam_unix.so\naccount required pam_unix.so\n")
        self.file("/etc/libvirt/qemu/networks/default.xml", "<network><name>default</name><ip address='192.168.122.1' netmask='255.255.255.0'/></network>\n", 0o600)
        self.dir("/etc/libvirt/qemu", 0o700)
        for path in ("/var/lib/libvirt/qemu", "/run", "/srv", "/tmp", "/var/spicex", "/etc/sasl2", "/usr/share/libvirt", "/proc", "/dev", "/home", "/usr/local/share", "/var/tmp"):
            self.dir(path, 0o1777 if path.endswith("tmp") else 0o755)
        self.dir("/var/lib/libvirt/qemu", 0o750, self.uid, self.gid)

    # parts of a host that faults presuppose

    def tls(self, cert="good"):
        """spice_tls with a certificate of the pool."""
        self.conf["spice_tls"] = "1"
        self.certificates(PKI, cert)

    def certificates(self, directory, cert="good"):
        if f"{directory}/server-key.pem" in self.files:
            return
        self.dir(directory, 0o755)
        for name in ("ca-cert.pem", "server-cert.pem"):
            self.file(f"{directory}/{name}", self.pool.bytes(self.name, cert, name))
        self.file(f"{directory}/server-key.pem", self.pool.bytes(self.name, cert, "server-key.pem"), 0o640, 0, self.gid)
        if self.rnd.random() < 0.8:  # else the CA is elsewhere
            self.dir("/etc/pki/spicecfg-ca", 0o700)
            self.file("/etc/pki/spicecfg-ca/ca-cert.pem", self.pool.bytes(self.name, cert, "ca-cert.pem"))
            self.file("/etc/pki/spicecfg-ca/ca-key.pem", self.pool.bytes(self.name, cert, "ca-key.pem"), 0o600)

    def sasl_text(self, backend="sasldb", database="/etc/libvirt/passwd.db", mechs="scram-sha-256 plain"):
        if backend == "sasldb":
            return f"mech_list: {mechs}\npwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: {database}\n"
        return f"mech_list: plain\npwcheck_method: saslauthd\nsaslauthd_path: {self.facts['mux']}/mux\n"

    def sasl(self, backend="sasldb", mechs="scram-sha-256 plain"):
        """SASL for all consoles, which have TLS; their passwords are removed, since both exclude each other."""
        self.tls()
        self.conf["spice_sasl"] = "1"
        for vm in self.vms:
            if "graphics" not in vm.taken:
                vm.graphics = parse("<graphics type='spice' autoport='yes' listen='127.0.0.1' defaultMode='secure'><listen type='address' address='127.0.0.1'/></graphics>")
            for element in vm.graphics:
                if element.get("type") == "spice":
                    element.attrib.pop("passwd", None)
        if "/etc/sasl2/qemu.conf" in self.files:
            return
        self.file("/etc/sasl2/qemu.conf", self.sasl_text(backend, mechs=mechs))
        if backend == "sasldb":
            self.file("/etc/libvirt/passwd.db", self.pool.sasldb(self.name), 0o640, 0, self.gid)
        else:
            self.saslauthd()
            self.pam("/etc/pam.d/spice")

    def saslauthd(self, options=""):
        key = {"debian": "OPTIONS", "suse": "SASLAUTHD_PARAMS", "rhel": "FLAGS"}[self.family]
        if self.facts["saslauthd"] in self.files:
            return
        mech = "MECHANISMS=\"pam\"\n" if self.family == "debian" else "SASLAUTHD_AUTHMECH=pam\n" if self.family == "suse" else "MECH=pam\n"
        sock = "" if self.family == "suse" else f"-m {self.facts['mux']}"
        self.file(self.facts["saslauthd"], f"START=yes\n{mech}{key}=\"{options}{sock}\"\n")
        self.members.setdefault("sasl", []).append(self.user)
        self.dir("/run/saslauthd" if self.family != "suse" else "/run/sasl2", 0o710 if self.family == "debian" else 0o755, 0, 45)

    def pam(self, path):
        allow = self.rnd.sample(sorted(ACCOUNTS), 2)
        include = ("@include common-account" if self.family == "debian" else
                   "account include common-account" if self.family == "suse" else "account include password-auth")
        self.file(path, "#%PAM-1.0\nauth required pam_unix.so nodelay\n"
                  + "".join(f"account [success={len(allow) - i} default=ignore] pam_succeed_if.so quiet user = {name}\n" for i, name in enumerate(allow))
                  + f"account required pam_deny.so\n{include}\n")

    def vm_sasl(self, vm, guard=True, database=True):
        """SASL of one VM: its directory, SASL file and database."""
        self.sasl()
        place = f"{PKI}/sasl/{vm.uuid}"
        self.dir(f"{PKI}/sasl", 0o755)
        self.dir(place, 0o750, 0, self.gid)
        self.file(f"{place}/qemu.conf", self.sasl_text(database=f"{place}/passwd.db"), 0o640, 0, self.gid)
        if database:
            self.file(f"{place}/passwd.db", self.pool.sasldb(self.name), 0o640, 0, self.gid)
        args = [f"<qemu:env name='SASL_CONF_PATH' value='{place}'/>"]
        if guard:
            args[:0] = ["<qemu:arg value='-object'/>", f"<qemu:arg value='secret,id=spicecfg-sasl,file={place}/qemu.conf,format=raw'/>"]
        vm.root += parse(f"<qemu:commandline>{''.join(args)}</qemu:commandline>")
        return place

    # onto the disk

    def accounts(self):
        passwd = ["root:x:0:0:root:/root:/bin/sh", f"{self.user}:x:{self.uid}:{self.gid}::/var/lib/libvirt:/usr/sbin/nologin"]
        groups = {"root": 0, self.group: self.gid, "kvm": 108, "libvirt": 109, "sasl": 45, "spicex": 2000, "staff": 50, "users": 100}
        members = {"spicex": ["anne", "bob"], **{k: list(v) for k, v in self.members.items()}}
        for name, number in ACCOUNTS.items():
            passwd.append(f"{name}:x:{number}:{number}::/home/{name}:/bin/bash")
            groups[name] = number
        self.file("/etc/passwd", "\n".join(passwd) + "\n")
        self.file("/etc/group", "".join(f"{n}:x:{g}:{','.join(members.get(n, []))}\n" for n, g in groups.items()))
        self.file("/etc/gshadow", "".join(f"{n}:!::{','.join(members.get(n, []))}\n" for n in groups), 0o640, 0, 42)

    def write(self, root):
        self.accounts()
        lib = self.facts["lib"]
        self.links[f"{lib}/libvirt.so.0"] = "libvirt.so.0.%d" % (int(self.libvirt.split(".")[0]) * 1000 + int(self.libvirt.split(".")[1])) + ".0"
        if self.family == "debian":
            self.file("/var/lib/dpkg/status", f"Package: base\nStatus: install ok installed\nVersion: 1\n\nPackage: qemu-system-common\nStatus: install ok installed\nVersion: 1:{self.qemu}+dfsg-7\n\n")
        if self.conf or self.rnd.random() < 0.5:
            self.file("/etc/libvirt/qemu.conf", "# Master configuration file for the QEMU driver.\n#spice_tls = 1\n"
                      + "".join(f"{key} = {value}\n" for key, value in self.conf.items()), self.conf_mode)
        names = set()
        for number, vm in enumerate(self.vms):
            name = vm.name if vm.name not in names else f"{vm.name}-{number}"
            names.add(name)
            self.file(f"/etc/libvirt/qemu/{name}.xml", vm.xml(), vm.mode)
        for path in sorted({str(p) for f in [*self.files, *self.links, *self.nodes] for p in pathlib.PurePosixPath(f).parents}
                           | {str(p) for d in self.dirs for p in [pathlib.PurePosixPath(d), *pathlib.PurePosixPath(d).parents]}):
            os.makedirs(root + path, exist_ok=True)
        for path, (data, mode, uid, gid) in self.files.items():
            pathlib.Path(root + path).write_bytes(data)
            os.chown(root + path, uid, gid)
            os.chmod(root + path, mode)
        for path, target in self.links.items():
            os.symlink(target, root + path)
        for path, mode in self.nodes.items():
            os.mknod(root + path, mode, os.makedev(226, 128))
        for path, (mode, uid, gid) in self.dirs.items():
            os.chown(root + path, uid, gid)
            os.chmod(root + path, mode)
        for path, entries in self.acls:
            subprocess.run(["setfacl", "-m", entries, "--", root + path], check=True)
