#!/usr/bin/python3
"""Each rule fires on the real host, the fix that it prints is run as printed, and then the rule is silent.

fixes.py RULES_JSON CASES-PATTERN ROWS simple|host: inside a test host (tests/e2e/fixes.sh, fixes_host.sh), with spicecfg on PATH. rows.txt describes the form of
rows. simple: rows that need only their domain; host: rows that change the host.
"""

import concurrent.futures
import fnmatch
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import uuid

TEMPLATE = """<domain type='{type}' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>{name}</name>
  <uuid>{uuid}</uuid>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type arch='{arch}'{machine}>hvm</type></os>
  <devices>
    {devices}
  </devices>
  {root}
</domain>
"""
ORDER = {"refused": 0, "unknown": 1, "starts": 2}
DOMAIN_KEYS = {"root", "arch", "machine"}  # what a case may set of the domain itself
ONLY = set(os.environ.get("FIXES_ONLY", "").split())  # by hand: a few rules
WORKERS = 3  # libvirt mostly waits
passed = failed = 0


def report(what, problem=None):
    global passed, failed
    if problem is None:
        passed += 1
        return True
    failed += 1
    print("not ok - %s\n%s" % (what, re.sub("(?m)^", "#   ", problem.rstrip())), flush=True)
    return False


def run(command, stdin=None, environment=None):
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=120, env=environment)
    return done.returncode, done.stdout, done.stderr


class Row:
    count = 0

    def __init__(self, rule, how, host, devices):
        Row.count += 1
        self.rule, self.how, self.host, self.devices = rule, how, host, devices
        # with blanks, which names may contain, except with libvirt's D-Bus
        self.name = self.host.get("name", "%s%s%d" % (rule, "-" if "'dbus'" in devices else " ", Row.count))
        self.uuid = self.host.get("uuid", str(uuid.uuid5(uuid.NAMESPACE_URL, self.name)))
        self.file = "vms/%s.%d.xml" % (rule, Row.count)
        self.label = "%s (%s)" % (rule, devices[:100])

    def environment(self):
        return dict(os.environ, FILE=self.file, NAME=self.name, UUID=self.uuid)

    def versions(self):
        """Options of check: versions other than the installed ones, which can't be started here."""
        target = self.host.get("target")
        return ("--release", ",".join("%s=%s" % item for item in sorted(target.items()))) if isinstance(target, dict) else ()

    def is_foreign(self):
        """For other versions or another architecture: checked, not started."""
        return bool(self.versions()) or self.host.get("arch", "x86_64") != "x86_64"

    def settle(self):
        """What a fix may need before it takes effect: a restart of libvirtd."""

    def write(self):
        with open(self.file, "w") as out:
            out.write(self.xml())

    def xml(self):
        host, machine = self.host, self.host.get("machine", "pc")
        machine = " machine='%s'" % machine if machine else ""
        return TEMPLATE.format(type=host.get("domain", "qemu"), name=self.name, uuid=self.uuid, arch=host.get("arch", "x86_64"),
                               machine=machine, devices=self.devices, root=host.get("root", ""))


def read_rows(path, kinds):
    rows = []
    for line in open(path, encoding="utf-8"):
        if not line.strip() or line.startswith("#"):
            continue
        rule, how, host, devices = line.rstrip("\n").split("\t")
        if how in kinds:
            rows.append(Row(rule, how, {} if host == "-" else json.loads(host), devices))
    return rows


def check(rows, options=()):
    """The findings and the verdict of each row's file, by file name; one run for all rows with the same versions."""
    results = {}
    for versions in {row.versions() for row in rows}:
        files = [row.file for row in rows if row.versions() == versions]
        status, out, err = run(["spicecfg", "check", "--format", "json", "--fail-on", "note", *versions, *options, *files])
        if status not in (0, 1):
            sys.exit("check ended with %d: %s" % (status, err))
        results.update({result["target"]: result for result in json.loads(out)["results"]})
    return results


def own(result, rule):
    return [finding for finding in result["findings"] if finding["rule"] == rule]


def serious(result):
    return {(f["rule"], f["message"]) for f in result["findings"] if f["level"] == "error" or f["class"] == "start"}


def virsh(*words):
    return run(["virsh", "-q", *words])


def starts(path):
    """Whether libvirt and QEMU accept it: None, or their message."""
    name = re.search("<name>([^<]*)</name>", open(path).read()).group(1)
    status, _, err = virsh("define", path)
    if status == 0:
        status, _, err = virsh("start", name)
        if status == 0:
            virsh("destroy", name)
        virsh("undefine", name)
    return None if status == 0 else err.strip() or "?"


def run_fix(row, result):
    """Runs what the finding prints (or what the text says); false: it can't be run."""
    finding = own(result, row.rule)[0]
    command = row.host["hand"] if row.how == "words" else finding.get("fix")
    if row.how == "words" and finding.get("fix"):
        return report(row.label, "there is a command after all: %s" % finding["fix"])
    if not command:
        return report(row.label, "no fix is printed: %s" % finding.get("by_hand"))
    status, out, err = run(["bash", "-c", command], "", row.environment())
    if status != 0:
        return report(row.label, "%s\nended with %d: %s%s" % (command, status, out, err))
    row.settle()
    return True


def progress(row, before, after):
    """Whether the rule is silent; None: nothing changed."""
    if not own(after, row.rule):
        return True
    if own(after, row.rule) != own(before, row.rule):
        return False
    report(row.label, "%s\nchanged nothing: %s" % (own(before, row.rule)[0].get("fix"), own(before, row.rule)[0]["message"]))
    return None


def judge(row, before, after):
    new = serious(after) - serious(before)
    if new:
        return report(row.label, "came up after %s: %s" % (own(before, row.rule)[0].get("fix"), sorted(new)))
    if ORDER[after["verdict"]] < ORDER[before["verdict"]]:
        return report(row.label, "verdict %s became %s" % (before["verdict"], after["verdict"]))
    return report(row.label)


def prove_start(row, original):
    if starts(original) is None:
        return report(row.label, "the real stack starts it without the fix")
    said = starts(row.file)
    return report(row.label + " on the real stack", said and "it said: %s\n%s" % (said, open(row.file).read()))


def may_start(row, catalogue, after):
    return catalogue[row.rule]["class"] == "start" and row.host.get("start", True) and not row.is_foreign() and after["verdict"] == "starts"


def changes_host(finding):
    """Such a fix belongs to a row with its own host; a socket's directory is created for domains only. One that did not pass its trial,
    because of the host that it is on, does too."""
    refused = (finding.get("by_hand") or "").startswith("no command fixes it here: ")
    return refused or re.search(r"spicecfg (host|pki) | socket$", finding.get("fix") or "")


def silence(rows, befores):
    """All fixes, then one check, again for those that fire in more than one place; the results of those that are silent."""
    pending, last, done = rows, dict(befores), {}
    for _ in range(6):
        pending = [row for row in pending if run_fix(row, last[row.file])]
        after = check(pending)
        states = {row.file: progress(row, last[row.file], after[row.file]) for row in pending}
        last.update(after)
        done.update({row.file: after[row.file] for row in pending if states[row.file]})
        pending = [row for row in pending if states[row.file] is False]
    for row in pending:
        report(row.label, "still: %s" % own(last[row.file], row.rule))
    return done


def simple_rows(rows, catalogue, elsewhere):
    """Rows that need only their domain: all at once; the first good one of each rule of class start is started."""
    for row in rows:
        row.write()
    befores = check(rows)
    alone, together, started, ours = [], [], set(), []
    for row in rows:
        findings = own(befores[row.file], row.rule)
        if not findings and row.how == "fires" and row.rule in elsewhere:
            continue
        if not findings:
            report(row.label, "does not fire")
        elif changes_host(findings[0]) and row.how != "words":
            report(row.label, None if row.rule in elsewhere else "needs a row with its own host")
        else:
            shutil.copy(row.file, row.file + ".before")
            ours.append(row)
    afters = silence(ours, befores)
    for row in ours:
        after = afters.get(row.file)
        if after and judge(row, befores[row.file], after) and row.rule not in started and may_start(row, catalogue, after):
            started.add(row.rule)
            # a fixed port can be used by one VM at a time
            original = row.file + ".before"
            (alone if re.search("[pP]ort='[1-9]", open(original).read()) else together).append((row, original))
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda job: prove_start(*job), together))
    for job in alone:
        prove_start(*job)
    return started


def qemu_conf():
    with open("/etc/libvirt/qemu.conf", "rb") as file:
        return file.read()


class Host:
    """The machine: restored after each row."""

    def __init__(self):
        self.conf = qemu_conf()
        self.running = self.settings()

    def settings(self):
        """What libvirtd reads when it starts, including where the certificates are."""
        return qemu_conf(), os.path.isdir("/etc/pki/libvirt-spice")

    def restart(self):
        deadline = time.time() + 30
        # without its driver libvirtd ends by itself
        pid = open("/run/libvirtd.pid").read().strip() if os.path.exists("/run/libvirtd.pid") else "none"
        if os.path.exists("/proc/" + pid):
            os.kill(int(pid), signal.SIGTERM)
        while os.path.exists("/proc/" + pid) or os.path.exists("/run/libvirtd.pid"):
            if time.time() > deadline:
                sys.exit("libvirtd does not stop")
            time.sleep(0.02)
        with open("/run/host/libvirtd.log", "ab") as log:
            libvirtd = subprocess.Popen(["tini", "-s", "--", "libvirtd", "-p", "/run/libvirtd.pid"], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        # its driver needs a moment, or does not come up at all
        while virsh("list")[0] and libvirtd.poll() is None and time.time() < deadline:
            time.sleep(0.05)
        self.running = self.settings()

    def settle(self):
        if self.settings() != self.running:
            self.restart()

    def settle_conf(self):
        """After a fix: libvirtd is restarted if qemu.conf was changed, as users know."""
        if qemu_conf() != self.running[0]:
            self.restart()

    def reset(self):
        for name in virsh("list", "--all", "--name")[1].split("\n"):
            if name:
                virsh("destroy", name)
                virsh("undefine", name)
        run(["bash", "-c", "reset_host"])
        with open("/etc/libvirt/qemu.conf", "wb") as file:
            file.write(self.conf)


class HostRow:
    """A row with its own host."""

    def __init__(self, row, host, catalogue):
        self.row, self.machine, self.catalogue = row, host, catalogue
        self.spec = row.host
        row.settle = host.settle_conf
        self.by_name = self.spec.get("target") == "domain"

    def look(self):
        row = self.row
        if "check" in self.spec:
            status, out, err = run(["bash", "-c", self.spec["check"]], "", row.environment())
            try:
                answer = json.loads(out)
            except ValueError:
                sys.exit("%s: %s%s" % (row.label, out, err))
            findings = answer.get("findings", []) + [f for r in answer.get("results", []) for f in r["findings"]]
            return {"findings": findings, "verdict": "unknown"}
        if not self.by_name:
            return check([row], self.spec.get("options", ()))[row.file]
        status, out, err = run(["spicecfg", "check", "--format", "json"])
        return {result["target"]: result for result in json.loads(out)["results"]}[row.name]

    def host_facts(self):
        """Options of check: the machine's own facts, and what it can't show."""
        facts = json.loads(run(["spicecfg", "host", "facts"])[1])
        for key, value in self.spec["facts"].items():
            facts[key] = dict(facts.get(key, {}), **value) if isinstance(value, dict) else value
        with open("facts.json", "w") as file:
            json.dump(facts, file)
        return ["--host-facts", "facts.json"]

    def prepare(self):
        row, spec = self.row, self.spec
        row.write()
        if "facts" in spec:
            spec["options"] = self.host_facts()
        if spec.get("certs"):
            self.shell("pki_good" if spec["certs"] == "own" else "certs")
        if "conf" in spec:
            with open("/etc/libvirt/qemu.conf", "a") as file:
                file.write(spec["conf"] + "\n")
        self.machine.settle()
        if self.by_name:
            status, _, err = virsh("define", row.file)
            if status:
                return report(row.label, err)
        if "sh" in spec:
            self.shell(spec["sh"])
        if "modules" in spec:
            self.machine.restart()
        return True

    def shell(self, text):
        status, out, err = run(["bash", "-ec", text], "", self.row.environment())
        if status:
            sys.exit("%s: %s: %s%s" % (self.row.label, text, out, err))

    def start(self):
        """None, or why the VM does not start in its present state."""
        if not self.by_name:
            return starts(self.row.file)
        status, _, err = virsh("start", self.row.name)
        virsh("destroy", self.row.name)
        return None if status == 0 else err.strip()

    def run(self):
        row = self.row
        if not self.prepare():
            return False
        before = self.look()
        if not own(before, row.rule):
            return report(row.label, "does not fire: %s" % [f["rule"] for f in before["findings"]])
        real = self.catalogue[row.rule]["class"] == "start" and "check" not in self.spec and self.spec.get("start", True)
        if real and self.start() is None:
            return report(row.label, "the real stack starts it without the fix")
        after, state = before, False
        while state is False:
            last = after
            if not run_fix(row, last):
                return False
            after = self.look()
            state = progress(row, last, after)
        if state is None or not judge(row, before, after):
            return False
        if not real:
            return False
        said = self.start()
        return report(row.label + " on the real stack", said and "it said: %s\n%s" % (said, open(row.file).read()))


def host_rows(rows, catalogue):
    machine = Host()
    started = set()
    for row in rows:
        if HostRow(row, machine, catalogue).run():
            started.add(row.rule)
        machine.reset()
    machine.settle()
    return started


def is_simple(row):
    return not set(row.host) - DOMAIN_KEYS - {"hand", "start", "why"} - ({"target"} if row.versions() else set())


def is_excepted(row, excepted):
    exception = excepted.get((row.rule, row.devices))
    return exception is not None and exception.host.get("machine", "any") in ("any", row.host.get("machine", "pc"))


def proved_elsewhere(rows):
    for row in rows:
        path = os.path.join(os.path.dirname(sys.argv[0]), "..", row.host["test"])
        said = os.path.exists(path) and re.search(r"\b%s\b" % re.escape(row.rule), open(path).read())
        report(row.rule, None if said else "%s does not name it" % row.host["test"])


def spread(rows, catalogue):
    """A row for many rules, "sasl*", becomes a row for each of them that has no other."""
    named = {row.rule for row in rows}
    for row in [row for row in rows if "*" in row.rule]:
        rows.remove(row)
        for rule in sorted(set(fnmatch.filter(catalogue, row.rule)) - named):
            rows.append(Row(rule, row.how, row.host, row.devices))
    return rows


def main():
    catalogue = {rule["id"]: rule for rule in json.load(open(sys.argv[1]))["rules"]}
    part = sys.argv[4]
    os.makedirs("vms", exist_ok=True)
    rows = spread(read_rows(sys.argv[3], {"command", "words", "elsewhere"}), catalogue)
    excepted = {(row.rule, row.devices): row for row in read_rows(sys.argv[3], {"except"})}
    by_hand = {row.rule for row in rows if row.how != "command"}
    cases = [row for path in sorted(glob.glob(sys.argv[2])) for row in read_rows(path, {"fires"}) if is_simple(row)]
    cases = [row for row in cases if row.rule not in by_hand and not is_excepted(row, excepted)]
    for rule in sorted(set(catalogue) - {row.rule for row in rows + cases}):
        report(rule, "has no row")
    mine = [row for row in rows + cases if row.how != "elsewhere" and is_simple(row) == (part == "simple")]
    mine = [row for row in mine if not ONLY or row.rule in ONLY]
    if part == "simple":
        proved_elsewhere([row for row in rows if row.how == "elsewhere"])
    elsewhere = {row.rule for row in rows if not is_simple(row)}
    started = simple_rows(mine, catalogue, elsewhere) if part == "simple" else host_rows(mine, catalogue)
    excused = {row.rule for row in rows if not row.host.get("start", True)}
    excused |= {row.rule for row in mine if row.is_foreign()}
    for rule in sorted({row.rule for row in mine if catalogue[row.rule]["class"] == "start"} - started - excused):
        if not rule.startswith("pki-") and rule not in {row.rule for row in rows if is_simple(row) != (part == "simple")}:
            report(rule, "no row of it was started")
    facts = {row.rule for row in mine if "facts" in row.host}
    count = {how: len({row.rule for row in mine if row.how in hows}) for how, hows in (("command", ("command", "fires")), ("words", ("words",)))}
    foreign = {row.rule for row in mine if row.is_foreign()} - {row.rule for row in mine if not row.is_foreign()}
    print("%s: %d rows, %d rules by command, %d by words; %d rules on the real stack, %d by host facts only, %d by other versions or architectures only; %d passed, %d failed"
          % (part, len(mine), count["command"], count["words"], len(started), len(facts - started), len(foreign), passed, failed))
    sys.exit(1 if failed else 0)


main()
