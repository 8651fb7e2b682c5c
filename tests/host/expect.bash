# shellcheck shell=bash
# Assertions: each prints one line, "ok N - what" or "not ok N - what", the latter with the expected and the actual value; none ends the script.
# A command that fails outside an assertion ends the test as failed, and its line is printed.

EXPECT_PASSED=0 EXPECT_FAILED=0 EXPECT_BROKEN=''
STATUS=0 OUT='' ERR=''

pass() {
    EXPECT_PASSED=$((EXPECT_PASSED + 1))
    printf 'ok %d - %s\n' $((EXPECT_PASSED + EXPECT_FAILED)) "$1"
}

# fail WHAT EXPECTED SEEN
fail() {
    EXPECT_FAILED=$((EXPECT_FAILED + 1))
    printf 'not ok %d - %s (%s)\n' $((EXPECT_PASSED + EXPECT_FAILED)) "$1" "$(expect_where)"
    sed 's/^/#   expected: /' <<<"$2"
    sed 's/^/#   seen:     /' <<<"$3"
}

# the line of the test script, past the helpers
expect_where() {
    local i
    for ((i = 1; i < ${#BASH_SOURCE[@]}; i++)); do
        case ${BASH_SOURCE[i]} in "$HOST_LIB"/*) ;; *) break ;; esac
    done
    printf '%s:%s' "$(basename "${BASH_SOURCE[i]:-?}")" "${BASH_LINENO[i - 1]:-?}"
}

# run COMMAND…: sets STATUS, OUT, ERR (final newlines cut); never fails
run() {
    STATUS=0
    "$@" >/run/host/out 2>/run/host/err || STATUS=$?
    OUT=$(tr -d '\0' </run/host/out)
    ERR=$(tr -d '\0' </run/host/err)
}

# expect_exit CODE WHAT COMMAND…
expect_exit() {
    local code=$1 what=$2
    shift 2
    run "$@"
    if [ "$STATUS" = "$code" ]; then
        pass "$what"
    else
        fail "$what" "exit $code" "exit $STATUS of: $*"$'\n'"$(head -c 2000 /run/host/out)"$'\n'"$(head -c 2000 /run/host/err)"
    fi
}

expect_ok() { expect_exit 0 "$@"; }

# expect_eq WHAT EXPECTED SEEN
expect_eq() { if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "$2" "$3"; fi; }

expect_ne() { if [ "$2" != "$3" ]; then pass "$1"; else fail "$1" "anything but: $2" "$3"; fi; }

# expect_match WHAT REGEX SEEN (extended, any line)
expect_match() { if grep -qE -e "$2" <<<"$3"; then pass "$1"; else fail "$1" "a match of $2" "$3"; fi; }

expect_no_match() { if grep -qE -e "$2" <<<"$3"; then fail "$1" "no match of $2" "$3"; else pass "$1"; fi; }

# expect_file WHAT 'MODE OWNER:GROUP' PATH
expect_file() { expect_eq "$1" "$2" "$(stat -c '%a %U:%G' "$3" 2>&1)"; }

# snapshot_tree DIR: a line per file: type, mode, owner, access ACL entries beyond the mode, default ACL, path
snapshot_tree() {
    local path acl
    (cd "$1" && find . -printf '%y %m %u:%g %P\n' | LC_ALL=C sort -k4) | while IFS= read -r line; do
        path=${line#* * * }
        acl=''
        case $line in l*) ;; *)
            acl=$(getfacl -cpsE -- "$1/$path" 2>/dev/null | grep -v '^$' | paste -sd, -) ;;
        esac
        printf '%s%s\n' "$line" "${acl:+ [$acl]}"
    done
}

# expect_tree WHAT DIR: the tree as snapshot_tree prints it, expected on stdin
expect_tree() { expect_eq "$1" "$(cat)" "$(snapshot_tree "$2")"; }

host_on_error() {
    # only the first, and only in the script's own shell
    [ -z "$EXPECT_BROKEN" ] && [ "$BASH_SUBSHELL" = 0 ] || return 0
    EXPECT_BROKEN="$(expect_where): $2"
}

host_on_exit() {
    local status=$1
    trap - EXIT ERR
    set +e
    # the script may have ended inside `run`
    [ -z "${HOST_STDOUT:-}" ] || exec >&"$HOST_STDOUT"
    if [ "$status" != 0 ] && [ "$status" != 77 ]; then
        EXPECT_FAILED=$((EXPECT_FAILED + 1))
        printf 'not ok - ended early with status %s at %s\n' "$status" "${EXPECT_BROKEN:-?}"
        [ ! -s /run/host/err ] || tail -n 3 /run/host/err | sed 's/^/#   /'
    fi
    if [ "$EXPECT_FAILED" != 0 ]; then
        host_show_logs
    elif [ "$EXPECT_PASSED" = 0 ] && [ "$status" = 0 ]; then
        EXPECT_FAILED=1
        printf 'not ok - nothing was tested\n'
    fi
    [ "$status" != 77 ] || exit 77
    printf '%d passed, %d failed\n' "$EXPECT_PASSED" "$EXPECT_FAILED"
    [ "$EXPECT_FAILED" = 0 ] || exit 1
    exit 0
}

# the daemons' logs, for the reader of a failed run
host_show_logs() {
    local log
    for log in /run/host/*.log /var/log/libvirt/qemu/*.log; do
        [ -s "$log" ] || continue
        printf '# --- %s\n' "$log"
        grep -vE '/dev/kvm|dmi/id|dmidecode|DBus|virGDBus|^ *-[a-z].*\\$' "$log" | tail -n 8 | cut -c1-400 | sed 's/^/#   /'
    done
}
