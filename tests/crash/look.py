# SPDX-License-Identifier: LGPL-2.1-or-later
"""Real trees: what is in them, and how a tree becomes another one with as few calls as possible."""
import os
import shutil
import stat

HUGE = 1 << 28


def attributes(path, link):
    # XFS shows an ACL by a second name
    return () if link else tuple(sorted((name, os.getxattr(path, name)) for name in os.listxattr(path) if not name.startswith("trusted.SGI_ACL_")))


def look(top):
    """{path: (kind, mode, uid, gid, xattrs, data)}, and the groups of paths that are one file; times and numbers of nodes are not looked at."""
    out, names, stack = {}, {}, [""]
    while stack:
        path = stack.pop()
        full = f"{top}/{path}" if path else top
        st = os.lstat(full)
        data = b""
        if stat.S_ISDIR(st.st_mode):
            kind = "d"
            stack += [f"{path}/{name}" if path else name for name in os.listdir(full)]
        elif stat.S_ISREG(st.st_mode):
            kind = "f"
            with open(full, "rb", buffering=0) as file:
                data = file.read() if st.st_size < HUGE else b"huge"
            if st.st_nlink > 1:
                names.setdefault(st.st_ino, []).append(path)
        else:
            kind = "l" if stat.S_ISLNK(st.st_mode) else "?"
            data = os.fsencode(os.readlink(full)) if kind == "l" else b""
        out[path] = (kind, stat.S_IMODE(st.st_mode), st.st_uid, st.st_gid, attributes(full, kind == "l"), data)
    return out, [sorted(group) for group in names.values() if len(group) > 1]


def remove(full, kind):
    if kind == "d":
        shutil.rmtree(full)
    else:
        os.unlink(full)


def put(full, entry):
    """Owner, mode and attributes of what exists already; an ACL comes after the mode, which it contains."""
    _, mode, uid, gid, xattrs, _ = entry
    os.chown(full, uid, gid)
    have = dict(attributes(full, False))
    for name in have.keys() - dict(xattrs).keys():
        os.removexattr(full, name)
    os.chmod(full, mode)
    for name, value in xattrs:
        if have.get(name) != value or name.startswith("system."):
            os.setxattr(full, name, value)


def build(top, want, groups, have=None, shared=()):
    """Makes top, a directory, what `want` says; have: what is there now (None: not known); shared: paths there that are hard links, which are made again."""
    if have is None:
        have, others = look(top)
        shared = [path for group in others for path in group]
    have = dict(have)
    linked = {path: group[0] for group in groups for path in group[1:]}
    again = set(shared) | {path for group in groups for path in group}
    for path in sorted(have, reverse=True):
        if path not in want or want[path][0] != have[path][0] or (path in again and have[path][0] != "d"):
            if os.path.lexists(f"{top}/{path}"):
                remove(f"{top}/{path}", have[path][0])
            for dropped in [name for name in have if name == path or name.startswith(path + "/")]:
                del have[dropped]
    for path in sorted(want):
        entry, full = want[path], f"{top}/{path}" if path else top
        if have.get(path) == entry:
            continue
        if path in linked:
            os.link(f"{top}/{linked[path]}", full)
            continue
        if entry[0] == "d" and path not in have and path:
            os.mkdir(full)
        elif entry[0] == "f" and (path not in have or have[path][5] != entry[5]):
            with open(full, "wb", buffering=0) as file:
                file.write(entry[5])
        elif entry[0] == "l":
            os.symlink(entry[5], full)
            continue
        put(full, entry)


def differences(have, want):
    """Lines that name what differs, without contents, which may be secret or long."""
    words = ("type", "mode", "owner", "group", "attributes", "bytes")
    out = []
    for path in sorted(have.keys() | want.keys()):
        one, other = have.get(path), want.get(path)
        if one != other:
            what = "is left" if other is None else "is missing" if one is None else ", ".join(
                f"{word} {oct(a) if word == 'mode' else a if word in ('owner', 'group') else ''}".strip() for word, a, b in zip(words, one, other) if a != b)
            out.append(f"{path or '.'}: {what}")
    return out
