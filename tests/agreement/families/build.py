# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pieces of domain XML."""
QEMU = "/usr/bin/qemu-system-x86_64"
VGA = '<video><model type="vga"/></video>'
SPICE = '<graphics type="spice" autoport="yes"/>'


def attrs(row, names):
    return "".join(f' {n}="{row[n]}"' for n in names if row.get(n) is not None)


def escape(text):
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def element(name, values, children=""):
    """An element with the attributes that are not None."""
    out = f"<{name}" + "".join(f' {k}="{escape(str(v))}"' for k, v in values.items() if v is not None)
    return f"{out}>{children}</{name}>" if children else out + "/>"


def pick(rng, *values):
    return rng.choice(values)


def sometimes(rng, chance, value, other=None):
    return value if rng.random() < chance else other


def domain(devices, tail="", machine="pc", head="", kind="qemu"):
    return (f"<domain type='{kind}' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><name>@NAME@</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>"
            f"<os><type arch='x86_64' machine='{machine}'>hvm</type></os>{head}<devices><emulator>{QEMU}</emulator>{devices}</devices>{tail}</domain>")
