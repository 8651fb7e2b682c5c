#!/bin/bash
# Killed while it changes a definition, qemu.conf and account files of a host with a real libvirtd: everything is as before after the next change or
# `recover`, also where the daemon does not run, and what somebody else has changed since stays.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

define_vm one
define_vm two
cat >lines <<'END'
set-heads one 3
host set spice_tls=1
set-mode two any
END
printf 'sesame-1\n' >password
cfg set-password two --password-file password -q || fail "a password" "exit 0" "exit $?"
CONF=/etc/libvirt/qemu.conf
STATE=/var/lib/spicecfg

state() {
    local vm
    sha256sum $CONF
    stat -c '%n %a %U %G' $CONF
    for vm in one two; do virsh -q dumpxml --inactive --security-info "$vm"; done
}
# killed CALL N: kills the batch at that call; false: it has fewer
killed() {
    strace -f -qq -o /dev/null -e "inject=$1:signal=KILL:when=$2" "$SPICECFG" batch lines --force -q >out 2>&1
    [ $? = 137 ]
}

state >before
kills=0 bad='' armed=0
for call in fsync renameat renameat2; do
    for n in $(seq 60); do
        killed $call "$n" || break
        kills=$((kills + 1))
        [ -z "$(ls $STATE/tx 2>/dev/null)" ] || armed=$((armed + 1))
        "$SPICECFG" recover -q >out 2>&1 || bad+=" $call-$n:$(tr '\n' ' ' <out)"
        state >now
        if ! cmp -s now before; then
            [ -n "$(find $STATE/history -mindepth 1 -maxdepth 1 -newer before)" ] || bad+=" $call-$n:mixture"
            # it was committed: back to the old state
            cfg set-heads one 1 -q
            cfg host unset spice_tls -q
            cfg set two mode=default -q
            state >before
        fi
        [ -z "$(ls $STATE/tx)" ] || bad+=" $call-$n:open"
        [ -z "$(find /etc -name '.*.spicecfg-tmp')" ] || bad+=" $call-$n:temp"
        ! grep -rqF sesame-1 $STATE || bad+=" $call-$n:password"
    done
done
expect_eq "all or nothing" "" "$bad"
if [ $kills -ge 10 ] && [ $armed -ge 5 ]; then pass "kills: $kills, $armed of them with an armed journal"; else fail "kills" "10, 5 armed" "$kills, $armed armed"; fi

# the commit's own rename is the last call that is undone: the definitions are the new ones then
cfg set-heads one 1 -q
state >before
killed renameat 1 || true
expect_eq "the definition was changed" 3 "$(virsh -q dumpxml --inactive one | grep -o "heads='[0-9]*'" | tr -dc 0-9)"
stop_libvirtd
expect_ok "recovered before the daemon is up" cfg recover
start_libvirtd
state >now
expect_eq "as before" "" "$(diff before now)"

# the recovery itself is killed before the daemon is up: the next one leaves nothing of it, neither a file nor a digest of a password
cfg set-password one --password-file password -q
state >before
bad='' kills=0
for call in fsync renameat; do
    for n in $(seq 20); do
        killed renameat 1 || true
        stop_libvirtd
        ended=0
        strace -f -qq -o /dev/null -e "inject=$call:signal=KILL:when=$n" "$SPICECFG" recover -q >out 2>&1 || ended=$?
        [ "$ended" != 137 ] || kills=$((kills + 1))
        "$SPICECFG" recover -q >out 2>&1 || bad+=" $call-$n:$(tr '\n' ' ' <out)"
        [ -z "$(find /etc -name '.*.spicecfg-tmp')" ] || bad+=" $call-$n:temp"
        start_libvirtd
        state >now
        cmp -s now before || bad+=" $call-$n:other"
        [ "$ended" = 137 ] || break
    done
done
expect_eq "the old state, and nothing else" "" "$bad"
if [ $kills -ge 5 ]; then pass "$kills recoveries killed"; else fail "recoveries killed" "5" "$kills"; fi
cfg clear-password one -q
expect_eq "no digest of a definition is kept" "" "$(find $STATE -name '*.seen')"

# the same while the daemon is down, by somebody with an editor
killed renameat 1 || true
stop_libvirtd
sed -i "s/heads='3'/heads='2'/" /etc/libvirt/qemu/one.xml
cp /etc/libvirt/qemu/one.xml theirs.file
expect_exit 4 "a definition file of somebody else" cfg recover
expect_match "its name" 'domain:one is not in its old state' "$ERR"
expect_ok "it stays" cmp /etc/libvirt/qemu/one.xml theirs.file
start_libvirtd
expect_eq "the others are as before" "$(head -n 2 before)" "$(state | head -n 2)"
expect_ok "accepted" cfg recover --accept "$(basename $STATE/tx/*.conflict .conflict)"
# a file whose bytes a power cut has lost is nobody's
killed renameat 1 || true
stop_libvirtd
: >/etc/libvirt/qemu/one.xml
expect_ok "an empty definition file" cfg recover
start_libvirtd
expect_eq "the old definition is back" 2 "$(virsh -q dumpxml --inactive one | grep -o "heads='[0-9]*'" | tr -dc 0-9)"
cfg set-heads one 1 -q
state >before

# a definition that somebody else has changed
killed renameat 1 || true
virsh -q dumpxml --inactive --security-info one | sed "s/heads='3'/heads='2'/" >theirs.xml
virsh -q define theirs.xml >/dev/null
expect_exit 4 "a definition of somebody else" cfg recover
expect_match "its name" 'domain:one is not in its old state' "$ERR"
expect_eq "it stays" 2 "$(virsh -q dumpxml --inactive one | grep -o "heads='[0-9]*'" | tr -dc 0-9)"
expect_eq "the others are as before" "$(head -n 2 before)" "$(state | head -n 2)"
expect_ok "later changes warn" cfg host set spice_tls=1 --force
expect_match "the warning" 'somebody else has changed' "$ERR"
id=$(basename $STATE/tx/*.conflict .conflict)
expect_ok "accepted" cfg recover --accept "$id"
expect_ok "nothing is open" cfg recover
expect_eq "no more warnings" "" "$ERR"
