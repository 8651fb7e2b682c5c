#!/bin/bash
# /etc/group and /etc/gshadow are written while holding the lock that groupadd and similar tools take: no update is lost when they run at
# the same time; a lock held by another process means exit code 4, and a --root tree has its own lock.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

define_vm vm
cfg set-listen vm socket >/dev/null
grant() { "$SPICECFG" acl grant vm "$@" --create-group; }
both() { for file in /etc/group /etc/gshadow; do grep -c "^$1[0-9]*:" $file; done | paste -sd' '; }

# --- real groupadd, useradd and gpasswd at the same time
for loop in a b; do
    (for n in {1..40}; do groupadd "loop$loop$n" && gpasswd -a root "loop$loop$n"; done >/run/host/loop$loop 2>&1; touch /run/host/done$loop) &
done
made=0
for n in {1..12}; do
    run grant "group:made$n"
    [ "$STATUS" = 0 ] && made=$((made + 1))
done
QEMU=$(getent passwd "$(qemu_account | cut -d: -f1)" | cut -d: -f1)
members=0
for n in {1..4}; do
    gpasswd -d "$QEMU" sasl >/dev/null 2>&1 || true
    run cfg sasl set --backend saslauthd
    id -nG "$QEMU" | grep -qw sasl && members=$((members + 1))
done
expect_eq "a member is added each time" 4 "$members"
wait_for 120 "the loops" test -e /run/host/donea -a -e /run/host/doneb
expect_eq "all groups of spicecfg are created" 12 "$made"
expect_eq "and are in both files" "12 12" "$(both made)"
expect_eq "none of groupadd's is lost" "40 40 40 40" "$(both loopa) $(both loopb)"
expect_eq "nor one of gpasswd's" 80 "$(grep -c '^loop[ab][0-9]*:.*:root$' /etc/group)"
expect_eq "no number is used twice" "" "$(cut -d: -f3 /etc/group | sort | uniq -d)"
expect_ok "the shadow tools accept both files" grpck -r
expect_eq "no lock file is left" "" "$(ls /etc/*.lock 2>/dev/null)"

# --- another process holds the lock
cat >/run/host/hold.py <<'PY'
import fcntl, sys, time
held = open(sys.argv[1], "w")
fcntl.lockf(held, fcntl.LOCK_EX)
open("/run/host/held", "w")
time.sleep(600)
PY
hold() {
    rm -f /run/host/held
    /usr/bin/python3 /run/host/hold.py "$1" &
    HOLDER=$!
    wait_for 10 "the lock" test -e /run/host/held
}
release() {
    kill "$HOLDER"
    wait "$HOLDER" 2>/dev/null || true
}
gpasswd -d "$QEMU" sasl >/dev/null
hold /etc/.pwd.lock
before=$(cat /etc/group /etc/gshadow)
expect_exit 4 "a group, while it is held" grant group:late --wait-lock 0s
expect_match "says so" 'lock on /etc/.pwd.lock' "$ERR"
expect_exit 4 "a member of a group, while it is held" cfg sasl set --backend saslauthd --wait-lock 0s
expect_match "says so too" 'lock on /etc/.pwd.lock' "$ERR"
expect_eq "nothing changed" "$before" "$(cat /etc/group /etc/gshadow)"
expect_eq "and no entry was made" "" "$(getfacl -p /var/spicex/* | grep late)"
# a tree has its own lock
mkdir -p tree/etc/libvirt/qemu
cp /etc/passwd /etc/group /etc/gshadow tree/etc/
virsh dumpxml vm --inactive >tree/etc/libvirt/qemu/vm.xml
expect_ok "a tree doesn't wait for it" "$SPICECFG" --root tree acl grant vm group:late --create-group --wait-lock 0s
expect_eq "and the host has no such group" "" "$(getent group late || true)"
expect_eq "the tree has" "late:!::" "$(grep ^late: tree/etc/gshadow)"
release
hold tree/etc/.pwd.lock
expect_exit 4 "but it waits for its own" "$SPICECFG" --root tree acl grant vm group:later --create-group --wait-lock 0s
release
expect_ok "once it is free" grant group:late --wait-lock 0s

# --- the shadow tools' own lock files
printf '%s\0' $$ >/etc/group.lock
expect_exit 4 "group.lock of a live process" grant group:last --wait-lock 0s
expect_match "is named" 'lock on /etc/group.lock' "$ERR"
expect_eq "and left alone" "$$" "$(tr -d '\0' </etc/group.lock)"
printf '%s\0' 4194000 >/etc/gshadow.lock
rm /etc/group.lock
expect_ok "that of a dead process is taken over" grant group:last --wait-lock 0s
expect_eq "and removed" "" "$(ls /etc/*.lock 2>/dev/null)"
