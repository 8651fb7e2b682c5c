#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Cases for tests/agreement/ask.py from docs/refusals.md: refusals.py PAGE > CASES. Rows that need a fact of the host other than qemu.conf are left out."""
import json
import sys

QEMU = "/usr/bin/qemu-system-x86_64"


def code(cell):
    return cell.strip().strip("`") if "`" in cell else ""


def conf_line(key, value):
    return f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"


def case(name, conf, devices, root=""):
    xml = (f"<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><name>{name}</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>"
           f"<os><type arch='x86_64' machine='pc'>hvm</type></os><devices><emulator>{QEMU}</emulator>{devices}</devices>{root}</domain>")
    return {"conf": conf, "xml": xml}


print(json.dumps({"id": "control", **case("control", [], "<graphics type='spice' autoport='yes'/><video><model type='qxl'/></video>")}))
for number, line in enumerate(open(sys.argv[1], encoding="utf-8"), 1):
    cells = line.rstrip("\n").strip("|").split(" | ")
    if len(cells) != 5 or cells[0].strip() == "where":
        continue
    host = json.loads(code(cells[3]) or "{}")
    if set(host) - {"conf", "root"}:
        continue
    conf = [conf_line(key, value) for key, value in host.get("conf", {}).items()]
    print(json.dumps({"id": f"line {number}: {cells[2]}", **case(f"row{number}", conf, code(cells[4]), host.get("root", ""))}))
