# SPDX-License-Identifier: LGPL-2.1-or-later
"""Video devices: models, memory, drivers, PCI addresses on pc and q35, what else a <video> may contain."""
from .build import SPICE, domain, element, sometimes

MODELS = ["qxl", "qxl", "virtio", "virtio", "vga", "bochs", "cirrus", "vmvga", "ramfb", "none", None]
SIZES = [None, None, None, "0", "1024", "4096", "8192", "16384", "65536", "131072", "1000", "262144", "2097152", "1", "512", "1048576"]
PC_HEADS = ["", "", '<features><acpi/></features>', '<features><acpi/><apic/></features>']


def model(rng, kind):
    values = {"type": kind, "primary": sometimes(rng, 0.2, rng.choice(["yes", "yes", "no"])), "heads": sometimes(rng, 0.25, rng.choice(["1", "2", "4", "16", "17"]))}
    for name, chance in (("ram", 0.1), ("vram", 0.25), ("vram64", 0.1), ("vgamem", 0.1)):
        if rng.random() < chance * (2 if kind == "qxl" else 1):
            values[name] = rng.choice(SIZES)
    if rng.random() < 0.05:
        values["blob"] = rng.choice(["on", "off"])
    kids = sometimes(rng, 0.1, '<resolution x="1024" y="768"/>', "") + sometimes(rng, 0.08, rng.choice(['<acceleration accel3d="no"/>', '<acceleration accel3d="yes"/>', '<acceleration accel2d="no" accel3d="no"/>']), "")
    return element("model", values, kids)


def pci(rng, machine):
    slots = ["0x00", "0x01", "0x02", "0x03", "0x04", "0x05", "0x10", "0x1b", "0x1e", "0x1f"]
    values = {"type": "pci", "domain": sometimes(rng, 0.3, rng.choice(["0x0000", "0", "0x0000", "0x0001"])), "bus": sometimes(rng, 0.6, rng.choice(["0x00", "0x00", "0x00", "0x01", "0x02", "0x03", "0x04", "0x05", "0x10", "0x20"])),
              "slot": sometimes(rng, 0.95, rng.choice(slots)), "function": sometimes(rng, 0.4, rng.choice(["0x0", "0x0", "0x1", "0x2", "0x3", "0x7"])), "multifunction": sometimes(rng, 0.15, rng.choice(["on", "off"]))}
    return element("address", values)


def extras(rng):
    return sometimes(rng, 0.05, rng.choice(['<rom bar="on"/>', '<rom bar="off"/>', '<rom enabled="no"/>', '<rom file="/dev/null"/>', '<rom enabled="no" bar="on"/>', '<rom bar="x"/>', '<rom file="/srv/gone/x"/>']), "") \
        + sometimes(rng, 0.05, rng.choice(['<alias name="ua-v"/>', '<alias name="ua-w"/>', '<alias name="video0"/>', '<alias name="x"/>', '<alias/>', '<alias name="ua-a b"/>']), "") \
        + sometimes(rng, 0.04, rng.choice(['<acpi index="1"/>', '<acpi index="2"/>', '<acpi index="0"/>', '<acpi index="x"/>', '<acpi index="16384"/>']), "") \
        + sometimes(rng, 0.03, rng.choice(['<boot order="1"/>', '<boot order="0"/>', "<boot/>"]), "")


def video(rng, machine, address=0.5):
    kind = rng.choice(MODELS)
    driver = sometimes(rng, 0.1, rng.choice(['<driver name="qemu"/>', '<driver iommu="on"/>', '<driver ats="off"/>', '<driver packed="on"/>', '<driver page_per_vq="on"/>', '<driver name="vhostuser"/>', "<driver/>"]), "")
    return "<video>" + driver + model(rng, kind) + sometimes(rng, address, pci(rng, machine), "") + extras(rng) + "</video>"


CONTROLLERS = {
    "pc": ['<controller type="pci" index="0" model="pci-root"/>', '<controller type="pci" model="pci-root"/>', '<controller type="pci" model="pci-bridge" index="1"/>', '<controller type="pci" model="pci-bridge" index="3"/>',
           '<controller type="pci" model="pci-root"/><controller type="pci" model="pci-bridge"/>', '<controller type="usb" model="none"/>', '<controller type="usb" model="ich9-ehci1"/>', '<controller type="usb" model="qemu-xhci"/>',
           '<controller type="usb" model="piix3-uhci"/>', '<controller type="virtio-serial"/>', '<controller type="scsi" model="virtio-scsi"/>', '<controller type="usb" model="nec-xhci"><address type="pci" slot="0x02"/></controller>',
           '<controller type="pci" model="pci-bridge"/>', '<controller type="pci" model="pcie-root-port" index="1"/>', '<controller type="pci" model="pcie-root"/>', '<controller type="pci" index="1" model="pci-bridge"><address type="pci" slot="0x05"/></controller>'],
    "q35": ['<controller type="pci" index="0" model="pcie-root"/>', '<controller type="pci" model="pcie-root"/>', '<controller type="pci" model="pcie-root-port" index="1"/>', '<controller type="pci" model="pcie-root-port" index="2"/>',
            '<controller type="pci" model="pcie-root"/><controller type="pci" model="pcie-root-port"/>', '<controller type="pci" index="1" model="dmi-to-pci-bridge"/><controller type="pci" index="2" model="pci-bridge"/>',
            '<controller type="pci" index="1" model="pcie-root-port"/><controller type="pci" index="2" model="pcie-to-pci-bridge"/>', '<controller type="pci" index="1" model="dmi-to-pci-bridge"/>', '<controller type="usb" model="none"/>',
            '<controller type="usb" model="ich9-ehci1"/>', '<controller type="usb" model="qemu-xhci"/>', '<controller type="sata" index="0"/>', '<controller type="virtio-serial"/>', '<controller type="scsi" model="virtio-scsi"/>',
            '<controller type="pci" model="pcie-root-port" index="1"><address type="pci" slot="0x02"/></controller>', '<controller type="pci" model="pcie-root-port" index="1"><address type="pci" slot="0x01" multifunction="on"/></controller>',
            '<controller type="pci" model="pcie-root-port"/>', '<controller type="pci" model="pci-root"/>', '<controller type="pci" model="pci-expander-bus" index="1"/>', '<controller type="pci" index="1" model="pcie-expander-bus"/>',
            '<controller type="pci" index="1" model="pcie-root-port"/><controller type="pci" index="2" model="pcie-switch-upstream-port"/><controller type="pci" index="3" model="pcie-switch-downstream-port"/>'],
}
OTHERS = ['<memballoon model="none"/>', '<memballoon model="virtio"><address type="pci" slot="0x02"/></memballoon>', '<memballoon model="virtio"><address type="pci" bus="0" slot="3"/></memballoon>', '<sound model="ich6"/>',
          '<sound model="ich9"><address type="pci" slot="0x1b"/></sound>', '<sound model="ac97"><address type="pci" slot="0x05"/></sound>', '<rng model="virtio"><backend model="random">/dev/urandom</backend></rng>',
          '<rng model="virtio"><backend model="random">/dev/urandom</backend><address type="pci" slot="0x04" function="0x1"/></rng>', '<watchdog model="i6300esb"/>', '<input type="tablet" bus="virtio"/>', '<input type="tablet" bus="usb"/>',
          '<sound model="ich6"><address type="pci" slot="0x05" multifunction="on"/></sound>', '<sound model="ich6"><address type="pci" slot="0x05" function="0x1"/></sound>']
SCREENS = [SPICE, SPICE, SPICE, "", '<graphics type="vnc" autoport="yes"/>', '<graphics type="spice"><listen type="none"/></graphics>', SPICE + '<graphics type="egl-headless"><gl rendernode="/dev/null"/></graphics>']


def screens(rng):
    machine = rng.choice(["pc", "pc", "q35"])
    shown = rng.choice(SCREENS)
    videos = "".join(video(rng, machine) for _ in range(rng.choice([1, 1, 1, 2, 2, 3])))
    rest = "".join(rng.choice(CONTROLLERS[machine]) for _ in range(rng.choice([0, 0, 1]))) + "".join(rng.choice(OTHERS) for _ in range(rng.choice([0, 0, 1])))
    parts = [videos, rest]
    if rng.random() < 0.3:
        parts.reverse()
    return {"conf": [], "xml": domain(shown + "".join(parts), machine=machine), "note": f"{machine} {videos} {rest}"}


def places(rng):
    """One plain video device at a PCI address, with a few others."""
    machine = rng.choice(["pc", "q35"])
    kind = rng.choice(["qxl", "virtio", "vga", "bochs", "vmvga", "cirrus"])
    videos = f'<video><model type="{kind}"/>{pci(rng, machine)}</video>' + sometimes(rng, 0.3, f'<video><model type="qxl"/>{sometimes(rng, 0.6, pci(rng, machine), "")}</video>', "")
    rest = sometimes(rng, 0.5, rng.choice(CONTROLLERS[machine]), "") + sometimes(rng, 0.4, rng.choice(OTHERS), "")
    return {"conf": [], "xml": domain(SPICE + videos + rest, machine=machine), "note": f"{machine} {videos} {rest}"}


def memory(rng):
    kind = rng.choice(MODELS)
    values = {"type": kind, "heads": sometimes(rng, 0.3, rng.choice(["0", "1", "2", "3", "8", "15", "16", "17", "20", "64"])), "primary": sometimes(rng, 0.2, rng.choice(["yes", "no"]))}
    pool = ["0", "1", "2", "511", "512", "513", "1023", "1024", "1025", "2047", "2048", "2049", "4095", "4096", "8192", "9216", "16384", "65000", "65536", "65537", "262143", "262144", "262145", "524288", "1048576", "1048577",
            "2097151", "2097152", "2097153", "4194303", "4194304", "4194305", "2147483647", "2147483648", "2147483649", "4294966272", "4294967294", "4294967295", "16777216", "33554432"]
    for name in ("ram", "vram", "vram64", "vgamem"):
        values[name] = sometimes(rng, 0.35 if kind == "qxl" else 0.2, rng.choice(pool))
    text = f"<video>{element('model', values)}</video>"
    shown = rng.choice(SCREENS)
    second = sometimes(rng, 0.2, '<video><model type="qxl"/></video>', "")
    return {"conf": [], "xml": domain(shown + rng.choice([text + second, second + text])), "note": f"{text} {bool(second)}"}


FAMILIES = {"screens": screens, "places": places, "memory": memory}
