# SPDX-License-Identifier: LGPL-2.1-or-later
"""Two or three VMs on one host: fixed and automatic ports, small ranges, sockets, sockets of other programs."""
from .build import VGA, domain, element, sometimes

PORTS = ["5900", "5901", "5902", "5903", "5910", "5911", "5912", "65535"]
CONFS = [[], [], ["spice_tls = 1"], ["spice_auto_unix_socket = 1"], ["vnc_auto_unix_socket = 1"], ["remote_display_port_min = 5910", "remote_display_port_max = 5911"],
         ["remote_display_port_min = 5910", "remote_display_port_max = 5912", "spice_tls = 1"], ["remote_display_port_min = 5900", "remote_display_port_max = 5901", "spice_tls = 1"],
         ["remote_websocket_port_min = 5910", "remote_websocket_port_max = 5911", "remote_display_port_min = 5910", "remote_display_port_max = 5913"],
         ["remote_websocket_port_min = 5700", "remote_websocket_port_max = 5701"], ['spice_listen = "0.0.0.0"'], ["remote_display_port_min = 65530"],
         ["migration_port_min = 5910", "migration_port_max = 5912"]]


def one(rng):
    if rng.random() < 0.6:
        kind = rng.choice(["auto", "auto", "fixed", "fixed", "tls", "both", "-1", "-1-1", "none", "socket", "bare", "auto+port", "secure"])
        values = {"type": "spice", "listen": sometimes(rng, 0.2, rng.choice(["127.0.0.1", "127.0.0.2", "0.0.0.0", "::1", "192.168.2.2"])),
                  **{"auto": {"autoport": "yes"}, "fixed": {"port": rng.choice(PORTS), "autoport": sometimes(rng, 0.5, "no")}, "tls": {"tlsPort": rng.choice(PORTS)},
                     "both": {"port": rng.choice(PORTS), "tlsPort": rng.choice(PORTS)}, "-1": {"port": "-1", "tlsPort": sometimes(rng, 0.3, rng.choice(PORTS))},
                     "-1-1": {"port": "-1", "tlsPort": "-1"}, "none": {}, "socket": {}, "bare": {}, "auto+port": {"autoport": "yes", "port": rng.choice(PORTS)},
                     "secure": {"autoport": "yes", "defaultMode": rng.choice(["secure", "insecure"])}}[kind]}
        kids = {"none": '<listen type="none"/>', "socket": f'<listen type="socket" socket="/srv/ok/{rng.choice("ab")}.sock"/>'}.get(kind, "")
        if kind in ("none", "socket") or kids:
            values.pop("listen")
            values["port"] = sometimes(rng, 0.3, rng.choice(PORTS))
        return element("graphics", values, kids)
    values = {"type": "vnc", "autoport": "yes"} if rng.random() < 0.6 else {"type": "vnc", "port": rng.choice(PORTS)}
    values["websocket"] = sometimes(rng, 0.35, rng.choice(["-1", "5910", "5700", "5900"]))
    values["listen"] = sometimes(rng, 0.2, rng.choice(["127.0.0.1", "0.0.0.0", "::1"]))
    if rng.random() < 0.1:
        return element("graphics", {"type": "vnc", "socket": f"/srv/ok/{rng.choice('ab')}.sock"})
    return element("graphics", values)


def screens(rng):
    out = one(rng)
    if rng.random() < 0.3:
        second = one(rng)
        if second[:23] != out[:23]:
            out += second
    return out


def several(rng):
    conf = rng.choice(CONFS)
    all_screens = [screens(rng) for _ in range(rng.choice([2, 2, 3]))]
    if rng.random() < 0.15:
        all_screens[-1] = all_screens[0]
    heads = ["", "", ""]
    if rng.random() < 0.08:
        heads = ["<uuid>11111111-2222-4333-8444-555555555555</uuid>", rng.choice(["<uuid>11111111-2222-4333-8444-555555555555</uuid>", "<uuid>11111111222243338444555555555555</uuid>"]), ""]
    env = {"block": [f"{rng.choice(['127.0.0.1', '0.0.0.0', '::1', '::', '192.168.2.2'])}:{rng.choice(PORTS)}" for _ in range(rng.choice([1, 2]))]} if rng.random() < 0.2 else None
    return {"conf": conf, "env": env, "xmls": [domain(text + VGA, head=head).replace("@NAME@", f"@NAME@-{i}") for i, (text, head) in enumerate(zip(all_screens, heads))],
            "note": f"{' | '.join(all_screens)} {conf} {env}"}


def busy(rng):
    env = {"block": list({f"{rng.choice(['127.0.0.1', '0.0.0.0', '::1', '::', '192.168.2.2', '127.0.0.2'])}:{rng.choice(PORTS)}" for _ in range(rng.choice([1, 1, 2, 3]))})}
    conf = rng.choice(CONFS)
    text = screens(rng)
    return {"conf": conf, "env": env, "xml": domain(text + VGA), "note": f"{text} {conf} {env}"}


FAMILIES = {"several": several, "busy": busy}
