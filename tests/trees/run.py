#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host verbs on real trees (--root): certificates, SASL, users, PAM, ACLs, sockets, qemu.conf, check.

usage: run.py orders PROGRAM [SEED [STEPS]]   many verbs one after the other, in an order chosen by a seed: no run may end with a signal,
                                              a sanitizer's report or an undocumented exit code, and each JSON document is complete
       run.py outside PROGRAM                 each verb under strace: nothing outside the tree, but copies of databases of users, is written, created, moved or removed;
                                              no daemon is asked, no log is written, and no file about this machine is read
       run.py odd PROGRAM                     a FIFO instead of each file that is read or locked: none is opened (it could also be a device,
                                              for which opening has side effects), and nothing waits for it

In the tree all accounts have the number 0: without root this runs in a user namespace, where the caller has that number."""
import json
import os
import pathlib
import random
import re
import shlex
import subprocess
import sys
import tempfile
import time

VMS = {"vm": "6f1c0b1e-6f43-4a63-9a3e-0d0c2b9e8a11", "the other": "0b9d1f8a-9a3e-4a63-8f43-6f1c2b9e0d0c"}
EXITS = {0, 1, 2, 3, 4, 10}
ORDERS = ((1, 60), (2, 60), (3, 60))
# what a run may write to besides its tree: devices that store nothing
HARMLESS = re.compile(r"/dev/(null|tty|pts/\d+)$")
# and the locks, which are shared by a FILE in the tree and the tree named with --root: they contain only a process number, and are removed at the end
# copies of databases of users, which the owner of the tree must not reach
COPIES = re.compile(r"(/run|/dev/shm|/tmp)/spicecfg-secret-\w{6}(/.*)?$")
LOCKS = re.compile(r"(/run/spicecfg|.*/\.local(/state(/spicecfg)?)?)(/locks(/dir-[0-9a-f]+-[0-9a-f]+)?)?$")

DOMAIN = """<domain type='kvm'>
  <name>{name}</name>
  <uuid>{uuid}</uuid>
  <memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <graphics type='spice'>
      <listen type='socket' socket='/var/spicex/{uuid}/spice.socket'/>
    </graphics>
    <video><model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1' primary='yes'/></video>
  </devices>
</domain>
"""
FILES = {
    "etc/passwd": "root:x:0:0::/root:/bin/sh\nlibvirt-qemu:x:0:0::/:/bin/false\nanne:x:0:0::/:/bin/sh\n",
    "etc/group": "root:x:0:\nlibvirt-qemu:x:0:\nkvm:x:0:\nspicex:x:0:anne\nsasl:x:0:\n",
    "etc/gshadow": "root:*::\nsasl:!::\n",
    "etc/hostname": "tree.example.org\n",
    "etc/os-release": "ID=debian\n",
    "etc/default/saslauthd": "START=no\nMECHANISMS=\"pam\"\nOPTIONS=\"-m /var/run/saslauthd\"\n",
    "etc/libvirt/qemu.conf": "# spice_tls = 1\n#spice_sasl = 1\n",
    "etc/pam.d/other": "auth required pam_deny.so\naccount required pam_deny.so\n",
    "etc/pam.d/common-auth": "auth required pam_unix.so\n",
    "etc/pam.d/common-account": "account required pam_unix.so\n",
}

# One verb per line; VM is replaced by a domain of the tree, --vm? by one or none.
READ = """
sasl show --vm?
sasl show --vm? --format json
user list --vm?
user list anne --vm? --format json
pam show --vm?
pam show --vm? --format json
pam check --vm?
pam check --vm? --format json
acl show VM
acl show VM --format json
pki show
pki show --format json
pki check
pki check --host other.example.org --format json
pki export-ca
host show
host show --format json
host facts
show
show VM
show --all --format json
check
check --format json
check --format sarif
check VM
check --fix --dry-run
""".strip().split("\n")
CHANGE = """
sasl set --vm?
sasl set --vm? --format json
sasl set --vm? --diff
sasl set --backend saslauthd --vm?
sasl set --backend sasldb --vm?
sasl set --mech scram-sha-256,plain --vm?
sasl set --mech digest-md5 --vm? --force
sasl set --sasldb /etc/other.db --vm?
sasl set --vm? --dry-run
sasl off --vm?
sasl off --vm VM --ticket
user add anne --vm?
user add anne@elsewhere --vm? --format json
user add bob --vm?
user passwd anne --vm?
user remove anne --vm?
user remove bob --vm?
user remove bob@nowhere --vm?
pam install --vm?
pam install --vm? --allow user:anne --allow group:spicex
pam install --service other-spice --allow user:anne
pam allow user:ralph --vm?
pam revoke user:anne group:spicex --vm?
acl grant VM user:anne group:spicex
acl grant VM group:spicex --format json
acl grant VM group:missing
acl revoke VM group:spicex
acl revoke VM user:nobody-knows
pki init
pki init --name X --days 30
pki issue
pki issue --host spice.example.org --ip 192.0.2.7 --days 20 --format json
pki renew
pki renew --ca-itself
pki renew --within 30d
pki csr
pki csr --host spice.example.org --dir /etc/pki/other
pki import --cert outside/cert.pem --ca outside/cert.pem
host set spice_tls=1
host set spice_tls=1 spice_sasl=1 --diff
host set spice_listen=0.0.0.0 --format json
host set spice_password --password-file secret --diff
host set nonsense=1
host set spice_tls_x509_cert_dir=/etc/pki/other
host unset spice_tls
host unset spice_tls_x509_cert_dir spice_password
set-listen VM socket
set-listen VM socket /var/spicex/shared/x.socket --allow group:spicex
set-listen VM address 127.0.0.1 --tls-port 5905
set-listen VM address 0.0.0.0 --port auto
set-listen VM none
set-heads VM 2
set-password VM --password-file secret
set-password VM --generate
clear-password VM
set VM heads=3 mode=any
set VM keymap=de --diff
check --fix
check --write-baseline outside/baseline
""".strip().split("\n")
# The tree itself changes too, as an administrator or a broken copy would leave it.
MISCHIEF = [
    ("rm", "etc/hostname"), ("rm", "etc/passwd"), ("rm", "etc/libvirt/qemu.conf"), ("rm", "etc/sasl2/qemu.conf"), ("rm", "etc/pam.d/spice"),
    ("cut", "etc/pki/libvirt-spice/server-cert.pem"), ("cut", "etc/libvirt/passwd.db"), ("cut", "etc/sasldb2"), ("cut", "etc/other.db"), ("cut", "etc/sasl2/qemu.conf"),
    ("cut", "etc/libvirt/qemu/vm.xml"), ("junk", "etc/pam.d/spice"), ("junk", "etc/group"), ("junk", "etc/passwd"), ("junk", "etc/libvirt/qemu/the other.xml"), ("junk", "etc/sasl2/qemu.conf"),
    ("junk", "etc/libvirt/qemu.conf"), ("own", "etc/pki/libvirt-spice/sasl"), ("own", "etc/spicecfg/pam"),
]


def make_tree(top):
    tree = top / "tree"
    for name, text in FILES.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for directory in ("etc/libvirt/qemu/networks", "etc/sasl2", "usr/lib/qemu", "var/lib", "run", "tmp"):
        (tree / directory).mkdir(parents=True, exist_ok=True)
    for name, uuid in VMS.items():
        (tree / f"etc/libvirt/qemu/{name}.xml").write_text(DOMAIN.format(name=name, uuid=uuid))
    (top / "outside").mkdir()
    (top / "outside/cert.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    (top / "secret").write_text("geheim99\n")
    return tree


def restore(tree):
    """A tree that lost too much causes only that message."""
    for name, text in FILES.items():
        if not (tree / name).exists():
            (tree / name).write_text(text)
    for name, uuid in VMS.items():
        path = tree / f"etc/libvirt/qemu/{name}.xml"
        if not path.read_text(errors="replace").rstrip().endswith("</domain>"):
            path.write_text(DOMAIN.format(name=name, uuid=uuid))


def harm(tree, kind, name):
    victims = sorted(p for p in (tree / name).rglob("*") if p.is_file()) if kind == "own" else [tree / name]
    for path in victims:
        if not path.is_file():
            continue
        data = path.read_bytes()
        if kind == "rm":
            path.unlink()
        elif kind == "cut":
            path.write_bytes(data[:len(data) // 2])
        else:
            path.write_bytes(data + b"\n\x80mech_list: \x1b[31m;]x=(\n")


def words(line, vm, with_vm):
    line = line.replace("--vm?", "--vm VM" if with_vm else "")
    return [vm if word == "VM" else word for word in shlex.split(line)]


def run(program, top, args, wrap=(), seconds=120):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LIBVIRT_", "XDG_", "GITHUB_"))}
    env.update(LC_ALL="C.UTF-8", HOME=str(top), PATH=os.environ["PATH"], MALLOC_PERTURB_="165")
    options = env.get("ASAN_OPTIONS", "")
    # into files, so that findings in a child of the program, whose stderr is /dev/null, are seen too
    log = "" if wrap else f":log_path={top}/sanitizer"
    env["ASAN_OPTIONS"] = f"{options}:exitcode=99:detect_leaks={0 if wrap else 1}{log}"
    env["UBSAN_OPTIONS"] = env.get("UBSAN_OPTIONS", "") + f":print_stacktrace=1:exitcode=99{log}"
    return subprocess.run([*wrap, program, "--root", "tree", *args], cwd=top, env=env, input=b"geheim99\n", capture_output=True, timeout=seconds, check=False)


def judge(done, args, top):
    """What is wrong with a run, as text; empty: nothing."""
    text = done.stdout + done.stderr
    for path in sorted(pathlib.Path(top).glob("sanitizer.*")):
        text += path.read_bytes()
        path.unlink()
    if done.returncode not in EXITS or b"Sanitizer" in text or b"runtime error:" in text:
        return f"ended with {done.returncode}:\n{text.decode(errors='replace')[-6000:]}"
    if "--format" in args and args[args.index("--format") + 1] == "json" or args[:2] == ["host", "facts"]:
        try:
            if done.stdout or not done.returncode:
                json.loads(done.stdout)
        except ValueError as error:
            return f"its JSON is broken ({error}):\n{done.stdout.decode(errors='replace')[-1000:]}"
    if done.returncode in (2, 3, 4) and not done.stderr:
        return f"exit {done.returncode} without a message on stderr"
    return ""


def order(program, seed, steps):
    """Failures of one seed, and how many runs changed something."""
    pick, failed, history, worked = random.Random(seed), [], [], 0
    with tempfile.TemporaryDirectory(prefix="spicecfg-trees-") as name:
        top = pathlib.Path(name)
        tree = make_tree(top)
        for _ in range(steps):
            if pick.random() < 0.12:
                harm(tree, *pick.choice(MISCHIEF))
            elif pick.random() < 0.08:
                restore(tree)
            line = pick.choice(CHANGE if pick.random() < 0.6 else READ)
            args = words(line, pick.choice(list(VMS)), pick.random() < 0.6)
            history.append(shlex.join(args))
            done = run(program, top, args)
            worked += line in CHANGE and not done.returncode
            wrong = judge(done, args, top)
            if wrong:
                failed.append(f"seed {seed}, step {len(history)}: spicecfg --root tree {history[-1]}\n{wrong}\nbefore it: " + "; ".join(history[-8:-1]))
    return failed, worked


# Orders in which a bug was found once; each begins with a fresh tree. "!": damage to the tree.
KNOWN = (
    ("sasl set --vm vm", "sasl show --vm vm"),
    ("sasl set --vm vm", "user add anne --vm vm", "sasl show --vm vm --format json", "sasl off --vm vm", "sasl show --vm vm"),
    ("sasl set --backend saslauthd --vm vm", "sasl show --vm vm", "pam install --vm vm --allow user:anne", "pam check --vm vm"),
    ("host set spice_sasl=1", "sasl show", "sasl set --backend saslauthd", "sasl show", "check"),
    ("sasl set", "user add anne", "!junk etc/passwd", "sasl show", "check"),
)


def orders(program, seeds):
    failed, worked, count = [], 0, 0
    for lines in KNOWN:
        with tempfile.TemporaryDirectory(prefix="spicecfg-trees-") as name:
            make_tree(pathlib.Path(name))
            for line in lines:
                if line[0] == "!":
                    harm(pathlib.Path(name, "tree"), *line[1:].split())
                    continue
                args = shlex.split(line)
                wrong = judge(run(program, name, args), args, name)
                count += 1
                if wrong:
                    failed.append(f"spicecfg --root tree {line}\n{wrong}\nof: " + "; ".join(lines))
    for seed, steps in seeds:
        wrong, some = order(program, seed, steps)
        failed += wrong
        worked += some
        count += steps
    print("\n\n".join(failed))
    print(f"{count} runs, {worked} changes went through, {len(failed)} failed")
    # a tree in which nothing works tests nothing
    return bool(failed) or worked < count / 10


# Files to replace with a FIFO, and the verbs that read them.
GRANT, SASLAUTHD = "acl grant VM group:missing --create-group --wait-lock 0s", "sasl set --backend saslauthd --wait-lock 0s"
ODD = {
    "etc/.pwd.lock": (GRANT, SASLAUTHD), "etc/group.lock": (GRANT,), "etc/gshadow.lock": (SASLAUTHD,), "etc/group": (GRANT, SASLAUTHD, "check"),
    "etc/gshadow": (SASLAUTHD,), "etc/passwd": (GRANT, "user add anne", "check"), "etc/hostname": ("user add anne", "pki issue"),
    "etc/os-release": ("sasl set", "pam install"), "etc/default/saslauthd": (SASLAUTHD, "check"), "etc/libvirt/qemu.conf": ("host show", "host set spice_tls=1", "check"),
    "etc/libvirt/qemu/vm.xml": ("show", "check", "set-heads VM 2"), "etc/sasl2/qemu.conf": ("sasl show", "sasl set", "check"),
    "etc/pam.d/spice": ("pam show", "pam install", "check"), "etc/pam.d/common-auth": ("pam install", "pam check"), "etc/sasldb2": ("user list", "user add anne"),
    "etc/pki/libvirt-spice/ca-cert.pem": ("pki check", "check", "pki init"), "etc/pki/libvirt-spice/server-key.pem": ("pki issue", "check"),
    "var/lib/dpkg/status": ("check", "host facts"), "run/spicecfg-secret-aaaaaa/x": ("user list", "user add anne"),
}


def odd(program):
    failed, count = [], 0
    with tempfile.TemporaryDirectory(prefix="spicecfg-trees-") as name:
        top = pathlib.Path(name).resolve()
        tree = make_tree(top)
        # a copy of secrets that is seconds old may belong to a process that is just creating it
        (tree / "run/spicecfg-secret-aaaaaa").mkdir(mode=0o700)
        time.sleep(3.1)
        for place, lines in ODD.items():
            kept = (tree / place).read_bytes() if (tree / place).exists() else None
            (tree / place).parent.mkdir(parents=True, exist_ok=True)
            (tree / place).unlink(missing_ok=True)
            for line in lines:
                if not (tree / place).exists():
                    os.mkfifo(tree / place)
                args = words(line, "vm", False)
                count += 1
                try:
                    done = run(program, top, args, ("strace", "-f", "--seccomp-bpf", "-y", "-qq", "-s", "4096", "-e", "trace=open,openat,openat2", "-o", f"{top}/trace"), 20)
                    wrong = judge(done, args, top)
                except subprocess.TimeoutExpired:
                    wrong = "waits for ever"
                for call in pathlib.Path(top, "trace").read_text(errors="replace").splitlines():
                    if "O_PATH" not in call and re.search(rf'(<[^<>]*/{re.escape(place)}>|"{re.escape(os.path.basename(place))}"[^=]*O_NONBLOCK.*ENXIO)', call):
                        wrong += f"\n  {call}"
                if wrong:
                    failed.append(f"a FIFO at {place}: spicecfg --root tree {shlex.join(args)}\n  {wrong}")
            (tree / place).unlink(missing_ok=True)
            if kept is not None:
                (tree / place).write_bytes(kept)
    print("\n".join(failed))
    print(f"{count} runs, {len(failed)} failed")
    return bool(failed)


WRITES = re.compile(r"^(?:\d+ +)?(open|openat|openat2|creat|mkdir|mkdirat|unlink|unlinkat|rmdir|rename|renameat|renameat2|link|linkat|symlink|symlinkat|"
                    r"truncate|mknod|mknodat|chmod|fchmodat|chown|lchown|fchownat|setxattr|lsetxattr|removexattr|utimensat|bind|connect)\((.*)$")
CALLS = ("open,openat,openat2,creat,mkdir,mkdirat,unlink,unlinkat,rmdir,rename,renameat,renameat2,link,linkat,symlink,symlinkat,truncate,mknod,mknodat,"
         "chmod,fchmodat,chown,lchown,fchownat,setxattr,lsetxattr,removexattr,utimensat,bind,connect")
# files about the machine, except those that the loader, the clock and the TLS libraries read
ABOUT_HOST = re.compile(r"/(etc|home|root|run|srv|var)/(?!ld\.so|localtime|ssl/|pki/tls/|crypto-policies/|gnutls/|selinux/config)")


def places(call, rest, cwd, opened):
    """The absolute paths of a call: strace -y writes the directory of a descriptor after it, as in 5</run>."""
    out = []
    given = re.findall(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"', rest)
    # a link is created at its second name; its target is not written
    for at, text in given[-1:] if call.startswith("symlink") else given[:2] if re.match("rename|link", call) else given[:1]:
        number = re.match(r"/proc/self/fd/(\d+)", text)
        if number:
            text = opened.get(number.group(1), "?") + text[number.end():]
        out.append(os.path.normpath(os.path.join(at or cwd, text)) if text else at)
    return out


def written(trace, cwd, own):
    """What a run wrote, and what it read about the machine; own: the program's directory, whose libraries and data files it may read."""
    opened = {}
    for line in trace.splitlines():
        found = WRITES.match(line)
        if not found:
            continue
        call, rest = found.groups()
        number = re.search(r"\) = (\d+)<([^>]*)>$", rest)
        if number and call.startswith("open"):
            opened[number.group(1)] = number.group(2)
        if call == "connect":
            yield from ((f"connect {path}", path, line) for path in re.findall(r'sun_path=@?"([^"]*)"', rest))
            continue
        reads = call.startswith("open") and "O_PATH" not in rest and "O_DIRECTORY" not in rest and not (call == "openat2" and "RESOLVE_IN_ROOT" in rest)
        if reads and any(ABOUT_HOST.match(path) and not path.startswith(own) for path in places(call, rest, cwd, opened)):
            yield from ((f"read {path}", path, line) for path in places(call, rest, cwd, opened))
        if call.startswith("open") and not re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_TMPFILE", rest):
            continue
        if re.search(r"= -1 E(NOENT|NOTDIR|NODATA|OPNOTSUPP)\b", rest):
            continue
        # a path that is resolved inside the root belongs to the tree
        if call == "openat2" and "RESOLVE_IN_ROOT" in rest:
            continue
        for path in places(call, rest, cwd, opened):
            yield f"{call} {path}", path, line


def outside(program):
    lines = ["user list", "sasl set", "user add anne", "user list", "sasl show", *CHANGE, *READ, "sasl test anne", "pam test anne",
             "sasl set", "user add anne", "BROKEN", "user list", "user add anne", "sasl show", "sasl set", "host show", "check"]
    failed, count = [], 0
    with tempfile.TemporaryDirectory(prefix="spicecfg-trees-") as name:
        top = pathlib.Path(name).resolve()
        tree = make_tree(top)
        own = os.path.dirname(os.path.realpath(program)) + "/"
        for line in lines:
            if line == "BROKEN":
                for what in MISCHIEF:
                    harm(tree, *what)
                continue
            for with_vm in (False, True) if "--vm?" in line else (True,):
                args = words(line, "vm", with_vm)
                done = run(program, top, args, ("strace", "-f", "--seccomp-bpf", "-y", "-qq", "-s", "4096", "-e", f"trace={CALLS}", "-o", f"{top}/trace"))
                count += 1
                wrong = judge(done, args, top)
                # the two files that the command line names, and the trace
                allowed = (str(top / "tree"), str(top / "outside/baseline"), str(top / "trace"), str(top / "outside/.baseline"), str(top / "sanitizer."))
                for what, path, call in written(pathlib.Path(top, "trace").read_text(errors="replace"), str(top), own):
                    if not path.startswith(allowed) and not HARMLESS.match(path) and not LOCKS.match(path) and not COPIES.match(path):
                        wrong += f"{what}\n    {call}\n"
                if wrong:
                    failed.append(f"spicecfg --root tree {shlex.join(args)}\n  {wrong}")
    print("\n".join(failed))
    print(f"{count} runs, {len(failed)} failed")
    return bool(failed)


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("orders", "outside", "odd"):
        sys.exit(__doc__)
    if os.geteuid() != 0:
        if subprocess.run(["unshare", "-r", "true"], check=False).returncode:
            print("skipped: no user namespaces")
            sys.exit(77)
        os.execvp("unshare", ["unshare", "-r", *sys.argv])
    program = os.path.abspath(sys.argv[2])
    if sys.argv[1] != "orders":
        if subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False).returncode:
            print("skipped: strace can't trace here")
            sys.exit(77)
        sys.exit(outside(program) if sys.argv[1] == "outside" else odd(program))
    given = [int(word) for word in sys.argv[3:5]]
    sys.exit(orders(program, [(given[0], given[1] if len(given) > 1 else 100)] if given else ORDERS))


if __name__ == "__main__":
    main()
