# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds disks as real trees, recovers them and judges what is there then."""
import ctypes
import hashlib
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import traceback

import look

HERE = os.path.dirname(os.path.abspath(__file__))
STATE = "var/lib/spicecfg"
LOCK = re.compile(r"etc/g(roup|shadow)\.lock$")
LEFT = re.compile(r"\.[^/]*\.spicecfg-tmp$|(^|/)g(roup|shadow)\.lock$")


def number(*words):
    """A number that depends on the words alone."""
    return int.from_bytes(hashlib.sha256(repr(words).encode()).digest()[:6], "big")


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def enter():
    """Starts the program again with a /run of its own."""
    if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        skip("needs root and private mounts")
    if "CRASH_RUN" not in os.environ:
        os.environ["CRASH_RUN"] = "1"
        os.execv(f"{HERE}/../private_run", [f"{HERE}/../private_run", *sys.argv])
    if subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], check=False, capture_output=True).returncode:
        skip("strace can't trace here")
    # the leak detector can't trace what is traced
    os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    os.umask(0o022)


def place():
    """Where trees are built: in memory, if possible."""
    return tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.ismount("/dev/shm") else None)


class Ground:
    """Where one worker builds trees, all at the path at which the command was recorded; with a /run of its own."""

    def __init__(self, setup, index):
        self.setup, self.have, self.shared = setup, None, ()
        self.out = f"{setup.top}/calls-{index}"
        own = f"{setup.top}/worker-{index}"
        os.mkdir(own)
        if ctypes.CDLL(None, use_errno=True).unshare(0x00020000):
            raise OSError(ctypes.get_errno(), "unshare")
        for words in (["mount", "--make-rprivate", "/"], ["mount", "--bind", own, setup.tree], ["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"]):
            subprocess.run(words, check=True)

    def build(self, tree, groups):
        look.build(self.setup.tree, tree, groups, self.have, self.shared)
        self.have, self.shared = tree, [path for group in groups for path in group]

    def look(self):
        self.have, groups = look.look(self.setup.tree)
        self.shared = [path for group in groups for path in group]
        return self.have

    def recover(self, *before):
        self.have = None  # unknown until the next look
        words = self.setup.command(before, "recover")
        return subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=60)

    def killed(self, at):
        """Recovers, but kills it at its call `at` (0: not at all). Returns the number of calls it made, and whether it was killed."""
        done = self.recover(self.setup.call_at, self.out, "kill" if at else "count", str(at))
        if done.returncode == 125:
            raise RuntimeError("call_at does not work here")
        with open(self.out, encoding="ascii") as file:
            return int(file.read().split()[0]), done.returncode == 137


class Setup:
    """What all workers share. `recovering`: the recorded command is a recovery, which may end with either tree. `judged`: a disk is judged as it is, since nothing recovers (before there was a journal). `own`: the tree is the program's root directory."""

    def __init__(self, program, call_at, top, own=False):
        self.program, self.call_at, self.top, self.tree, self.own = program, call_at, top, f"{top}/tree", own
        self.history = self.old = self.new = None
        self.judged = self.recovering = False

    def command(self, before, *words):
        """The words that run the program, behind others (call_at and the like)."""
        if not self.own:
            return [*before, self.program, "--root", self.tree, *words]
        # call_at counts only what the program itself does
        inner = [f"/host{before[0]}", *before[1:], f"/host{self.program}"] if before else [f"/host{self.program}"]
        return ["unshare", "-m", "--propagation", "private", f"{HERE}/enter", self.tree, *inner, *words]

    def seen(self, have):
        """What is compared: not the locks of shadow's own programs, which take over those of the dead; not whether the history that a host keeps has a directory yet."""
        have = {path: entry for path, entry in have.items() if not LOCK.match(path)}
        if not self.own:
            return have
        return {path: entry for path, entry in have.items() if path not in (STATE, f"{STATE}/tx", f"{STATE}/history")}

    def judge(self, have, end):
        """"old", "new" or lines that say what is wrong. A command that ended has changed everything."""
        if self.judged:
            have = {path: entry for path, entry in have.items() if not LEFT.search(path)}
        have = self.seen(have)
        if have == self.new:
            return "new"
        may_be_old = self.recovering or end < len(self.history.ops)
        if have == self.old and may_be_old:
            return "old"
        to_old, to_new = look.differences(have, self.old), look.differences(have, self.new)
        nearer, name = (to_old, "old") if may_be_old and len(to_old) <= len(to_new) else (to_new, "new")
        return [f"{len(to_old)} differences from the old tree, {len(to_new)} from the new one; from the {name} one:", *nearer[:12]]


def check(setup, ground, state, everywhere):
    """One state: (verdict, kills). everywhere: recovery is killed at each of its calls, not at one; None: at none."""
    end, lost, halved = state
    tree, groups = setup.history.disk(end, lost, halved).look()
    if setup.judged:
        return setup.judge(tree, end), 0
    kills, seed = 0, number(state)
    ground.build(tree, groups)
    calls = ground.killed(0)[0] if everywhere is not None else 0
    verdict = finished(ground, end)
    for at in (range(1, calls + 1) if everywhere else [1 + seed % calls] if calls else ()):
        if isinstance(verdict, list):
            break
        ground.build(tree, groups)
        kills += ground.killed(at)[1]
        after = finished(ground, end)
        verdict = [f"recovery killed at its call {at} of {calls}:", *after] if isinstance(after, list) else verdict
    return verdict, kills


def finished(ground, end):
    """After a recovery that was killed or not: once more, which leaves nothing to do."""
    done = ground.recover()
    verdict = ground.setup.judge(ground.look(), end)
    if done.returncode:
        return [f"recover: exit {done.returncode}: {(done.stdout + done.stderr).strip()[:2000]}", *(verdict if isinstance(verdict, list) else [verdict])]
    return [*verdict, (done.stdout + done.stderr).strip()[:2000]] if isinstance(verdict, list) else verdict


def work(setup, index, jobs, states, everywhere, stop, results):
    try:
        ground = None if setup.judged else Ground(setup, index)
        for at in range(index, len(states), jobs):
            if stop.is_set():
                break
            results.put((at, *check(setup, ground, states[at], None if everywhere is None else states[at] in everywhere)))
    except Exception:  # pylint: disable=broad-except
        results.put((None, ["a worker failed:", traceback.format_exc()], 0))
    results.put(None)


def run(setup, states, jobs, everywhere=frozenset(), first_only=False):
    """Yields (state, verdict, kills) for each; everywhere: those in which recovery is killed at each call, None: it is never killed; first_only: until the first failure."""
    results, stop = multiprocessing.Queue(), multiprocessing.Event()
    workers = [multiprocessing.Process(target=work, args=(setup, index, jobs, states, everywhere, stop, results)) for index in range(jobs)]
    for worker in workers:
        worker.start()
    running = jobs
    while running:
        row = results.get()
        if row is None:
            running -= 1
        elif row[0] is None:
            sys.exit("\n".join(row[1]))
        elif not stop.is_set():
            yield states[row[0]], *row[1:]
            if first_only and isinstance(row[1], list):
                stop.set()
    for index, worker in enumerate(workers):
        worker.join()
        subprocess.run(["rm", "-rf", f"{setup.top}/worker-{index}"], check=True)
