"""A host tree (--root) with one file of any size; and the other files that verbs read."""
import json
import subprocess

from case import Case
from domains import around, head

RULES = "auth required pam_unix.so\naccount required pam_unix.so\n"
VM = (head() + "<devices><graphics type='spice' port='5900' autoport='no'><listen type='address' address='0.0.0.0'/></graphics>"
      "<video><model type='qxl'/></video></devices></domain>\n")
CONF, SASL, SERVICE, PASSWD, GROUP = "etc/libvirt/qemu.conf", "etc/sasl2/qemu.conf", "etc/pam.d/spice", "etc/passwd", "etc/group"
POLKIT = "etc/polkit-1/rules.d/50-a.rules"
TREE = {
    "etc/hostname": "host\n", CONF: "spice_sasl = 1\nuser = \"qemu\"\n", "etc/libvirt/qemu/vm.xml": VM, SERVICE: RULES,
    SASL: "mech_list: plain\npwcheck_method: saslauthd\nsaslauthd_path: /run/saslauthd/mux\n", "etc/default/saslauthd": "START=yes\nMECHANISMS=\"pam\"\n",
    PASSWD: "root:x:0:0::/root:/bin/sh\nqemu:x:64055:64055::/:/bin/sh\n", GROUP: "root:x:0:\nqemu:x:64055:\nlibvirt:x:120:\n",
    "etc/libvirt/libvirtd.conf": "listen_tls = 0\n",
}
RULE = 'polkit.addRule(function(action, subject) { if (action.id == "org.libvirt.unix.manage" && %s) { return polkit.Result.YES; } });\n'
PROFILE = "profile libvirt-qemu {\n%s}\n"


def of_lines():
    """Files of lines of KEY = VALUE: path, key, text of an assignment."""
    for name, path, key, assigned in (("qemuconf", CONF, "spice_listen", "%s = %s\n"), ("sasl", SASL, "mech_list", "%s: %s\n"),
                                      ("saslauthd", "etc/default/saslauthd", "MECHANISMS", "%s=%s\n"),
                                      ("libvirtd", "etc/libvirt/libvirtd.conf", "listen_addr", "%s = %s\n"),
                                      ("args", "etc/default/libvirtd", "LIBVIRTD_ARGS", "%s=%s\n")):
        first = TREE.get(path, "")
        yield name, path, "same", around(first, assigned % (key, '"a"'), "")
        yield name, path, "keys", around(first, lambda n, assigned=assigned: assigned % ("k%d" % n, '"a"'), "")
        yield name, path, "list", around(first + assigned.split("%")[0] + key + assigned[2:].split("%")[0] + "[", '"a", ', '"a" ]\n')
        yield name, path, "numbers", around(first, assigned % (key, "1"), "")
        yield name, path, "string", around(first + (assigned % (key, '"')).rstrip("\n"), "a", '"\n')
        yield name, path, "words", around(first + (assigned % (key, "")).rstrip("\n"), "a ", "\n")
        yield name, path, "open", around(first + (assigned % (key, '"')).rstrip("\n"), "a\n", "")
        yield name, path, "comments", around(first, "# a\n", "")
        yield name, path, "commented", around(first, "#" + assigned % (key, '"a"'), "")
        yield name, path, "empty", around(first, "\n", "")
        yield name, path, "broken", around(first, "?\n", "")
        yield name, path, "continued", around(first, "a \\\n", "")
        yield name, path, "nul", around(first, "\0", "")
        yield name, path, "spaces", around(first, " ", "\n")
        yield name, path, "long-key", around(first, "k", assigned[2:] % "1")
        yield name, path, "list-lines", around(first + key + " = [\n", '  "a",\n', "]\n")
        yield name, path, "lists", around(first + key + " = ", '[ ', "\n")
    path = "etc/default/saslauthd"
    for name, before, piece, after in (("parts", "", "A=1;", "\n"), ("others", 'OPTIONS="$A"\n', "A=-r\n", ""), ("referred", "", "OPTIONS=$A;", "\n"),
                                       ("names", 'OPTIONS="', "$A", '"\nA=1\n'), ("opened", 'OPTIONS="', "${A:-", '"\n'), ("options", 'OPTIONS="', "-r ", '"\n')):
        yield "saslauthd", path, name, around(TREE[path] + before, piece, after)


def of_accounts():
    """Users and groups, and what refers to them: PAM files and lists, rules of polkit."""
    named = {SERVICE: RULES + "account required pam_listfile.so item=user sense=allow file=/etc/list onerr=fail\n"
             "auth required pam_succeed_if.so user ingroup big\naccount required pam_time.so\naccount required pam_access.so\n"
             "account required pam_group.so\n",
             POLKIT: RULE % 'subject.isInGroup("big")'}
    user = lambda n: "u%d:x:%d:1000::/:/bin/sh\n" % (n, n + 1000)
    yield "users", {**named, PASSWD: around(TREE[PASSWD], user, ""), GROUP: TREE[GROUP] + "big:x:1000:\n"}
    yield "members", {**named, GROUP: around(TREE[GROUP] + "big:x:1000:a", lambda n: ",u%d" % n, "\n")}
    yield "users-members", {**named, PASSWD: around(TREE[PASSWD], user, ""),
                            GROUP: around(TREE[GROUP] + "big:x:1000:a", lambda n: ",v%d" % n, "\n")}
    yield "groups", {**named, GROUP: around(TREE[GROUP], lambda n: "g%d:x:%d:u%d,v%d\n" % (n, n + 1000, n, n), "big:x:999:a,b\n")}
    yield "same-group", {**named, GROUP: around(TREE[GROUP], "big:x:1000:a,b,c,d\n", "")}
    yield "groups-of-many", {**named, GROUP: around(TREE[GROUP], lambda n: "g%d:x:%d:%s\n" % (n, n + 1000, "u," * 500), "big:x:999:a\n")}
    yield "no-colons", {**named, PASSWD: around(TREE[PASSWD], "a\n", ""), GROUP: around(TREE[GROUP], "a\n", "big:x:9:\n")}
    yield "long-lines", {**named, PASSWD: around(TREE[PASSWD] + "u:x:1:1:", "a", ":/:/bin/sh\n"),
                         GROUP: around(TREE[GROUP] + "a:x:7:", "a", "\nbig:x:9:a\n")}
    yield "colons", {**named, PASSWD: around(TREE[PASSWD], ":", "\n"), GROUP: around(TREE[GROUP], ":", "\nbig:x:9:a\n")}
    yield "commas", {**named, GROUP: around(TREE[GROUP] + "big:x:9:", ",", "\n"), PASSWD: around(TREE[PASSWD], user, "")}
    yield "listed", {**named, "etc/list": around("", lambda n: "u%d\n" % n, "")}
    for name, piece in (("time", "spice;*;u;!Al0000-2400\n"), ("access", "-:ALL EXCEPT u:ALL\n"), ("group", "spice;*;u;Al0000-2400;big\n")):
        yield name, {**named, "etc/security/%s.conf" % name: around("", piece, "")}
    for item in ("user", "group"):
        ask = "auth required pam_listfile.so item=%s sense=allow file=/etc/l%%d onerr=fail\n" % item
        yield "listfiles-" + item, {SERVICE: around(RULES, lambda n, ask=ask: ask % n, "")}
    yield "ingroups", {SERVICE: around(RULES, lambda n: "account required pam_succeed_if.so user ingroup g%d\n" % n, ""),
                       GROUP: lambda size: "".join("g%d:x:%d:u%d\n" % (n, n + 1000, n) for n in range(size // 20))}
    big = lambda n: RULE % 'subject.isInGroup("%s")' % (n if isinstance(n, str) else "g%d" % n)
    yield "rules-of-one", {PASSWD: around(TREE[PASSWD], user, ""), GROUP: TREE[GROUP] + "big:x:1000:\n", POLKIT: around("", big("big"), "")}
    yield "rules-of-aliases", {PASSWD: around(TREE[PASSWD], user, ""), GROUP: around(TREE[GROUP], "g%d:x:1000:\n".__mod__, ""),
                               POLKIT: around("", big, "")}
    yield "shadow", {"etc/gshadow": around("", lambda n: "g%d:!::u\n" % n, "")}


def of_polkit():
    for name, piece in (("user", 'subject.user == "u%d"'), ("group", 'subject.isInGroup("g%d")'), ("condition", "f(%d)"),
                        ("or", 'subject.user == "a" || subject.user == "u%d"')):
        yield name, around("", lambda n, piece=piece: RULE % (piece % n), "")
    yield "same-group", around("", RULE % 'subject.isInGroup("libvirt")', "")
    names = lambda n: ' || subject.user == "u%d"' % n
    yield "long-condition", around(RULE.split("%s", maxsplit=1)[0] + "(a", names, ")" + RULE.split("%s")[1])
    for name, piece in (("braces", "{"), ("closed", "{}"), ("brackets", "("), ("quotes", '"'), ("strings", '"a"'), ("comment", "/*"), ("comments", "//a\n"),
                        ("slashes", "/"), ("escapes", '"\\'), ("yes", "polkit.Result.YES;\n"), ("rules", "polkit.addRule(\n"), ("ifs", "if ("),
                        ("actions", '"org.libvirt.unix.manage"\n'), ("returns", "return polkit.Result.YES;\n"), ("templates", "`${"),
                        ("else", "else if (action.id == 'org.libvirt.unix.manage') { return polkit.Result.YES; }\n"), ("groups", 'isInGroup("a") ')):
        yield name, around("", piece, "")
        yield name + "-in", around(RULE.split("%s", maxsplit=1)[0] + "a) {", piece, "polkit.Result.YES; } });")
    yield "lines", around("", "\n", RULE % "1")


def of_apparmor():
    path = "etc/apparmor.d/abstractions/libvirt-qemu"
    for name, piece in (("paths", "  /var/x%d r,\n"), ("globs", "  /{a,b{c,d}}*/**/%d rw,\n"), ("comments", "  # %d\n"), ("includes", "  #include <a%d>\n"),
                        ("itself", "  include <abstractions/libvirt-qemu> #%d\n"), ("broken", "{%d\n"), ("sasl", "  /etc/sasl2/** r, # %d\n")):
        yield name, {path: around("", lambda n, piece=piece: piece % n, "")}
    for name, piece in (("star", "*"), ("stars", "*a"), ("braces", "{a,"), ("word", "a"), ("brackets", "[a")):
        yield "long-" + name, {path: around("  /etc/sasl2/", piece, " r,\n")}
        yield "long-pki-" + name, {path: around("  /", piece, "/qemu.conf r,\n")}


def of_tree():
    for name, path, kind, make in of_lines():
        yield "%s/%s" % (name, kind), {path: make}
    for name, made in of_accounts():
        yield "accounts/" + name, made
    for name, make in of_polkit():
        yield "polkit/" + name, {POLKIT: make}
    yield "pkla/many", {"etc/polkit-1/localauthority/50-local.d/a.pkla": around(
        "", lambda n: "[a%d]\nIdentity=unix-user:u%d;unix-group:g%d\nAction=org.libvirt.unix.manage\nResultAny=yes\n" % (n, n, n), "")}
    yield "pkla/identities", {"etc/polkit-1/localauthority/50-local.d/a.pkla": around(
        "[a]\nAction=org.libvirt.unix.manage\nResultAny=yes\nIdentity=", lambda n: "unix-user:u%d;" % n, "\n")}
    yield "pkla/actions", {"etc/polkit-1/localauthority/50-local.d/a.pkla": around("[a]\nResultAny=yes\nIdentity=unix-user:a\nAction=", "a*;", "\n")}
    yield "pkla/words", {"etc/polkit-1/localauthority/50-local.d/a.pkla": around("", "a\n", "")}
    for name, piece in (("comments", "<!--"), ("open", "<action"), ("closed", "<action></action>")):
        yield "policy/" + name, {"usr/share/polkit-1/actions/org.libvirt.unix.policy": around("", piece, "")}
    yield "policy/many", {"usr/share/polkit-1/actions/org.libvirt.unix.policy": around(
        "", '<action id="org.libvirt.unix.manage"><defaults><allow_any>yes</allow_any></defaults></action>\n', "")}
    for name, made in of_apparmor():
        yield "apparmor/" + name, made
    yield "neighbours/one-large", {"etc/libvirt/qemu/b.xml": around(head() + "<devices>", lambda n: "<graphics type='spice' port='%d'/>\n" % (5900 + n),
                                                                    "</devices></domain>")}
    yield "network/addresses", {"etc/libvirt/qemu/networks/a.xml": around(
        "<network><name>a</name>", "<ip address='192.0.2.1' netmask='255.255.255.0'/>\n", "</network>")}
    yield "dpkg/packages", {"var/lib/dpkg/status": around("", lambda n: "Package: p%d\nStatus: install ok installed\nVersion: 1\n\n" % n, "")}


FACTS = {"version": 1, "qemu": {"version": "7.2.0"}, "libvirt": {"version": "9.0.0"}, "qemu_conf": {}}


def of_facts():
    """Each list and object of host facts."""
    def facts(path, before, piece, after):
        text = json.dumps({key: value for key, value in FACTS.items() if key != path})[:-1] + ", "
        return around(text + before, piece, after + "}")

    number = lambda text: lambda n: text % {"n": n % 60000 + 1, "all": n}
    daemon = '"libvirt": {"version": "9.0.0", "daemons": {'
    for name, path, before, piece, after in (
            ("addresses", "addresses", '"addresses": [', '"192.0.2.1", ', '"::1"]'),
            ("listening", "listening", '"listening": [', number('"0.0.0.0:%(n)d", '), '"127.0.0.1:1"]'),
            ("keymaps", "qemu", '"qemu": {"version": "7.2.0", "keymaps": [', '"de", ', '"de"]}'),
            ("daemons", "libvirt", daemon, number('"d%(all)d": {"file": "/a", "auth_tcp": "none", "tcp": true}, '), '"x": {}}}'),
            ("members", "libvirt", daemon + '"libvirtd": {"socket_members": {"group": "g", "members": [', number('"u%(all)d", '), '"a"]}}}}'),
            ("polkit", "libvirt", '"libvirt": {"version": "9.0.0", "polkit": [', number('{"file": "/a", "line": %(n)d, "who": "user", "name": "u%(all)d"}, '),
             '{"file": "/a", "who": "all"}]}'),
            ("plugins", "sasl", '"sasl": {"plugins": [', '"plain", ', '"a"]}'),
            ("folders", "sasl", '"sasl": {"folders": {', number('"/f%(all)d": {"exists": true, "users": 1}, '), '"/x": {"exists": true}}}'),
            ("readers", "sasl", '"sasl": {"folders": {"/etc/sasl2": {"exists": true, "readers": [', number('"u%(all)d", '), '"a"]}}}'),
            ("certificates", "certificates", '"certificates": {', number('"/c%(all)d": {"exists": true, "ca": "missing"}, '), '"/x": {"exists": false}}'),
            ("paths", "paths", '"paths": {', number('"/p%(all)d": {"type": "directory"}, '), '"/x": {}}'),
            ("open-ports", "open_ports", '"open_ports": {"ipv4": [', number('"%(n)d-%(n)d", '), '"1-2"]}'),
            ("qemu-conf", "qemu_conf", '"qemu_conf": {', number('"k%(all)d": "a", '), '"spice_tls": 1}'),
            ("qemu-conf-list", "qemu_conf", '"qemu_conf": {"cgroup_device_acl": [', number('"/d%(all)d", '), '"a"]}'),
            ("same-key", "x", '"x": 1', ', "listening": ["0.0.0.0:1"]', ""),
            ("string", "x", '"x": "', "a", '"'), ("escapes", "x", '"x": "', "\\u0041", '"'),
            ("deep", "x", '"x": ', "[", "0"), ("deep-objects", "x", '"x": ', '{"a":', "0"), ("numbers", "x", '"x": ', "1", ""),
            ("list", "x", '"x": [', "0,", "0]"), ("spaces", "x", '"x": 0', " ", "")):
        yield name, facts(path, before, piece, after)


ODD = ("<image compression='off'/>", "<jpeg compression='a'/>", "<zlib compression='a'/>", "<playback compression='a'/>", "<streaming mode='a'/>",
       "<clipboard copypaste='a'/>", "<filetransfer enable='a'/>", "<mouse mode='a'/>")


def of_many(count=130):
    """A host whose VMs have findings of differing rules: each fix is one that was not tried before."""
    def make(number):
        odd = "".join(text for bit, text in enumerate(ODD) if (number + 1) >> bit & 1)
        before = head().replace("<name>vm", "<name>vm%d" % number).replace("2222</uuid>", "%04x</uuid>" % number)
        before += "<devices><graphics type='spice' port='%d' autoport='no' keymap='a%d'><listen type='address' address='0.0.0.0'/>%s</graphics>" % (
            5900 + number, number, odd)
        video = "<video><model type='qxl' heads='2' vgamem='%d' ram='3000'/></video>"
        return lambda size: around(before, lambda n: video % (1000 + number + n), "</devices></domain>")(size // count)

    return {"etc/libvirt/qemu/vm%03d.xml" % number: make(number) for number in range(count)}


OLD = "# spicecfg baseline 1: known findings, as FILE, RULE, PATH\n"


def of_files():
    """A file besides the VM, and the command that reads it."""
    for name, make in of_facts():
        yield "facts/" + name, ("check", "--host-facts", "f", "vm.xml"), {"f": make}
    for name, piece in (("others", "b%d.xml\tconsole-open\t/domain/devices/graphics[1]\n"), ("same", "vm.xml\tconsole-open\t/domain\n#%d\n"),
                        ("rows", "vm.xml\tr%d\t/domain\n"), ("broken", "%d\n"), ("up", "../../a/../%d\ta\tb\n")):
        make = around(OLD, lambda n, piece=piece: piece % n, "")
        yield "baseline/" + name, ("check", "--no-host", "--baseline", "f", "vm.xml"), {"f": make}
        yield "baseline-write/" + name, ("check", "--no-host", "--write-baseline", "f", "vm.xml"), {"f": make}
    yield "baseline/long", ("check", "--no-host", "--baseline", "f", "vm.xml"), {"f": around(OLD + "vm.xml\t", "a/../", "\tb\n")}
    for name, piece in (("rules", "keymap-unknown = off\n"), ("unknown", "r%d = off\n"), ("sections", "[rules]\n"), ("comments", "# a\n"), ("broken", "a\n")):
        yield "project/" + name, ("check", "--no-host", "vm.xml"), {".spicecfg.conf": around(
            "[rules]\n", lambda n, piece=piece: piece.replace("%d", str(n)), "")}
    yield "project/baseline", ("check", "--no-host", "vm.xml"), {".spicecfg.conf": around("[check]\nbaseline = ", "a", "\n")}
    for name, piece in (("line", "a"), ("lines", "a\n"), ("empty", "\n")):
        yield "password/" + name, ("set-password", "vm.xml", "--password-file", "f", "--dry-run"), {"f": around("", piece, "")}
        yield "password-host/" + name, ("host", "set", "spice_password", "--qemu-conf", "c", "--password-file", "f", "--dry-run"), {
            "f": around("", piece, ""), "c": "\n"}
        yield "password-user/" + name, ("--root", ".", "user", "add", "a@b", "--password-file", "f", "--dry-run"), {"f": around("", piece, "")}


def of_certificates(real):
    """PEM: a bundle of a real certificate, and what isn't PEM."""
    body = "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
    for name, piece in (("bundle", real), ("broken", body % "AAAA"), ("begin", "-----BEGIN CERTIFICATE-----\n"), ("empty", "\n"), ("text", "a"),
                        ("keys", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")):
        yield name, around("" if name == "broken" else real, piece, "")
    yield "base64", around("-----BEGIN CERTIFICATE-----\n", "MIIB" * 16 + "\n", "-----END CERTIFICATE-----\n")


VERBS = {
    "check": ("check",), "check-json": ("check", "--format", "json"), "facts": ("host", "facts"), "host-show": ("host", "show"),
    "host-set": ("host", "set", "spice_listen=::1", "--dry-run", "--diff"), "host-unset": ("host", "unset", "spice_listen"), "sasl-show": ("sasl", "show"),
    "sasl-set": ("sasl", "set", "--mech", "plain", "--dry-run", "--diff"), "sasl-off": ("sasl", "off", "--dry-run"), "pam-show": ("pam", "show"),
    "pam-check": ("pam", "check"), "user-list": ("user", "list"), "acl-show": ("acl", "show", "vm"), "pki-check": ("pki", "check"),
    "pki-show": ("pki", "show"), "set-listen": ("set-listen", "vm", "address", "::1", "--dry-run"), "acl-grant": ("acl", "grant", "vm", "user:0", "--dry-run"),
}


# CI's share: what was slow once, and one for each other file.
SHARE = {"qemuconf/keys", "sasl/words", "libvirtd/keys", "accounts/users", "polkit/user", "polkit/rules", "pkla/words", "policy/many", "policy/open",
         "apparmor/itself", "facts/qemu-conf", "facts/directories", "baseline/rows", "project/unknown", "password/line", "check/server-key/bundle"}
SHARED_TREES = {"tree-host-set/qemuconf/empty", "tree-sasl-set/sasl/empty", "tree-facts/accounts/rules-of-one", "tree-facts/pkla/identities", "tree-check/saslauthd/same",
                "tree-check/saslauthd/referred", "tree-sasl-set/saslauthd/nul", "tree-check/accounts/rules-of-aliases"}


def shared(name):
    return "host/" + name if name in SHARE else None


def shared_tree(verb, name):
    whole = "tree-%s/%s" % (verb, name)
    return whole if whole in SHARED_TREES else shared(name) if verb == "check" else None


def cases(source):
    del source
    for name, made in of_tree():
        for verb, words in VERBS.items():
            yield Case("tree-%s/%s" % (verb, name), ("--root", ".", *words), {**TREE, **made}, shared_tree(verb, name), kind="tree-" + verb,
                       always="tree-%s/%s" % (verb, name) in SHARED_TREES)
    for name, words in (("host", ("--root", ".", "check")), ("directory", ("check", "--no-host", "etc/libvirt/qemu")), ("same-host", ("check", "--same-host", "etc/libvirt/qemu"))):
        yield Case("trials/" + name, words, {**TREE, **of_many()}, "trials/" + name, always=True)
    made = subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=host", "-keyout", "/dev/null"],
                          capture_output=True, text=True, check=True)
    for name, make in of_certificates(made.stdout):
        for file in ("ca-cert", "server-cert", "server-key"):
            whole = {**TREE, "etc/pki/libvirt-spice/%s.pem" % file: make}
            for verb in ("check", "show"):
                yield Case("pki-%s/%s/%s" % (verb, file, name), ("--root", ".", "pki", verb), whole, shared("%s/%s/%s" % (verb, file, name)), kind="pki-%s/%s" % (verb, file))
    for name, words, made in of_files():
        yield Case("file/" + name, words, {**TREE, "vm.xml": VM, **made}, shared(name), codes=(0, 1, 2, 3),
                   kind="file-" + name.split("/")[0])
