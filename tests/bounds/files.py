"""Host files of any size."""
from case import Case
from domains import around

SPICE = "etc/pam.d/spice"
NAMED = ("bad-include", "bad-includes", "times", "times-names")
RULES = "auth required pam_unix.so\naccount required pam_unix.so\n"


def of_pam():
    """Lines, and files that include each other: itself, in a ring, all include all."""
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
    large = lambda piece: around("", piece, "")
    yield "bad-include", {SPICE: RULES + "auth include bad\n" * 9000, "etc/pam.d/bad": around("#", "#", "\0\n")}
    yield "bad-includes", {SPICE: RULES + "".join("auth include %sbad\n" % ("./" * n) for n in range(1, 1000)),
                           "etc/pam.d/bad": around("#", "#", "\0\n")}
    for name, path in (("times", "/etc/security/a.conf"), ("times-names", "/etc/security/%sa.conf")):
        rules = "".join("account required pam_time.so conffile=%s\n" % (path % ("./" * (n % 40)) if "%" in path else path) for n in range(9000))
        yield name, {SPICE: RULES + rules, "etc/security/a.conf": large("spice;*;u;!Al0000-2400\n")}


def cases(source):
    del source
    for name, made in of_pam():
        made = {"etc/hostname": "host\n", **made}
        for verb in ("check", "show"):
            yield Case("pam-%s/%s" % (verb, name), ("--root", ".", "pam", verb), made,
                       "pam-" + name if (name in ("itself-4", "itself", "broken", "modules", *NAMED)) == (verb == "check") else None,
                       kind="pam-" + verb, always=name in ("itself-4", "missing", *NAMED))
