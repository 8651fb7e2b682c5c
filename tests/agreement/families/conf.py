# SPDX-License-Identifier: LGPL-2.1-or-later
"""Keys of qemu.conf with values of all types, set twice, and syntax of the file."""
from .build import VGA, domain, element

BOOLS = ["spice_tls", "spice_sasl", "spice_auto_unix_socket", "vnc_tls", "vnc_sasl", "vnc_auto_unix_socket", "vnc_allow_host_audio", "nographics_allow_host_audio", "vnc_tls_x509_verify", "default_tls_x509_verify"]
STRINGS = ["spice_listen", "spice_password", "spice_tls_x509_cert_dir", "spice_sasl_dir", "vnc_listen", "vnc_password", "vnc_tls_x509_cert_dir", "vnc_sasl_dir", "default_tls_x509_cert_dir",
           "vnc_tls_x509_secret_uuid", "default_tls_x509_secret_uuid"]
NUMBERS = ["remote_display_port_min", "remote_display_port_max", "remote_websocket_port_min", "remote_websocket_port_max"]
TEXTS = ['"127.0.0.1"', '"::1"', '""', '"0.0.0.0"', '"secret"', '"/srv/pki/expired"', '"/srv/pki/noca"', '"/srv/pki/nokey"', '"/srv/pki/gone"', '"/srv/pki/file"', '"/etc/pki/libvirt-spice"', '"/etc/sasl2"',
         '"6a45ee1f-0b3e-4a51-9a3e-1a0c0b3d0f11"', "'0.0.0.0'", '"""::1"""']
ANY = ["0", "1", "2", "-1", "-0", "+1", "01", "0x1", "1.0", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551616", "99999999999999999999", '"1"', '"yes"', "'0'", '""', "[]", '["a"]', '["a", "b"]',
       "[1]", '[ "a",\n "b" ]', "yes", "true", "5900", "5901", "5930", "65535", "65536", "5700", "5899", "5699", "0777"]
LINES = ["spice_tls=1", "  spice_tls = 1", "spice_tls = 1 # on", "spice_tls = 1 ; spice_sasl = 0", "spice_tls 1", "spice_tls = ", "= 1", "spice_tls == 1", "SPICE_TLS = 1", "spice-tls = 1", "spice_tls = 1 1", 'spice_listen = "0.0.0.0',
         'spice_listen = "a\\"b"', "# nothing", "", "spice.tls = 1", "_x = 1", "1x = 1", 'spice_listen = "127.0.0.1" "x"', "spice_listen = '127.0.0.1'", 'spice_listen = """127.0.0.1"""', "x = [ 1, 2 ]", 'x = [ "a" "b" ]', "x = [", "x = { }", "[x]",
         'spice_password = "\u00e4\u00f6\u00fc"', "spice_tls = 1\nspice_tls = 0", "spice_tls = 0\nspice_tls = 1", "spice_tls = 1\nspice_tls = 2", "spice_tls = 2\nspice_tls = 1", 'spice_tls = "1"\nspice_tls = 1', "include \"x\""]
DOMAINS = [element("graphics", {"type": "spice", "autoport": "yes"}), element("graphics", {"type": "spice", "port": "5930", "tlsPort": "5931"}), element("graphics", {"type": "spice", "autoport": "yes", "listen": "127.0.0.1"}),
           element("graphics", {"type": "spice"}, '<listen type="none"/>'), element("graphics", {"type": "spice"}, '<listen type="socket"/>'), element("graphics", {"type": "vnc", "autoport": "yes"}),
           element("graphics", {"type": "vnc", "port": "5930", "websocket": "-1"}), "", element("graphics", {"type": "vnc", "autoport": "yes"}) + element("graphics", {"type": "spice", "autoport": "yes"}),
           element("graphics", {"type": "spice", "autoport": "yes", "defaultMode": "secure"}), element("graphics", {"type": "spice", "tlsPort": "-1"})]


def line(rng):
    roll = rng.random()
    if roll < 0.25:
        return f"{rng.choice(BOOLS)} = {rng.choice(['0', '1', '1', '1'])}"
    if roll < 0.45:
        return f"{rng.choice(STRINGS)} = {rng.choice(TEXTS)}"
    if roll < 0.6:
        key = rng.choice(NUMBERS)
        return f"{key} = {rng.choice(['5900', '5901', '5930', '5931', '65535', '65534', '5700', '5800', '6000'])}"
    if roll < 0.85:
        return f"{rng.choice(BOOLS + STRINGS + NUMBERS)} = {rng.choice(ANY)}"
    return rng.choice(LINES)


def conf(rng):
    lines = "\n".join(line(rng) for _ in range(rng.choice([1, 1, 1, 2, 2, 3]))).split("\n")
    screen = rng.choice(DOMAINS)
    return {"conf": lines, "xml": domain(screen + VGA), "note": f"{lines} {screen}"}


# the same files for many domains: a restart of libvirtd takes long
FAMILIES = {"conf": conf}
