"""Files of a host of any size."""
from case import Case
from domains import around

SPICE = "etc/pam.d/spice"
RULES = "auth required pam_unix.so\naccount required pam_unix.so\n"


def of_pam():
    """Lines, and files that include each other: themselves, in a ring, all of them all."""
    lines = {
        "rules": "auth required pam_unix.so\n", "bracket": "auth [success=1 default=ignore] pam_x.so a b\n", "broken": "a\n",
        "comments": "#\n", "empty": "\n", "continued": "auth \\\n", "modules": lambda n: "auth required pam_%d.so\n" % n,
        "missing": lambda n: "@include missing%d\n" % n, "args": "account required pam_succeed_if.so user ingroup x\n",
        "itself": "@include spice\n", "substack": "auth substack spice\n", "include": "auth include spice\naccount include spice\n",
    }
    for name, piece in lines.items():
        yield name, {SPICE: around(RULES, piece, "")}
    yield "long-line", {SPICE: around(RULES + "auth required x.so ", "a ", "\n")}
    yield "long-bracket", {SPICE: around(RULES + "auth [", "success=1 ", "] x.so\n")}
    for count in (2, 4, 8):
        yield "itself-%d" % count, {SPICE: lambda size, count=count: "@include spice\n" * count + RULES}
    yield "ring", {SPICE: around("", "@include other\n", RULES), "etc/pam.d/other": around("", "@include spice\n", RULES)}
    yield "all-of-all", {"etc/pam.d/" + name: lambda size: "".join("auth substack %s\n" % n for n in ("spice", "a", "b", "c")) + RULES
                         for name in ("spice", "a", "b", "c")}


def cases(source):
    del source
    for name, made in of_pam():
        made = {"etc/hostname": "host\n", **made}
        for verb in ("check", "show"):
            yield Case("pam-%s/%s" % (verb, name), ("--root", ".", "pam", verb), made,
                       "pam-" + name if (name in ("itself-4", "itself", "broken", "modules")) == (verb == "check") else None,
                       kind="pam-" + verb, always=name in ("itself-4", "missing"))
