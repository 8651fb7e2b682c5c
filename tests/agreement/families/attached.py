# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices that are connected to a console: channels, USB redirection, smart cards, sound, input."""
from .build import SPICE, VGA, domain, element, sometimes

SCREENS = [SPICE] * 5 + ["", '<graphics type="vnc" autoport="yes"/>', '<graphics type="spice"><listen type="none"/></graphics>', SPICE + '<graphics type="vnc" autoport="yes"/>', '<graphics type="dbus"/>']
CHAR_TYPES = ["spicevmc", "spicevmc", "spicevmc", "spiceport", "spiceport", "qemu-vdagent", "pty", "null", "dbus"]


def source(rng, kind):
    inside = sometimes(rng, 0.1, rng.choice(['<clipboard copypaste="yes"/>', '<mouse mode="client"/>', '<clipboard copypaste="x"/>', '<mouse mode="x"/>', "<clipboard/>", "<mouse/>"]), "")
    values = {"channel": sometimes(rng, 0.8 if kind in ("spiceport", "dbus") else 0.1, rng.choice(["org.x.0", "org.y.0", "", "a b", "org.spice-space.webdav.0", "org.qemu.monitor.qmp.0"])),
              "mode": sometimes(rng, 0.8 if kind in ("unix", "tcp") else 0.05, rng.choice(["bind", "connect"])), "path": sometimes(rng, 0.8 if kind in ("unix", "file") else 0.03, f"/srv/ok/{kind}"),
              "host": "127.0.0.1" if kind == "tcp" else None, "service": "4555" if kind == "tcp" else None}
    if all(v is None for v in values.values()) and not inside:
        return ""
    return element("source", values, inside)


def target(rng, element_name):
    if element_name == "channel":
        kind = rng.choice(["virtio"] * 6 + ["guestfwd", "xen", None, "x"])
        values = {"type": kind, "name": sometimes(rng, 0.8, rng.choice(["com.redhat.spice.0", "com.redhat.spice.0", "org.x.0", "org.y.0", "org.qemu.guest_agent.0", "", "com.redhat.spice.1", "org.spice-space.webdav.0"])),
                  "address": "10.0.2.1" if kind == "guestfwd" else None, "port": "4600" if kind == "guestfwd" else None, "state": sometimes(rng, 0.05, rng.choice(["connected", "x"]))}
        return sometimes(rng, 0.95, element("target", values), "")
    kinds = {"serial": ["isa-serial", "usb-serial", "pci-serial", None], "console": ["virtio", "serial", None, "xen"], "parallel": [None, "x"]}[element_name]
    return sometimes(rng, 0.5, element("target", {"type": rng.choice(kinds), "port": sometimes(rng, 0.4, rng.choice(["0", "1", "x"]))}), "")


def char(rng):
    name = rng.choice(["channel"] * 6 + ["serial", "serial", "console", "parallel"])
    kind = rng.choice(CHAR_TYPES)
    address = sometimes(rng, 0.1, element("address", {"type": "virtio-serial", "controller": rng.choice(["0", "1", "x"]), "bus": "0", "port": rng.choice(["0", "1", "2", "31", "32"])}), "") if name == "channel" else ""
    return element(name, {"type": kind}, source(rng, kind) + target(rng, name) + address + sometimes(rng, 0.05, '<alias name="ua-c"/>', ""))


def redirdev(rng):
    values = {"bus": sometimes(rng, 0.9, "usb"), "type": rng.choice(["spicevmc"] * 5 + ["spiceport", "pty", "null", None])}
    return element("redirdev", values, source(rng, values["type"]) + sometimes(rng, 0.15, rng.choice(['<boot order="1"/>', '<boot order="2"/>', '<boot order="0"/>', "<boot/>"]), "")
                   + sometimes(rng, 0.2, rng.choice(['<address type="usb" bus="0" port="1"/>', '<address type="usb" bus="0" port="2"/>', '<address type="usb" bus="0" port="3"/>', '<address type="usb" bus="1" port="1"/>', '<address type="pci" slot="7"/>',
                                                     '<address type="usb" bus="0" port="x"/>', '<address type="usb" bus="0" port="1.1"/>']), "") + sometimes(rng, 0.05, '<protocol type="raw"/>', ""))


FILTERS = ["<redirfilter><usbdev class='0x08' vendor='0x1234' product='0xbeef' version='2.56' allow='yes'/><usbdev allow='no'/></redirfilter>", "<redirfilter><usbdev allow='x'/></redirfilter>", "<redirfilter><usbdev/></redirfilter>",
           "<redirfilter/>", "<redirfilter><usbdev class='x' allow='yes'/></redirfilter>", "<redirfilter><usbdev version='2' allow='yes'/></redirfilter>", "<redirfilter><usbdev allow='no'/></redirfilter>" * 2,
           "<redirfilter><usbdev class='0x100' allow='yes'/></redirfilter>", "<redirfilter><usbdev class='-1' vendor='-1' product='-1' version='-1' allow='yes'/></redirfilter>", "<redirfilter><usbdev version='2.5.6' allow='yes'/></redirfilter>"]


def smartcard(rng):
    mode = rng.choice(["passthrough"] * 6 + ["x", None])
    values = {"mode": mode, "type": sometimes(rng, 0.9, rng.choice(["spicevmc", "spicevmc", "spiceport", "x", "pty"])) if mode == "passthrough" else None}
    kids = source(rng, values["type"]) + sometimes(rng, 0.2, rng.choice(['<address type="ccid" controller="0" slot="0"/>', '<address type="ccid" controller="0" slot="1"/>', '<address type="ccid" controller="1" slot="0"/>', '<address type="usb" bus="0" port="1"/>']), "")
    return element("smartcard", values, kids)


USB = ["", "", "", '<controller type="usb" model="none"/>', '<controller type="usb" model="qemu-xhci"/>', '<controller type="usb" model="ich9-ehci1"/>', '<controller type="usb" model="nec-xhci" ports="2"/>',
       '<controller type="ccid"/>', '<controller type="virtio-serial"/>', '<controller type="virtio-serial" ports="1"/>', '<controller type="usb" index="1" model="qemu-xhci"/>', '<controller type="virtio-serial" index="1"/>', '<controller type="usb"/>', '<hub type="usb"/>']


def input_device(rng):
    return rng.choice(['<input type="tablet" bus="usb"/>', '<input type="mouse" bus="ps2"/>', '<input type="keyboard" bus="virtio"/>', '<input type="tablet" bus="virtio"/>', '<input type="mouse"/>', '<input type="tablet"/>'])


def attached(rng):
    makers = [rng.choice([char] * 4 + [redirdev] * 3 + [smartcard] * 2 + [lambda r: r.choice(FILTERS), input_device, input_device]) for _ in range(rng.choice([1, 1, 1, 2, 2, 3]))]
    devices = "".join(maker(rng) for maker in makers) + rng.choice(USB)
    shown = rng.choice(SCREENS)
    machine = rng.choice(["pc", "pc", "q35"])
    return {"conf": [], "xml": domain(shown + VGA + devices, machine=machine), "note": f"{machine} {shown} {devices}"}


FAMILIES = {"attached": attached}
