# SPDX-License-Identifier: LGPL-2.1-or-later
"""Turns recorded calls into operations of the model."""
import os

from model import Disk, Op

UNKNOWN = {"creat", "truncate", "fallocate", "copy_file_range", "sendfile", "splice", "symlink", "symlinkat", "mknod", "mknodat", "sync", "syncfs", "sync_file_range", "msync",
           "io_uring_enter", "writev", "pwritev", "pwritev2"}
# what is mounted into a tree that is a root directory (enter)
MOUNTED = ("usr/", "proc/", "dev/", "run/", "host/")


class Decoder:
    """Follows one process. The live disk is what all calls together made of the tree."""

    def __init__(self, tree, look, own):
        self.tree, self.own, self.live, self.files, self.ops = os.fsencode(tree), own, Disk.of(look), {}, []

    def inside(self, path):
        """A path relative to the tree; None: outside."""
        path = os.path.normpath(path)
        if not path.startswith(self.tree + b"/"):
            return "" if path == self.tree else None
        relative = os.fsdecode(path[len(self.tree) + 1:])
        return None if self.own and relative.startswith(MOUNTED) else relative

    def full(self, fd, path):
        """Where a name leads to: a directory's number and the entry, or None outside of the tree."""
        if path.startswith(b"/proc/self/fd/"):
            file = self.files.get(int(path.rpartition(b"/")[2]))
            return (file[0], None) if file else None
        if not path.startswith(b"/") and fd.number in self.files:
            above, name = self.files[fd.number][0], os.fsdecode(path)
            while "/" in name:
                first, _, name = name.partition("/")
                above = self.live.nodes[above].entries[first]
            return above, name
        if self.own and path.startswith(b"/") and not path.startswith(self.tree + b"/"):
            path = self.tree + path
        relative = self.inside(path if path.startswith(b"/") else fd.path + b"/" + path)
        if relative is None:
            return None
        above, _, name = relative.rpartition("/")
        return (self.live.find(above), name) if relative else (0, None)

    def number(self, place):
        return place[0] if place[1] is None or place[1] == "." else self.live.nodes[place[0]].entries[place[1]]

    def add(self, text, *effects, **more):
        op = Op(text, effects, **more)
        if op.born:
            self.live.born(*op.born)
        for effect in op.effects:
            self.live.apply(effect)
        self.ops.append(op)

    def path(self, number):
        for path, at in self.walk():
            if at == number:
                return path or "."
        return f"(unlinked {number})"

    def walk(self):
        stack = [("", 0)]
        while stack:
            path, number = stack.pop()
            yield path, number
            stack += [(f"{path}/{name}" if path else name, to) for name, to in self.live.nodes[number].entries.items()]

    def make(self, above, name, kind, mode):
        number = len(self.live.nodes)
        self.add(f"{'mkdir' if kind == 'd' else 'create'} {self.path(above)}/{name}", ("entries", above, {name: number}), born=(number, kind, mode, above))
        return number

    def opened(self, call, flags, mode):
        relative = self.inside(call.path) if call.ret >= 0 else None
        if relative is None:
            self.files.pop(call.ret, None)
            return
        number = self.live.find(relative)
        if "O_TMPFILE" in flags:
            raise ValueError(f"O_TMPFILE: {call}")
        if number is None:
            above, _, name = relative.rpartition("/")
            if "O_CREAT" not in flags:
                raise ValueError(f"opens what the model does not have: {call}")
            number = self.make(self.live.find(above), name, "f", mode & ~0o022)
        elif "O_TRUNC" in flags:
            self.add(f"truncate {relative}", ("size", number, 0))
        self.files[call.ret] = [number, 0, "O_APPEND" in flags]

    def written(self, call, data, offset=None):
        file = self.files.get(call.args[0].number)
        if not file:
            return
        data = data[:call.ret]
        at = offset if offset is not None else len(self.live.nodes[file[0]].data) if file[2] else file[1]
        self.add(f"write {self.path(file[0])} {at}+{len(data)}", ("bytes", file[0], at, data))
        if offset is None:
            file[1] = at + len(data)

    def renamed(self, call, old, new, flags=""):
        if not old and not new:
            return
        if not old or not new:
            raise ValueError(f"renames across the tree's border: {call}")
        (from_, name), (to, fresh) = old, new
        moved, text = self.live.nodes[from_].entries[name], f"rename {self.path(from_)}/{name} -> {self.path(to)}/{fresh} {flags}".strip()
        there = self.live.nodes[to].entries[fresh] if "EXCHANGE" in flags else None
        if from_ == to:
            self.add(text, ("entries", to, {name: there, fresh: moved}))
        else:
            self.add(text, ("entries", to, {fresh: moved}), ("entries", from_, {name: there}))

    def changed(self, number, call, effect):
        self.add(f"{call.name.lstrip('fl')} {self.path(number)}{' ' + str(effect[2]) if effect[0] == 'xattr' else ''}", effect)

    def descriptor(self, call):
        """Calls that move descriptors. True: it was one."""
        name, args = call.name, call.args
        if name in ("open", "openat", "openat2"):
            flags, mode = (args[1], args[2:]) if name == "open" else (args[2], args[3:])
            if name == "openat2" and "O_CREAT" in flags and call.ret >= 0 and self.inside(call.path) is not None:
                raise ValueError(f"openat2 creates: {call}")
            self.opened(call, flags, int(mode[0], 8) if mode and name != "openat2" else 0)
        elif name == "close":
            self.files.pop(args[0].number if isinstance(args[0], tuple) else int(args[0]), None)
        elif name in ("dup", "dup2", "dup3") or (name == "fcntl" and "F_DUPFD" in args[1]):
            if args[0].number in self.files and call.ret >= 0:
                self.files[call.ret] = self.files[args[0].number]
            else:
                self.files.pop(call.ret, None)
        elif name == "lseek":
            if isinstance(args[0], tuple) and args[0].number in self.files and call.ret >= 0:
                self.files[args[0].number][1] = call.ret
        elif name not in ("fcntl", "clone", "clone3", "fork", "vfork"):
            return False
        return True

    def entries(self, call):
        """Calls that change directories."""
        name, args = call.name, call.args
        at = name.endswith(("at", "at2"))
        if name.startswith("rename"):
            pair = (self.full(args[0], args[1]), self.full(args[2], args[3])) if at else (self.full(None, args[0]), self.full(None, args[1]))
            self.renamed(call, *pair, flags=args[4] if name == "renameat2" else "")
        elif name.startswith("link"):
            old, new = (self.full(args[0], args[1]), self.full(args[2], args[3])) if at else (self.full(None, args[0]), self.full(None, args[1]))
            if old and new:
                self.add(f"link {self.path(new[0])}/{new[1]}", ("entries", new[0], {new[1]: self.number(old)}))
        else:
            place = self.full(args[0], args[1]) if at else self.full(None, args[0])
            if place and name.startswith("mkdir"):
                self.make(place[0], place[1], "d", int(args[-1], 8) & ~0o022)
            elif place:
                self.add(f"unlink {self.path(place[0])}/{place[1]}", ("entries", place[0], {place[1]: None}))

    def attributes(self, call):
        name, args = call.name, call.args
        if name.startswith("f") and not name.endswith("at"):
            file = self.files.get(args[0].number)
            number, rest = file[0] if file else None, args[1:]
        else:
            place = self.full(args[0], args[1]) if name.endswith("at") else self.full(None, args[0])
            number, rest = self.number(place) if place else None, args[2 if name.endswith("at") else 1:]
        if number is None:
            return
        if "chmod" in name:
            effect = ("mode", number, int(rest[0], 8))
        elif "chown" in name:
            effect = ("owner", number, *(int(word) & 0xffffffff for word in rest[:2]))
        else:
            effect = ("xattr", number, os.fsdecode(rest[0]), rest[1][:int(rest[2])] if "set" in name else None)
        self.changed(number, call, effect)

    def take(self, call):
        if self.descriptor(call) or call.ret < 0:
            return
        name, args = call.name, call.args
        if name in UNKNOWN:
            places = [arg for arg in args if isinstance(arg, (bytes, tuple))]
            if name in ("sync", "io_uring_enter") or any(self.inside(arg.path if isinstance(arg, tuple) else arg) is not None for arg in places):
                raise ValueError(f"the model has no {call}")
        elif name in ("write", "pwrite64"):
            self.written(call, args[1], int(args[3]) if name == "pwrite64" else None)
        elif name == "ftruncate":
            if args[0].number in self.files:
                number = self.files[args[0].number][0]
                self.add(f"truncate {self.path(number)} {args[1]}", ("size", number, int(args[1])))
        elif name in ("fsync", "fdatasync"):
            if args[0].number in self.files:
                number = self.files[args[0].number][0]
                self.add(f"{name} {self.path(number)}", synced=number, only_data=name == "fdatasync")
        elif name.startswith(("rename", "link", "unlink", "rmdir", "mkdir")):
            self.entries(call)
        else:
            self.attributes(call)


def decode(tree, look, processes, own=False):
    """The operations on the tree, in order, and the live disk at their end. own: the tree was the command's root directory. Only one process may change the tree: the order between several is not known."""
    decoders = []
    for calls in processes:
        decoder = Decoder(tree, look, own)
        for call in calls:
            decoder.take(call)
        decoders.append(decoder)
    acting = [decoder for decoder in decoders if decoder.ops]
    if len(acting) > 1:
        raise ValueError("several processes change the tree")
    return (acting[0].ops, acting[0].live) if acting else ([], Disk.of(look))
