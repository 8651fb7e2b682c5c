# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random requests of every family. Arguments come from catalogues of what people write, not from what works in the tree at hand."""
import hosts

ADDRESSES = ("127.0.0.1", "0.0.0.0", "::1", "192.0.2.7")
PORTS = ("5900", "5901", "5902", "5910", "auto", "none")
TLS_PORTS = ("5901", "5905", "6000", "auto", "none", "5900")
SUBJECTS = ("user:anne", "user:bob", "group:office", "group:spicex", "group:newgroup")
USERS = ("anne", "bob", "anne@elsewhere", "maggie@tree")
SET = ("port=5902", "port=5901", "port=auto", "port=default", "tls-port=5905", "tls-port=none", "mode=any", "mode=secure", "mode=insecure", "mode=default",
       "listen=address 127.0.0.1", "listen=none", "listen=socket", "channel.main=secure", "channel.main=default", "compression=off", "compression=auto_glz",
       "jpeg=auto", "keymap=de", "keymap=default", "clipboard=off", "clipboard=default", "heads=2", "heads=1", "resolution=1920x1080", "gl=off", "agent=on", "agent=off",
       "password=default", "valid-until=2031-01-01T00:00:00Z", "/domain/devices/graphics[1]/@port=5903", "/domain/devices/graphics[1]/@keymap=default",
       "/domain/devices/graphics[1]/@defaultMode=any", "/domain/devices/video[1]/model/@heads=3")
HOST = ("spice_tls=1", "spice_tls=0", "spice_tls=default", "spice_sasl=1", "spice_sasl=0", "spice_listen=0.0.0.0", "spice_listen=127.0.0.1",
        "spice_tls_x509_cert_dir=/etc/pki/other", "spice_tls_x509_cert_dir=/etc/pki/libvirt-spice", "spice_auto_unix_socket=1", "spice_auto_unix_socket=0", "spice_sasl_dir=/etc/sasl2")
MECHS = ("scram-sha-256,plain", "plain", "digest-md5", "scram-sha-1")
FILES = ("x.xml", "./x.xml", "link.xml", "sub/../x.xml", "file:x.xml", "sub/y.xml")
# of a tree: the same document by its name as a VM and as a file
INSIDE = "tree/etc/libvirt/qemu/vm1.xml"


class Draw:
    """with_host: hosts are changed, not only files. inside_conf: the tree's qemu.conf exists, so that it can be named as a file too."""

    def __init__(self, pick, names, with_host, inside_conf):
        self.pick, self.names, self.with_host, self.inside_conf, self.secrets, self.focus = pick, names, with_host, with_host and inside_conf, 0, None

    def secret(self):
        """A password that no other request has: ('--password-file', name of a file with that text)."""
        self.secrets += 1
        return ["--password-file", f"secrets/pw-{self.secrets:02}-x"]

    def some(self, words, most=2):
        return self.pick.sample(words, self.pick.randint(1, most))

    def vm(self):
        if self.pick.random() < 0.5 and self.focus:
            return self.focus
        self.focus = self.pick.choice(self.names)
        n = self.names.index(self.focus)
        return self.pick.choice((self.focus, self.focus, f"domain:{self.focus}", hosts.UUIDS[n]))

    def target(self):
        """Words that name what a setter changes."""
        kind = self.pick.random()
        if not self.with_host or kind < 0.2:
            return [self.pick.choice(FILES)]
        if kind < 0.27:
            return [INSIDE]
        if kind < 0.33:
            return ["--all"]
        if kind < 0.38:
            return ["--match", self.pick.choice(("vm*", "*", "lab*"))]
        return ["--vm", self.vm()] if kind < 0.45 else [self.vm()]

    def scope(self):
        kind = self.pick.random()
        return [] if kind < 0.5 else ["--vm", self.vm()] if kind < 0.97 else ["--vm", self.pick.choice(FILES)]


def maybe(d, chance, *words):
    return list(words) if d.pick.random() < chance else []


def set_(d):
    return ["set", *d.target(), *d.some(SET, 3)]


def heads(d):
    return ["set-heads", *d.target(), d.pick.choice("1122334"), *maybe(d, 0.2, "--resolution", "1920x1080"), *maybe(d, 0.3, "--model", d.pick.choice(("qxl", "virtio"))),
            *maybe(d, 0.1, "--guest", "windows"), *maybe(d, 0.1, "--vgamem", "32768")]


def listen(d):
    kind = d.pick.random()
    if kind < 0.5:
        return ["set-listen", *d.target(), "address", d.pick.choice(ADDRESSES), *maybe(d, 0.5, "--port", d.pick.choice(PORTS)), *maybe(d, 0.4, "--tls-port", d.pick.choice(TLS_PORTS))]
    if kind < 0.8:
        allow = [word for subject in d.some(SUBJECTS) for word in ("--allow", subject)]
        return ["set-listen", *d.target(), "socket", *maybe(d, 0.3, d.pick.choice(("/var/spicex/shared/a.socket", "/var/spicex/own/spice.socket"))), *(allow if d.pick.random() < 0.5 else []),
                *maybe(d, 0.4, "--create-group")]
    return ["set-listen", *d.target(), *d.pick.choice((["network", "default"], ["none"]))]


def mode(d):
    return ["set-mode", *d.target(), d.pick.choice(("any", "any", "secure", "insecure", "default")), *maybe(d, 0.3, "--channel", f"{d.pick.choice(('main', 'inputs'))}={d.pick.choice(('any', 'secure', 'default'))}")]


def compression(d):
    return ["set-compression", *d.target(), d.pick.choice(("auto_glz", "off", "quic", "default")), *maybe(d, 0.3, "--jpeg", d.pick.choice(("auto", "default"))), *maybe(d, 0.3, "--playback", d.pick.choice(("on", "off")))]


def options(d):
    words = ("--keymap=de", "--keymap=default", "--clipboard=off", "--clipboard=on", "--filetransfer=off", "--mouse=client", "--agent=on", "--agent=off", "--gl=off", "--gl=on", "--accel3d=off")
    return ["set-options", *d.target(), *d.some(words)]


def password(d):
    if d.pick.random() < 0.4:
        return ["clear-password", *d.target()]
    return ["set-password", *d.target(), *d.secret(), *maybe(d, 0.3, "--valid-until", d.pick.choice(("2031-01-01T00:00:00Z", "2032-02-02T02:00:00Z")))]


def where(d):
    kind = d.pick.random()
    return [] if d.with_host and kind < 0.8 else ["--qemu-conf", "conf" if not d.inside_conf or kind < 0.93 else "tree/etc/libvirt/qemu.conf"]


def host_set(d):
    if d.pick.random() < 0.1:
        return ["host", "set", "spice_password", *d.secret(), *where(d)]
    return ["host", "set", *d.some(HOST), *where(d)]


def host_unset(d):
    return ["host", "unset", *d.some(("spice_tls", "spice_sasl", "spice_listen", "spice_password", "spice_tls_x509_cert_dir", "spice_auto_unix_socket")), *where(d)]


def pki(d):
    kind = d.pick.random()
    place = maybe(d, 0.1, "--dir", "/etc/pki/other") + maybe(d, 0.05, "--ca-dir", "/etc/pki/their-ca")
    if kind < 0.35:
        return ["pki", "init", *maybe(d, 0.2, "--name", "Our CA"), *maybe(d, 0.2, "--days", "40"), *place]
    if kind < 0.65:
        return ["pki", "issue", *maybe(d, 0.3, "--host", "spice.example.org"), *maybe(d, 0.3, "--ip", "192.0.2.7"), *maybe(d, 0.2, "--days", "20"), *maybe(d, 0.2, "--keep-key"), *place]
    if kind < 0.75:
        return ["pki", "renew", *d.pick.choice(([], ["--within", "30d"], ["--ca-itself"], ["--keep-key"])), *place]
    if kind < 0.85:
        return ["pki", "csr", *maybe(d, 0.3, "--host", "spice.example.org"), *maybe(d, 0.1, "--dir", "/etc/pki/other")]
    which = d.pick.choice(("server", "second"))
    return ["pki", "import", "--cert", f"store/{which}.pem", "--key", f"store/{which}.key", *maybe(d, 0.8, "--ca", "store/ca.pem"), *maybe(d, 0.1, "--dir", "/etc/pki/other")]


def sasl(d):
    if d.pick.random() < 0.3:
        scope = d.scope()
        return ["sasl", "off", *scope, *(maybe(d, 0.3, "--ticket") if scope else [])]
    return ["sasl", "set", *d.scope(), *maybe(d, 0.4, "--backend", d.pick.choice(("sasldb", "saslauthd"))), *maybe(d, 0.3, "--mech", d.pick.choice(MECHS)),
            *maybe(d, 0.15, "--sasldb", d.pick.choice(("/etc/other.db", "/etc/sasldb2")))]


def user(d):
    kind = d.pick.random()
    if kind < 0.55:
        return ["user", "add", d.pick.choice(USERS), *d.scope(), *d.secret()]
    if kind < 0.8:
        return ["user", "passwd", d.pick.choice(USERS), *d.scope(), *d.secret()]
    return ["user", "remove", d.pick.choice(USERS), *d.scope()]


def pam(d):
    service = maybe(d, 0.1, "--service", "other-spice")
    if d.pick.random() < 0.4:
        allow = [word for subject in d.some(SUBJECTS[:4]) for word in ("--allow", subject)]
        return ["pam", "install", *(d.scope() if not service else service), *(allow if d.pick.random() < 0.6 else [])]
    return ["pam", d.pick.choice(("allow", "revoke")), *d.some(SUBJECTS[:4]), *(d.scope() if not service else service)]


def acl(d):
    target = d.pick.choice((["--all"], ["--match", "vm*"])) if d.pick.random() < 0.1 else [d.vm()]
    return ["acl", *d.pick.choice((["grant"], ["grant"], ["revoke"])), *target, *d.some(SUBJECTS)] + maybe(d, 0.0)


def acl_group(d):
    words = acl(d)
    return [*words, "--create-group"] if words[1] == "grant" and d.pick.random() < 0.5 else words


VM = {"set": set_, "set-heads": heads, "set-listen": listen, "set-mode": mode, "set-compression": compression, "set-options": options, "set-password": password}
CONF = {"host set": host_set, "host unset": host_unset}
HOST_ONLY = {"pki": pki, "sasl": sasl, "user": user, "pam": pam, "acl": acl_group}
# what takes back what the first has done
REVERSE = (
    (["host", "set", "spice_tls=1"], ["host", "unset", "spice_tls"]), (["sasl", "set"], ["sasl", "off"]), (["sasl", "set", "--vm", "VM"], ["sasl", "off", "--vm", "VM"]),
    (["pam", "allow", "user:bob"], ["pam", "revoke", "user:bob"]), (["set", "VM", "keymap=de"], ["set", "VM", "keymap=default"]), (["set-options", "VM", "--agent", "on"], ["set-options", "VM", "--agent", "off"]),
    (["acl", "grant", "VM", "user:bob"], ["acl", "revoke", "VM", "user:bob"]), (["set", "VM", "clipboard=off"], ["set", "VM", "clipboard=default"]),
    (["host", "set", "spice_listen=0.0.0.0", "--qemu-conf", "conf"], ["host", "unset", "spice_listen", "--qemu-conf", "conf"]),
    (["set", "x.xml", "jpeg=auto"], ["set", "link.xml", "jpeg=default"]), (["set-listen", "VM", "none"], ["set-listen", "VM", "socket"]))
# The middle of these is refused for its findings when it is carried out alone, and the end is right.
RIGHT_AT_END = (
    (["set-mode", "VM", "secure"], ["set-listen", "VM", "address", "127.0.0.1", "--tls-port", "5943"], ["pki", "init"], ["pki", "issue"], ["host", "set", "spice_tls=1", "spice_tls_x509_cert_dir=default"]),
    (["set-listen", "VM", "address", "127.0.0.1", "--tls-port", "5944"], ["host", "set", "spice_tls=1"], ["pki", "init"], ["pki", "issue"]),
    (["set-listen", "VM", "address", "127.0.0.1", "--port", "5945", "--tls-port", "none"], ["set-listen", "OTHER", "address", "127.0.0.1", "--port", "5945", "--tls-port", "none"],
     ["set-listen", "VM", "address", "127.0.0.1", "--port", "5946"]),
    (["sasl", "set"], ["set-password", "VM", "SECRET"], ["sasl", "off"]),
    (["sasl", "set", "--vm", "VM"], ["set-password", "VM", "SECRET"], ["clear-password", "VM"]),
    (["set-password", "VM", "SECRET"], ["sasl", "set", "--vm", "VM"], ["sasl", "off", "--vm", "VM", "--ticket"]),
    (["set", "VM", "/domain/devices/graphics[1]/@defaultMode=secure"], ["set", "VM", "/domain/devices/graphics[1]/@defaultMode=default"]),
    (["set", "VM", "/domain/devices/video[1]/model/@heads=20"], ["set-heads", "VM", "2"]),
    (["set", "x.xml", "/domain/devices/video[1]/model/@vgamem=65000"], ["set-heads", "./x.xml", "2", "--model", "qxl"]),
    (["set", "VM", "/domain/devices/graphics[1]/@port=5947", "/domain/devices/graphics[1]/@tlsPort=5947"], ["set-listen", "VM", "address", "127.0.0.1", "--port", "5947", "--tls-port", "none"]))
# (words, exit code): the last lines of batches that fail
WRONG = (
    (["set-heads", "VM", "99"], (1,)), (["set-heads", "VM", "none"], (2,)), (["set", "VM", "nonsense=1"], (2,)), (["set", "VM", "port=70000"], (2,)), (["set", "no-such-vm", "port=5901"], (3,)),
    (["set-mode", "missing.xml", "any"], (3,)), (["host", "set", "spice_tls=2"], (2,)), (["host", "set", "nonsense=1"], (2,)), (["acl", "grant", "VM", "user:nobody-knows"], (3,)),
    (["pam", "allow", "user:"], (2,)), (["user", "add", "", "SECRET"], (2,)), (["user", "passwd", "stranger", "SECRET"], (3,)), (["sasl", "set", "--backend", "magic"], (2,)), (["show", "VM"], (2,)),
    (["set-listen", "VM", "address", "not an address"], (2,)), (["pki", "import", "--cert", "store/strange.pem", "--key", "store/server.key", "--ca", "store/ca.pem"], (3,)),
    (["set-password", "VM", "--password-file", "missing"], (3,)), (["frobnicate"], (2,)))


def fill(d, line, vm, other):
    words = [vm if word == "VM" else other if word == "OTHER" else word for word in line]
    return [more for word in words for more in (d.secret() if word == "SECRET" else [word])]


# what a request of the family needs, else most of them would be refused
BEFORE = {"user": ["sasl", "set"], "acl": ["set-listen", "VM", "socket"], "pki": ["pki", "init"], "set-password": ["sasl", "off"]}


def before(d, family, words):
    line = BEFORE[family]
    if family == "user" and "--vm" in words:
        return [*line, "--vm", words[words.index("--vm") + 1]]
    return fill(d, line, next((word for word in words if word in d.names), d.names[0]), d.names[0])


def draw(d, count):
    """count requests, as (family, words)."""
    families = {**VM, **CONF, **(HOST_ONLY if d.with_host else {})}
    out = []
    while len(out) < count:
        if d.with_host and d.pick.random() < 0.12:
            vm = d.vm()
            out += [("reverse", fill(d, line, vm, vm)) for line in d.pick.choice(REVERSE)]
        elif out and d.pick.random() < 0.08:
            out.append(d.pick.choice(out))
        else:
            family = d.pick.choice(list(families))
            words = families[family](d)
            if family in BEFORE and d.pick.random() < 0.6:
                out.append(("before", before(d, family, words)))
            out.append((family, words))
    return out[:8]
