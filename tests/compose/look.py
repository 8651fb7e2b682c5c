# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is in a directory, so that two of them can be compared: names, types, bytes, owners, modes, ACLs. Keys are random, so certificates and keys are
compared by meaning; a sasldb is a hash table, and is compared by its entries."""
import collections
import functools
import hashlib
import os
import re
import stat
import subprocess
import tempfile

SECRET = re.compile(rb"pw-[0-9]+-x")
Entry = collections.namedtuple("Entry", "kind mode uid gid acls bytes")


def tool(words, data=None):
    return subprocess.run(words, input=data, capture_output=True, check=False)


@functools.lru_cache(maxsize=4096)
def public_key(data):
    for words in (["x509", "-noout", "-pubkey"], ["pkey", "-pubout"], ["req", "-noout", "-pubkey"]):
        if (words[0] == "pkey") == (b"PRIVATE KEY" in data) and (words[0] == "req") == (b"CERTIFICATE REQUEST" in data):
            done = tool(["openssl", *words], data)
            return hashlib.sha256(done.stdout).hexdigest() if not done.returncode else None
    return None


def seconds(line):
    import email.utils
    return email.utils.mktime_tz(email.utils.parsedate_tz(re.sub(r"^\w+=(\w+) +(\d+) ([\d:]+) (\d+) GMT", r"\2 \1 \4 \3 +0000", line)))


@functools.lru_cache(maxsize=4096)
def described(data):
    """Subject, issuer, names and so on of a certificate or a request, as text, without what is random."""
    if b"CERTIFICATE REQUEST" in data:
        text = tool(["openssl", "req", "-noout", "-text", "-nameopt", "RFC2253"], data).stdout.decode()
        return re.sub(r"(?m)^\s+[0-9a-f]{2}(:[0-9a-f]{2})*:?$", "", text)
    if b"PRIVATE KEY" in data:
        return "key of " + re.sub(r"[^-A-Z ]", "", data.decode()[:40])
    text = tool(["openssl", "x509", "-noout", "-subject", "-issuer", "-dates", "-nameopt", "RFC2253", "-ext", "subjectAltName,basicConstraints,keyUsage,extendedKeyUsage"], data).stdout.decode()
    dates = dict(re.findall(r"(?m)^(notBefore|notAfter)(=.*)$", text))
    days = round((seconds("x" + dates["notAfter"]) - seconds("x" + dates["notBefore"])) / 3600) if len(dates) == 2 else "?"
    return re.sub(r"(?m)^not(Before|After)=.*\n", "", text) + f"hours {days}"


def scratch(name):
    return "%s/compose-%d.%s" % ("/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir(), os.getpid(), name)


@functools.lru_cache(maxsize=4096)
def verified(ca, cert):
    with open(scratch("ca"), "wb") as file:
        file.write(ca)
    done = tool(["openssl", "verify", "-CAfile", file.name], cert)
    os.unlink(file.name)
    return done.returncode == 0


def sasldb(data):
    """The entries of a Berkeley DB: [(key, value)], sorted."""
    with open(scratch("db"), "wb") as file:
        file.write(data)
    done = tool(["db_dump", "-p", file.name])
    os.unlink(file.name)
    lines = [line.strip() for line in done.stdout.partition(b"HEADER=END\n")[2].splitlines()[:-1]]
    return sorted(zip(lines[::2], lines[1::2])), done.returncode


def is_sasldb(data):
    return data[12:16] in (b"\x61\x15\x06\x00", b"\x00\x06\x15\x61")


def is_pem(data):
    return data.startswith(b"-----BEGIN ")


def acls(path, mode):
    out = {}
    for name in ("system.posix_acl_access", "system.posix_acl_default") if not stat.S_ISLNK(mode) else ():
        try:
            out[name] = os.getxattr(path, name, follow_symlinks=False).hex()
        except OSError:
            pass
    return out


def entry(path):
    st = os.lstat(path)
    data = os.readlink(path).encode() if stat.S_ISLNK(st.st_mode) else b""
    if stat.S_ISREG(st.st_mode):
        with open(path, "rb") as file:
            data = file.read()
    return Entry(stat.S_IFMT(st.st_mode), stat.S_IMODE(st.st_mode), st.st_uid, st.st_gid, acls(path, st.st_mode), data)


def read(top):
    """{name: Entry} of everything below top."""
    out = {}
    for where, directories, files in os.walk(top):
        for name in directories + files:
            path = os.path.join(where, name)
            out[os.path.relpath(path, top)] = entry(path)
    return out


def meaning(tree, base):
    """The same with what can be compared instead of bytes: which files have a key in common, also with those of the tree at the beginning."""
    keys = collections.defaultdict(list)
    for prefix, entries in (("at first: ", base), ("", tree)):
        for name, entry in entries.items():
            if is_pem(entry.bytes) and not name.startswith("store/"):
                keys[public_key(entry.bytes)].append(prefix + name)
    out = {}
    for name, entry in tree.items():
        data = entry.bytes
        if is_pem(data):
            by = sorted(ca for ca, other in tree.items() if b"BEGIN CERTIFICATE-" in data[:40] and ca.endswith("ca-cert.pem") and is_pem(other.bytes) and verified(other.bytes, data))
            data = (described(data), tuple(sorted(keys[public_key(data)])), tuple(by))
        elif is_sasldb(data):
            data = tuple(sasldb(data)[0])
        out[name] = entry._replace(bytes=data)
    return out


def show(data):
    return data.decode(errors="replace") if isinstance(data, bytes) else str(data)


def differences(one, other):
    """Lines that say how two of them differ."""
    out = []
    for name in sorted(one.keys() | other.keys()):
        a, b = one.get(name), other.get(name)
        if a == b:
            continue
        if not a or not b:
            out.append(f"{name}: only {'after the batch' if not a else 'one after the other'}")
            continue
        for field in Entry._fields:
            left, right = getattr(a, field), getattr(b, field)
            if left != right:
                out.append(f"{name}: {field}: one after the other:\n{show(left)}\n  as a batch:\n{show(right)}" if field == "bytes" else f"{name}: {field}: {left!r}, as a batch {right!r}")
    return out


def stale_secrets(tree):
    """Passwords in the bytes of a database that are not those of an entry."""
    out = []
    for name, entry in tree.items():
        if is_sasldb(entry.bytes):
            entries, status = sasldb(entry.bytes)
            live = set(SECRET.findall(b" ".join(value for _, value in entries)))
            out += [f"{name}: an old password is still in it: {old}" for old in set(SECRET.findall(entry.bytes)) - live] + ([f"{name}: db_dump ends with {status}"] if status else [])
    return out


def secrets(tree):
    return {secret.decode() for entry in tree.values() if is_sasldb(entry.bytes) for secret in SECRET.findall(entry.bytes)}
