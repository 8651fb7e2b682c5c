# SPDX-License-Identifier: LGPL-2.1-or-later
"""Faults of a host's files; faults of definitions come from the cases of the rules (generate). Each planter gets a host and a VM that no
fault has taken, and returns words about what it did, or None if it does not fit this host."""
import stat

from hosttree import PKI, parse

PLANTERS = {}
# what a tree can't show: it has no addresses, no memory, no listening ports, no packet filter and no AppArmor
BEYOND = {"port-busy": "ports are open on a running host only", "address-family": "addresses of a running host", "address-not-local": "addresses of a running host",
          "qxl-memory-host": "memory of a running host", "firewall-open": "rules of a running kernel", "sasl-apparmor": "state of a running kernel",
          "vhostuser-missing": "programs of a running host"}


def plant(*rules):
    def keep(function):
        for rule in rules:
            PLANTERS.setdefault(rule, []).append(function)
        return function
    return keep


def tls_console(vm, extra=""):
    vm.graphics = parse(f"<graphics type='spice' autoport='no' tlsPort='{5970 + int(vm.uuid[:4], 16) % 200}' listen='127.0.0.1' defaultMode='secure'{extra}>"
                        "<listen type='address' address='127.0.0.1'/></graphics>")


def with_tls(host, vm, cert="good"):
    if not host.take("pki") or "graphics" in vm.taken:
        return False
    vm.taken.add("graphics")
    host.tls(cert)
    tls_console(vm, "" if "spice_sasl" in host.conf else " passwd='Xk3dPw9q'")
    return True


def server_file(name, how):
    def make(host, vm):
        if not with_tls(host, vm):
            return None
        path = f"{PKI}/{name}"
        if how == "remove":
            del host.files[path]
        elif how == "close":
            host.change(path, mode=0o600, gid=0)
        elif how == "junk":
            host.change(path, data=b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        elif how == "other":
            host.change(path, data=host.pool.bytes(host.name, "other-name", name))
        elif how == "lock":
            host.change(path, data=host.pool.bytes(host.name, "good", "locked-key.pem"))
        elif how == "bare":
            host.dirs.pop(PKI, None)
            host.files = {p: f for p, f in host.files.items() if not p.startswith((PKI + "/", "/etc/pki/spicecfg-ca"))}
            host.dirs.pop("/etc/pki/spicecfg-ca", None)
        return f"{path}: {how}"
    return make


for rules, file, how in ((("tls-certificate", "pki-file-missing"), "server-cert.pem", "remove"), (("tls-certificate", "pki-file-missing"), "server-cert.pem", "bare"),
                         (("tls-certificate", "pki-file-unreadable"), "server-cert.pem", "close"), (("tls-certificate",), "server-cert.pem", "junk"),
                         (("tls-key", "pki-file-missing"), "server-key.pem", "remove"), (("tls-key", "pki-file-unreadable"), "server-key.pem", "close"),
                         (("tls-key", "pki-key-mismatch"), "server-key.pem", "other"), (("tls-key", "pki-key-password"), "server-key.pem", "lock"),
                         (("tls-ca", "pki-file-missing"), "ca-cert.pem", "remove"), (("tls-ca", "pki-file-unreadable"), "ca-cert.pem", "close"),
                         (("tls-ca",), "ca-cert.pem", "junk")):
    plant(*rules)(server_file(file, how))


@plant("tls-certificate", "pki-file-unreadable")
def closed_directory(host, vm):
    if not with_tls(host, vm):
        return None
    host.dir(PKI, 0o700)
    return f"{PKI} is closed"


@plant("tls-expired")
def expired(host, vm):
    return "expired" if with_tls(host, vm, "expired") else None


@plant("tls-name")
def other_name(host, vm):
    return "for another host" if with_tls(host, vm, "other-name") else None


@plant("pki-weak")
def weak(host, vm):
    kind = host.rnd.choice(("small", "sha1"))
    return kind if with_tls(host, vm, kind) else None


@plant("tls-key-open", "pki-key-exposed")
def open_key(host, vm):
    if not with_tls(host, vm):
        return None
    host.change(f"{PKI}/server-key.pem", mode=0o644)
    return "server-key.pem is 0644"


@plant("pki-key-exposed")
def open_ca_key(host, vm):
    if not with_tls(host, vm) or not host.change("/etc/pki/spicecfg-ca/ca-key.pem", mode=0o644):
        return None
    host.dir("/etc/pki/spicecfg-ca", 0o755)
    return "ca-key.pem is 0644"


@plant("pki-ca-key-place")
def ca_key_place(host, vm):
    if not with_tls(host, vm):
        return None
    host.file(f"{PKI}/ca-key.pem", host.pool.bytes(host.name, "good", "ca-key.pem"), 0o600)
    return "ca-key.pem beside the server's"


@plant("conf-cert-dir")
def cert_dir(host, vm):
    if not host.take("pki"):
        return None
    host.conf["spice_tls_x509_cert_dir"] = '"/etc/pki/missing"'
    return "/etc/pki/missing"


@plant("conf-type")
def conf_type(host, vm):
    key, value = host.rnd.choice((("spice_tls", "2"), ("spice_tls", '"1"'), ("spice_sasl", '"1"'), ("spice_listen", "0"), ("remote_display_port_min", '"5900"')))
    if key in host.conf or not host.take(key, "conf-type"):
        return None
    host.conf[key] = value
    return f"{key} = {value}"


@plant("conf-account")
def conf_account(host, vm):
    key = host.rnd.choice(("user", "group"))
    if key in host.conf or not host.take(key, "sasl", "pki"):
        return None
    host.conf[key] = '"qemu-of-another-host"'
    return f"{key} does not exist"


@plant("conf-port-range")
def port_range(host, vm):
    if not host.take("ports"):
        return None
    key, value = host.rnd.choice((("remote_display_port_min", "5899"), ("remote_display_port_max", "65536"), ("remote_display_port_min", "65530")))
    host.conf[key] = value
    if value == "65530":
        host.conf["remote_display_port_max"] = "6000"
    return f"{key} = {value}"


@plant("conf-verify")
def verify(host, vm):
    if not host.take("verify"):
        return None
    host.tls()
    host.conf[host.rnd.choice(("spice_tls_x509_verify", "default_tls_x509_verify"))] = "1"
    return "client certificates"


@plant("conf-common-password")
def common_password(host, vm):
    if not host.take("sasl", "spice_password"):
        return None
    host.conf["spice_password"] = '"secret"'
    return "spice_password"


@plant("vnc-certificate")
def vnc_certificate(host, vm):
    if "graphics" in vm.taken or not host.take("vnc", "pki"):
        return None
    vm.taken.add("graphics")
    vm.graphics = parse("<graphics type='vnc' autoport='yes' listen='127.0.0.1'><listen type='address' address='127.0.0.1'/></graphics>")
    host.conf["vnc_tls"] = "1"
    return "vnc_tls without certificates"


@plant("spice-arg-dh")
def dh(host, vm):
    if not with_tls(host, vm) or vm.root:
        return None
    vm.root += parse("<qemu:commandline><qemu:arg value='-spice'/><qemu:arg value='x509-dh-key-file=/srv/x/none'/></qemu:commandline>")
    return "/srv/x/none"


def socket_vm(host, vm, path):
    if "graphics" in vm.taken or "spice_sasl" in host.conf:
        return False
    vm.taken.add("graphics")
    vm.graphics = parse(f"<graphics type='spice'><listen type='socket' socket='{path}'/><image compression='off'/></graphics>")
    return True


@plant("socket-folder")
def socket_directory(host, vm):
    path = host.rnd.choice((f"/srv/missing/{vm.name}", f"/var/spicex/{vm.uuid}/spice.socket"))
    return path if socket_vm(host, vm, path) else None


@plant("socket-folder-closed")
def socket_closed(host, vm):
    if not socket_vm(host, vm, f"/srv/{vm.name}/spice.socket"):
        return None
    host.dir(f"/srv/{vm.name}", 0o755)
    return "directory of root"


@plant("socket-taken")
def socket_taken(host, vm):
    if not socket_vm(host, vm, f"/srv/{vm.name}/spice.socket"):
        return None
    host.dir(f"/srv/{vm.name}", 0o770, host.uid, host.gid)
    host.dir(f"/srv/{vm.name}/spice.socket")
    return "a directory in its place"


@plant("socket-directory-open")
def socket_open(host, vm):
    if not socket_vm(host, vm, f"/srv/{vm.name}/spice.socket"):
        return None
    host.dir(f"/srv/{vm.name}", 0o777, host.uid, host.gid)
    return "0777"


@plant("socket-parent-open")
def socket_parent(host, vm):
    if not socket_vm(host, vm, f"/srv/open/{vm.name}/spice.socket"):
        return None
    host.dir("/srv/open", 0o777)
    host.dir(f"/srv/open/{vm.name}", 0o770, 0, host.gid)
    return "/srv/open is 0777"


@plant("socket-directory-shared")
def socket_shared(host, vm):
    other = next((v for v in host.vms if v is not vm and "graphics" not in v.taken), None) or (host.add_vm() if len(host.vms) < 4 else None)
    if not other or "graphics" in vm.taken or "spice_sasl" in host.conf or not host.take("shared"):
        return None
    for one in (vm, other):
        socket_vm(host, one, f"/var/spicex/{one.name}.socket")
    host.dir("/var/spicex", 0o770, 0, host.gid)
    host.acls += [("/var/spicex", "g:2000:x"), ("/var/spicex", "d:u::rw,d:g::rw,d:g:2000:rw,d:o::-")]
    return f"{vm.name} and {other.name} in /var/spicex"


@plant("socket-open-beyond")
def socket_beyond(host, vm):
    path = f"/var/spicex/{vm.uuid}/spice.socket"
    if not socket_vm(host, vm, path):
        return None
    directory = path.rsplit("/", 1)[0]
    host.dir(directory, 0o770, 0, host.gid)
    host.acls += [(directory, "g:2000:x,g:50:x"), (directory, "d:u::rw,d:g::rw,d:g:2000:rw,d:o::-")]
    host.nodes[path] = stat.S_IFSOCK | 0o660
    host.acls.append((path, "g:50:rw"))
    return "group staff"


def daemon_conf(host):
    return "/etc/libvirt/libvirtd.conf" if host.family == "debian" else "/etc/libvirt/virtproxyd.conf"


def daemon(rule, lines):
    @plant(rule)
    def make(host, vm):
        if not host.take("daemon"):
            return None
        text = lines
        if host.family == "debian" and "listen_t" in lines:
            host.file("/etc/default/libvirtd", "LIBVIRTD_ARGS=\"--listen\"\n")
        host.file(daemon_conf(host), "# libvirt\n" + text)
        if host.family != "debian":
            host.file("/usr/sbin/virtproxyd", mode=0o755)
        host.members.setdefault("staff", []).append("maggie")
        return lines.strip().replace("\n", "; ")
    return make


daemon("libvirt-tcp", "listen_tcp = 1\nlisten_tls = 0\nauth_tcp = \"sasl\"\n")
daemon("libvirt-tcp-open", "listen_tls = 0\nlisten_tcp = 1\nauth_tcp = \"none\"\n")
daemon("libvirt-tls-open", "listen_tls = 1\nlisten_tcp = 0\ntls_no_verify_certificate = 1\n")
daemon("libvirt-tls-certificates", "listen_tls = 1\nlisten_tcp = 0\n")
daemon("libvirt-tls-certificates", "listen_tls = 1\nauth_tls = \"none\"\n")
daemon("libvirt-socket-open", "auth_unix_rw = \"none\"\n")
daemon("libvirt-socket-open", "auth_unix_rw = \"none\"\nunix_sock_rw_perms = \"0777\"\n")
daemon("libvirt-socket-group", "auth_unix_rw = \"none\"\nunix_sock_group = \"staff\"\nunix_sock_rw_perms = \"0770\"\n")


def polkit(rule, code):
    @plant(rule)
    def make(host, vm):
        if not host.take("polkit"):
            return None
        host.file("/usr/share/polkit-1/rules.d/60-libvirt.rules" if "libvirt\"" in code else "/etc/polkit-1/rules.d/10-vms.rules",
                  "polkit.addRule(function(action, subject) {\n    if (action.id == \"org.libvirt.unix.manage\"" + code + ") {\n        return polkit.Result.YES;\n    }\n});\n")
        host.members.setdefault("libvirt", []).extend(host.rnd.sample(("anne", "bob"), host.rnd.randint(1, 2)))
        if "staff" in code:
            host.members.setdefault("staff", []).append("ralph")
        return code.strip() or "everybody"
    return make


polkit("libvirt-group", " && subject.isInGroup(\"libvirt\")")
polkit("libvirt-polkit", " && subject.isInGroup(\"staff\")")
polkit("libvirt-polkit", " && subject.user == \"ralph\"")
polkit("libvirt-polkit-all", "")


def sasl_file(*rules, backend="sasldb", vm_too=True):
    """A fault in the host's SASL file, or in that of one VM; function(host, path) makes it."""
    def outer(function):
        @plant(*rules)
        def make(host, vm):
            if not host.take("sasl", "pki"):
                return None
            if vm_too and host.rnd.random() < 0.35 and "graphics" not in vm.taken and not vm.root:
                path = host.vm_sasl(vm) + "/qemu.conf"
                tls_console(vm)
            else:
                host.sasl(backend)
                path = "/etc/sasl2/qemu.conf"
            words = function(host, path)
            return words and f"{path}: {words}"
        return make
    return outer


def edit(host, path, old, new):
    data = host.files[path][0]
    host.change(path, data=data.replace(old.encode(), new.encode()))


@sasl_file("sasl-file-broken")
def sasl_broken(host, path):
    edit(host, path, "pwcheck_method:", host.rnd.choice(("pwcheck method:", "no colon here\npwcheck_method:", "mech_list:\npwcheck_method:")))
    return "a line that libsasl2 refuses"


def open_to_others(host, path, uid, name):
    if host.rnd.random() < 0.5:
        host.change(path, mode=0o666)
        return "0666"
    host.change(path, uid=uid)
    return f"belongs to {name}"


@sasl_file("sasl-file-writable")
def sasl_writable(host, path):
    return open_to_others(host, path, 1001, "anne")


@sasl_file("sasl-anonymous")
def sasl_anonymous(host, path):
    edit(host, path, "mech_list: scram-sha-256 plain\n", host.rnd.choice(("", "mech_list: anonymous plain\n")))
    return "mech_list"


@sasl_file("sasl-always-true")
def sasl_always(host, path):
    edit(host, path, "pwcheck_method: auxprop", "pwcheck_method: alwaystrue")
    return "alwaystrue"


@sasl_file("sasl-weak")
def sasl_weak(host, path):
    edit(host, path, "scram-sha-256 plain", host.rnd.choice(("digest-md5", "digest-md5 plain", "cram-md5 scram-sha-256")))
    return "weak mechanisms"


@plant("sasl-weak")
def sasl_weak_plain(host, vm):
    if not host.take("sasl", "pki") or "graphics" in vm.taken:
        return None
    host.sasl(mechs="digest-md5")
    vm.taken.add("graphics")
    vm.graphics = parse("<graphics type='spice' autoport='yes' listen='127.0.0.1' defaultMode='insecure'/>")
    return "digest-md5 on a plain port"


@plant("sasl-unguarded")
def sasl_unguarded(host, vm):
    if not host.take("sasl", "pki") or "graphics" in vm.taken or vm.root:
        return None
    vm.taken.add("graphics")
    host.vm_sasl(vm, guard=False)
    tls_console(vm)
    return "no guard"


@plant("sasl-guard-file")
def sasl_guard_file(host, vm):
    if not host.take("sasl", "pki") or "graphics" in vm.taken or vm.root:
        return None
    vm.taken.add("graphics")
    place = host.vm_sasl(vm)
    tls_console(vm)
    if host.rnd.random() < 0.5:
        del host.files[f"{place}/qemu.conf"]
        return "the file is missing"
    host.change(f"{place}/qemu.conf", mode=0o600, gid=0)
    return "the file is closed"


@plant("saslauthd-cache")
def cache(host, vm):
    if not host.take("sasl", "pki"):
        return None
    host.saslauthd("-c ")
    host.sasl("saslauthd")
    return "-c"


@plant("saslauthd-cache-unknown")
def cache_unknown(host, vm):
    if not host.take("sasl", "pki"):
        return None
    host.saslauthd()
    path = host.facts["saslauthd"]
    host.change(path, data=host.files[path][0] + b". /etc/default/more\n")
    host.sasl("saslauthd")
    return "a command in the file"


def database(rule, change):
    @plant(rule)
    def make(host, vm):
        if not host.take("sasl", "pki"):
            return None
        path = "/etc/libvirt/passwd.db"
        if host.rnd.random() < 0.35 and "graphics" not in vm.taken and not vm.root:
            path = host.vm_sasl(vm) + "/passwd.db"
            tls_console(vm)
        else:
            host.sasl()
        return change(host, path)
    return make


database("sasldb-open", lambda host, path: host.dir(path.rsplit("/", 1)[0], 0o755) or (host.change(path, mode=0o644) and f"{path} is 0644"))
database("sasldb-owner", lambda host, path: host.change(path, uid=host.uid) and f"{path} belongs to QEMU's account")
database("sasldb-owner", lambda host, path: host.change(path, mode=0o660) and f"{path} is 0660")
database("sasldb-group", lambda host, path: host.members.setdefault(host.group, []).append("bob") or f"bob is in {host.group}")


@plant("password-readable")
def readable(host, vm):
    if "graphics" in vm.taken or "spice_sasl" in host.conf or not host.take("definitions"):
        return None
    vm.taken.add("graphics")
    vm.graphics = parse("<graphics type='spice' autoport='yes' listen='127.0.0.1' passwd='Xk3dPw9q'/>")
    vm.mode = 0o644
    host.dir("/etc/libvirt/qemu", 0o755)
    host.dir("/etc/libvirt", 0o755)
    return f"{vm.name}.xml is 0644"


@plant("password-readable")
def readable_conf(host, vm):
    if not host.take("definitions", "sasl", "spice_password"):
        return None
    host.conf["spice_password"] = '"secret"'
    host.conf_mode = 0o644
    return "qemu.conf is 0644"


def pam_file(*rules):
    def outer(function):
        @plant(*rules)
        def make(host, vm):
            if not host.take("sasl", "pki"):
                return None
            host.sasl("saslauthd")
            return function(host, "/etc/pam.d/spice")
        return make
    return outer


@pam_file("pam-admits-all")
def pam_all(host, path):
    edit(host, path, "auth required pam_unix.so nodelay", host.rnd.choice(("auth required pam_permit.so", "auth required pam_env.so\nauth required pam_permit.so")))
    return "pam_permit"


@pam_file("pam-time-file")
def pam_time(host, path):
    edit(host, path, "account required pam_deny.so\n", "account required pam_deny.so\naccount required pam_time.so conffile=/etc/security/spice-time.conf\n")
    return "no time file"


@pam_file("pam-time-line")
def pam_time_line(host, path):
    edit(host, path, "account required pam_deny.so\n", "account required pam_deny.so\naccount required pam_time.so conffile=/etc/security/spice-time.conf\n")
    host.file("/etc/security/spice-time.conf", host.rnd.choice(("spice;*;anne;Wk0800-1800\nspice;*;%staff;Al0000-2400\n", "spice;tty1;anne;Wk0800-1800\n", "spice;*;anne\n")))
    return "a line of the time file"


@pam_file("pam-skipped")
def pam_skipped(host, path):
    edit(host, path, "#%PAM-1.0\n", "#%PAM-1.0\naccount sufficient pam_permit.so\n")
    return "account rules are skipped"


def pam_list(*words):
    return lambda host, path: edit(host, path, "account required pam_deny.so\n", "account required pam_deny.so\naccount required pam_listfile.so item=user sense=allow file=/etc/spice-users " + " ".join(words) + "\n")


@pam_file("pam-list-open")
def pam_list_open(host, path):
    pam_list("onerr=succeed")(host, path)
    return "no list, onerr=succeed"


@pam_file("pam-list-lenient")
def pam_list_lenient(host, path):
    pam_list("onerr=succeed")(host, path)
    host.file("/etc/spice-users", "anne\n")
    return "onerr=succeed"


@pam_file("pam-writable")
def pam_writable(host, path):
    return open_to_others(host, path, 1002, "bob")


@plant("libvirt-tcp")
def tcp_unit(host, vm):
    if not host.take("daemon"):
        return None
    name = "libvirtd" if host.family == "debian" else "virtproxyd"
    host.file(daemon_conf(host), "# libvirt\n")
    host.file(f"/usr/sbin/{name}", mode=0o755)
    host.file(f"/lib/systemd/system/{name}-tcp.socket" if host.family == "debian" else f"/usr/lib/systemd/system/{name}-tcp.socket",
              "[Unit]\nDescription=tcp\n\n[Socket]\nListenStream=16509\n\n[Install]\nWantedBy=sockets.target\n")
    host.links[f"/etc/systemd/system/sockets.target.wants/{name}-tcp.socket"] = f"/usr/lib/systemd/system/{name}-tcp.socket"
    return f"{name}-tcp.socket is enabled"


@plant("listen-network-unknown")
def network(host, vm):
    if "graphics" in vm.taken:
        return None
    vm.taken.add("graphics")
    vm.graphics = parse("<graphics type='spice' autoport='yes'><listen type='network' network='lan'/></graphics>")
    return "network lan"


