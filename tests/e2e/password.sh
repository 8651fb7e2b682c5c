#!/bin/bash
# Passwords: tickets of real consoles, at the next start and live; kept by other verbs; never in an argument, a diff or a log.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

graphics=/domain/devices/graphics[1]
# feed TEXT COMMAND…: with the text on stdin
feed() { local text=$1; shift; printf '%s\n' "$text" | "$@"; }

define_vm vm1
watch_argv Geheim-1 Geheim-2 Geheim-3
expect_ok "a password from stdin" feed Geheim-1 cfg set-password vm1 --diff -v
expect_no_match "not in the diff" Geheim "$OUT$ERR"
expect_match "masked in the diff" '\*\*\*' "$OUT$ERR"
expect_eq "definition: passwd" Geheim-1 "$(vm_conf vm1 "$graphics/@passwd")"
expect_exit 0 "the same again changes nothing" feed Geheim-1 cfg set-password vm1 --detailed-exitcode
vm_start vm1
port=$(vm_port vm1)
expect_client opened "right password" password=Geheim-1 --port "$port"
expect_client auth-failed "wrong password" password=Geheim-x --port "$port"
expect_client auth-failed "no password" --port "$port"

# other verbs keep it
expect_ok "set-heads" cfg set-heads vm1 2
expect_eq "set-heads keeps the password" Geheim-1 "$(vm_conf vm1 "$graphics/@passwd")"
expect_eq "and the running VM's" Geheim-1 "$(vm_get vm1 "$graphics/@passwd")"

# live: ticket and expiry of the running VM
(umask 077 && echo Geheim-2 >pwfile)
expect_ok "live, from a file" cfg set-password vm1 --password-file pwfile --live --format json
expect_no_match "not in the JSON" Geheim "$OUT$ERR"
expect_match "JSON: takes effect now" '"now"' "$OUT"
expect_client opened "new password, running VM" password=Geheim-2 --port "$port"
expect_client auth-failed "old password" password=Geheim-1 --port "$port"
expect_eq "definition as well" Geheim-2 "$(vm_conf vm1 "$graphics/@passwd")"
expect_ok "live, for two seconds" cfg set-password vm1 --password-file pwfile --valid-for 2s --live
expect_client opened "in time" password=Geheim-2 --port "$port"
sleep 3.5 # whole seconds, including the last one
expect_client auth-failed "expired" password=Geheim-2 --port "$port"
expect_ok "live, without an end" cfg set-password vm1 --password-file pwfile --live
expect_client opened "no expiry any more" password=Geheim-2 --port "$port"

# clients that are connected when the password changes
# held FILE: a client that stays connected; its results go to FILE
held() {
    printf '%s\n' "$2" | client --password-stdin --port "$port" --hold 20 >"$1" &
    wait_for 10 "the client" grep -q opened "$1"
}
held kept Geheim-2
kept=$!
expect_ok "keep" cfg set-password vm1 --password-file pwfile --live --connected keep
run cfg set-password vm1 --password-file pwfile --live --connected fail
expect_eq "fail: refused while a client is connected" 4 "$STATUS"
expect_eq "and rolled back" keep "$(vm_conf vm1 "$graphics/@connected")"
expect_no_match "the client is still connected" 'closed' "$(cat kept)"
expect_ok "disconnect" cfg set-password vm1 --password-file pwfile --live --connected disconnect
expect_ok "the client is disconnected at once" wait_for 3 "the client's end" grep -q '"closed"' kept
wait "$kept" || true
expect_ok "and back to libvirt's default" cfg set-password vm1 --password-file pwfile --live --connected default

# expiry in the definition
expect_ok "valid until a time in the past" feed Geheim-3 cfg set-password vm1 --valid-until 2020-01-01T00:00:00Z
expect_eq "libvirt's UTC form" 2020-01-01T00:00:00 "$(vm_conf vm1 "$graphics/@passwdValidTo")"
vm_restart vm1
expect_client auth-failed "expired at start" password=Geheim-3 --port "$(vm_port vm1)"
expect_ok "valid for an hour" feed Geheim-3 cfg set-password vm1 --valid-for 1h
vm_restart vm1
expect_client opened "valid at start" password=Geheim-3 --port "$(vm_port vm1)"
expect_argv_clean "no password in anybody's arguments or environment"

expect_ok "59 characters" feed "$(printf '%059d' 7)" cfg set-password vm1
vm_restart vm1
expect_client opened "59 characters open" password="$(printf '%059d' 7)" --port "$(vm_port vm1)"
run feed "$(printf '%060d' 7)" cfg set-password vm1
expect_match "60 are refused (exit $STATUS)" '^[123]$' "$STATUS"

expect_ok "generated" cfg set-password vm1 --generate --live
secret=$(vm_conf vm1 "$graphics/@passwd")
expect_match "it is printed once" "$(printf '%s' "$secret" | sed 's/[][\.*^$+?(){}|/]/\\&/g')" "$OUT$ERR"
expect_client opened "and opens" password="$secret" --port "$(vm_port vm1)"

expect_ok "clear-password" cfg clear-password vm1 --format json
expect_eq "definition without" "" "$(vm_conf vm1 "$graphics/@passwd")$(vm_conf vm1 "$graphics/@passwdValidTo")"
expect_match "pending for the running VM" next-start "$OUT"
expect_client opened "the running VM still asks" password="$secret" --port "$(vm_port vm1)"
vm_restart vm1
expect_client opened "open after the restart" --port "$(vm_port vm1)"

# a VM that was started without a password takes no ticket (F9): reported as an error, not as done
run feed Geheim-1 cfg set-password vm1 --live
expect_match "live on a VM without a password (exit $STATUS) is an error or reported" '^(4|1)$' "$STATUS"
expect_client opened "it is as it was" --port "$(vm_port vm1)"

add_account stranger secret
expect_secret_hidden "no file shows a password to another account" Geheim stranger /etc /var /run/libvirt /run/host /run/test

# While a password is in memory no other process of the same account can look, and no core file is written.
add_account looker ''
mkfifo -m 666 slow
install -d -o looker vault
domain_xml looker >vault/v.xml 2>/dev/null || cp "$HOST_SOURCE/tests/cases/check-project/in/vms/bad.xml" vault/v.xml
chown looker vault/v.xml
exec 9<>slow
as_user looker "$SPICECFG" set-password vault/v.xml --password-file slow >/dev/null 2>&1 9>&- &
printf geheim99 >&9
seen() { pid=$(pgrep -n -u looker -x spicecfg) && grep -qs "slow" <(ls -l "/proc/$pid/fd"); }
wait_for 10 "the program that waits for the rest of the password" seen
expect_eq "it belongs to root for all others" 0 "$(stat -c %u "/proc/$pid/mem")"
expect_match "its account can't read its memory" 'denied' "$(as_user looker head -c 1 "/proc/$pid/mem" 2>&1 || true)"
expect_match "nor its environment" 'denied' "$(as_user looker cat "/proc/$pid/environ" 2>&1 || true)"
expect_match "no core file" 'Max core file size +0 ' "$(cat "/proc/$pid/limits")"
printf '\n' >&9
wait "$!" || true
