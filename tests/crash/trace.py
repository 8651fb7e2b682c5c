# SPDX-License-Identifier: LGPL-2.1-or-later
"""Records a command with strace, and reads what it did to a tree. Only calls that change the tree, sync something in it or move descriptors are traced; a call that
changes something in a way that the reader does not know is an error, not left out."""
import collections
import glob
import os
import re
import subprocess

CALLS = """open openat openat2 creat close dup dup2 dup3 fcntl lseek write pwrite64 writev pwritev pwritev2 ftruncate truncate fallocate copy_file_range sendfile splice
    rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat rmdir mkdir mkdirat mknod mknodat chmod fchmod fchmodat chown lchown fchown fchownat
    setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr fsync fdatasync sync syncfs sync_file_range msync io_uring_enter clone clone3 fork vfork""".split()
Call = collections.namedtuple("Call", "name args ret path")  # ret: a number; path: of the descriptor that was returned
Fd = collections.namedtuple("Fd", "number path")
FD = re.compile(rb"(-?\d+|AT_FDCWD)(?:<([^>]*)>(?:\(deleted\))?)?$")


def unhex(text):
    return bytes.fromhex(text.replace(b"\\x", b"").decode())


def argument(word):
    if word.startswith(b'"'):
        return unhex(word.strip(b'"'))
    fd = FD.match(word)
    if fd and (fd[2] is not None or fd[1] == b"AT_FDCWD"):
        return Fd(-100 if fd[1] == b"AT_FDCWD" else int(fd[1]), unhex(fd[2]) if fd[2] and fd[2].startswith(b"\\x") else b"")
    return word.decode()


def arguments(text):
    """Splits at the commas that are in no brackets; strings contain none, since they are written in hexadecimal."""
    words, depth, start = [], 0, 0
    for at, char in enumerate(text):
        if char in b"[{(":
            depth += 1
        elif char in b"]})":
            depth -= 1
        elif char in b"," and not depth:
            words.append(text[start:at].strip())
            start = at + 1
    words.append(text[start:].strip())
    return [argument(word) for word in words if word]


LINE = re.compile(rb"(\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+)(?:<([^>]*)>(?:\(deleted\))?)?(?: E\w+)?(?: \(.*\))?$")


def parse(path):
    with open(path, "rb") as file:
        for line in file:
            line = line.rstrip(b"\n")
            found = LINE.match(line)
            if not found:
                if line.startswith((b"---", b"+++")) or b") = ?" in line or b"exit" in line:
                    continue
                raise ValueError(f"{path}: {line[:200]!r}")
            name, args, ret, annotation = found.groups()
            yield Call(name.decode(), arguments(args), int(ret, 0), unhex(annotation) if annotation and annotation.startswith(b"\\x") else b"")


def record(words, into):
    """Runs a command; returns its exit code and output, and a list of the calls of each of its processes."""
    done = subprocess.run(["strace", "-ff", "-qq", "-y", "-xx", "-s", "100000000", "-o", f"{into}/trace", "-e", "trace=" + ",".join("?" + name for name in CALLS), *words],
                          capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    files = sorted(glob.glob(f"{into}/trace.*"), key=lambda name: int(name.rpartition(".")[2]))
    processes = [list(parse(name)) for name in files]
    for name in files:
        os.unlink(name)
    return done, processes
