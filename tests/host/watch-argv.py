#!/usr/bin/python3
"""Watch every program that starts: is a secret in its arguments or its environment?

watch-argv.py SECRETS-FILE READY-FILE; ends on SIGTERM; prints offenders and "seen N" (programs checked); status 1 if there were any.
Each dynamically linked program opens /etc/ld.so.cache right after exec. A fanotify permission event on that file (it belongs
to the private overlay) holds the program until its /proc entry has been read, so that none is too quick to be seen.
"""
import ctypes
import os
import select
import signal
import struct
import sys

FAN_CLOEXEC, FAN_NONBLOCK, FAN_CLASS_CONTENT = 0x1, 0x2, 0x4
FAN_MARK_ADD, FAN_OPEN_PERM, FAN_ALLOW = 0x1, 0x10000, 0x1
AT_FDCWD = -100
EVENT = struct.Struct("=IBBHQii")
LIBC = ctypes.CDLL(None, use_errno=True)


def listen(path):
    fd = LIBC.fanotify_init(FAN_CLOEXEC | FAN_NONBLOCK | FAN_CLASS_CONTENT, os.O_RDONLY)
    mask = ctypes.c_uint64(FAN_OPEN_PERM)
    if fd < 0 or LIBC.fanotify_mark(fd, FAN_MARK_ADD, mask, AT_FDCWD, path.encode()) < 0:
        sys.exit(f"fanotify: {os.strerror(ctypes.get_errno())}")
    return fd


def read(pid, what):
    try:
        with open(f"/proc/{pid}/{what}", "rb") as file:
            return file.read()
    except OSError:
        return b""


def look(pid, secrets, offenders):
    for what in ("cmdline", "environ"):
        for part in read(pid, what).split(b"\0"):
            for secret in secrets:
                if secret in part:
                    name = read(pid, "comm").decode("utf-8", "replace").strip()
                    offenders.add(f"{name} ({what}): {part.replace(secret, b'<the secret>').decode('utf-8', 'replace')}")


def everyone(secrets, offenders):
    for pid in os.listdir("/proc"):
        if pid.isdigit() and int(pid) != os.getpid():
            look(pid, secrets, offenders)


def main():
    with open(sys.argv[1], "rb") as file:
        secrets = [line for line in file.read().split(b"\n") if line]
    os.unlink(sys.argv[1])
    offenders, seen = set(), 0
    stop_read, stop_write = os.pipe()
    os.set_blocking(stop_write, False)
    signal.signal(signal.SIGTERM, lambda *_: None)
    signal.set_wakeup_fd(stop_write)
    fd = listen("/etc/ld.so.cache")
    with open(sys.argv[2], "w", encoding="ascii") as file:
        file.write("ready\n")
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    poll.register(stop_read, select.POLLIN)
    while True:
        ready = dict(poll.poll(50))
        if fd in ready:
            data = os.read(fd, 16384)
            while data:
                length, _, _, _, _, event_fd, pid = EVENT.unpack_from(data)
                data = data[length:]
                look(pid, secrets, offenders)
                seen += 1
                os.write(fd, struct.pack("=iI", event_fd, FAN_ALLOW))
                os.close(event_fd)
        else:
            everyone(secrets, offenders)
        if stop_read in ready:
            break
    everyone(secrets, offenders)
    for offender in sorted(offenders):
        print(offender)
    print(f"seen {seen}")
    return 1 if offenders else 0


if __name__ == "__main__":
    sys.exit(main())
