# SPDX-License-Identifier: LGPL-2.1-or-later
"""A tree in which a commit was killed while its journal was armed and its documents were changed."""
import sys

import host
import look
import states
import verbs


class Armed:
    """old: the tree before the commit; armed: what the kill left."""

    def __init__(self, program, call_at, top):
        self.program, self.call_at, self.top, self.tree = program, call_at, top, f"{top}/tree"
        host.make(program, top)
        self.old, _ = look.look(self.tree)
        self.armed = self.arm()

    def arm(self):
        """Kills later and later, as long as the journal is armed."""
        last, at = None, 200
        while True:
            look.build(self.tree, self.old, [])
            done = verbs.run([self.call_at, f"{self.top}/calls", "kill", str(at)], self.program, self.tree, self.top, "batch {top}/batch")
            have, _ = look.look(self.tree)
            armed = any(path.endswith("/plan") and not path.endswith(".done/plan") for path in have) and have["etc/group"] != self.old["etc/group"]
            if done.returncode != 137 or (last and not armed):
                break
            last, at = have if armed else last, at + 5
        if not last:
            sys.exit("FAILED: no kill leaves an armed journal behind")
        return last

    @staticmethod
    def documents(have):
        """Without the journal and temp files."""
        return {path: entry for path, entry in have.items() if not states.LEFT.search(path) and path != states.STATE and not path.startswith(states.STATE + "/")}
