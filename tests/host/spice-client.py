#!/usr/bin/python3
"""Log in to a Spice console as a real client (spice-gtk) and print the result as one JSON line.

result      opened, auth-failed, connect-failed, tls-failed, link-failed, closed, timeout
error       the client library's message, or null
auth        what the server asked for: "sasl", "ticket", or null if it did not get that far
mechanism   the SASL mechanism that was used; offered: the server's list of them
tls         whether the main channel was encrypted
displays    display channels that the server offered and that opened

With --hold the console stays open for that many seconds after the first line; a second line says whether the server
closed it ("closed") or it stayed open to the end ("held"). Exit status: 0 if it opened, else 1; 2 for wrong usage.
"""
import argparse
import json
import os
import re
import sys
import time

import gi

gi.require_version("SpiceClientGLib", "2.0")
from gi.repository import GLib, GObject, SpiceClientGLib as Spice  # noqa: E402

RESULTS = {
    Spice.ChannelEvent.ERROR_AUTH: "auth-failed",
    Spice.ChannelEvent.ERROR_CONNECT: "connect-failed",
    Spice.ChannelEvent.ERROR_TLS: "tls-failed",
    Spice.ChannelEvent.ERROR_LINK: "link-failed",
    Spice.ChannelEvent.ERROR_IO: "closed",
    Spice.ChannelEvent.CLOSED: "closed",
}
SETTLE_MS = 250  # if no new channel opens for this long after the main channel, the list is complete


def arguments():
    parser = argparse.ArgumentParser(description="a real Spice login, reported as one JSON line")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port")
    parser.add_argument("--tls-port")
    parser.add_argument("--unix", metavar="PATH")
    parser.add_argument("--user")
    parser.add_argument("--password-stdin", action="store_true")
    parser.add_argument("--password-file", metavar="FILE")
    parser.add_argument("--ca-file")
    parser.add_argument("--host-subject")
    parser.add_argument("--timeout", type=float, default=10, metavar="SECONDS")
    parser.add_argument("--hold", type=float, default=0, metavar="SECONDS")
    args = parser.parse_args()
    if not (args.port or args.tls_port or args.unix):
        parser.error("one of --port, --tls-port, --unix is needed")
    return args


class Login:
    """One session: from the connection to the result, and to the end of --hold."""

    def __init__(self, args, say):
        self.args, self.say = args, say
        self.loop = GLib.MainLoop()
        self.result = self.error = self.main = self.settle = None
        self.displays = []
        self.opened = set()
        self.held = None
        # Session.connect means the Spice connection: signals go through GObject
        self.session = Spice.Session()
        for name, value in self.properties(args).items():
            self.session.set_property(name, value)
        GObject.Object.connect(self.session, "channel-new", self.on_channel)

    @staticmethod
    def properties(args):
        props = {}
        if args.unix:
            props["unix-path"] = args.unix
        else:
            props["host"] = args.host
        for name, value in (("port", args.port), ("tls-port", args.tls_port), ("username", args.user),
                            ("ca-file", args.ca_file), ("cert-subject", args.host_subject)):
            if value is not None:
                props[name] = value
        if args.host_subject:
            props["verify"] = Spice.SessionVerify.SUBJECT
        if args.password_stdin:
            props["password"] = sys.stdin.readline().rstrip("\n")
        elif args.password_file:
            with open(args.password_file, encoding="utf-8") as file:
                props["password"] = file.readline().rstrip("\n")
        return props

    def on_channel(self, _session, channel):
        if isinstance(channel, Spice.MainChannel):
            self.main = channel
            GObject.Object.connect(channel, "channel-event", self.on_main)
        elif isinstance(channel, Spice.DisplayChannel):
            self.displays.append(channel)
            GObject.Object.connect(channel, "channel-event", self.on_display)
            Spice.Channel.connect(channel)
        if self.result == "opened":
            self.wait_for_more()

    def on_main(self, channel, event):
        if event == Spice.ChannelEvent.OPENED:
            self.result = "opened"
            self.wait_for_more()
        elif self.held is None and self.result != "opened":
            self.result = RESULTS.get(event, str(event))
            error = channel.get_error()
            self.error = error.message if error else None
            self.loop.quit()
        else:
            self.held = "closed"
            self.loop.quit()

    def on_display(self, channel, event):
        if event == Spice.ChannelEvent.OPENED:
            self.opened.add(channel.get_property("channel-id"))
        self.wait_for_more()

    def wait_for_more(self):
        if self.settle:
            GLib.source_remove(self.settle)
        self.settle = GLib.timeout_add(SETTLE_MS, self.settled)

    def settled(self):
        self.settle = None
        if len(self.opened) < len(self.displays):
            return False  # the next channel event or the timeout continues
        self.loop.quit()
        return False

    def out_of_time(self):
        if self.result is None:
            self.result = "timeout"
        self.loop.quit()
        return False

    def run(self, log):
        GLib.timeout_add(int(self.args.timeout * 1000), self.out_of_time)
        if not self.session.connect():
            self.result = self.result or "connect-failed"
        else:
            self.loop.run()
        self.say(dict(result=self.result, error=self.error, displays=len(self.opened), **facts(log())))
        if self.args.hold and self.result == "opened":
            start = time.monotonic()
            self.held = self.held or "held"
            GLib.timeout_add(int(self.args.hold * 1000), self.out_of_time)
            if self.held == "held":
                self.loop.run()
            self.say({"result": self.held, "seconds": round(time.monotonic() - start, 1)})
        self.session.disconnect()
        return 0 if self.result == "opened" else 1


def facts(log):
    """What only the library's debug log contains. It also contains passwords: nothing else of it may be shown."""
    sasl = "Choosing SASL mechanism" in log
    linked = "got remote common caps" in log
    offered = re.search(r"start negotiation mechlist '([^']*)'", log)
    used = re.search(r"negotiation with mech ([A-Z0-9-]+)\.", log)
    trouble = re.search(r"(Failed to start SASL negotiation: [^\n]*|certificate verify failed|error [0-9:]*self[^\n]*)", log)
    return {
        "auth": "sasl" if sasl else "ticket" if linked else None,
        "mechanism": used.group(1) if used else None,
        "offered": offered.group(1) if offered else None,
        "tls": "main-1:0: Load CA" in log or "Load CA" in log,
        "detail": trouble.group(1) if trouble else None,
    }


def main():
    args = arguments()
    # The debug log goes to memory, whatever stream GLib chooses: it is parsed, never printed.
    stdout = os.fdopen(os.dup(1), "w", encoding="utf-8")
    memory = os.memfd_create("spice-log")
    os.dup2(memory, 1)
    os.dup2(memory, 2)
    Spice.util_set_debug(True)

    def say(record):
        print(json.dumps(record, sort_keys=True), file=stdout, flush=True)

    def log():
        size = os.fstat(memory).st_size
        return os.pread(memory, size, 0).decode("utf-8", "replace")

    try:
        return Login(args, say).run(log)
    except (OSError, GLib.Error) as error:
        say({"result": "client-error", "error": str(error)})
        return 1


if __name__ == "__main__":
    status = main()
    # spice-gtk's coroutines don't end cleanly with the interpreter
    os._exit(status)
