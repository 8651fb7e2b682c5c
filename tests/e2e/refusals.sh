#!/bin/bash
# docs/refusals.md is right: the real libvirt, QEMU or spice-server refuse each of its examples that needs nothing special on the host.
export HOST_LIBVIRTD=no
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

start_libvirtd
make_ca /root/ca
make_server_cert /root/ca /etc/pki/libvirt-spice testhost.example.org
stop_libvirtd
/usr/bin/python3 "$TESTLIB/../e2e/refusals.py" "$TESTLIB/../../docs/refusals.md" >/root/asked
/usr/bin/python3 "$TESTLIB/../agreement/ask.py" /root/asked /root/answers
expect_match "there are examples" '^[1-9][0-9][0-9]$' "$(wc -l </root/answers)"
# shellcheck disable=SC2016
STARTED=$(/usr/bin/python3 -c 'import json; print("\n".join(case["id"] for case in map(json.loads, open("/root/answers")) if case["starts"]))')
expect_eq "none of them starts, and the control does" "control" "$STARTED"
