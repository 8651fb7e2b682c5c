# SPDX-License-Identifier: LGPL-2.1-or-later
"""The log of QEMU's filter blklogwrites (the format of dm-log-writes): which disks a power cut can leave."""
import random
import struct

MAGIC = 0x6A736677736872
SUPER, ENTRY = struct.Struct("<QQQI"), struct.Struct("<QQQQ")
FLUSH, FUA, DISCARD = 1, 2, 4


class Log:
    """Its entries: (first sector, number of sectors, flags, where the data is in the file)."""

    def __init__(self, path):
        self.path, self.entries = path, []
        with open(path, "rb") as file:
            magic, _, count, self.size = SUPER.unpack(file.read(SUPER.size))
            if magic != MAGIC:
                raise ValueError(f"{path}: no log of writes")
            at = self.size
            for _ in range(count):
                file.seek(at)
                sector, sectors, flags, _ = ENTRY.unpack(file.read(ENTRY.size))
                at += self.size
                self.entries.append((sector, sectors, flags, at))
                at += 0 if flags & DISCARD else sectors * self.size

    def flushes(self):
        """The numbers of the entries that make all before them durable."""
        return [number for number, (_, _, flags, _) in enumerate(self.entries) if flags & FLUSH]

    def cut(self, flush, seed=None):
        """The entries that are on the disk when the power fails after that flush: all before it, and of those up to the next flush none, or by seed each with
        probability 1/2."""
        later = [number for number in self.flushes() if number > flush]
        after = range(flush + 1, later[0] if later else len(self.entries))
        kept = [number for number in after if self.entries[number][2] & FUA]
        if seed is not None:
            chosen = random.Random(f"{seed} {flush}")
            kept = [number for number in after if chosen.random() < 0.5 or self.entries[number][2] & FUA]
        return [*range(flush + 1), *kept]

    def replay(self, numbers, disk):
        """Writes those entries to the image of the disk."""
        with open(self.path, "rb") as log, open(disk, "r+b") as out:
            for number in numbers:
                sector, sectors, flags, at = self.entries[number]
                if sectors and not flags & DISCARD:
                    log.seek(at)
                    out.seek(sector * self.size)
                    out.write(log.read(sectors * self.size))
