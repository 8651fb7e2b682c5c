#!/usr/bin/env python3
# Runs commands in turn (A B C A B C ...) as whole processes and prints the medians of wall and processor time, their ratios to those of the first
# command, what is needed more than by the first (median of the differences within a turn, which a busy machine distorts less), page faults and memory.
# usage: turns.py ROUNDS NAME COMMAND [NAME COMMAND ...]; a command is one string, split into words like a shell does, run without a shell. The words
# {1|2} stand for 1 in one turn and for 2 in the next, so that an edit always has something to change.
import os
import shlex
import statistics
import sys
import time

NULL = [(os.POSIX_SPAWN_OPEN, fd, '/dev/null', os.O_RDWR, 0) for fd in (0, 1, 2)]


def run(words):
    begin = time.monotonic()
    pid = os.posix_spawnp(words[0], words, os.environ, file_actions=NULL)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - begin
    if status != 0:
        sys.exit('turns: %s ended with status %d' % (' '.join(words), os.waitstatus_to_exitcode(status)))
    return wall * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_minflt, usage.ru_maxrss


def in_turn(word, turn):
    return word[1:-1].split('|')[turn % 2] if word.startswith('{') and '|' in word else word


def main():
    rounds = int(sys.argv[1])
    pairs = [(sys.argv[i], shlex.split(sys.argv[i + 1])) for i in range(2, len(sys.argv), 2)]
    seen = {name: [] for name, _ in pairs}
    for turn in range(rounds + 1):
        for name, words in pairs:
            figures = run([in_turn(word, turn) for word in words])
            if turn:  # the first turn warms up
                seen[name].append(figures)
    bare = seen[pairs[0][0]]
    first = [statistics.median(column) for column in zip(*bare)]
    for name, _ in pairs:
        wall, cpu, faults, peak = [statistics.median(column) for column in zip(*seen[name])]
        more = [statistics.median(here[i] - there[i] for here, there in zip(seen[name], bare)) for i in (0, 1)]
        print('%-34s wall %8.2f ms %6.2fx %+8.2f   cpu %8.2f ms %6.2fx %+8.2f   %5d faults %6.1f MiB' % (
            name, wall, wall / first[0], more[0], cpu, cpu / max(first[1], 0.001), more[1], faults, peak / 1024))


main()
