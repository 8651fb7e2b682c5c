# shellcheck shell=bash
# A watcher that sees the arguments and environment of every program started in the host while it runs.

# watch_argv SECRET…: start it (the secrets travel through a file that only root reads)
watch_argv() {
    (umask 077 && printf '%s\n' "$@" >/run/host/watch.secrets)
    rm -f /run/host/watch.ready
    /usr/bin/python3 "$HOST_LIB/watch-argv.py" /run/host/watch.secrets /run/host/watch.ready >/run/host/watch.out &
    WATCH_PID=$!
    wait_for 10 "the argv watcher" test -s /run/host/watch.ready
}

# expect_argv_clean WHAT: stop it; no program may have had a secret in its arguments or environment
expect_argv_clean() {
    local status=0
    kill -TERM "$WATCH_PID"
    wait "$WATCH_PID" || status=$?
    WATCH=$(cat /run/host/watch.out)
    if [ "$status" = 0 ] && grep -q '^seen [1-9]' <<<"$WATCH"; then pass "$1"; else fail "$1" "no secret seen" "$WATCH"; fi
}
