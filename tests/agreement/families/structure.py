# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same domain written differently: order, repetition, places, comments, namespaces; machines and what else affects the screen."""
from .build import QEMU, SPICE, VGA, domain

HEAD = "<name>@NAME@</name><memory unit='MiB'>64</memory><vcpu>1</vcpu><os><type arch='x86_64' machine='pc'>hvm</type></os>"
EMULATOR = f"<emulator>{QEMU}</emulator>"
BAD_SPICE = '<graphics type="spice" port="70000"/>'
BAD_VIDEO = '<video><model type="vga" heads="2"/></video>'


def whole(inner, attrs="type='qemu'"):
    return f"<domain {attrs}>{inner}</domain>"


def devices(text):
    return whole(f"{HEAD}<devices>{EMULATOR}{text}</devices>")


FIXED = [
    whole(f"<devices>{EMULATOR}{SPICE}{VGA}</devices>{HEAD}"), whole(f"{HEAD}<devices>{EMULATOR}{SPICE}</devices><devices>{VGA}</devices>"), whole(f"{HEAD}<devices>{EMULATOR}{SPICE}</devices><devices>{BAD_SPICE}</devices>"),
    whole(f"{HEAD}{SPICE}<devices>{EMULATOR}{VGA}</devices>"), whole(f"{HEAD}{BAD_SPICE}<devices>{EMULATOR}{VGA}</devices>"), whole(f"{HEAD}<devices>{EMULATOR}<x>{BAD_SPICE}</x>{VGA}</devices>"),
    devices(f"<!-- {SPICE} -->{VGA}"), devices(f"{SPICE}<!-- {BAD_SPICE} -->{VGA}"), devices(f"<![CDATA[{BAD_SPICE}]]>{SPICE}{VGA}"), devices(f"{SPICE}text{VGA}"), devices(f"<?pi {BAD_SPICE}?>{SPICE}{VGA}"),
    devices(f'<x:graphics xmlns:x="urn:x" type="bogus"/>{SPICE}{VGA}'), devices(f'<graphics xmlns="urn:x" type="bogus"/>{SPICE}{VGA}'), devices(f'<graphics xmlns:x="urn:x" x:type="bogus" type="spice" autoport="yes"/>{VGA}'),
    devices(f'<graphics xmlns:x="urn:x" type="spice" autoport="yes" x:port="abc"/>{VGA}'), devices(f'<graphics xmlns:x="urn:x" x:type="spice" autoport="yes"/>{VGA}'), devices(f'<graphics type="spice" autoport="yes"><x:image xmlns:x="urn:x" compression="bogus"/></graphics>{VGA}'),
    devices(f'<graphics type="spice" autoport="yes"><image xmlns="urn:x" compression="bogus"/></graphics>{VGA}'), devices(f'<graphics type="spice" autoport="yes"><x><image compression="bogus"/></x></graphics>{VGA}'),
    devices(f'<graphics type="spice" autoport="yes"><image compression="glz"/><image compression="bogus"/></graphics>{VGA}'), devices(f'<graphics type="spice" autoport="yes"><gl enable="no"/><gl enable="bogus"/></graphics>{VGA}'),
    devices(f'<graphics type="spice" autoport="yes"><unknown/>text<a b="c"/></graphics>{VGA}'), devices(f'<graphics type="spice" autoport="yes" unknown="x"/>{VGA}'), devices(f'<Graphics type="bogus"/>{SPICE}{VGA}'),
    devices(f'{SPICE}<video/>'), devices(f'{SPICE}<video><x/></video>'), devices(f'{SPICE}<video><model/></video>'), devices(f'{SPICE}<video><model type="qxl"/><model type="bogus"/></video>'), devices(f'{SPICE}<video><model heads="2"/><model type="qxl"/></video>'),
    devices(f'{SPICE}<video><model heads="2"/><model type="vga"/></video>'), devices(f'{SPICE}<video><x><model type="bogus"/></x></video>'), devices(f'{SPICE}<video type="bogus"><model type="qxl"/></video>'), devices(f'{SPICE}<video heads="2"><model type="vga"/></video>'),
    devices(f'{SPICE}<video><model type="vga"><model type="bogus" heads="4"/></model></video>'), devices(f'{SPICE}<video><model type="virtio"><acceleration accel3d="no"/><acceleration accel3d="bogus"/></model></video>'),
    devices(f'{SPICE}<video><model type="virtio"/><acceleration accel3d="bogus"/></video>'), devices(f'{SPICE}<video><model type="virtio"/><resolution x="0" y="0"/></video>'), devices(f'{SPICE}<video><model type="virtio"><driver name="bogus"/></model></video>'),
    devices(f'{SPICE}<video><driver name="qemu"/><driver name="bogus"/><model type="virtio"/></video>'), devices(f'{SPICE}<video><model type="qxl"/><address type="pci" slot="5"/><address type="bogus"/></video>'),
    devices(f'{SPICE}<video><model type="none"/></video><video><model type="none"/></video>'), devices(f'{SPICE}<video><model type="none" heads="x"/></video>'), devices(f'{SPICE}<video><model type="none"/><address type="pci" slot="2"/></video>'),
    devices(f'{SPICE}{VGA}<video><model type="none"/></video>'), devices(SPICE), devices(""), devices(VGA), whole(HEAD), whole(f"{HEAD}<devices/>"), devices('<graphics type="spice" autoport="yes">\n  </graphics>' + VGA),
    devices(f'<graphics type="spice" autoport="yes"><listen type="none"><x/></listen></graphics>{VGA}'), devices(f'<graphics type="spice"><x><listen type="bogus"/></x></graphics>{VGA}'), devices(f'<graphics\ntype = "spice"\tautoport="yes"/>{VGA}'),
    devices(f"<graphics type='sp&#105;ce' autoport='y&#x65;s'/>{VGA}"), devices(f'<graphics type="spice" autoport="yes" passwd="&lt;&amp;&quot;"/>{VGA}'), devices(f'<graphics type="spice" port="59\n00"/>{VGA}'), devices(f'<graphics type="spice" port="\n5900"/>{VGA}'),
    devices(f'<graphics type="spice" port="5900\n"/>{VGA}'), devices(f'<graphics type="spice" listen="&#9;127.0.0.1"/>{VGA}'), whole(f"{HEAD}<devices>{EMULATOR}{SPICE}{VGA}</devices><unknown/><metadata><graphics type='bogus'/></metadata>"),
    whole(f"{HEAD}<metadata><x:y xmlns:x='urn:x'><graphics type='bogus'/></x:y></metadata><devices>{EMULATOR}{SPICE}{VGA}</devices>"), whole(f"{HEAD}<devices>{EMULATOR}{SPICE}{VGA}</devices>", "type='qemu' id='7' xmlns:x='urn:x'"),
    whole(f"{HEAD}<devices>{EMULATOR}{SPICE}{VGA}</devices>", "type='qemu' xmlns='urn:x'"), whole(f"{HEAD}<devices>{EMULATOR}{SPICE}{VGA}</devices>", "type='bogus'"), whole(f"{HEAD}<devices>{EMULATOR}{SPICE}{VGA}</devices>", ""),
    "\ufeff" + devices(SPICE + VGA), "<?xml version='1.0' encoding='UTF-8'?>" + devices(SPICE + VGA), "<?xml version='1.0'?>\n<!-- first -->\n" + devices(SPICE + VGA) + "\n<!-- last -->\n", "\n" + devices(SPICE + VGA),
    whole(f"{HEAD}<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><qemu:arg value='-bogus'/></qemu:commandline><devices>{EMULATOR}{SPICE}{VGA}</devices>"),
    whole(f"{HEAD}<q:commandline xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'><q:arg value='-spice'/><q:arg value='bogus=1'/></q:commandline><devices>{EMULATOR}{SPICE}{VGA}</devices>", "type='qemu' xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'"),
    whole(f"{HEAD}<q:commandline><q:arg value='-bogus'/></q:commandline><devices>{EMULATOR}{SPICE}{VGA}</devices>", "type='qemu' xmlns:q='urn:x'"), whole(f"{HEAD}<commandline><arg value='-bogus'/></commandline><devices>{EMULATOR}{SPICE}{VGA}</devices>"),
    devices(f"<channel type='spicevmc'><target type='virtio'/></channel>{VGA}"), devices(f"{SPICE}{VGA}<x><channel type='bogus'/></x>"), devices(f"{SPICE}{VGA}<channel/>"), devices(f"{SPICE}{VGA}<serial/>"), devices(f"{SPICE}{VGA}<redirdev/>"), devices(f"{SPICE}{VGA}<smartcard/>"),
    devices(f"{SPICE}{VGA}<audio/>"), devices(f"{SPICE}{VGA}<sound/>"), devices(f"{SPICE}{VGA}<console/>"), devices(f"{SPICE}{VGA}<parallel/>"), 
    devices(f"{SPICE}{VGA}<channel type='spicevmc'><source/><source/><target type='virtio' name='com.redhat.spice.0'/></channel>"), devices(f"{SPICE}{VGA}<channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/><target type='bogus'/></channel>"),
    devices(f"{SPICE}{VGA}<redirdev bus='usb' type='spicevmc'><source/><source/></redirdev>"), devices(f"{SPICE}{VGA}<console type='spiceport'><source channel='x'/></console>"), devices(f"{SPICE}{VGA}<serial type='pty'/><console type='spicevmc'/>"),
    devices(f"{SPICE}{VGA}<serial type='pty'/><console type='spiceport'><source channel='a'/></console>"), devices(f"{SPICE}<video><model type='qxl'/><alias name='ua-a'/></video><sound model='ich6'><alias name='ua-a'/></sound>"),
    devices(f"{SPICE}<video><model type='qxl'/><alias name='ua-a'/></video><video><model type='qxl'/><alias name='ua-a'/></video>"), devices(f"{SPICE}<video><model type='none'/><alias name='ua-a'/></video><sound model='ich6'><alias name='ua-a'/></sound>"),
    devices(f"{SPICE}<video><model type='qxl'/><acpi index='3'/></video><sound model='ich6'><acpi index='3'/></sound>"),
]
MACHINES = ["pc", "q35", "isapc", "microvm", "none", "pc-i440fx-7.2", "pc-q35-7.2", "pc-i440fx-2.6", ""]
MACHINE_SCREENS = [SPICE, "", '<graphics type="vnc" autoport="yes"/>', '<graphics type="spice"><listen type="none"/></graphics>']
MACHINE_VIDEOS = ["", VGA] + [f'<video><model type="{m}"/></video>' for m in ("qxl", "virtio", "cirrus", "bochs", "none", "ramfb", "vmvga")]
HEADS = ["", "", "", "<features><acpi/></features>", "<on_crash>destroy</on_crash>", "<cpu mode='host-model'/>", "<features><acpi/><apic/></features>"]
OSES = ["<os><type arch='x86_64' machine='{m}'>hvm</type></os>"] * 6 + ["<os><type machine='{m}'>hvm</type></os>", "<os><type arch='i686' machine='{m}'>hvm</type></os>",
        "<os><type arch='x86_64' machine='{m}'>hvm</type><bootmenu enable='yes'/></os>", "<os><type arch='x86_64'>hvm</type></os>", "<os><type>hvm</type></os>", "<os><type arch='x86_64' machine='{m}'>hvm</type><boot dev='network'/></os>"]


def structure(rng):
    xml = rng.choice(FIXED)
    return {"conf": [], "xml": xml, "note": xml.replace(HEAD, "HEAD ").replace(EMULATOR, "")}


def machines(rng):
    machine = rng.choice(MACHINES)
    os_part = rng.choice(OSES).replace("{m}", machine) if machine else rng.choice(["<os><type arch='x86_64'>hvm</type></os>", "<os><type>hvm</type></os>"])
    shown, video, head = rng.choice(MACHINE_SCREENS), rng.choice(MACHINE_VIDEOS), rng.choice(HEADS)
    usb = rng.choice(["", "", '<controller type="usb" model="none"/>', '<memballoon model="none"/>', '<memballoon model="none"/><controller type="usb" model="none"/>'])
    xml = domain(shown + video + usb, head=head)
    a = xml.index("<os>")
    xml = xml[:a] + os_part + xml[xml.index("</os>") + 5:]
    return {"conf": [], "xml": xml, "note": f"{os_part} {shown} {video} {usb} {head}"}


FAMILIES = {"structure": structure, "machines": machines}
