#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tries cases on the libvirtd of a private test host: ask.py CASES.jsonl OUT.jsonl. Started by ask.sh."""
import json
import os
import signal
import socket
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
                # a daemon without the driver answers with "no connection driver" or similar
                if "socket" not in error:
                    break
                time.sleep(0.05)
        text = open("/run/test/libvirtd.log", encoding="utf-8", errors="replace").read()
        told = [line.split(": ", 3)[-1] for line in text.splitlines() if " error " in line]
        return None, "libvirtd: " + (told[0] if told else error)


class Blockers:
    """Sockets of another program, as env.block of a case requests."""

    def __init__(self, names):
        self.sockets = []
        for name in names:
            address, port = name.rsplit(":", 1)
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            one = socket.socket(family, socket.SOCK_STREAM)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if address == "::" else 1)
            try:
                one.bind((address, int(port)))
                one.listen(1)
            except OSError:  # two sockets on one port
                one.close()
                continue
            self.sockets.append(one)

    def close(self):
        for one in self.sockets:
            one.close()


def start(connection, xml, out):
    """Defines and starts; returns the domain if it was defined."""
    try:
        domain = connection.defineXML(xml)
        out["defines"] = True
    except libvirt.libvirtError as failure:
        out["error"] = str(failure).splitlines()[0]
        return None
    try:
        domain.create()
        out["starts"] = domain.isActive() == 1
    except libvirt.libvirtError as failure:
        out["error"] = " / ".join(str(failure).splitlines()[:3])[:400]
    return domain


def ask(connection, case):
    """The verdict of the last domain while those before it run, if they start."""
    blockers = Blockers((case.get("env") or {}).get("block", []))
    domains = []
    for xml in case.get("xmls") or [case["xml"]]:
        case.update(defines=False, starts=False, error=None)
        domain = start(connection, xml, case)
        if domain:
            domains.append(domain)
    for domain in domains:
        try:
            domain.destroy()
        except libvirt.libvirtError:
            pass
        try:
            domain.undefine()
        except libvirt.libvirtError:
            pass
    blockers.close()


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
