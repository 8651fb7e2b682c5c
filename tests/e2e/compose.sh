#!/bin/bash
# The law of composition with libvirtd: random sequences of requests as one batch leave the host as the same requests one after the other.
# COMPOSE_COUNT=100 COMPOSE_SEED=1 in the environment runs more than the share of CI.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

for account in anne bob maggie; do add_account $account ''; done
for group in office spicex; do add_group $group; done
expect_ok "sequences" /usr/bin/python3 "$HOST_SOURCE/tests/compose/on_host" "$SPICECFG" "${COMPOSE_COUNT:-15}" "${COMPOSE_SEED:-1}"
echo "$OUT"
