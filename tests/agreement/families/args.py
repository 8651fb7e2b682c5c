# SPDX-License-Identifier: LGPL-2.1-or-later
"""qemu:commandline: options of -spice, other options that affect the console, environment."""
from .build import SPICE, VGA, domain, escape

SCREENS = [SPICE, SPICE, '<graphics type="spice" port="5930"/>', '<graphics type="spice"><listen type="none"/></graphics>', '<graphics type="spice"><listen type="socket" socket="/srv/ok/q.sock"/></graphics>',
           '<graphics type="spice"><listen type="socket"/></graphics>', "", '<graphics type="vnc" autoport="yes"/>', '<graphics type="spice" autoport="yes" passwd="secret"/>', '<graphics type="spice" port="5930" tlsPort="5931"/>',
           '<graphics type="spice" tlsPort="5931"/>', '<graphics type="spice" autoport="yes" listen="::1"/>', '<graphics type="spice" autoport="yes"><channel name="main" mode="insecure"/></graphics>']
CONFS = [[]] * 5 + [["spice_tls = 1"], ["spice_tls = 1"], ["spice_sasl = 1"], ["spice_auto_unix_socket = 1"], ["spice_tls = 1", "spice_auto_unix_socket = 1"], ['spice_password = "p"'], ['spice_listen = "0.0.0.0"']]
NUMBERS = ["0", "5900", "5930", "5931", "5999", "1", "65535", "65536", "-1", "0x1700", "05900", "x", "", "5900k", "1k", "5900.0", "0", "+5930", " 5930", "18446744073709551615", "4294973226"]
BOOLS = ["on", "off", "yes", "no", "y", "n", "true", "false", "ON", "1", "0", "", "x"]
ADDRESSES = ["127.0.0.1", "::1", "", "0.0.0.0", "::", "localhost", "203.0.113.9", "/srv/ok/arg.sock", "/srv/gone/a", "192.168.2.2", "/srv/ro/a", "*"]
CHANNELS = ["main", "display", "default", "webdav", "port", "bogus", "usbredir", "inputs", ""]
WAN = ["auto", "never", "always", "off", "x"]


def option(rng):
    name = rng.choice(["port", "port", "tls-port", "tls-port", "addr", "addr", "ipv4", "ipv6", "unix", "unix", "password", "disable-ticketing", "disable-ticketing", "disable-copy-paste", "disable-agent-file-xfer", "sasl", "sasl",
                       "x509-dir", "x509-key-password", "x509-key-file", "x509-cert-file", "x509-cacert-file", "x509-dh-key-file", "tls-ciphers", "tls-channel", "plaintext-channel", "image-compression", "jpeg-wan-compression",
                       "zlib-glz-wan-compression", "streaming-video", "agent-mouse", "playback-compression", "seamless-migration", "display", "head", "gl", "rendernode", "password-secret", "bogus", "id"])
    if name in ("port", "tls-port"):
        return f"{name}={rng.choice(NUMBERS)}"
    pools = {"addr": ADDRESSES, "password": ["x", "", "a" * 61], "x509-dir": ["/etc/pki/libvirt-spice", "/srv/pki/gone", "/srv/pki/noca", "/srv/pki/expired", "/srv/pki/nokey", ""], "tls-channel": CHANNELS, "plaintext-channel": CHANNELS,
             "x509-key-file": ["/etc/pki/libvirt-spice/server-key.pem", "/srv/gone/k"], "x509-cert-file": ["/etc/pki/libvirt-spice/server-cert.pem", "/srv/gone/k"], "x509-cacert-file": ["/etc/pki/libvirt-spice/ca-cert.pem", "/srv/gone/k"],
             "x509-dh-key-file": ["/srv/gone/k", "/dev/null"], "tls-ciphers": ["DEFAULT", "HIGH", "bogus", ""], "x509-key-password": ["x", ""], "image-compression": ["auto_glz", "lz4", "off", "glz", "AUTO_GLZ", ""],
             "jpeg-wan-compression": WAN, "zlib-glz-wan-compression": WAN, "streaming-video": ["off", "all", "filter", "x", ""], "display": ["video0", "video1", "x", ""], "head": ["0", "1", "x", ""], "rendernode": ["/dev/null", "/srv/gone/r", ""],
             "password-secret": ["sec0", ""], "bogus": ["1"], "id": ["a", "0a", ""]}
    pool = pools.get(name, BOOLS)
    roll = rng.random()
    if roll < 0.08:
        return name
    if roll < 0.12:
        return "no" + name
    return f"{name}={rng.choice(pool)}"


def spice_words(rng):
    options = ",".join(option(rng) for _ in range(rng.choice([1, 1, 1, 2, 2, 3])))
    options = rng.choice([options] * 10 + [options + ",", "," + options, options.replace("=", "==", 1), options + ",,x=1", ""])
    return [rng.choice(["-spice"] * 6 + ["--spice"]), options]


OTHERS = [["-device", "qxl"], ["-device", "virtio-gpu-pci"], ["-device", "bogus"], ["-device", "qxl,id=video0"], ["-vga", "none"], ["-vga", "std"], ["-vga", "qxl"], ["-vga", "bogus"], ["-display", "none"], ["-display", "spice-app"], ["-display", "bogus"],
          ["-display", "gtk"], ["-display", "egl-headless"], ["-nographic"], ["-k", "de"], ["-k", "xx"], ["-full-screen"], ["-set", "device.video0.vgamem_mb=32"], ["-global", "qxl-vga.revision=4"], ["-vnc", ":7"], ["-vnc", "none"], ["-spice"],
          ["-readconfig", "/dev/null"], ["-name", "x"], ["-device", "virtserialport,chardev=none"], ["-usb"], ["-device", "usb-tablet"], ["-audiodev", "none,id=x"], ["-audiodev", "spice,id=x"], ["-sandbox", "off"], ["-chardev", "spicevmc,id=c,name=vdagent"],
          ["-chardev", "spiceport,id=c,name=x"], ["-device", "virtio-serial", "-chardev", "spicevmc,id=c,name=vdagent", "-device", "virtserialport,chardev=c,name=com.redhat.spice.0"], ["-m", "96"], ["-daemonize"], ["-S"], ["-version"], ["-device", "help"],
          ["-object", "secret,id=sec0,data=abc"], ["-device", "secondary-vga"], ["-global", "bogus.x=1"]]
ENVS = [("SASL_CONF_PATH", "/etc/sasl2"), ("SASL_CONF_PATH", ""), ("SPICE_DEBUG_ALLOW_MC", "1"), ("1X", "a"), ("X Y", "a"), ("", "a"), ("X-Y", "a"), ("_x1", None), ("X", "\u00e4"), ("QEMU_AUDIO_DRV", "none"), (None, "x"), ("X=1", "2")]


def args(rng):
    words = []
    for _ in range(rng.choice([1, 1, 1, 2])):
        words += spice_words(rng) if rng.random() < 0.7 else rng.choice(OTHERS)
    inner = "".join(f'<qemu:arg value="{escape(word)}"/>' for word in words)
    if rng.random() < 0.15:
        name, value = rng.choice(ENVS)
        inner += "<qemu:env" + (f' name="{escape(name)}"' if name is not None else "") + (f' value="{value}"' if value is not None else "") + "/>"
    if rng.random() < 0.04:
        inner = rng.choice(["<qemu:arg/>", "", "<qemu:bogus/>", '<arg value="-bogus"/>', '<qemu:arg value="-spice"/>', '<qemu:arg value="-spice" value2="x"/>', "<qemu:arg>-bogus</qemu:arg>"])
    tail = f"<qemu:commandline>{inner}</qemu:commandline>"
    shown, conf = rng.choice(SCREENS), rng.choice(CONFS)
    return {"conf": conf, "xml": domain(shown + VGA, tail), "note": f"{shown} {inner} {conf}"}


FAMILIES = {"args": args}
