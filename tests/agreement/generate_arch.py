#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes cases of other architectures, as lines of JSON: generate_arch.py [SEED]. For ask.sh with ASK_CASES."""
import itertools
import json
import random
import sys

MACHINES = {
    "aarch64": ["virt", None], "armv7l": ["virt"], "ppc64": ["pseries", None], "s390x": ["s390-ccw-virtio", None], "riscv64": ["virt"],
    "i686": ["pc"], "x86_64": ["microvm", "isapc"],
}
EMULATORS = {"armv7l": "arm", "i686": "i386"}
MODELS = [None, "default", "qxl", "virtio", "vga", "cirrus", "bochs", "vmvga", "ramfb", "none"]
GRAPHICS = {
    "spice": '<graphics type="spice" autoport="yes"/>', "vnc": '<graphics type="vnc" autoport="yes"/>', "none": "",
    "spice-none": '<graphics type="spice"><listen type="none"/></graphics>',
    "sdl": '<graphics type="sdl"/>', "dbus": '<graphics type="dbus" p2p="yes"/>', "tls": '<graphics type="spice" tlsPort="5901"/>',
    "secure": '<graphics type="spice" autoport="yes" defaultMode="secure"/>', "two": '<graphics type="spice" autoport="yes"/><graphics type="spice" autoport="yes"/>',
    "gl": '<graphics type="spice"><listen type="none"/><gl enable="yes"/></graphics>', "image": '<graphics type="spice" autoport="yes"><image compression="lz4"/></graphics>',
    "password": '<graphics type="spice" autoport="yes" passwd="secret"/>',
}
VIDEO = {  # name -> attributes of model, its children, what else
    "heads2": (' heads="2"', "", ""), "heads17": (' heads="17"', "", ""), "accel": ("", '<acceleration accel3d="yes"/>', ""), "iommu": ("", "", '<driver iommu="on"/>'),
    "resolution": ("", '<resolution x="800" y="600"/>', ""), "vram": (' vram="65536"', "", ""), "primary": (' primary="yes"', "", ""),
    "pci": ("", "", '<address type="pci" bus="0" slot="5"/>'), "pci1": ("", "", '<address type="pci" slot="1"/>'), "ccw": ("", "", '<address type="ccw" cssid="0xfe" ssid="0" devno="0x0010"/>'),
    "mmio": ("", "", '<address type="virtio-mmio"/>'), "vhostuser": ("", "", '<driver name="vhostuser"/>'), "isa": ("", "", '<address type="isa"/>'),
}
SECOND = {"qxl": '<video><model type="qxl"/></video>', "virtio": '<video><model type="virtio"/></video>', "vga": '<video><model type="vga"/></video>'}
AGENT = '<channel type="spicevmc"><target type="virtio" name="com.redhat.spice.0"/></channel>'
DEVICES = {
    "agent": AGENT, "agent2": AGENT * 2, "port": '<channel type="spiceport"><source channel="org.x"/><target type="virtio" name="org.x"/></channel>',
    "redir": '<redirdev bus="usb" type="spicevmc"/>', "card": '<smartcard mode="passthrough" type="spicevmc"/>',
    "vdagent": '<channel type="qemu-vdagent"><target type="virtio" name="com.redhat.spice.0"/></channel>', "audio": '<audio id="1" type="none"/>',
    "serial": '<serial type="spiceport"><source channel="org.qemu.console.serial.0"/></serial>',
    **{f"sound-{m}": f'<sound model="{m}"/>' for m in ("ich6", "ich9", "ac97", "usb", "sb16", "es1370", "pcspk")},
}


def domain(arch, machine, devices):
    typed = f' machine="{machine}"' if machine else ""
    return (f"<domain type='qemu'><name>@NAME@</name><memory unit='MiB'>256</memory><vcpu>1</vcpu><os><type arch='{arch}'{typed}>hvm</type></os><on_crash>preserve</on_crash><devices>"
            f"<emulator>/usr/bin/qemu-system-{EMULATORS.get(arch, arch)}</emulator>{devices}</devices></domain>")


def video(model, attrs="", kids="", beside=""):
    typed = f' type="{model}"' if model else ""
    return f"<video>{beside}<model{typed}{attrs}>{kids}</model></video>"


def rows(arch, machine, seed):
    for model, shown in itertools.product(MODELS, ("spice", "vnc", "none")):
        yield f"model={model} graphics={shown}", GRAPHICS[shown] + video(model)
    yield "no video", GRAPHICS["spice"]
    for name, text in GRAPHICS.items():
        yield f"graphics={name}", text + video("virtio")
    for model in ("virtio", "vga"):
        for name, parts in VIDEO.items():
            yield f"{model} {name}", GRAPHICS["spice"] + video(model, *parts)
    for (first, second) in itertools.product(("virtio", "vga", None), SECOND):
        yield f"{first} and {second}", GRAPHICS["spice"] + video(first) + SECOND[second]
    for name, text in DEVICES.items():
        yield f"device={name}", GRAPHICS["spice"] + video("virtio") + text
        if name in ("agent", "port", "redir", "card"):
            yield f"device={name} vnc", GRAPHICS["vnc"] + video("virtio") + text
    rng = random.Random(f"{arch}{machine}{seed}")
    for _ in range(25):
        model, shown, device = rng.choice(MODELS), rng.choice(list(GRAPHICS)), rng.choice(list(DEVICES))
        name = rng.choice(list(VIDEO))
        yield f"mixed {model} {name} {shown} {device}", GRAPHICS[shown] + video(model, *VIDEO[name]) + DEVICES[device]


def main():
    number, seed = 0, sys.argv[1] if len(sys.argv) > 1 else ""
    for arch, machines in MACHINES.items():
        for machine in machines:
            for note, devices in rows(arch, machine, seed):
                number += 1
                print(json.dumps({"id": f"arch-{number:04d}", "group": arch, "note": f"{arch} {machine}: {note}", "conf": [],
                                  "xml": domain(arch, machine, devices).replace("@NAME@", f"arch{number}")}))


main()
