# SPDX-License-Identifier: LGPL-2.1-or-later
"""One attribute of a valid domain gets an unusual form of one of its values."""
from .build import SPICE, VGA, domain, escape

NONE = '<graphics type="spice"><listen type="none"/></graphics>'


def in_spice(text):
    return f'<graphics type="spice" autoport="yes"{text}/>' + VGA


def child(text):
    return f'<graphics type="spice" autoport="yes">{text}</graphics>' + VGA


def model(text, kind="qxl"):
    return SPICE + f'<video><model type="{kind}"{text}/></video>'


def beside(text):
    return SPICE + VGA + text


# template with %s -> natural values
SLOTS = [
    ('<graphics type="spice" autoport="%s"/>' + VGA, ["yes", "no"]),
    ('<graphics type="%s" autoport="yes"/>' + VGA, ["spice", "vnc"]),
    ('<graphics type="spice" port="%s"/>' + VGA, ["5931", "-1", "0"]),
    ('<graphics type="spice" port="5930" tlsPort="%s"/>' + VGA, ["5931", "-1", "0"]),
    (in_spice(' defaultMode="%s"'), ["any", "insecure", "secure"]),
    (in_spice(' listen="%s"'), ["127.0.0.1", "::1", "localhost", "0.0.0.0", "192.168.2.2", "::"]),
    (in_spice(' keymap="%s"'), ["de", "en-us"]),
    (in_spice(' passwd="%s"'), ["secret", "12345678"]),
    (in_spice(' passwd="x" passwdValidTo="%s"'), ["2099-12-31T23:59:59", "2096-02-29T00:00:00"]),
    (in_spice(' passwd="x" connected="%s"'), ["keep", "fail", "disconnect"]),
    (child('<listen type="%s"/>'), ["address", "socket", "none", "network"]),
    (child('<listen type="address" address="%s"/>'), ["127.0.0.1", "::1"]),
    (child('<listen type="network" network="%s"/>'), ["lan"]),
    (child('<listen type="socket" socket="%s"/>'), ["/srv/ok/odd.sock"]),
    (child('<channel name="%s" mode="any"/>'), ["main", "usbredir"]),
    (child('<channel name="main" mode="%s"/>'), ["any", "insecure"]),
    (child('<image compression="%s"/>'), ["auto_glz", "off", "glz"]),
    (child('<jpeg compression="%s"/>'), ["auto", "never", "always"]),
    (child('<zlib compression="%s"/>'), ["auto", "never", "always"]),
    (child('<playback compression="%s"/>'), ["on", "off"]),
    (child('<streaming mode="%s"/>'), ["filter", "all", "off"]),
    (child('<clipboard copypaste="%s"/>'), ["yes", "no"]),
    (child('<filetransfer enable="%s"/>'), ["yes", "no"]),
    (child('<mouse mode="%s"/>'), ["server", "client"]),
    (child('<gl enable="%s"/>'), ["no"]),
    ('<graphics type="spice"><listen type="none"/><gl enable="no" rendernode="%s"/></graphics>' + VGA, ["/dev/null"]),
    ('<graphics type="vnc" port="%s"/>' + VGA, ["5932", "-1", "5900"]),
    ('<graphics type="vnc" autoport="%s" port="5940"/>' + VGA, ["yes", "no"]),
    ('<graphics type="vnc" autoport="yes" websocket="%s"/>' + VGA, ["5933", "-1", "0"]),
    ('<graphics type="vnc" autoport="yes" sharePolicy="%s"/>' + VGA, ["ignore", "allow-exclusive", "force-shared"]),
    ('<graphics type="vnc" autoport="yes" powerControl="%s"/>' + VGA, ["yes", "no"]),
    ('<graphics type="vnc" autoport="yes" keymap="%s"/>' + VGA, ["de", "en-us"]),
    ('<graphics type="vnc" autoport="yes" passwd="%s"/>' + VGA, ["12345678", "a"]),
    ('<graphics type="vnc" autoport="yes" passwd="a" connected="%s"/>' + VGA, ["keep"]),
    ('<graphics type="vnc" autoport="yes" listen="%s"/>' + VGA, ["127.0.0.1", "::1", "0.0.0.0"]),
    ('<graphics type="vnc" socket="%s"/>' + VGA, ["/srv/ok/odd-vnc.sock"]),
    ('<graphics type="vnc" autoport="yes"><audio id="%s"/></graphics>' + VGA + '<audio id="1" type="none"/>', ["1"]),
    ('<graphics type="dbus" p2p="%s"/>' + VGA, ["yes"]),
    ('<graphics type="egl-headless"><gl rendernode="%s"/></graphics>' + SPICE + VGA, ["/dev/null"]),
    (model(' heads="%s"'), ["1", "4", "16"]),
    (model(' ram="%s"'), ["65536", "1024"]),
    (model(' vram="%s"'), ["65536", "8192"]),
    (model(' vram64="%s"'), ["65536", "131072"]),
    (model(' vgamem="%s"'), ["16384", "1024"]),
    (model(' primary="%s"'), ["yes", "no"]),
    (model(' vram="%s"', "vga"), ["16384", "9216"]),
    (model(' vram="%s"', "bochs"), ["16384", "4096"]),
    (model(' heads="%s"', "virtio"), ["1", "4", "16"]),
    (model(' heads="%s"', "vga"), ["1"]),
    (model(' blob="%s"', "virtio"), ["on", "off"]),
    (SPICE + '<video><model type="%s"/></video>', ["qxl", "virtio", "vga", "bochs", "none", "vmvga", "cirrus", "ramfb"]),
    (SPICE + '<video><model type="qxl"><resolution x="%s" y="600"/></model></video>', ["800"]),
    (SPICE + '<video><model type="virtio"><resolution x="800" y="%s"/></model></video>', ["600"]),
    (SPICE + '<video><model type="virtio"><acceleration accel3d="%s"/></model></video>', ["no"]),
    (SPICE + '<video><model type="virtio"><acceleration accel2d="%s"/></model></video>', ["no"]),
    (SPICE + '<video><driver name="%s"/><model type="virtio"/></video>', ["qemu"]),
    (SPICE + '<video><driver iommu="%s"/><model type="virtio"/></video>', ["on", "off"]),
    (SPICE + '<video><driver ats="%s"/><model type="virtio"/></video>', ["on", "off"]),
    (SPICE + '<video><driver packed="%s"/><model type="virtio"/></video>', ["on", "off"]),
    (SPICE + '<video><driver page_per_vq="%s"/><model type="virtio"/></video>', ["on", "off"]),
    (SPICE + '<video><driver vgaconf="%s"/><model type="vga"/></video>', ["io", "on", "off"]),
    (SPICE + '<video><model type="qxl"/><address type="%s" slot="0x05"/></video>', ["pci"]),
    (SPICE + '<video><model type="qxl"/><address type="pci" domain="%s" slot="0x05"/></video>', ["0x0000", "0"]),
    (SPICE + '<video><model type="qxl"/><address type="pci" bus="%s" slot="0x05"/></video>', ["0x00", "0x01"]),
    (SPICE + '<video><model type="qxl"/><address type="pci" slot="%s"/></video>', ["0x05", "6", "010"]),
    (SPICE + '<video><model type="qxl"/><address type="pci" slot="0x05" function="%s"/></video>', ["0x0", "0x1"]),
    (SPICE + '<video><model type="qxl"/><address type="pci" slot="0x05" multifunction="%s"/></video>', ["on", "off"]),
    (SPICE + '<video><model type="qxl"/><rom bar="%s"/></video>', ["on", "off"]),
    (SPICE + '<video><model type="qxl"/><rom enabled="%s"/></video>', ["yes", "no"]),
    (SPICE + '<video><model type="qxl"/><rom file="%s"/></video>', ["/dev/null"]),
    (SPICE + '<video><model type="qxl"/><alias name="%s"/></video>', ["ua-screen", "video7"]),
    (SPICE + '<video><model type="qxl"/><acpi index="%s"/></video>', ["1", "7"]),
    (SPICE + '<video><model type="qxl"/><boot order="%s"/></video>', ["1"]),
    (beside('<channel type="%s"><target type="virtio" name="com.redhat.spice.0"/></channel>'), ["spicevmc", "qemu-vdagent", "pty"]),
    (beside('<channel type="spicevmc"><target type="%s" name="com.redhat.spice.0"/></channel>'), ["virtio"]),
    (beside('<channel type="spicevmc"><target type="virtio" name="%s"/></channel>'), ["com.redhat.spice.0"]),
    (beside('<channel type="spiceport"><source channel="%s"/><target type="virtio" name="org.x.0"/></channel>'), ["org.x.0"]),
    (beside('<channel type="spicevmc"><target type="virtio" name="com.redhat.spice.0"/><address type="virtio-serial" controller="0" bus="0" port="%s"/></channel>'), ["1", "2"]),
    (beside('<redirdev bus="%s" type="spicevmc"/>'), ["usb"]),
    (beside('<redirdev bus="usb" type="%s"/>'), ["spicevmc", "tcp"]),
    (beside('<redirdev bus="usb" type="spicevmc"><boot order="%s"/></redirdev>'), ["1", "2"]),
    (beside('<smartcard mode="%s" type="spicevmc"/>'), ["passthrough"]),
    (beside('<smartcard mode="passthrough" type="%s"/>'), ["spicevmc"]),
    (beside('<sound model="%s"/>'), ["ich6", "ich9", "ac97", "es1370", "sb16", "usb", "pcspk"]),
    (beside('<sound model="ich9"><codec type="%s"/></sound>'), ["duplex", "micro", "output"]),
    (beside('<sound model="ich6"><audio id="%s"/></sound>'), ["1"]),
    (beside('<audio id="%s" type="none"/>'), ["1", "2"]),
    (beside('<audio id="1" type="%s"/>'), ["none", "spice", "file", "alsa", "oss", "pulseaudio", "sdl", "jack", "dbus", "coreaudio"]),
    (beside('<audio id="1" type="spice" timerPeriod="%s"/>'), ["10000"]),
    (beside('<audio id="1" type="spice"><output mixingEngine="%s"/></audio>'), ["yes", "no"]),
    (beside('<audio id="1" type="spice"><output mixingEngine="yes" voices="%s"/></audio>'), ["1", "2"]),
    (beside('<audio id="1" type="spice"><output mixingEngine="yes" fixedSettings="yes"><settings frequency="%s"/></output></audio>'), ["44100"]),
    (beside('<audio id="1" type="spice"><output mixingEngine="yes" fixedSettings="yes"><settings channels="%s"/></output></audio>'), ["2"]),
    (beside('<audio id="1" type="spice"><output mixingEngine="yes" fixedSettings="yes"><settings format="%s"/></output></audio>'), ["s16", "f32"]),
]


def forms(value, rng):
    number = value.lstrip("-").isdigit()
    out = ["", " " + value, value + " ", "\t" + value, "\n" + value, value + "\n", "+" + value, "-" + value, "0" + value, value.upper(), value.title(), value * 2, value[:-1],
           value + "x", "x" + value, value + ",x", "default", "none", "yes", "no", "on", "off", "1", "0", "2", "-2", "auto", "\u00e4" + value, value + "\u00a0", "a" * 300, "%s", "*",
           value + ";", "'", '"', "<", "&", "\\", value + "=1", "/" + value]
    if number or value.startswith("0"):
        out += [hex(int(value, 0)) if number and value[0] != "0" else "0x5", value + ".0", value + "e0", "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296",
                "9223372036854775807", "18446744073709551615", "18446744073709551616", "99999999999999999999", "65535", "65536", "32767", "256", "16", "17", "31", "32", "007", "0b1", "1_0",
                "".join(chr(0x660 + int(c)) for c in value if c.isdigit()) or "x", "+0", "-0", " -1", "1 2", "3", "5", "8"]
    return rng.choice(out)


def write(text, rng):
    """The value as attribute text: sometimes all characters as references; white space always, since the parser would convert it to blanks."""
    if rng.random() < 0.2:
        return "".join(f"&#{'x%x' % ord(c) if rng.random() < 0.5 else ord(c)};" for c in text)
    return escape(text).replace("\t", "&#9;").replace("\n", rng.choice(("&#10;", "\n")))


def is_name(value):
    """A host name, which the machine's resolver would look up; a network that libvirt installs."""
    return value == "default" or value[:1].isalnum() and any(c.isalpha() for c in value) and ":" not in value and all(c.isalnum() or c in "-._" for c in value)


def odd(rng):
    template, values = rng.choice(SLOTS)
    value = rng.choice(values)
    if rng.random() < 0.93:
        value = forms(value, rng)
        while ("listen=" in template or 'address="%s"' in template or "network=" in template) and is_name(value):
            value = forms(rng.choice(values), rng)
    conf = ["spice_tls = 1"] if "tlsPort" in template else []
    return {"conf": conf, "xml": domain(template.replace("%s", write(value, rng), 1)), "note": f"{template[:90]} <- {value!r}"}


FAMILIES = {"odd": odd}
