# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whom the files of a tree name: users of the SASL databases, accounts of PAM lists and of ACLs, and who of them gets into which VM."""
import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree as ET

SEARCHED = ("etc/pam.d", "etc/spicecfg", "etc/sasl2", "etc/sasldb2", "etc/libvirt", "etc/pki", "srv", "var/spicex")
WORKS = {"tls": {"plain", "login", "scram-sha-1", "scram-sha-256", "scram-sha-512", "digest-md5", "cram-md5"}, "plain": {"digest-md5"}}
listed = {}


def read(root, path):
    try:
        return (pathlib.Path(root) / path.lstrip("/")).read_text(errors="replace")
    except OSError:
        return None


def users(path):
    """user@realm of a database, remembered by its bytes."""
    try:
        data = path.read_bytes()
    except OSError:
        return frozenset()
    if data not in listed:
        done = subprocess.run(["sasldblistusers2", "-f", os.fspath(path)], capture_output=True, timeout=20)
        listed[data] = frozenset(re.findall(r"^(\S+@\S+): userPassword", done.stdout.decode(errors="replace"), re.M))
    return listed[data]


def pam_names(root):
    """(file, name) of lists: pam_succeed_if's user and ingroup, and files of pam_listfile."""
    found = set()
    for top in ("etc/pam.d", "etc/spicecfg/pam"):
        for path in (pathlib.Path(root) / top).glob("*"):
            text = path.read_text(errors="replace") if path.is_file() else ""
            for kind, names in re.findall(r"^[^#\n]*\b(user|ruser|ingroup)\s+(?:=|in|eq)?\s*([\w.:@-]+)", text, re.M):
                found |= {(f"{top}/{path.name}", f"{'group' if kind == 'ingroup' else 'user'}:{name}") for name in names.split(":")}
            for kind, name in re.findall(r"^[^#\n]*pam_succeed_if[^\n]*\buser (ingroup) (\S+)", text, re.M):
                found.add((f"{top}/{path.name}", f"group:{name}"))
    return found


def acl_names(directory):
    """user:N and group:N of a directory's default ACL."""
    done = subprocess.run(["getfacl", "-cnpd", "--", os.fspath(directory)], capture_output=True, text=True)
    return set(re.findall(r"^((?:user|group):\d+):.w", done.stdout, re.M))


def mechanisms(text):
    found = re.search(r"^mech_list\s*:\s*(.*)$", text, re.M)
    return set(found[1].lower().split()) if found else {"anonymous"}


class Tree:
    def __init__(self, root):
        self.root = root
        conf = read(root, "/etc/libvirt/qemu.conf") or ""
        self.conf = dict(re.findall(r"^\s*(\w+)\s*=\s*\"?([^\"\n]*?)\"?\s*$", conf, re.M))

    def place(self, path):
        return pathlib.Path(self.root) / path.lstrip("/")

    def of_sasl(self, domain, spice):
        """Users of the database that get into a console with SASL."""
        text = ET.tostring(domain, encoding="unicode")
        switched = re.search(r"sasl(?:=(on|off))?\b", " ".join(e.get("value", "") for e in domain.iter() if e.tag.endswith("}arg") and "sasl" in e.get("value", "")
                                                               and "secret" not in e.get("value", "")))
        on = switched[1] != "off" if switched else self.conf.get("spice_sasl") == "1"
        if not on:
            return set()
        env = [e.get("value") for e in domain.iter() if e.tag.endswith("}env") and e.get("name") == "SASL_CONF_PATH"]
        directory = env[0] if env else self.conf.get("spice_sasl_dir", "/etc/sasl2")
        conf = read(self.root, f"{directory}/qemu.conf")
        if conf is None or "saslauthd" in conf:
            return set()
        path = re.search(r"^sasldb_path\s*:\s*(\S+)", conf, re.M)
        auto = spice.get("autoport") == "yes" and spice.get("defaultMode") != "insecure"
        tls = self.conf.get("spice_tls") == "1" and (auto or spice.get("tlsPort", "0") != "0")
        plain = spice.get("defaultMode") != "secure"
        works = (WORKS["tls"] if tls else set()) | (WORKS["plain"] if plain else set())
        if not works & mechanisms(conf):
            return set()
        del text
        return {f"login:{user}" for user in users(self.place(path[1] if path else "/etc/sasldb2"))}

    def domains(self):
        for path in sorted((pathlib.Path(self.root) / "etc/libvirt/qemu").glob("*.xml")):
            try:
                domain = ET.parse(path).getroot()
            except (ET.ParseError, OSError):
                continue
            yield domain, domain.find("devices/graphics[@type='spice']")

    def subjects(self):
        """Pairs of a place and a name."""
        found = {(file, name) for file, name in pam_names(self.root)}
        for top in ("etc/sasldb2", "etc/libvirt", "etc/pki", "etc/sasl2"):
            place = pathlib.Path(self.root) / top
            for path in [place] if place.is_file() else place.rglob("*db*"):
                if path.is_file():
                    found |= {(os.fspath(path.relative_to(self.root)), f"login:{user}") for user in users(path)}
        for domain, spice in self.domains():
            if spice is None:
                continue
            name = domain.findtext("name")
            found |= {(f"VM {name}", user) for user in self.of_sasl(domain, spice)}
            socket = next((e.get("socket") for e in spice.findall("listen") if e.get("socket")), None)
            if socket and self.place(os.path.dirname(socket)).is_dir():
                found |= {(f"socket of VM {name}", who) for who in acl_names(self.place(os.path.dirname(socket)))}
        return found

    def tickets(self):
        return {(f"ticket of VM {domain.findtext('name')}", spice.get("passwd")) for domain, spice in self.domains() if spice is not None and spice.get("passwd")}
