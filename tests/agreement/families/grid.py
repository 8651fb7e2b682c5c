# SPDX-License-Identifier: LGPL-2.1-or-later
"""Full products of the settings that depend on each other most, drawn at random: ports and TLS, modes and channels, sockets and attributes, qemu.conf and
consoles, models and positions of video devices, devices and consoles."""
from .build import VGA, domain, element

NUMBERS = [None, "-2", "-1", "0", "1", "1023", "1024", "5900", "5901", "65535", "65536", "70000", "abc", " 5900", "5900 ", "+5900", "05900", "0x170c", "", "5900.0", "131072", "65537"]
CONSOLES = {
    "bare": ({}, ""), "auto": ({"autoport": "yes"}, ""), "port": ({"port": "5900"}, ""), "tls": ({"tlsPort": "5901"}, ""), "both": ({"port": "5900", "tlsPort": "5901"}, ""), "port-1": ({"port": "-1"}, ""),
    "tls-1": ({"tlsPort": "-1"}, ""), "-1-1": ({"port": "-1", "tlsPort": "-1"}, ""), "none": ({}, '<listen type="none"/>'), "socket": ({}, '<listen type="socket"/>'), "path": ({}, '<listen type="socket" socket="/srv/ok/g.sock"/>'),
    "address": ({"autoport": "yes"}, '<listen type="address" address="127.0.0.1"/>'), "address6": ({"autoport": "yes", "listen": "::1"}, ""), "address-bare": ({"autoport": "yes"}, '<listen type="address"/>'),
    "listen-empty": ({"autoport": "yes", "listen": ""}, ""), "network": ({"autoport": "yes"}, '<listen type="network" network="lan"/>'), "port 1": ({"port": "1"}, ""), "socket+ports": ({"port": "5900", "tlsPort": "5901"}, '<listen type="socket"/>'),
    "none+ports": ({"port": "5900", "tlsPort": "5900"}, '<listen type="none"/>'), "isolated": ({"autoport": "yes"}, '<listen type="network" network="isolated"/>'), "port+tls-1": ({"port": "5900", "tlsPort": "-1"}, ""),
}
CONFS = [[], [], [], ["spice_tls = 1"], ["spice_tls = 1"], ["spice_sasl = 1"], ["spice_tls = 1", "spice_sasl = 1"], ['spice_password = "hunter2"'], ['spice_password = ""'], ["spice_tls = 1", 'spice_password = "hunter2"'],
         ["spice_sasl = 1", 'spice_password = "hunter2"'], ["spice_auto_unix_socket = 1"], ["spice_auto_unix_socket = 1", "spice_tls = 1"], ["spice_auto_unix_socket = 1", 'spice_listen = "0.0.0.0"'], ['spice_listen = "::"'],
         ['spice_listen = "203.0.113.9"'], ['spice_listen = ""'], ["spice_tls = 1", 'spice_tls_x509_cert_dir = "/srv/pki/nokey"'], ["spice_tls = 1", 'spice_tls_x509_cert_dir = "/srv/pki/noca"'],
         ["spice_tls = 1", 'spice_tls_x509_cert_dir = "/srv/pki/expired"'], ["spice_tls = 1", 'spice_tls_x509_cert_dir = "/srv/pki/file"'], ['user = "root"'], ['user = "root"', "spice_tls = 1", 'spice_tls_x509_cert_dir = "/srv/pki/nokey"'],
         ["remote_display_port_min = 5910", "remote_display_port_max = 5911"], ["remote_display_port_min = 5910", "remote_display_port_max = 5911", "spice_tls = 1"], ["spice_sasl = 1", 'spice_sasl_dir = "/srv/gone"']]
CHANNELS = ["main", "display", "inputs", "cursor", "playback", "record", "smartcard", "usbredir"]
MODES = ["secure", "insecure", "any"]


def case(graphics, conf, rest=VGA):
    return {"conf": conf, "xml": domain(graphics + rest), "note": f"{graphics} {rest if rest != VGA else ''} {conf}"}


def ports(rng):
    values = {"type": "spice", "port": rng.choice(NUMBERS), "tlsPort": rng.choice([None] + NUMBERS), "autoport": rng.choice([None, "yes", "no"]), "defaultMode": rng.choice([None, None, None] + MODES)}
    return case(element("graphics", values, rng.choice(["", "", "", '<listen type="none"/>', '<listen type="socket"/>'])), rng.choice(CONFS[:5] + CONFS[11:13]))


def modes(rng):
    name = rng.choice(list(CONSOLES))
    values, kids = CONSOLES[name]
    channels = "".join(element("channel", {"name": rng.choice(CHANNELS), "mode": rng.choice(MODES)}) for _ in range(rng.choice([0, 0, 1, 1, 2, 3])))
    if rng.random() < 0.05:
        mode = rng.choice(MODES)
        channels = "".join(element("channel", {"name": channel, "mode": mode}) for channel in CHANNELS)
    return case(element("graphics", {"type": "spice", **values, "defaultMode": rng.choice([None] + MODES)}, kids + channels), rng.choice(CONFS))


def consoles(rng):
    name = rng.choice(list(CONSOLES))
    values, kids = CONSOLES[name]
    values = {**values, "passwd": rng.choice([None, None, None, "secret", "", "x" * 60, "x" * 61])}
    if values["passwd"] is not None:
        values["passwdValidTo"] = rng.choice([None, None, "2001-02-03T04:05:06", "2099-02-30T00:00:00"])
        values["connected"] = rng.choice([None, None, "keep", "disconnect"])
    return case(element("graphics", {"type": "spice", **values}, kids), rng.choice(CONFS))


PATHS = ["/srv/ok/a.sock", "/srv/ok", "/srv/ok/", "/srv/ok/dir", "/srv/ok/file", "/srv/ro/a", "/srv/ro/old", "/srv/closed/a", "/srv/sticky/old", "/srv/sticky/new", "/srv/gone/a", "/srv/link/a", "rel.sock", "./rel.sock", "", " /srv/ok/a", "/srv/ok/a,b", "/",
         "/a.sock", "/tmp/a.sock", "/run/a.sock", "/root/a.sock", "/etc/a.sock", "/dev/null", "/proc/a", "/var/lib/libvirt/qemu/a.sock", "/var/tmp/a", "/var/lib/a", "/srv/ok/" + "a" * 98, "/srv/ok/" + "a" * 99, "/srv/ok/" + "a" * 100,
         "/srv/ok/" + "a" * 192, "/srv/ok/" + "\u00e4" * 60, "/srv/ok/../ok/a", "/srv//ok/a", "/srv/ok/./a", "/srv/gone/../ok/a", "/srv/ok/file/a", "/srv/ok/a=b", "/srv/ok/a b", "/usr/a", "/home/a", "/opt/a", "/sys/a", "/boot/a"]


def sockets(rng):
    kind = rng.choice(["spice", "spice", "spice", "vnc"])
    path = rng.choice(PATHS)
    values = {"type": kind}
    for name, pool in (("port", ["-1", "5900", "1", "70000", "-2"]), ("tlsPort", ["-1", "5901", "70000"]), ("autoport", ["yes", "no"]), ("listen", ["127.0.0.1", "203.0.113.9"]), ("passwd", ["secret"]),
                       ("socket", ["/srv/ok/a.sock", path, ""]), ("defaultMode", ["insecure", "any", "secure"]), ("keymap", ["de"])):
        if rng.random() < 0.12:
            values[name] = rng.choice(pool)
    kids = element("listen", {"type": "socket", "socket": path if rng.random() < 0.9 else None})
    if rng.random() < 0.15:
        kids += rng.choice(['<image compression="glz"/>', '<image compression="lz"/><jpeg compression="auto"/><zlib compression="auto"/>', '<gl enable="no"/>'])
    return case(element("graphics", values, kids), rng.choice(CONFS[:8] + CONFS[11:15] + [['user = "root"']]))


MODELS = ["qxl", "virtio", "vga", "cirrus", "bochs", "vmvga", "ramfb", "none", "default", "", None, "xen", "vbox", "parallels", "gop", "bogus"]
SCREENS = ['<graphics type="spice" autoport="yes"/>', '<graphics type="spice" autoport="yes"/>', "", '<graphics type="vnc" autoport="yes"/>', '<graphics type="spice"><listen type="none"/></graphics>']


def models(rng):
    videos = ""
    for _ in range(rng.choice([1, 1, 2, 2, 3])):
        values = {"type": rng.choice(MODELS[:8] * 3 + MODELS), "primary": rng.choice([None, None, None, "yes", "no", "bogus", ""]), "heads": rng.choice([None, None, None, None, "0", "1", "2", "15", "16", "17", "-1", "abc", "", "1.5"])}
        kids = rng.choice(["", "", "", "", '<resolution x="800" y="600"/>', '<resolution x="1" y="0"/>', '<acceleration accel3d="no"/>', '<acceleration accel3d="yes"/>', '<acceleration accel2d="yes"/>', '<acceleration rendernode="/dev/dri/renderD128"/>'])
        driver = rng.choice(["", "", "", "", '<driver name="qemu"/>', '<driver name="vhostuser"/>', '<driver iommu="on"/>', '<driver ats="bogus"/>', '<driver packed="off"/>', '<driver page_per_vq="on"/>', '<driver vgaconf="bogus"/>'])
        videos += f"<video>{driver}{element('model', values, kids)}</video>"
    return case(rng.choice(SCREENS), [], videos)


def gl(rng):
    video = rng.choice(["qxl", "virtio", "vga", "none", None])
    accel = rng.choice(["", "", '<acceleration accel3d="yes"/>', '<acceleration accel3d="no"/>']) if video == "virtio" else ""
    name = rng.choice(["auto", "port", "bare", "none", "socket", "path", "both"])
    values, kids = CONSOLES[name]
    node = rng.choice([None, None, "/dev/null", "/dev/dri/renderD128", "/dev/dri/bogus", "relative", "", "/srv/gone/x", "/dev/zero"])
    element_gl = element("gl", {"enable": rng.choice(["yes", "yes", "no", "no", None, "", "on"]), "rendernode": node}) if rng.random() < 0.8 else ""
    other = rng.choice(["", "", "", '<graphics type="egl-headless"/>', '<graphics type="egl-headless"><gl rendernode="/dev/null"/></graphics>', '<graphics type="dbus"/>', '<graphics type="dbus" p2p="yes"><gl enable="yes" rendernode="/dev/null"/></graphics>',
                        '<graphics type="vnc" autoport="yes"/>', '<graphics type="sdl"/>', '<graphics type="sdl" display=":0"><gl enable="yes"/></graphics>'])
    shown = element("graphics", {"type": "spice", **values}, kids + element_gl) if rng.random() < 0.85 else ""
    return case(shown + other, rng.choice(CONFS[:5] + CONFS[11:13]), f"<video>{element('model', {'type': video}, accel)}</video>")


DEVICES = [
    "<channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>", "<channel type='spicevmc'><target type='virtio'/></channel>", "<channel type='spicevmc'><target type='virtio' name=''/></channel>",
    "<channel type='spicevmc'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>", "<channel type='spicevmc'><target type='guestfwd' address='10.0.2.1' port='4600'/></channel>", "<channel type='spicevmc'/>",
    "<channel type='spiceport'><source channel='org.x.0'/><target type='virtio' name='org.x.0'/></channel>", "<channel type='spiceport'><target type='virtio' name='org.x.0'/></channel>",
    "<channel type='spiceport'><source channel='org.x.0'/><target type='virtio'/></channel>", "<serial type='spiceport'><source channel='s'/></serial>", "<serial type='spicevmc'/>", "<console type='spicevmc'/>", "<parallel type='spicevmc'/>",
    "<console type='spiceport'><source channel='c'/></console>", "<parallel type='spiceport'><source channel='p'/></parallel>", "<console type='spiceport'><source channel='c'/><target type='virtio'/></console>",
    "<redirdev bus='usb' type='spicevmc'/>", "<redirdev bus='usb' type='spicevmc'/>" * 4, "<redirdev bus='usb' type='spicevmc'/>" * 6, "<redirdev bus='usb'/>", "<redirdev type='spicevmc'/>", "<redirdev bus='usb' type='spiceport'><source channel='r'/></redirdev>",
    "<controller type='usb' model='none'/>", "<controller type='usb' model='qemu-xhci'/>", "<controller type='usb' model='ich9-ehci1'/>", "<controller type='usb' model='nec-xhci'/>",
    "<controller type='usb' model='ich9-ehci1'/><controller type='usb' model='ich9-uhci1'/><controller type='usb' model='ich9-uhci2'/><controller type='usb' model='ich9-uhci3'/>",
    "<controller type='usb' index='0' model='ich9-ehci1'/><controller type='usb' index='0' model='ich9-uhci1'><master startport='0'/></controller>", "<redirfilter><usbdev class='0x08' allow='yes'/></redirfilter>",
    "<smartcard mode='passthrough' type='spicevmc'/>", "<smartcard mode='passthrough' type='spicevmc'/>" * 2, "<smartcard mode='host'/>", "<smartcard mode='passthrough'/>", "<smartcard mode='passthrough' type='spicevmc'><address type='ccid' controller='0' slot='0'/></smartcard>",
    "<audio id='1' type='spice'/>", "<audio id='2' type='spice'/>", "<audio id='1' type='none'/>", "<audio id='0' type='spice'/>", "<audio type='spice'/>", "<audio id='1' type='spice'/><audio id='2' type='none'/>", "<audio id='1' type='spice'/>" * 2,
    "<audio id='1' type='spice'><input mixingEngine='yes'/><output mixingEngine='no'/></audio>", "<sound model='ich6'/>", "<sound model='ich9'/>", "<sound model='ac97'/>", "<sound model='usb'/>", "<sound model='sb16'/>", "<sound model='es1370'/>",
    "<sound model='ich6'><audio id='1'/></sound>", "<sound model='ich6'><audio id='5'/></sound>", "<sound model='ich9'><codec type='micro'/></sound>", "<input type='tablet' bus='usb'/>", "<input type='keyboard' bus='virtio'/>", "<input type='mouse' bus='ps2'/>",
    "<channel type='qemu-vdagent'><source><clipboard copypaste='yes'/><mouse mode='client'/></source><target type='virtio' name='com.redhat.spice.0'/></channel>", "<channel type='qemu-vdagent'><target type='virtio' name='x'/></channel>",
    "<controller type='virtio-serial' index='0' ports='1'/>", "<hub type='usb'/>",
]
DEVICE_SCREENS = SCREENS + ['<graphics type="spice" autoport="yes"/><graphics type="vnc" autoport="yes"/>', '<graphics type="egl-headless"><gl rendernode="/dev/null"/></graphics>', '<graphics type="dbus"/>', '<graphics type="vnc"><listen type="none"/></graphics>']


def devices(rng):
    text = "".join(rng.sample(DEVICES, rng.choice([1, 2, 2, 3])))
    made = case(rng.choice(DEVICE_SCREENS), [], VGA + text)
    if rng.random() < 0.3:
        made["xml"] = made["xml"].replace("machine='pc'", "machine='q35'")
        made["note"] = "q35 " + made["note"]
    return made


FAMILIES = {"grid-ports": ports, "grid-modes": modes, "grid-consoles": consoles, "grid-sockets": sockets, "grid-models": models, "grid-gl": gl, "grid-devices": devices}
