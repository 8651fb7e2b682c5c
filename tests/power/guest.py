# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs in the guest, as its only process: reads work/job, does what it says with each disk, and writes work/done."""
import ctypes
import os
import pickle
import subprocess
import sys

WORK, HERE = sys.argv[1:]
sys.path.insert(0, f"{HERE}/../crash")

import look  # noqa: E402


def mount(device, job):
    done = subprocess.run(["mount", "-t", job["fs"], "-o", "noatime", device, job["tree"]], capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


def run(job, *words):
    done = subprocess.run([job["program"], "--root", job["tree"], *words], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


def seen(tree):
    have, _ = look.look(tree)
    return {path: entry for path, entry in have.items() if path != "lost+found"}


def prepare(job, device):
    """The old tree, durable."""
    error = mount(device, job)
    if not error:
        if os.path.isdir(f"{job['tree']}/lost+found"):
            os.rmdir(f"{job['tree']}/lost+found")
        look.build(job["tree"], job["old"], job["groups"])
        subprocess.run(["umount", job["tree"]], check=True)
    return error


def record(job, device):
    """The command; the power fails right after it."""
    error = mount(device, job)
    return error or (*run(job, "batch", job["batch"], "-q"), seen(job["tree"]))


def recover(job, device):
    """After a power cut: recovered, twice, looked at."""
    error = mount(device, job)
    if error:
        return error
    first, again = run(job, "recover"), run(job, "recover")
    have = seen(job["tree"])
    subprocess.run(["umount", job["tree"]], check=True)
    return (*first, again[0], have)


def main():
    with open(f"{WORK}/job", "rb") as file:
        job = pickle.load(file)
    os.makedirs(job["tree"], exist_ok=True)
    done = [{"prepare": prepare, "record": record, "recover": recover}[job["what"]](job, f"/dev/vd{chr(ord('a') + number)}") for number in range(job["disks"])]
    with open(f"{WORK}/done.new", "wb") as file:
        pickle.dump(done, file)
    os.rename(f"{WORK}/done.new", f"{WORK}/done")


try:
    main()
except BaseException as error:  # pylint: disable=broad-except
    print(f"guest: {error!r}", flush=True)
# at once, without a sync: RB_POWER_OFF
ctypes.CDLL(None).reboot(0x4321FEDC)
