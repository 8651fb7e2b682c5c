#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes cases for ask.py, as lines of JSON: generate.py COUNT SEED [FAMILY...]

Families (directory families/): pairwise, which covers all pairs of values of Spice and video settings and keys of qemu.conf, and those that
make random cases, each in its own area. Without a FAMILY all of them take turns. The family pairwise begins with its single unusual values.
"""
import json
import random
import sys

from families import args, attached, audio, conf, consoles, grid, odd, pairwise, screens, several, structure

MAKERS = {}
for module in (grid, odd, consoles, several, conf, screens, attached, audio, args, structure):
    MAKERS.update(module.FAMILIES)


def pairs(rng):
    for source in (pairwise.singles(), pairwise.rounds(rng)):
        for family, lines, xml, note in source:
            yield {"group": family, "conf": [line for text in lines for line in text.split("\n")], "xml": xml, "note": note}


def at_random(name, rng):
    # restarting libvirtd takes long: few qemu.conf files, many domains
    files = {}
    while True:
        case = MAKERS[name](rng)
        if name == "conf":
            if len(files) > 60:
                case["conf"] = rng.choice(list(files.values()))
            files[tuple(case["conf"])] = case["conf"]
        yield {"group": name, **case}


def main():
    want, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    names = sys.argv[3:] or ["pairwise"] + list(MAKERS)
    sources = [pairs(random.Random(seed)) if name == "pairwise" else at_random(name, random.Random(f"{seed} {name}")) for name in names]
    seen, done, tries = set(), 0, 0
    while done < want and tries < want * 50:
        case = next(sources[tries % len(sources)])
        tries += 1
        key = json.dumps([case["conf"], case.get("env"), case.get("xml"), case.get("xmls")])
        if key in seen:
            continue
        seen.add(key)
        out = {"id": f"gen-{case['group']}-{done:04d}", "group": f"gen-{case['group']}", "note": case["note"], "conf": case["conf"]}
        if case.get("env"):
            out["env"] = case["env"]
        name = f"gen{done}"
        if "xmls" in case:
            out["xmls"] = [xml.replace("@NAME@", name) for xml in case["xmls"]]
        else:
            out["xml"] = case["xml"].replace("@NAME@", name)
        print(json.dumps(out, ensure_ascii=False))
        done += 1


main()
