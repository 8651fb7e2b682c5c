# SPDX-License-Identifier: LGPL-2.1-or-later
"""Host trees (--root) of three families of distributions, with two or three VMs, and definition files beside them."""
import os
import pathlib
import subprocess

UUIDS = ("6f1c0b1e-6f43-4a63-9a3e-0d0c2b9e8a11", "0b9d1f8a-9a3e-4a63-8f43-6f1c2b9e0d0c", "3d5a7c10-1f2e-4b3c-8d4e-5f6a7b8c9d0e")
NAMES = ("vm1", "lab two", "vm3")
DOMAIN = """<domain type='kvm'{namespace}>
  <name>{name}</name>
  <uuid>{uuid}</uuid>
  <memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <!-- {name}: kept -->
  <devices>
{graphics}
{video}
{more}
  </devices>{end}
</domain>
"""
GRAPHICS = (
    "    <graphics type='spice' port='{port}' autoport='no' listen='127.0.0.1'>\n      <listen type='address' address='127.0.0.1'/>\n    </graphics>",
    "    <graphics type='spice' autoport='yes'/>",
    "    <graphics type='spice'>\n      <listen type='socket' socket='/var/spicex/{uuid}/spice.socket'/>\n    </graphics>",
    "    <graphics type=\"spice\" port=\"{port}\" passwd=\"old secret\" autoport=\"no\">\n      <listen type=\"address\" address=\"0.0.0.0\"/>\n"
    "      <image compression=\"off\"/>\n    </graphics>",
    "    <graphics type='spice' port='{port}' tlsPort='{tls}' autoport='no' defaultMode='any'><listen type='network' network='default'/>"
    "<channel name='main' mode='secure'/><clipboard copypaste='no'/></graphics>",
    "    <graphics type='spice'><listen type='none'/><gl enable='no'/></graphics>",
)
VIDEO = (
    "    <video><model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1' primary='yes'/></video>",
    "    <video>\n      <model type='virtio' heads='1' primary='yes'/>\n    </video>",
    "    <video><model type='qxl' ram='262144' vram='131072' vgamem='65536' heads='4' primary='yes'/></video>",
)
MORE = (
    "",
    "    <channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>",
    "    <channel type='spicevmc'>\n      <target type='virtio' name='com.redhat.spice.0'/>\n    </channel>\n    <redirdev bus='usb' type='spicevmc'/>",
)
OWN_SASL = ("\n  <qemu:commandline>\n    <qemu:arg value='-spice'/>\n    <qemu:arg value='sasl=on'/>\n"
            "    <qemu:env name='SASL_CONF_PATH' value='/etc/pki/libvirt-spice/sasl/{uuid}'/>\n  </qemu:commandline>")
QEMU_CONF = (
    None, "", "# spice_tls = 1\n#spice_sasl = 1\n#spice_listen = \"0.0.0.0\"\n", "spice_tls = 1\n", "spice_sasl = 1\nspice_tls = 1 # both\n",
    "spice_tls=1\nspice_tls_x509_cert_dir = '/etc/pki/other'\nspice_tls=0\n", "spice_listen = \"0.0.0.0\"\nspice_password = \"XYZ12345\"\n",
    "spice_sasl = 1\nspice_sasl_dir = \"/etc/sasl2\"\nspice_auto_unix_socket = 1\n", "user = \"root\"\nremote_display_port_min = 5950\n",
)
FAMILIES = {
    "debian": {
        "id": "debian", "qemu": "libvirt-qemu", "groups": ("kvm", "libvirt-qemu", "sasl", "shadow"),
        "files": {"etc/default/saslauthd": "START=no\nMECHANISMS=\"pam\"\nOPTIONS=\"-c -m /var/run/saslauthd\"\n",
                  "etc/pam.d/common-auth": "auth required pam_unix.so\n", "etc/pam.d/common-account": "account required pam_unix.so\n"},
        "modules": "usr/lib/x86_64-linux-gnu/qemu"},
    "suse": {
        "id": "opensuse-leap", "qemu": "qemu", "groups": ("kvm", "qemu"),
        "files": {"etc/sysconfig/saslauthd": "SASLAUTHD_AUTHMECH=\"pam\"\nSASLAUTHD_THREADS=5\n",
                  "etc/pam.d/common-auth": "auth required pam_unix.so\n", "etc/pam.d/common-account": "account required pam_unix.so\n"},
        "modules": "usr/lib64/qemu"},
    "rhel": {
        "id": "rhel", "qemu": "qemu", "groups": ("kvm", "qemu", "saslauth"),
        "files": {"etc/sysconfig/saslauthd": "SOCKETDIR=/run/saslauthd\nMECH=pam\nFLAGS=\n",
                  "etc/pam.d/password-auth": "auth required pam_unix.so\naccount required pam_unix.so\n",
                  "etc/pam.d/system-auth": "auth required pam_unix.so\naccount required pam_unix.so\n"},
        "modules": "usr/lib64/qemu-kvm"},
}
PEOPLE = ("anne", "bob", "maggie")


def accounts(family, alone):
    """passwd, group and gshadow. alone: only the number 0 is mapped, in a user namespace."""
    def number(n):
        return 0 if alone else n

    groups = {"root": 0, "office": 2000, "spicex": 2001}
    for n, name in enumerate(FAMILIES[family]["groups"]):
        groups[name] = 100 + n
    qemu = FAMILIES[family]["qemu"]
    passwd = f"root:x:0:0::/root:/bin/sh\n{qemu}:x:{number(107)}:{number(groups.get(qemu, 100))}::/:/bin/false\n"
    for n, name in enumerate(PEOPLE):
        passwd += f"{name}:x:{number(1000 + n)}:{number(2000)}::/home/{name}:/bin/sh\n"
    group = "".join(f"{name}:x:{number(gid)}:{'anne' if name == 'spicex' else ''}\n" for name, gid in groups.items())
    return {"etc/passwd": passwd, "etc/group": group, "etc/gshadow": "".join(f"{name}:!::\n" for name in groups)}


def definition(pick, name, uuid, number):
    port = 5900 + number if pick.random() < 0.8 else 5900
    values = {"uuid": uuid, "port": port, "tls": port + 100}
    own = pick.random() < 0.1
    return DOMAIN.format(name=name, uuid=uuid, namespace=" xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'" if own else "",
                         graphics=pick.choice(GRAPHICS).format(**values), video=pick.choice(VIDEO), more=pick.choice(MORE),
                         end=OWN_SASL.format(uuid=uuid) if own else "")


def write(path, text, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def own_pki(tree, store, pick):
    """Certificates that a company has issued, or half of them."""
    into = tree / "etc/pki/libvirt-spice"
    into.mkdir(parents=True, exist_ok=True)
    for name, source in (("ca-cert.pem", "ca.pem"), ("server-cert.pem", "server.pem"), ("server-key.pem", "server.key")):
        if pick.random() < 0.9:
            write(into / name, (store / source).read_text(), 0o640 if "key" in name else 0o644)


def make(pick, top, store, alone):
    """Makes the tree and the files beside it. Returns the names of the VMs and the family."""
    tree = top / "tree"
    family = pick.choice(list(FAMILIES))
    kind = FAMILIES[family]
    files = {"etc/hostname": pick.choice(("tree.example.org\n", "tree\n")), "etc/os-release": f"ID={kind['id']}\n",
             "etc/pam.d/other": "auth required pam_deny.so\naccount required pam_deny.so\n", **kind["files"], **accounts(family, alone)}
    for name, text in files.items():
        write(tree / name, text, 0o640 if name == "etc/gshadow" else 0o644)
    for module in ("ui-spice-core.so", "hw-display-qxl.so", "chardev-spice.so", "audio-spice.so", "hw-display-virtio-gpu.so"):
        write(tree / kind["modules"] / module, "")
    write(tree / "usr/bin/qemu-system-x86_64", "", 0o755)
    for directory in ("etc/libvirt/qemu/networks", "etc/sasl2", "var/lib", "run", "tmp", "etc/systemd/system"):
        (tree / directory).mkdir(parents=True, exist_ok=True)
    conf = pick.choice(QEMU_CONF)
    if conf is not None:
        write(tree / "etc/libvirt/qemu.conf", conf, pick.choice((0o600, 0o644)))
    names = NAMES[:pick.choice((2, 3))]
    for number, name in enumerate(names):
        write(tree / f"etc/libvirt/qemu/{name}.xml", definition(pick, name, UUIDS[number], number), 0o600)
    if pick.random() < 0.3:
        write(tree / "etc/sasl2/qemu.conf", "# ours\nmech_list: digest-md5\nsasldb_path: /etc/libvirt/passwd.db\n")
    if pick.random() < 0.3:
        write(tree / "etc/pam.d/spice", pick.choice((
            "#%PAM-1.0\nauth required pam_unix.so\naccount required pam_unix.so\n",
            "auth required pam_unix.so nodelay\naccount required pam_succeed_if.so quiet user ingroup office\naccount required pam_unix.so\n")))
    for uuid in UUIDS:
        if pick.random() < 0.3:
            (tree / "var/spicex" / uuid).mkdir(parents=True, exist_ok=True)
            (tree / "var/spicex" / uuid).chmod(pick.choice((0o755, 0o770)))
    if pick.random() < 0.3:
        (tree / "var/spicex/shared").mkdir(parents=True, exist_ok=True)
    if pick.random() < 0.3:
        own_pki(tree, store, pick)
    make_links(pick, tree)
    for name in ("x.xml", "sub/y.xml"):
        write(top / name, definition(pick, pathlib.Path(name).stem, "aaaaaaaa-1111-4222-8333-" + ("0" * 11) + str(len(name)), 5), 0o644)
    os.symlink("x.xml", top / "link.xml")
    write(top / "conf", pick.choice(QEMU_CONF[1:]), 0o600)
    return names, family


def make_links(pick, tree):
    """Documents that have two names, since an administrator has moved them."""
    if pick.random() < 0.15:
        (tree / "etc/pki").mkdir(exist_ok=True)
        os.symlink("libvirt-spice", tree / "etc/pki/other")
    for name, to in (("etc/sasl2", "usr/etc/sasl2"), ("etc/libvirt/qemu.conf", "etc/libvirt/qemu.conf.ours"), ("etc/pam.d/spice", "etc/pam.d/ours"), ("var/spicex", "srv/spicex")):
        if pick.random() < 0.1 and (tree / name).exists():
            (tree / to).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).rename(tree / to)
            os.symlink(pick.choice((f"/{to}", os.path.relpath(tree / to, (tree / name).parent))), tree / name)


def run(*words, **more):
    return subprocess.run(words, capture_output=True, check=True, **more)


def make_store(store):
    """Passwords, and a company's CA with certificates for the trees, and one that nobody trusts."""
    (store / "secrets").mkdir(parents=True)
    for n in range(40):
        (store / f"secrets/pw-{n:02}-x").write_text(f"pw-{n:02}-x\n")
    for ca, days in (("ca", "400"), ("strange", "400")):
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{store}/{ca}.key", "-out", f"{store}/{ca}.pem",
            "-subj", f"/O=Company/CN={ca}", "-days", days, "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    (store / "ext").write_text("subjectAltName=DNS:tree.example.org,DNS:tree\nextendedKeyUsage=serverAuth\nkeyUsage=digitalSignature\nbasicConstraints=critical,CA:FALSE\n")
    for name in ("server", "second"):
        run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{store}/{name}.key", "-out", f"{store}/{name}.csr", "-subj", "/O=Company/CN=tree.example.org")
        run("openssl", "x509", "-req", "-in", f"{store}/{name}.csr", "-CA", f"{store}/ca.pem", "-CAkey", f"{store}/ca.key", "-CAcreateserial", "-days", "365",
            "-extfile", f"{store}/ext", "-out", f"{store}/{name}.pem")
