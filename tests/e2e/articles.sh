#!/bin/bash
# The set-ups of the articles I, IV, V, VII, VIII and QXL IV (docs/articles.md), made only with spicecfg and verified with the real client.
# At the end a table: article and fact, command, what the client (or QEMU itself) saw.
# shellcheck disable=SC2034
HOST_NAME=mysrv.example.org
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

ARTICLE='' ROWS=()
graphics=/domain/devices/graphics[1] video=/domain/devices/video[1]
GROUP=$(getent group "$(qemu_account | cut -d: -f2)" | cut -d: -f1)
DIR=/etc/pki/libvirt-spice
CA=(--host mysrv.example.org --ca-file "$DIR/ca-cert.pem")

# step FACTS ARGUMENT…: runs spicecfg; adds a row to the table
step() { step_exit 0 "$@"; }

# step_exit CODE FACTS ARGUMENT…: the same, with another exit code
step_exit() {
    local code=$1 facts=$2
    shift 2
    expect_exit "$code" "$ARTICLE $facts: spicecfg $*" cfg "$@"
    ROWS+=("$ARTICLE $facts"$'\t'"$*"$'\t')
    [ "$code" = 0 ] || seen "exit $code"
}

# refused CODE FACTS REGEX ARGUMENT…: spicecfg refuses, with a reason (REGEX); adds a row to the table
refused() {
    local code=$1 facts=$2 why=$3
    shift 3
    expect_exit "$code" "$ARTICLE $facts: refused: spicecfg $*" cfg "$@"
    expect_match "$ARTICLE $facts: and why" "$why" "$OUT$ERR"
    ROWS+=("$ARTICLE $facts"$'\t'"$*"$'\t'"refused, exit $STATUS")
}

# seen TEXT: adds it to the last row
seen() {
    local last=$((${#ROWS[@]} - 1))
    [[ ${ROWS[last]} == *$'\t' ]] || ROWS[last]+='; '
    ROWS[last]+=$1
}

# saw RESULT WHO CLIENT-OPTION…: what the real client sees (expect_client)
saw() {
    local result=$1 who=$2
    shift 2
    expect_client "$result" "$ARTICLE: $who: $result" "$@"
    seen "$who: $(client_got result)$([ "$(client_got tls)" != true ] || printf ' (TLS)')"
}

# has WHAT EXPECTED SEEN: what QEMU or a file contains
has() {
    expect_eq "$ARTICLE: $1" "$2" "$3"
    seen "$1 $3"
}

# finding RULE ARGUMENT…: check reports it
finding() {
    local rule=$1
    shift
    run cfg check "$@"
    expect_match "$ARTICLE: check reports $rule" "\\[$rule\\]|\\b$rule\\b" "$OUT"
    seen "check: $rule"
}

# spice_argument VM NAME: from QEMU's -spice option
spice_argument() { vm_cmdline "$1" | grep -A1 -x -e -spice | tail -1 | tr , '\n' | sed -n "s/^$2=//p"; }

# debianx and leaptest as virt-manager creates them: one QXL head, automatic port
fresh_vms() {
    local vm
    for vm in debianx leaptest; do
        virsh -q destroy "$vm" >/dev/null 2>&1 || true
        define_vm "$vm" graphics="<graphics type='spice' autoport='yes'><listen type='address'/><image compression='off'/></graphics>" \
            video="<video><model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1' primary='yes'/></video>" "$@"
    done
}

table() {
    local row article command seen
    printf '\n%-11s| %-76s| %s\n' article 'spicecfg …' 'what the client saw'
    printf -- '-----------|%s|%s\n' "$(printf '%077d' 0 | tr 0 -)" "$(printf '%040d' 0 | tr 0 -)"
    for row in "${ROWS[@]}"; do
        IFS=$'\t' read -r article command seen <<<"$row"
        printf '%-11s| %-76s| %s\n' "$article" "$command" "${seen:--}"
    done
}

add_machine mylap 192.168.2.22
add_account uvma ''
add_account uvmb s3art-account
add_account third ''
(umask 077 && printf 's3art-one\n' >one && printf 's3art-two\n' >two && printf 's3art-account\n' >account)
watch_argv s3art-one s3art-two s3art-account

for part in qxl_iv i iv v vii viii; do
    # shellcheck source=/dev/null
    . "$(dirname "$0")/articles/$part.bash"
done

expect_argv_clean "no password in anybody's arguments or environment"
expect_secret_hidden "a third account finds no password" s3art third /etc /var /run/libvirt /run/host /run/test
expect_no_match "none in a log" s3art "$(cat /run/host/*.log /var/log/libvirt/qemu/*.log)"
table
