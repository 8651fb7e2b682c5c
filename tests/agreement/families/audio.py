# SPDX-License-Identifier: LGPL-2.1-or-later
"""<audio> and <sound> of every backend and model."""
from .build import SPICE, VGA, domain, element, sometimes

TYPES = ["none", "alsa", "coreaudio", "jack", "oss", "pulseaudio", "sdl", "spice", "spice", "file", "dbus", "x", "", None]
SCREENS = [SPICE] * 4 + ["", '<graphics type="vnc" autoport="yes"/>', '<graphics type="spice"><listen type="none"/></graphics>', '<graphics type="dbus"/>', '<graphics type="vnc" autoport="yes"><audio id="1"/></graphics>',
                         '<graphics type="dbus"><audio id="1"/></graphics>', SPICE + '<graphics type="vnc" autoport="yes"/>', '<graphics type="vnc" autoport="yes"><audio id="2"/></graphics>', SPICE + '<graphics type="dbus" p2p="yes"/>']
CONFS = [[]] * 6 + [["vnc_allow_host_audio = 1"], ["nographics_allow_host_audio = 1"]]


def side(rng, name):
    fixed = rng.choice([None, None, "yes", "no"])
    values = {"mixingEngine": rng.choice([None, None, "yes", "yes", "no"]), "fixedSettings": fixed, "voices": sometimes(rng, 0.3, rng.choice(["1", "2", "0", "x"])), "bufferLength": sometimes(rng, 0.2, rng.choice(["1000", "0", "x"])),
              "dev": sometimes(rng, 0.2, rng.choice(["/dev/dsp0", "default", "hw:0"])), "bufferCount": sometimes(rng, 0.1, rng.choice(["5", "0"])), "tryPoll": sometimes(rng, 0.1, rng.choice(["yes", "no", "x"])),
              "name": sometimes(rng, 0.1, "fish"), "streamName": sometimes(rng, 0.1, "s"), "latency": sometimes(rng, 0.1, rng.choice(["100", "0", "x"])), "serverName": sometimes(rng, 0.05, "s"), "clientName": sometimes(rng, 0.05, "c"),
              "connectPorts": sometimes(rng, 0.05, "p"), "exactName": sometimes(rng, 0.05, "yes")}
    settings = sometimes(rng, 0.6 if fixed == "yes" else 0.1, element("settings", {"frequency": sometimes(rng, 0.6, rng.choice(["44100", "0", "x"])), "channels": sometimes(rng, 0.5, rng.choice(["2", "1", "0"])),
                                                                                    "format": sometimes(rng, 0.5, rng.choice(["s16", "u8", "f32", "x", ""]))}), "")
    return element(name, values, settings)


def audio(rng):
    kind = rng.choice(TYPES)
    values = {"id": sometimes(rng, 0.95, rng.choice(["1", "1", "1", "2", "3", "0"])), "type": kind, "path": sometimes(rng, 0.5 if kind == "file" else 0.05, rng.choice(["/srv/ok/a.wav", "/srv/gone/a.wav", "/dev/null", "/srv/ro/a.wav", ""])),
              "driver": sometimes(rng, 0.4 if kind == "sdl" else 0.05, rng.choice(["esd", "alsa", "arts", "pulseaudio", "x"])), "serverName": sometimes(rng, 0.4 if kind == "pulseaudio" else 0.05, "srv"),
              "tryMMap": sometimes(rng, 0.2 if kind == "oss" else 0.02, rng.choice(["yes", "no", "x"])), "exclusive": sometimes(rng, 0.2 if kind == "oss" else 0.02, rng.choice(["yes", "no"])),
              "dspPolicy": sometimes(rng, 0.2 if kind == "oss" else 0.02, rng.choice(["3", "0", "-1", "x"])), "timerPeriod": sometimes(rng, 0.1, rng.choice(["50", "0", "x"]))}
    return element("audio", values, sometimes(rng, 0.3, side(rng, "input"), "") + sometimes(rng, 0.3, side(rng, "output"), ""))


def sound(rng):
    kids = sometimes(rng, 0.4, rng.choice(['<audio id="1"/>', '<audio id="2"/>', '<audio id="0"/>', "<audio/>", '<audio id="x"/>']), "") + sometimes(rng, 0.2, rng.choice(['<codec type="duplex"/>', '<codec type="micro"/>', '<codec type="output"/>', '<codec type="x"/>', "<codec/>"]), "") \
        + sometimes(rng, 0.15, rng.choice(['<address type="pci" slot="5"/>', '<address type="pci" slot="0"/>', '<address type="usb" bus="0" port="1"/>', '<address type="isa" iobase="0x220"/>', '<alias name="ua-s"/>']), "")
    return element("sound", {"model": rng.choice(["ich6", "ich6", "ich9", "ac97", "es1370", "sb16", "usb", "pcspk", "ich7", "x", None, "virtio"]), "multichannel": sometimes(rng, 0.05, rng.choice(["yes", "x"]))}, kids)


def sounds(rng):
    devices = "".join(audio(rng) for _ in range(rng.choice([0, 1, 1, 1, 2]))) + "".join(sound(rng) for _ in range(rng.choice([0, 0, 1, 1, 2])))
    shown = rng.choice(SCREENS)
    conf = rng.choice(CONFS)
    machine = rng.choice(["pc", "pc", "q35"])
    return {"conf": conf, "xml": domain(shown + VGA + devices, machine=machine), "note": f"{machine} {shown} {devices} {conf}"}


FAMILIES = {"sounds": sounds}
