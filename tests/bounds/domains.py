"""Domain definitions of any size: everything in the catalogue, repeated.

The catalogue is what libvirt's corpus and the cases of the rules contain, so that a new rule or element is covered without a change here.
"""
import copy
import glob
import json
import os
import re
import xml.etree.ElementTree as ET

from case import Case

QEMU = "http://libvirt.org/schemas/domain/qemu/1.0"
ET.register_namespace("qemu", QEMU)
HEAD = ("<domain type='%s' xmlns:qemu='" + QEMU + "'>\n<name>vm</name>\n<uuid>22222222-2222-2222-2222-222222222222</uuid>\n"
        "<memory unit='MiB'>64</memory>\n<os><type arch='%s' machine='%s'>hvm</type></os>\n")
TYPES = {"type": "qemu", "arch": "x86_64", "machine": "pc"}


def head(kind=None):
    kind = kind or TYPES
    return HEAD % (kind["type"], kind["arch"], kind["machine"])


def fill(size, piece, before, after):
    """piece is a text, or a function of the number; as often as size takes."""
    out, length, number = [before], len(before) + len(after), 0
    while length < size:
        text = piece(number) if callable(piece) else piece
        out.append(text)
        length += len(text)
        number += 1
    out.append(after)
    return "".join(out)


def around(before, piece, after):
    return lambda size: fill(size, piece, before, after)


def serial(element):
    text = ET.tostring(element, encoding="unicode")
    return text.replace(' xmlns:qemu="%s"' % QEMU, "").strip()


def numbered(text):
    """Makes numbers differ that must differ."""
    return lambda n: re.sub(r'\b(id|index|bus|slot|port|tlsPort)="(0x)?\d+"', lambda m: '%s="%d"' % (m.group(1), n % 60000), text)


def signature(element):
    return (element.tag, tuple(sorted(element.attrib.items())), tuple(signature(child) for child in element))


def shape(path, element):
    return (path, tuple(sorted(element.attrib)), element.get("type"))


def split(tree, path, element):
    """The text before and after an element of the tree; path: the elements above it."""
    mark = ET.Element("MARK")
    parent = path[-1]
    at = list(parent).index(element)
    kept = list(parent)
    parent.insert(at, mark)
    text = serial(tree)
    parent.remove(mark)
    assert list(parent) == kept
    before, _, after = text.partition("<MARK />")
    return before, after


def repeated(name, tree, path, element):
    """One element repeated many times: unchanged, with differing numbers, without attributes, and with each of its texts long."""
    before, after = split(tree, path, element)
    text = serial(element)
    yield name, around(before, text + "\n", after)
    if numbered(text)(77) != text:
        other = numbered(text + "\n")
        yield name + "#", around(before, other, after)
    for attr, value in element.attrib.items():
        long = copy.deepcopy(element)
        long.set(attr, "MARK")
        first, _, last = serial(long).partition("MARK")
        for kind, piece in (("long", "x"), ("list", "," + (value or "a").replace("&", "").replace("<", "").replace('"', ""))):
            yield "%s@%s-%s" % (name, attr, kind), around(before + first + ("" if kind == "long" else "a"), piece, last + after)


def walk(tree, path=()):
    for child in tree:
        yield (*path, tree), child
        yield from walk(child, (*path, tree))


def of_cases(source):
    """Each case of the rules, fires or clean, repeated as a whole, then each of its elements."""
    seen = set()
    for name in sorted(glob.glob(os.path.join(source, "tests/rules/cases*.txt"))):
        for line in open(name, encoding="utf-8"):
            if line.startswith("#") or line.count("\t") < 3:
                continue
            rule, what, host, text = line.rstrip("\n").split("\t", 3)
            if text == "host":
                continue
            facts = json.loads(host) if host.startswith("{") else {}
            kind = {key: facts.get("domain" if key == "type" else key) or usual for key, usual in TYPES.items()}
            root = facts.get("root", "")
            top = head(kind)
            try:
                tree = ET.fromstring("%s<devices>%s</devices>%s</domain>" % (top, text, root))
            except ET.ParseError:
                continue
            if (signature(tree), kind["type"]) in seen:
                continue
            seen.add((signature(tree), kind["type"]))
            yield "case/%s/%s/%d/all" % (rule, what, len(seen)), around(top + "<devices>", text + "\n", "</devices>" + root + "</domain>\n")
            for path, element in walk(tree):
                key = shape("/".join(p.tag for p in path), element)
                if key not in seen and len(path) > 1:
                    seen.add(key)
                    yield from repeated("case/%s/%s/%d/%s" % (rule, what, len(seen), element.tag.split("}")[-1]), tree, path, element)


def of_corpus(source):
    """Each element of libvirt's corpus, repeated."""
    seen = set()
    for name in sorted(glob.glob(os.path.join(source, "tests/data/corpus/domains/*.xml"))):
        try:
            tree = ET.parse(name).getroot()
        except ET.ParseError:
            continue
        if tree.tag != "domain":
            continue
        for path, element in walk(tree):
            key = ("/".join(p.tag for p in path), element.tag, element.get("type"))
            if key in seen:
                continue
            seen.add(key)
            yield from repeated("corpus/%s/%d" % ("/".join([p.tag for p in path[1:]] + [element.tag]).replace("{%s}" % QEMU, "qemu:"), len(seen)),
                                tree, path, element)


def of_documents():
    """What XML itself allows to be repeated."""
    top, end = head(), "</domain>\n"
    spice = "<devices><graphics type='spice' autoport='yes'/>"
    line = "<qemu:commandline><qemu:arg value='-spice'/><qemu:arg value='"
    yield "text", around(top + "<description>", "x", "</description>" + end)
    yield "space", around(top, " \n", end)
    yield "comment", around(top + "<!--", "x", "-->" + end)
    yield "comments", around(top, "<!---->", end)
    yield "instructions", around(top, "<?a b?>", end)
    yield "cdata", around(top + "<description>", "<![CDATA[]]>", "</description>" + end)
    yield "entities", around(top + "<description>", "&amp;", "</description>" + end)
    yield "references", around(top + "<description>", "&#65;", "</description>" + end)
    yield "unknown", around(top, "<a/>", end)
    yield "names", around(top, lambda n: "<a%d/>" % n, end)
    yield "names-of-instructions", around(top, lambda n: "<?a%d b?>" % n, end)
    yield "devices", around(top, "<devices/>", end)
    yield "one-line", lambda size: around(top + spice, "<channel/>", "</devices>" + end)(size).replace("\n", " ")
    yield "one-line-latin1", lambda size: "<?xml version='1.0' encoding='ISO-8859-1'?>" + around(
        top + spice, "<channel/>", "</devices>" + end)(size).replace("\n", " ")
    yield "attributes", around(top + "<a ", lambda n: "a%d='' " % n, "/>" + end)
    yield "attributes-of-many", around(top, lambda n: "<a %s/>" % " ".join("a%d=''" % i for i in range(50)), end)
    yield "namespaces", around(top + "<a ", lambda n: "xmlns:a%d='urn:%d' " % (n, n), "/>" + end)
    yield "namespaces-of-many", around(top, lambda n: "<a xmlns:a%d='urn:%d'/>" % (n, n), end)
    yield "namespaces-deep", around(top, lambda n: "<a %s>%s%s" % (
        " ".join("xmlns:a%d='urn:%d'" % (i, i) for i in range(40)),
        "".join("<a %s>" % " ".join("xmlns:b%dx%d='u'" % (d, i) for i in range(40)) for d in range(100)), "</a>" * 101), end)
    yield "deep", around(top, "<a>" * 200 + "</a>" * 200, end)
    yield "deeper", lambda size: top + "<a>" * (size // 7) + "</a>" * (size // 7) + end
    yield "long-name", around(top + "<a", "a", "/>" + end)
    yield "long-prefix", around(top.replace("xmlns:qemu=", "xmlns:%s=" % ("q" * 40000)) + "<%s:commandline xmlns:q='%s'>" % ("q" * 40000, QEMU),
                                "<q:arg value='x'/>", "</%s:commandline>" % ("q" * 40000) + end)
    yield "long-architecture", lambda size: around(
        head({**TYPES, "arch": "s390x" + "x" * (size // 2)}) + "<devices>", "<sound model='ac97'/><video><model type='vga'/></video>",
        "</devices>" + end)(size)
    yield "args", around(top + "<qemu:commandline>", "<qemu:arg/>", "</qemu:commandline>" + end)
    yield "args-bogus", around(top + "<qemu:commandline>", "<qemu:arg value='-bogus'/>", "</qemu:commandline>" + end)
    yield "args-many", around(top, "<qemu:commandline><qemu:arg value='x'/></qemu:commandline>", end)
    yield "envs", around(top + "<qemu:commandline>", "<qemu:env name='SASL_CONF_PATH' value='/x'/>", "</qemu:commandline>" + end)
    for name, piece in (("word", "a,"), ("value", "a=b,"), ("on", "sasl=on,"), ("port", "port=1,"), ("empty", ","), ("channel", "tls-channel=main,")):
        yield "spice-" + name, around(top + line, piece, "'/></qemu:commandline>" + end)
    yield "spice-json", around(top + line + "{", '"a":{"b":[1]},', "}'/></qemu:commandline>" + end)
    yield "spice-args", around(top + "<qemu:commandline>", "<qemu:arg value='-spice'/><qemu:arg value='a=b'/>", "</qemu:commandline>" + end)
    for option in ("chardev", "device", "display", "object", "vga", "set", "audiodev", "usbdevice"):
        yield "option-" + option, around(top + spice + "<video><model type='qxl'/></video></devices><qemu:commandline>",
                                         "<qemu:arg value='-%s'/><qemu:arg value='qxl,id=x'/>" % option, "</qemu:commandline>" + end)
    yield "address-list", around(top + "<devices><graphics type='spice' port='5900' listen='127.0.0.1", ",a=b", "'/></devices>" + end)
    yield "channel-modes", around(top + "<devices><graphics type='spice' port='5900' defaultMode='secure'>",
                                  "<channel name='main' mode='secure'/><channel name='main' mode='insecure'/>", "</graphics></devices>" + end)
    for first, second in (("<video><model type='qxl'/><address type='pci' bus='0' slot='3' function='%d'/></video>",
                           "<controller type='usb' index='%d' model='ich9-ehci1'/>"),
                          ("<redirdev bus='usb' type='spicevmc'><address type='usb' bus='0' port='%d'/></redirdev>",
                           "<controller type='usb' index='%d'/>"),
                          ("<channel type='spicevmc'><target type='virtio'/><address type='virtio-serial' controller='%d' port='1'/></channel>",
                           "<controller type='virtio-serial' index='%d'/>"),
                          ("<sound model='ich9'><audio id='%d'/></sound>", "<audio id='%d' type='none'/>"),
                          ("<graphics type='vnc' port='%d'><audio id='1'/></graphics>", "<audio id='%d' type='none'/>"),
                          ("<graphics type='egl-headless'/><!--%d-->", "<video><model type='virtio'><acceleration accel3d='yes'/></model></video><!--%d-->"),
                          ("<redirdev bus='usb' type='spicevmc'><boot order='%d'/><alias name='ua-%d'/></redirdev>", "<disk><boot order='%d'/></disk>")):
        pair = first + second
        yield "pair-" + first[1:9].split(" ")[0].strip(">"), around(
            top + spice, lambda n, pair=pair: pair.replace("%d", str(n)), "</devices>" + end)
    for name, piece in (("vnc", ""), ("dbus", "<graphics type='dbus'><audio id='1'/></graphics>"), ("sound", "<sound model='ac97'><audio id='1'/></sound>")):
        yield "audio-added-" + name, around(top + "<devices>", piece + "<graphics type='vnc'><audio id='1'/></graphics>", "</devices>" + end)
    many = "<devices><graphics type='spice' autoport='yes'/>"
    yield "findings", around(top + many, "<channel/><serial type='x'/><audio type='y'/><video><model type='z' heads='q'/></video>",
                             "</devices>" + end)
    yield "second-devices", around(top, "<devices><graphics type='spice' port='-5'/><video/></devices>", end)


VERBS = {
    "show": ("show",), "show-json": ("show", "--format", "json"), "json": ("check", "--no-host", "--format", "json"),
    "sarif": ("check", "--no-host", "--format", "sarif"), "junit": ("check", "--no-host", "--format", "junit"), "github": ("check", "--no-host", "--format", "github"),
    "fix": ("check", "--no-host", "--fix"), "baseline": ("check", "--no-host", "--write-baseline", "b"),
    "same-host": ("check", "--no-host", "--same-host"),
}


# What was slow once.
ALWAYS = {"names", "attributes", "namespaces", "args", "spice-word", "spice-empty", "spice-args", "channel-modes", "address-list", "pair-graphics",
          "audio-added-vnc", "audio-added-dbus", "one-line", "long-prefix", "findings"}


ALWAYS_OF = {("fix", "pair-redirdev"), ("show", "names"), ("fix", "names-of-instructions")}


def cases(source):
    def case(name, make, share, words=("check", "--no-host"), verb="check", often=False):
        return Case("domain/%s/%s" % (verb, name), (*words, "a.xml"), {"a.xml": make}, share, kind=verb, always=often or (verb == "check" and name in ALWAYS))

    for name, make in of_documents():
        yield case(name, make, name)
    for name, make in [*of_cases(source), *of_corpus(source)]:
        element = name.split("/")[-2 if name.split("/")[-1].isdigit() else -1]
        whole = name.startswith("case/") and name.endswith("/all")
        share = element if "/devices/" in name and "@" not in name and "#" not in name else None
        if whole and int(name.split("/")[3]) % 40 == 0:
            share = name
        yield case(name, make, share)
    for verb, words in VERBS.items():
        for name, make in of_documents():
            often = (verb, name) in ALWAYS_OF
            share = "%s/%s" % (verb, name) if often else verb if name == "findings" else None
            yield case(name, make, share, words, verb, often)
