# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every verb that changes a host, on the tree of host.py: the verb, and what prepares the tree for it. {top}: where the tree and the files of passwords are."""
import re
import subprocess

NEW, OLD = "--password-file {top}/new", "--password-file {top}/old"
VERBS = [
    ("set leaptest port=5907 heads=2 clipboard=off", ()),
    ("set-heads debianx 4", ()),
    ("set-listen debianx socket", ()),
    ("set-listen debianx socket /var/spicex/other/console --allow group:staff", ()),
    ("set-listen kiosk address 127.0.0.1 --port 5905", ()),
    ("set-mode debianx insecure", ()),
    ("set-compression leaptest auto_glz", ()),
    ("set-options leaptest --keymap de", ()),
    ("set-password leaptest --force " + NEW, ("set-password leaptest --force " + OLD,)),
    ("clear-password leaptest", ("set-password leaptest --force " + OLD,)),
    ("host set spice_listen=0.0.0.0 spice_tls=1 --force", ()),
    ("host unset spice_listen", ()),
    ("host set spice_password --password-file {top}/new --force", ("host set spice_password --password-file {top}/old --force",)),
    ("host unset spice_password", ("host set spice_password --password-file {top}/old --force",)),
    ("pki init --ca-dir /srv/ca", ()),
    ("pki init --ca-dir /etc/pki/other", ()),
    ("pki issue --host other.example.org --dir /srv/tls", ()),
    ("pki issue --host other.example.org", ()),
    ("pki csr --host other.example.org --key-type rsa", ()),
    ("pki import --cert {top}/signed --ca {top}/corporate", ()),
    ("pki renew --days 700", ("pki issue --host other.example.org",)),
    ("sasl set --mech digest-md5", ()),
    ("sasl set --vm debianx", ()),
    ("sasl set --backend saslauthd", ()),
    ("sasl set --backend saslauthd --vm kiosk", ("pam install --vm kiosk --allow user:anne",)),
    ("sasl off", ()),
    ("user add bob@tree " + NEW, ()),
    ("user passwd carol@tree " + NEW, ()),
    ("user remove carol@tree", ()),
    ("pam install --allow user:anne", ()),
    ("pam install --vm kiosk --allow user:anne", ()),
    ("pam allow group:staff", ()),
    ("pam revoke user:root", ("pam allow user:anne",)),
    ("acl grant kiosk user:anne", ()),
    ("acl grant kiosk group:spicex --create-group", ()),
    ("acl revoke kiosk group:staff", ()),
    ("batch {top}/batch", ()),
]


def run(before, program, tree, top, line, *more):
    """before: words that the command line begins with."""
    return subprocess.run([*before, program, "--root", tree, *line.format(top=top).split(), *more], capture_output=True, text=True, errors="replace", check=False, timeout=120,
                          stdin=subprocess.DEVNULL)


def changing(help_text):
    """The verbs in the list of `help`."""
    return re.findall(r"(?m)^  ([a-z-]+(?: [a-z-]+)?) ", help_text)
