#!/bin/bash
# Each rule fires on the real host, the mend that it prints is run as it is printed, and then the rule is silent; what was refused starts
# (mends/mends.py, mends/rows.txt). Here: rules about the domain alone.
here=$(dirname "$(realpath "$0")")
. "${TESTLIB:-$here/../host}/host.bash"
host_run "$@"

PATH=$(dirname "$SPICECFG"):$PATH
"$SPICECFG" rules --format json >rules.json
expect_ok "every mend mends" /usr/bin/python3 "$here/mends/mends.py" rules.json "$here/../rules/cases*.txt" "$here/mends/rows.txt" simple
printf '%s\n' "$OUT" "$ERR"
