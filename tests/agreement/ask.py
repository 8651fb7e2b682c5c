#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Asks the libvirtd of a private test host: ask.py CASES.jsonl OUT.jsonl. Started by ask.sh."""
import json
import os
import signal
import subprocess
import sys
import time

import libvirt

CONF = "/etc/libvirt/qemu.conf"


class Daemon:
    def __init__(self):
        self.stock = open(CONF, encoding="utf-8").read()
        self.process = None

    def restart(self, lines):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
        with open(CONF, "w", encoding="utf-8") as file:
            file.write(self.stock + "\n" + "".join(line + "\n" for line in lines))
        log = open("/run/test/libvirtd.log", "wb")
        self.process = subprocess.Popen(["tini", "-s", "--", "libvirtd", "-p", "/run/libvirtd.pid"], stdout=log, stderr=log)
        error = "libvirtd did not answer"
        for _ in range(100):
            try:
                return libvirt.open("qemu:///system"), None
            except libvirt.libvirtError as failure:
                error = str(failure)
                # a daemon without the driver answers with "no connection driver" and the like
                if "socket" not in error:
                    break
                time.sleep(0.05)
        text = open("/run/test/libvirtd.log", encoding="utf-8", errors="replace").read()
        told = [line.split(": ", 3)[-1] for line in text.splitlines() if " error " in line]
        return None, "libvirtd: " + (told[0] if told else error)


def ask(connection, case):
    case.update(defines=False, starts=False, error=None)
    try:
        domain = connection.defineXML(case["xml"])
        case["defines"] = True
    except libvirt.libvirtError as failure:
        case["error"] = str(failure).splitlines()[0]
        return
    try:
        domain.create()
        case["starts"] = domain.isActive() == 1
        domain.destroy()
    except libvirt.libvirtError as failure:
        case["error"] = " / ".join(str(failure).splitlines()[:3])[:400]
    domain.undefine()


def main():
    libvirt.registerErrorHandler(lambda *_: None, None)
    cases = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
    groups = {}
    for case in cases:
        groups.setdefault(tuple(case["conf"]), []).append(case)
    daemon = Daemon()
    begin = time.time()
    done = 0
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        for conf, group in groups.items():
            connection, error = daemon.restart(conf)
            for case in group:
                if connection:
                    ask(connection, case)
                else:
                    case.update(defines=False, starts=False, error=error)
                out.write(json.dumps(case, ensure_ascii=False) + "\n")
            out.flush()
            if connection:
                connection.close()
            done += len(group)
            if done == len(cases) or done // 200 != (done - len(group)) // 200:
                print(f"{done} of {len(cases)} cases, {time.time() - begin:.0f} s", flush=True)
    daemon.process.terminate()
    daemon.process.wait()


main()
