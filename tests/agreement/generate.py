#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes cases that cover all pairs of values of Spice and video settings and qemu.conf keys, as lines of JSON.

generate.py COUNT [SEED]: rounds of a greedy pairwise cover over several families of settings, each round in another order, until COUNT
cases are there. A value that is refused by itself would hide everything beside it, so such values come one at a time.
"""
import json
import random
import sys

QEMU = "/usr/bin/qemu-system-x86_64"

# family -> setting -> values; the first value of each is harmless
PORTS = {
    "port": [None, "-1", "0", "5900", "5930", "65535", "1023", "-2", " 5931"],
    "tlsPort": [None, "-1", "0", "5901", "5930", "-2"],
    "autoport": [None, "yes", "no"],
    "defaultMode": [None, "any", "secure", "insecure"],
    "listen": ["", "attr:127.0.0.1", "attr:0.0.0.0", "attr:::1", "attr:localhost", "attr:192.168.2.2", "address:", "address:::", "none:",
               "socket:", "socket:/srv/ok/spice.sock", "socket:/srv/ok/file", "network:lan", "attr:127.0.0.1+none:"],
    "channel": ["", "main=secure", "main=insecure", "main=secure main=any", "inputs=insecure display=secure", "usbredir=any"],
    "password": ["", "secret", "''", "secret past", "secret keep", "secret month13"],
    "conf": [[], ["spice_tls = 1"], ["spice_sasl = 1"], ["spice_tls = 1", "spice_sasl = 1"], ["spice_password = \"common\""],
             ["spice_auto_unix_socket = 1"], ["spice_listen = \"0.0.0.0\""], ["spice_tls = 1", "spice_listen = \"::1\""],
             ["spice_tls = 1", "spice_tls_x509_cert_dir = \"/srv/pki/expired\""], ["spice_tls = 1", "spice_tls_x509_cert_dir = \"/srv/pki/nokey\""],
             ["spice_tls = 1", "spice_tls_x509_cert_dir = \"/srv/pki/noca\""], ["spice_tls = 1", "user = \"root\""],
             ["remote_display_port_min = 5930", "remote_display_port_max = 5931", "spice_tls = 1"], ["spice_listen = \"\""],
             ["spice_listen = \"203.0.113.9\""], ["spice_sasl_dir = \"/etc/sasl2\"", "spice_sasl = 1"]],
    "args": ["", "sasl=on", "sasl=off", "port=5950", "disable-ticketing=on", "disable-ticketing=off", "env", "addr=127.0.0.1,ipv4=on", "tls-port=5951",
             "unix=on,addr=/srv/ok/args.sock", "gl=on", "image-compression=off,playback-compression=off"],
    "vnc": ["", "autoport='yes'", "port='5930'", "port='5900' websocket='5931'", "socket", "none", "autoport='yes' passwd='12345678'"],
}
OPTIONS = {
    "listen": ["attr:127.0.0.1", "none:", "socket:", "socket:/srv/ok/o.sock"],
    "image": [None, "auto_glz", "auto_lz", "quic", "glz", "lz", "off"],
    "jpeg": [None, "auto", "never", "always"],
    "zlib": [None, "auto", "never", "always"],
    "playback": [None, "on", "off"],
    "streaming": [None, "filter", "all", "off"],
    "clipboard": [None, "yes", "no"],
    "filetransfer": [None, "yes", "no"],
    "mouse": [None, "server", "client"],
    "gl": ["", "no", "yes", "yes /dev/null", "no /dev/null"],
    "keymap": [None, "de", "en-us", "xx"],
    "vnc": ["", "autoport='yes'", "autoport='yes' keymap='fr'", "autoport='yes' keymap='xx'", "none"],
    "devices": ["", "agent", "agent-noname", "port", "serial", "redir", "redir2", "card", "ich9", "ich9+audio", "agent port redir card ich9+audio"],
    "egl": ["", "egl", "dbus"],
    "graphics": ["spice", "none", "vnc-only"],
    "conf": [[], ["spice_tls = 1"], ["spice_auto_unix_socket = 1"]],
}
VIDEO = {
    "model": ["qxl", "virtio", "vga", "cirrus", "bochs", "vmvga", "ramfb", "none", "", "default"],
    "heads": [None, "1", "2", "4", "16", "17", "0", ""],
    "primary": [None, "yes", "no", "maybe"],
    "ram": [None, "0", "65536", "65000", "2097152", "4294967295"],
    "vram": [None, "0", "513", "1024", "4096", "65000", "262144", "2097152", "4294967295"],
    "vram64": [None, "0", "65536", "2097152"],
    "vgamem": [None, "0", "1024", "16384", "262144", "524288"],
    "resolution": [None, "800x600", "1x1", "100000x1"],
    "acceleration": [None, "accel3d='no'", "accel2d='no'", "accel3d='yes'"],
    "driver": [None, "name='qemu'", "iommu='on'", "packed='off'", "vgaconf='io'"],
    "address": [None, "slot='0x02'", "slot='0x03'", "slot='0x00'", "slot='0x1f'", "bus='0x01' slot='0x01'", "bus='0x01' slot='0x00'", "slot='0x01'",
                "slot='0x01' function='0x2'", "slot='0x05' function='0x1'", "domain='0x0001' slot='0x02'"],
    "second": ["", "qxl", "virtio", "vga", "none", "qxl-primary", "qxl@2", "qxl@3", "virtio17", "bogus-attr"],
    "graphics": ["spice", "none", "vnc-only", "spice-none", "both"],
    "machine": ["pc", "q35"],
}
# one at a time beside harmless ones
SINGLE_PORTS = [
    ("port", v) for v in ("65536", "70000", "abc", "", "5900 ", "0x10", "-2147483648", "2147483647", "2147483648", "+5933", "005934")
] + [("tlsPort", v) for v in ("65536", "abc", "", "2147483648")] + [("autoport", v) for v in ("YES", "", "1", " no")] + [
    ("defaultMode", v) for v in ("", "SECURE", "default")] + [
    ("listen", v) for v in ("attr:203.0.113.9", "attr:[::1]", "attr: 127.0.0.1", "attr:127.0.0.1 ", "attr:fe80::1", "attr:ff02::1", "attr:224.0.0.1",
                            "attr:255.255.255.255", "attr:0.0.0.1", "attr:*", "attr:0", "attr:127.1", "attr:nohost.invalid", "attr:2001:db8::1",
                            "attr:::ffff:127.0.0.1", "attr:127.0.0.1,disable-copy-paste=on", "attr:a,b", "attr:%", "attr:::1%lo", "bad:", "address:x+socket",
                            "socket:/srv/gone/a", "socket:/srv/ro/a", "socket:/srv/ok", "socket:/srv/ok/", "socket:/srv/ok/dir", "socket:/srv/sticky/old",
                            "socket:/srv/sticky/new", "socket:rel.sock", "socket:./rel.sock", "socket:a/b.sock", "socket:@abstract", "socket:/srv/link/a",
                            "socket:/srv/ok/../ok/a", "socket:/srv//ok///a", "socket:/srv/ok/file/a", "socket:/root/a", "socket:/proc/a", "socket:/dev/a",
                            "socket:/dev/null", "socket:/tmp/a", "socket:/var/tmp/a", "socket:/run/a", "socket:/", "socket:/srv/closed/a", "socket: /srv/ok/a",
                            "socket:/srv/ok/a,b", "network:gone", "network:", "network:isolated", "two", "attr:::1+address:127.0.0.1", "nettype", "socktype")
] + [("channel", v) for v in ("bogus=any", "main=bogus", "=any", "main=", "webdav=any", "main=any main=bogus")] + [
    ("password", v) for v in ("60", "61", "59", "secret garbage", "secret ''", "secret connected=bogus", "secret fail", "secret disconnect", "- garbage")
] + [("args", v) for v in ("bogus=1", "sasl=maybe", "sasl", "nosasl", "port=70000", "port=x", "tls-channel=main", "image-compression=lz4", "-", "env-bad",
                           "arg-novalue", "addr=203.0.113.9", "password=x,disable-ticketing=off", "plaintext-channel=main", "tls-channel=bogus",
                           "streaming-video=filter", "x509-dir=/srv/pki/noca", "display=1", "")
] + [("vnc", v) for v in ("port='-1' autoport='no'", "port='5899'", "port='65536'", "port='x'", "websocket='x'", "websocket='-1'", "keymap='xx'", "passwd='123456789'",
                          "passwd='a' connected='fail'", "sharePolicy='ignore'", "sharePolicy='bogus'", "powerControl='yes'", "powerControl='maybe'",
                          "autoport='maybe'", "listen='203.0.113.9'", "port='5900' websocket='5900'")
] + [("conf", [v]) for v in ("spice_tls = 2", "spice_tls = \"1\"", "spice_listen = 1", "spice_sasl = \"yes\"", "spice_password = 5",
                             "spice_tls_x509_cert_dir = \"/srv/pki/gone\"", "spice_tls_x509_cert_dir = \"/srv/pki/file\"",
                             "default_tls_x509_cert_dir = \"/srv/pki/gone\"", "remote_display_port_min = 5899", "remote_display_port_max = 65536",
                             "remote_display_port_min = 5910\nremote_display_port_max = 5910", "remote_display_port_max = \"6000\"",
                             "remote_websocket_port_min = 5699", "spice_tls_x509_verify = 1", "spice_bogus = 7", "spice_tls = -0", "vnc_tls = 3",
                             "spice_listen = \"nohost.invalid\"", "spice_password = \"" + "x" * 61 + "\"", "spice_password = \"" + "x" * 60 + "\"",
                             "vnc_tls_x509_cert_dir = \"/srv/pki/gone\"", "spice_auto_unix_socket = 2")]
SINGLE_OPTIONS = [(k, v) for k in ("image", "jpeg", "zlib", "playback", "streaming", "clipboard", "filetransfer", "mouse") for v in ("bogus", "", "default", "YES")] + [
    ("gl", v) for v in ("bogus", "-", "no relative", "no ''", "yes /dev/dri/renderD128", "yes /srv/ok/file")] + [
    ("devices", v) for v in ("agent2", "agent-bogus", "agent-empty", "port-nosource", "port-badname", "serial-agent", "console-agent", "parallel-agent", "redir-notype",
                             "redir-badbus", "redir-badtype", "redir-nousb", "card2", "card-notype", "audio0", "audio-noid", "audio2", "audio-bogus", "audio-file",
                             "audio-missing", "sound-bogus", "sound-ich7", "agent-guestfwd", "agent-notarget", "usb-serial", "port2", "webdav", "audio-alsa",
                             "audio-fixed", "audio-settings", "vdagent", "agent+vdagent")] + [("keymap", v) for v in ("", "/etc/passwd", "en-US")]
SINGLE_VIDEO = [("model", v) for v in ("bogus", "xen", "vbox", "parallels", "gop", "QXL", "virtio-gpu")] + [
    ("heads", v) for v in ("-1", "1.5", "x", " 2", "65536", "4294967295", "4294967296")] + [
    (a, v) for a in ("ram", "vram", "vram64", "vgamem") for v in ("-1", "x", "64M", "4294967296", " 65536", "2097153", "4194304", "2147483648", "2147483649", "1")] + [
    ("resolution", v) for v in ("0x600", "800x0", "-1x1", "x", "800x", "4294967296x1", "4294967295x1")] + [
    ("acceleration", v) for v in ("", "accel3d=''", "accel2d='yes'", "accel3d='maybe'", "rendernode='/dev/dri/renderD128'", "rendernode='/dev/null'")] + [
    ("driver", v) for v in ("name='default'", "name='bogus'", "name=''", "name='vhostuser'", "iommu='maybe'", "ats='on'", "page_per_vq='on'", "vgaconf='bogus'", "")] + [
    ("address", v) for v in ("slot='0x20'", "function='8' slot='2'", "slot='x'", "slot='-1'", "bus='0x100'", "slot='0x01' function='0x1'", "slot='0x01' function='0x3'",
                             "slot='0x01' function='0x7'", "!type='usb' bus='0' port='1'", "!type='bogus'", "!slot='2'", "!type='isa'", "!type='ccw'", "bus='0x02' slot='1'",
                             "slot='0x02' multifunction='on'", "slot='0x02' multifunction='x'", "!type='unassigned'", "!type='drive'")] + [
    ("second", v) for v in ("two-models", "many8", "many20", "accel", "twice-cirrus", "two-primary")]


def cover(settings, rng):
    """Greedy pairwise: rows until every pair of values of two settings stood in one."""
    names = list(settings)
    missing = {(a, i, b, j) for x, a in enumerate(names) for b in names[x + 1:] for i in range(len(settings[a])) for j in range(len(settings[b]))}
    while missing:
        best, gain = None, -1
        for _ in range(12):
            first = rng.choice(tuple(missing)) if rng.random() < 0.3 else next(iter(missing))
            row = {first[0]: first[1], first[2]: first[3]}
            order = names[:]
            rng.shuffle(order)
            for name in order:
                if name in row:
                    continue
                scores = []
                for value in range(len(settings[name])):
                    score = 0
                    for other, chosen in row.items():
                        pair = (other, chosen, name, value) if names.index(other) < names.index(name) else (name, value, other, chosen)
                        score += pair in missing
                    scores.append((score, rng.random(), value))
                row[name] = max(scores)[2]
            pairs = {(a, row[a], b, row[b]) for x, a in enumerate(names) for b in names[x + 1:]}
            if len(pairs & missing) > gain:
                best, gain = (row, pairs), len(pairs & missing)
        missing -= best[1]
        yield {name: settings[name][index] for name, index in best[0].items()}


def attrs(row, names):
    return "".join(f' {n}="{row[n]}"' for n in names if row.get(n) is not None)


def escape(text):
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def listen_xml(text):
    """-> attributes of <graphics>, children"""
    out, kids = "", ""
    if text == "two":
        return out, '<listen type="address" address="127.0.0.1"/><listen type="none"/>'
    if text == "nettype":
        return out, '<listen type="address" network="lan"/>'
    if text == "socktype":
        return out, '<listen type="none" socket="/srv/ok/s"/>'
    if text == "address:x+socket":
        return ' socket="/srv/ok/z"', '<listen type="socket" socket="/srv/ok/y"/>'
    parts = text.split("+") if text.startswith("attr:") and text.count("+") else [text]
    for part in parts:
        kind, _, value = part.partition(":")
        if kind == "attr":
            out += f' listen="{escape(value)}"'
        elif kind:
            name = {"address": "address", "socket": "socket", "network": "network"}.get(kind)
            kids += f'<listen type="{kind}"' + (f' {name}="{escape(value)}"' if name and value else "") + "/>"
    return out, kids


def password_attrs(text):
    if not text:
        return ""
    word, _, more = text.partition(" ")
    out = "" if word == "-" else f' passwd="{"" if word == chr(39) * 2 else "x" * int(word) if word.isdigit() else word}"'
    dates = {"past": "2001-02-03T04:05:06", "month13": "2099-13-01T00:00:00", "garbage": "garbage", "''": ""}
    if more in dates:
        out += f' passwdValidTo="{dates[more]}"'
    elif more:
        out += f' connected="{more.removeprefix("connected=")}"'
    return out


def channels(text):
    out = ""
    for item in text.split():
        name, _, mode = item.partition("=")
        out += "<channel" + (f' name="{name}"' if name else "") + (f' mode="{mode}"' if mode else "") + "/>"
    return out


def options(row):
    out = ""
    for name, attr in (("image", "compression"), ("jpeg", "compression"), ("zlib", "compression"), ("playback", "compression"), ("streaming", "mode"),
                       ("clipboard", "copypaste"), ("filetransfer", "enable"), ("mouse", "mode")):
        if row.get(name) is not None:
            out += f'<{name} {attr}="{row[name]}"/>'
    gl = row.get("gl") or ""
    if gl == "-":
        out += "<gl/>"
    elif gl:
        word, _, node = gl.partition(" ")
        node = node.replace("''", "")
        out += f'<gl enable="{word}"' + (f' rendernode="{node}"' if " " in gl else "") + "/>"
    return out


def vnc_xml(text):
    if not text:
        return ""
    if text == "socket":
        return '<graphics type="vnc"><listen type="socket" socket="/srv/ok/vnc.sock"/></graphics>'
    if text == "none":
        return '<graphics type="vnc"><listen type="none"/></graphics>'
    return f'<graphics type="vnc" {text}/>'


AGENT = '<channel type="spicevmc"><target type="virtio" name="com.redhat.spice.0"/></channel>'
DEVICES = {
    "agent": AGENT, "agent2": AGENT * 2, "agent-noname": '<channel type="spicevmc"><target type="virtio"/></channel>',
    "agent-bogus": AGENT.replace("spice.0", "spice.1"), "agent-empty": AGENT.replace("com.redhat.spice.0", ""),
    "agent-guestfwd": '<channel type="spicevmc"><target type="guestfwd" address="10.0.2.1" port="4600"/></channel>', "agent-notarget": '<channel type="spicevmc"/>',
    "port": '<channel type="spiceport"><source channel="org.x.0"/><target type="virtio" name="org.x.0"/></channel>',
    "port2": '<channel type="spiceport"><source channel="org.x.0"/><target type="virtio" name="org.y"/></channel><channel type="spiceport"><source channel="org.x.1"/><target type="virtio" name="org.y"/></channel>',
    "webdav": '<channel type="spiceport"><source channel="org.spice-space.webdav.0"/><target type="virtio" name="org.spice-space.webdav.0"/></channel>',
    "port-nosource": '<channel type="spiceport"><target type="virtio" name="org.x.0"/></channel>',
    "port-badname": '<channel type="spiceport"><source channel="a b"/><target type="virtio" name="org.x.0"/></channel>',
    "serial": '<serial type="spiceport"><source channel="org.qemu.console.serial.0"/></serial>', "serial-agent": '<serial type="spicevmc"/>',
    "console-agent": '<console type="spicevmc"><target type="virtio"/></console>', "parallel-agent": '<parallel type="spicevmc"/>',
    "usb-serial": '<serial type="spicevmc"><target type="usb-serial"/></serial>',
    "redir": '<redirdev bus="usb" type="spicevmc"/>', "redir2": '<redirdev bus="usb" type="spicevmc"/>' * 2, "redir-notype": '<redirdev bus="usb"/>',
    "redir-badbus": '<redirdev bus="pci" type="spicevmc"/>', "redir-badtype": '<redirdev bus="usb" type="bogus"/>',
    "redir-nousb": '<controller type="usb" model="none"/><redirdev bus="usb" type="spicevmc"/>',
    "card": '<smartcard mode="passthrough" type="spicevmc"/>', "card2": '<smartcard mode="passthrough" type="spicevmc"/>' * 2, "card-notype": '<smartcard mode="passthrough"/>',
    "ich9": '<sound model="ich9"/>', "ich9+audio": '<sound model="ich9"><audio id="1"/></sound><audio id="1" type="none"/>', "audio0": '<audio id="0" type="none"/>',
    "audio-noid": '<audio type="none"/>', "audio2": '<audio id="1" type="none"/>' * 2, "audio-bogus": '<audio id="1" type="bogus"/>',
    "audio-file": '<audio id="1" type="file" path="/dev/null"/>', "audio-alsa": '<audio id="1" type="alsa"/>', "audio-missing": '<sound model="ich9"><audio id="7"/></sound>',
    "audio-fixed": '<audio id="1" type="none"><input fixedSettings="yes"/></audio>', "audio-settings": '<audio id="1" type="none"><input mixingEngine="yes"><settings frequency="44100"/></input></audio>',
    "sound-bogus": '<sound model="bogus"/>', "sound-ich7": '<sound model="ich7"/>',
    "vdagent": '<channel type="qemu-vdagent"><target type="virtio" name="com.redhat.spice.0"/></channel>',
    "agent+vdagent": AGENT + '<channel type="qemu-vdagent"><target type="virtio" name="com.redhat.spice.0"/></channel>',
}


def args_xml(text):
    if text == "":
        return ""
    if text == "env":
        inner = '<qemu:env name="SASL_CONF_PATH" value="/etc/sasl2"/>'
    elif text == "env-bad":
        inner = '<qemu:env name="1X" value="a"/>'
    elif text == "arg-novalue":
        inner = "<qemu:arg/>"
    elif text == "-":
        inner = '<qemu:arg value="-spice"/>'
    else:
        inner = f'<qemu:arg value="-spice"/><qemu:arg value="{escape(text)}"/>'
    return f"<qemu:commandline>{inner}</qemu:commandline>"


def domain(devices, tail="", machine="pc"):
    return ("<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><name>@NAME@</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>"
            f"<os><type arch='x86_64' machine='{machine}'>hvm</type></os><devices><emulator>{QEMU}</emulator>{devices}</devices>{tail}</domain>")


VGA = '<video><model type="vga"/></video>'


def make_ports(row):
    extra, kids = listen_xml(row["listen"])
    spice = f'<graphics type="spice"{attrs(row, ("port", "tlsPort", "autoport", "defaultMode"))}{extra}{password_attrs(row["password"])}>{kids}{channels(row["channel"])}</graphics>'
    return domain(spice + vnc_xml(row["vnc"]) + VGA, args_xml(row["args"]))


def make_options(row):
    extra, kids = listen_xml(row["listen"])
    port = ' autoport="yes"' if row["listen"].startswith("attr") else ""
    spice = f'<graphics type="spice"{port}{extra}{attrs(row, ("keymap",))}>{kids}{options(row)}</graphics>'
    egl = {"": "", "egl": '<graphics type="egl-headless"><gl rendernode="/dev/null"/></graphics>', "dbus": '<graphics type="dbus" p2p="yes"/>'}[row["egl"]]
    shown = {"spice": spice + vnc_xml(row["vnc"]) + egl, "none": "", "vnc-only": vnc_xml(row["vnc"])}[row["graphics"]]
    return domain(shown + VGA + "".join(DEVICES[d] for d in row["devices"].split()))


def video_xml(row):
    kids = ""
    if row["resolution"] is not None:
        x, _, y = row["resolution"].partition("x")
        kids += "<resolution" + (f' x="{x}"' if x else "") + (f' y="{y}"' if y else "") + "/>"
    if row["acceleration"] is not None:
        kids += f"<acceleration {row['acceleration']}/>"
    driver = f"<driver {row['driver']}/>" if row["driver"] is not None else ""
    address = ""
    if row["address"] is not None:
        address = f"<address {row['address'][1:]}/>" if row["address"].startswith("!") else f"<address type='pci' {row['address']}/>"
    model = f"<model{attrs({**row, 'type': row['model'] or None}, ('type', 'heads', 'primary', 'ram', 'vram', 'vram64', 'vgamem'))}>{kids}</model>"
    return f"<video>{driver}{model}{address}</video>"


SECOND = {
    "": "", "qxl": '<video><model type="qxl"/></video>', "virtio": '<video><model type="virtio"/></video>', "vga": VGA, "none": '<video><model type="none"/></video>',
    "qxl-primary": '<video><model type="qxl" primary="yes"/></video>', "qxl@2": '<video><model type="qxl"/><address type="pci" slot="0x02"/></video>',
    "qxl@3": '<video><model type="qxl"/><address type="pci" slot="0x03"/></video>', "virtio17": '<video><model type="virtio" heads="17"/></video>',
    "bogus-attr": '<video bogus="1"><model type="qxl" bogus="2"/></video>', "two-models": '<video><model/><model type="virtio" heads="2"/></video>',
    "many8": '<video><model type="qxl"/></video>' * 8, "many20": '<video><model type="virtio"/></video>' * 20,
    "accel": '<video><model type="virtio"><acceleration accel3d="yes"/></model></video>', "twice-cirrus": '<video><model type="cirrus"/></video>',
    "two-primary": '<video><model type="qxl" primary="yes"/></video><video><model type="virtio" primary="yes"/></video>',
}


def make_video(row):
    spice = '<graphics type="spice" autoport="yes"/>'
    shown = {"spice": spice, "none": "", "vnc-only": '<graphics type="vnc" autoport="yes"/>', "spice-none": '<graphics type="spice"><listen type="none"/></graphics>',
             "both": spice + '<graphics type="vnc" autoport="yes"/>'}[row["graphics"]]
    return domain(shown + video_xml(row) + SECOND[row["second"]], machine=row["machine"])


FAMILIES = (("ports", PORTS, make_ports, SINGLE_PORTS), ("options", OPTIONS, make_options, SINGLE_OPTIONS), ("video", VIDEO, make_video, SINGLE_VIDEO))


def main():
    want, rng = int(sys.argv[1]), random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    seen, cases = set(), []

    def add(family, make, row):
        conf = [line for text in row.get("conf", []) for line in text.split("\n")]
        xml = make(row)
        key = (xml, tuple(conf))
        if key not in seen:
            seen.add(key)
            note = " ".join(f"{k}={v}" for k, v in row.items() if v not in (None, "", []))
            cases.append({"id": f"gen-{family}-{len(cases):04d}", "group": f"gen-{family}", "note": note, "conf": conf, "xml": xml.replace("@NAME@", f"gen{len(cases)}")})

    for family, settings, make, singles in FAMILIES:
        for name, value in singles:
            row = {key: values[0] for key, values in settings.items()}
            if family == "ports" and name not in ("port", "autoport", "listen") or family == "ports" and name == "listen" and not value.startswith("socket"):
                row["autoport"] = "yes"
            if family == "ports" and name in ("tlsPort",):
                row["autoport"], row["conf"] = "no", ["spice_tls = 1"]
            row[name] = value
            add(family, make, row)
    while len(cases) < want:
        for family, settings, make, _ in FAMILIES:
            for row in cover(settings, rng):
                if len(cases) < want:
                    add(family, make, row)
    for case in cases:
        print(json.dumps(case, ensure_ascii=False))


main()
