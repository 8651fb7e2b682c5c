# SPDX-License-Identifier: LGPL-2.1-or-later
"""Values of Spice and video settings and of keys of qemu.conf, for the pairwise cover."""

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
# one at a time among harmless ones
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
