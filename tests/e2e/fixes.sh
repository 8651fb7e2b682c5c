#!/bin/bash
# Each rule fires on the real host, the fix that it prints is run as printed, and then the rule is silent; a VM that was refused starts
# (fixes/fixes.py, fixes/rows.txt). Here: rules about the domain alone.
here=$(dirname "$(realpath "$0")")
. "${TESTLIB:-$here/../host}/host.bash"
host_run "$@"

PATH=$(dirname "$SPICECFG"):$PATH
"$SPICECFG" rules --format json >rules.json
expect_ok "every fix fixes" /usr/bin/python3 "$here/fixes/fixes.py" rules.json "$here/../rules/cases*.txt" "$here/fixes/rows.txt" simple
printf '%s\n' "$OUT" "$ERR"
