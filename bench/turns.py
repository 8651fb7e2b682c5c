#!/usr/bin/env python3
# Runs commands in turn (A B C A B C ...) as whole processes and prints wall, cpu and peak memory of each, and ratios against the first.
# usage: turns.py ROUNDS NAME COMMAND [NAME COMMAND ...]; a command is one string, split into words like a shell does, run without a shell.
import os
import shlex
import statistics
import sys
import time


def run(words):
    begin = time.monotonic()
    pid = os.fork()
    if pid == 0:
        null = os.open('/dev/null', os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        try:
            os.execvp(words[0], words)
        finally:
            os._exit(127)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - begin
    if status != 0:
        sys.exit('turns: %s ended with status %d' % (' '.join(words), os.waitstatus_to_exitcode(status)))
    return wall * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_maxrss


def main():
    rounds = int(sys.argv[1])
    pairs = [(sys.argv[i], shlex.split(sys.argv[i + 1])) for i in range(2, len(sys.argv), 2)]
    seen = {name: [] for name, _ in pairs}
    for turn in range(rounds + 1):
        for name, words in pairs:
            figures = run(words)
            if turn:  # the first turn warms up
                seen[name].append(figures)
    median = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in seen.items()}
    first = median[pairs[0][0]]
    for name, _ in pairs:
        wall, cpu, peak = median[name]
        print('%-34s wall %8.2f ms %6.2fx   cpu %8.2f ms %6.2fx   %6.1f MiB' % (
            name, wall, wall / first[0], cpu, cpu / max(first[1], 0.001), peak / 1024))


main()
