# SPDX-License-Identifier: LGPL-2.1-or-later
"""A model of a file system that can lose power. What it promises is less than ext4, xfs or btrfs do, and no more than POSIX and Linux's manual pages:

- Each call has effects: bytes of a file, its size, its mode, owner, one attribute, or entries of a directory.
- An effect is durable after an fsync of its object: of the file for bytes, size, mode, owner and attributes; of the directory for entries. fdatasync: bytes and size only.
  fsync of a file makes no entry durable, fsync of a directory nothing of what is in its files. close, exit and rename make nothing durable.
- An effect that is not durable can be lost, whatever became durable or happened before or after it: any subset of these may be missing. Of an entry's change both names are
  lost or none, where a rename stays within a directory; a rename between directories is two effects, one per directory, and each can be lost alone.
- Of the bytes of one write the second half alone may be missing.
- What no entry leads to does not exist. A new file is empty and has the mode of its creation until its later effects are there."""
import struct

MODE_ACL, DEFAULT_ACL = "system.posix_acl_access", "system.posix_acl_default"
USER_OBJ, GROUP_OBJ, MASK, OTHER = 1, 4, 16, 32


def read_acl(value):
    return [struct.unpack_from("<HHI", value, at) for at in range(4, len(value), 8)]


def write_acl(entries):
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


def acl_with_mode(value, mode, only=False):
    """The ACL after a chmod, or (only: what a creation with that mode leaves) after its permissions were cut to it."""
    entries = read_acl(value)
    group = MASK if any(tag == MASK for tag, _, _ in entries) else GROUP_OBJ
    bits = {USER_OBJ: mode >> 6 & 7, group: mode >> 3 & 7, OTHER: mode & 7}
    return write_acl([(tag, (perm & bits[tag] if only else bits[tag]) if tag in bits else perm, who) for tag, perm, who in entries])


def mode_of_acl(value, mode):
    entries = {tag: perm for tag, perm, who in read_acl(value) if tag in (USER_OBJ, GROUP_OBJ, MASK, OTHER)}
    return mode & ~0o777 | entries[USER_OBJ] << 6 | entries.get(MASK, entries[GROUP_OBJ]) << 3 | entries[OTHER]


class Node:
    __slots__ = ("kind", "mode", "uid", "gid", "xattrs", "data", "entries")

    def __init__(self, kind, mode, uid=0, gid=0, xattrs=None, data=b"", entries=None):
        self.kind, self.mode, self.uid, self.gid, self.xattrs, self.data, self.entries = kind, mode, uid, gid, dict(xattrs or {}), data, dict(entries or {})

    def copy(self):
        return Node(self.kind, self.mode, self.uid, self.gid, self.xattrs, self.data, self.entries)


class Disk:
    """Nodes by number; 0 is the tree's own directory. The nodes of a tree that is read have their creation as only state."""

    def __init__(self, nodes):
        self.nodes = nodes

    @classmethod
    def of(cls, tree):
        """From what look.look() returned: {path: (kind, mode, uid, gid, xattrs, data)}."""
        nodes, number = {}, {}
        for path in sorted(tree):
            kind, mode, uid, gid, xattrs, data = tree[path]
            number[path] = len(nodes)
            nodes[number[path]] = Node(kind, mode, uid, gid, xattrs, data)
            if path:
                above, _, name = path.rpartition("/")
                nodes[number[above]].entries[name] = number[path]
        return cls(nodes)

    def find(self, path):
        """The number of a path relative to the tree; None: nothing."""
        at = 0
        for name in path.split("/") if path else ():
            at = self.nodes[at].entries.get(name)
            if at is None:
                return None
        return at

    def born(self, number, kind, mode, above):
        """Makes a node with what it inherits from a default ACL."""
        node, standing = Node(kind, mode), self.nodes[above].xattrs.get(DEFAULT_ACL)
        if standing:
            value = acl_with_mode(standing, mode, only=True)
            node.mode = mode_of_acl(value, mode)
            if len(read_acl(value)) > 3:
                node.xattrs[MODE_ACL] = value
            if kind == "d":
                node.xattrs[DEFAULT_ACL] = standing
        self.nodes[number] = node

    def apply(self, effect):
        kind, number, *rest = effect
        node = self.nodes[number]
        if kind == "entries":
            for name, to in rest[0].items():
                if to is None:
                    node.entries.pop(name, None)
                else:
                    node.entries[name] = to
        elif kind == "bytes":
            offset, data = rest
            node.data = node.data[:offset].ljust(offset, b"\0") + data + node.data[offset + len(data):]
        elif kind == "size":
            node.data = node.data[:rest[0]].ljust(rest[0], b"\0")
        elif kind == "owner":
            node.uid, node.gid = (new if new != 0xffffffff else old for new, old in zip(rest, (node.uid, node.gid)))
        elif kind == "mode":
            node.mode = rest[0]
            if MODE_ACL in node.xattrs:
                node.xattrs[MODE_ACL] = acl_with_mode(node.xattrs[MODE_ACL], node.mode)
        elif kind == "xattr":
            self.set_xattr(node, *rest)
        else:
            raise ValueError(kind)

    @staticmethod
    def set_xattr(node, name, value):
        if name == MODE_ACL and value is not None:
            node.mode = mode_of_acl(value, node.mode)
            value = value if len(read_acl(value)) > 3 else None
        if value is None:
            node.xattrs.pop(name, None)
        else:
            node.xattrs[name] = value

    def look(self):
        """{path: (kind, mode, uid, gid, xattrs, data)}, and the groups of paths that are one file."""
        out, names, stack = {}, {}, [("", 0)]
        while stack:
            path, number = stack.pop()
            node = self.nodes[number]
            out[path] = (node.kind, node.mode, node.uid, node.gid, tuple(sorted(node.xattrs.items())), node.data)
            if node.kind == "d":
                stack += [(f"{path}/{name}" if path else name, to) for name, to in node.entries.items()]
            else:
                names.setdefault(number, []).append(path)
        return out, [sorted(group) for group in names.values() if len(group) > 1]


class Op:
    """A call as the model sees it: its effects in order, or the object that it syncs."""
    __slots__ = ("text", "effects", "born", "synced", "only_data")

    def __init__(self, text, effects=(), born=None, synced=None, only_data=False):
        self.text, self.effects, self.born, self.synced, self.only_data = text, list(effects), born, synced, only_data


def is_covered(effect, op):
    return effect[1] == op.synced and (not op.only_data or effect[0] in ("bytes", "size"))


class History:
    """What a recorded command did, and the disks that it can leave when it stops after `end` operations."""

    def __init__(self, start, ops):
        self.start, self.ops = start, ops

    def syncs(self):
        return [at for at, op in enumerate(self.ops) if op.synced is not None]

    def pending(self, end, without=None):
        """The effects that may be lost: [(operation, effect)], without the sync at that index."""
        out = []
        for at, op in enumerate(self.ops[:end]):
            if op.synced is not None and at != without:
                out = [(of, effect) for of, effect in out if not is_covered(self.ops[of].effects[effect], op)]
            out += [(at, effect) for effect in range(len(op.effects))]
        return out

    def disk(self, end, lost=(), halved=()):
        disk = Disk({number: node.copy() for number, node in self.start.nodes.items()})
        lost, halved = set(lost), set(halved)
        for at, op in enumerate(self.ops[:end]):
            if op.born:
                disk.born(*op.born)
            for index, effect in enumerate(op.effects):
                if (at, index) in halved:
                    disk.apply((*effect[:3], effect[3][:len(effect[3]) // 2]))
                elif (at, index) not in lost:
                    disk.apply(effect)
        return disk

    def losses(self, end, pairs=True, without=None):
        """What can be lost after `end` operations: nothing, everything, each alone, the second half of a write, pairs."""
        open_ = self.pending(end, without)
        yield (), ()
        if open_:
            yield tuple(open_), ()
        for one in open_ if len(open_) > 1 else ():
            yield (one,), ()
        for at, index in open_:
            if self.ops[at].effects[index][0] == "bytes" and len(self.ops[at].effects[index][3]) > 1:
                yield (), ((at, index),)
        for first in range(len(open_) if pairs and len(open_) > 2 else 0):
            for second in range(first + 1, len(open_)):
                yield (open_[first], open_[second]), ()

    def describe(self, lost, halved=()):
        return [f"{self.ops[at].text}{'' if len(self.ops[at].effects) == 1 else f' (part {index + 1})'}" for at, index in lost] + [
            f"half of {self.ops[at].text}" for at, index in halved]
