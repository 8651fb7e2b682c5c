# SPDX-License-Identifier: LGPL-2.1-or-later
"""Cases that cover all pairs of values of several families of settings; refused values come one at a time among harmless ones."""
from .build import VGA, attrs, domain, escape
from .tables import OPTIONS, PORTS, SINGLE_OPTIONS, SINGLE_PORTS, SINGLE_VIDEO, VIDEO


def cover(settings, rng):
    """Greedy pairwise: rows until every pair of values of two settings has occurred in one."""
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


def note(row):
    return " ".join(f"{k}={v}" for k, v in row.items() if v not in (None, "", []))


def singles():
    """-> (family, conf, xml, note) of each refused or unusual value among harmless ones"""
    for family, settings, make, values in FAMILIES:
        for name, value in values:
            row = {key: all_values[0] for key, all_values in settings.items()}
            if family == "ports" and name not in ("port", "autoport", "listen") or family == "ports" and name == "listen" and not value.startswith("socket"):
                row["autoport"] = "yes"
            if family == "ports" and name == "tlsPort":
                row["autoport"], row["conf"] = "no", ["spice_tls = 1"]
            row[name] = value
            yield family, row.get("conf", []), make(row), note(row)


def rounds(rng):
    """-> the same without end: one pairwise cover of each family after the other"""
    while True:
        for family, settings, make, _ in FAMILIES:
            for row in cover(settings, rng):
                yield family, row.get("conf", []), make(row), note(row)
