#!/bin/bash
# Access to a socket in a directory that others use: who could search it still can, who could open a socket still can, and only the granted
# account can open the new one, with various modes, ACLs and owners of that directory and 0 to 3 other VMs below it. Real sockets of QEMU, real accounts.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

ROOT=/var/spicex
GROUP=$(getent group "$(qemu_account | cut -d: -f2)" | cut -d: -f1)
QEMU=$(getent passwd "$(qemu_account | cut -d: -f1)" | cut -d: -f1)
for user in u1 u2 u3 mybro outsider; do add_account "$user" ''; done
add_group team
join_group u3 team
for vm in vm1 vm2 vm3 third later; do define_vm "$vm"; done
uuid_of() { vm_conf "$1" /domain/uuid; }
declare -A UUID
for vm in vm1 vm2 vm3 third later; do UUID[$vm]=$(uuid_of "$vm"); done

# rights DIR SOCKET…: a line "USER passes" and "USER opens SOCKET" for each access that the kernel allows
cat >/run/host/rights.py <<'PY'
import os, pwd, socket, sys
directory, sockets = sys.argv[1], sys.argv[2:]
for name in ["u1", "u2", "u3", "mybro", "outsider"]:
    sys.stdout.flush()
    if os.fork() == 0:
        user = pwd.getpwnam(name)
        os.initgroups(name, user.pw_gid)
        os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
        os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
        if os.access(directory, os.X_OK):
            print(name, "passes", directory)
        for path in sockets:
            with socket.socket(socket.AF_UNIX) as s:
                try:
                    s.connect(path)
                    print(name, "opens", path)
                except OSError:
                    pass
        sys.stdout.flush()
        os._exit(0)
    os.wait()
PY
rights() { /usr/bin/python3 /run/host/rights.py "$@" | sort; }
# lost|gained BEFORE AFTER
lost() { comm -23 <(printf '%s\n' "$1") <(printf '%s\n' "$2"); }
gained() { comm -13 <(printf '%s\n' "$1") <(printf '%s\n' "$2"); }
state() { (cd / && find "$1" -printf '%p %m %u:%g %y\n' | sort && getfacl -Rnp "$1") 2>&1; virsh dumpxml third --inactive; }

# others N: the first N VMs have their own directories, each opened for its user, and run
others() {
    local i vm
    for vm in $(virsh -q list --name); do virsh -q destroy "$vm" >/dev/null; done
    for vm in third later; do cfg set-listen "$vm" address 127.0.0.1 >/dev/null; done
    rm -rf "$ROOT" /srv/x
    mkdir -m 711 "$ROOT"
    mkdir /srv/x
    SOCKETS=()
    for ((i = 1; i <= $1; i++)); do
        cfg set-listen "vm$i" socket --allow "user:u$i" >/dev/null
        vm_start "vm$i"
        SOCKETS+=("$ROOT/${UUID[vm$i]}/spice.socket")
    done
}

# situation EXIT WHAT OTHERS DIR MODE OWNER:GROUP [setfacl entries | -] [command]
situation() {
    local exit=$1 what=$2 n=$3 dir=$4 mode=$5 owner=$6 acl=${7:--} extra=${8:-} before after socket=$4/spice.socket was
    others "$n"
    chown "$owner" "$dir"
    chmod "$mode" "$dir"
    [ "$acl" = - ] || setfacl -m "$acl" "$dir"
    [ -z "$extra" ] || (eval "$extra")
    before=$(rights "$dir" "${SOCKETS[@]}" "$socket")
    was=$(state "$dir")
    expect_exit "$exit" "$what" cfg set-listen third socket "$socket" --allow user:mybro
    if [ "$exit" != 0 ]; then
        expect_match "$what: the default path is named" "$ROOT/${UUID[third]}/spice.socket" "$ERR"
        expect_eq "$what: nothing changed" "$was" "$(state "$dir")"
        return
    fi
    vm_start third
    after=$(rights "$dir" "${SOCKETS[@]}" "$socket")
    expect_eq "$what: nobody loses" "" "$(lost "$before" "$after")"
    expect_eq "$what: only mybro gains" "" "$(gained "$before" "$after" | grep -v "^mybro passes $dir\$" | grep -v "^mybro opens $socket\$")"
    expect_match "$what: and opens it" "mybro opens $socket" "$after"
    expect_exit 0 "$what: once more" cfg set-listen third socket "$socket" --allow user:mybro --detailed-exitcode
    # a directory that is created later does not inherit it
    if [ "$n" = 2 ]; then
        expect_ok "$what: a later VM" cfg set-listen later socket --allow user:u1
        vm_start later
        expect_eq "$what: has its own users" "" "$(rights "$dir" "$ROOT/${UUID[later]}/spice.socket" | grep opens | grep -v ^u1)"
        expect_eq "$what: and no entry of mybro" "" "$(getfacl -Rp "$ROOT/${UUID[later]}" | grep mybro)"
        expect_eq "$what: others still have theirs" "" "$(lost "$after" "$(rights "$dir" "${SOCKETS[@]}" "$socket")")"
    fi
    [ "$n" != 1 ] || return 0
    expect_ok "$what: revoke" "$SPICECFG" acl revoke third user:mybro
    after=$(rights "$dir" "${SOCKETS[@]}" "$socket")
    expect_eq "$what: revoke takes nothing from others" "" "$(lost "$before" "$after")"
    expect_eq "$what: nobody opens it" "" "$(grep "opens $socket" <<<"$after")"
}

situation 0 "passable by all" 2 $ROOT 711 root:root
situation 0 "no other VM" 0 $ROOT 711 root:root
situation 0 "readable, the group is QEMU's" 1 $ROOT 775 "root:$GROUP"
situation 0 "passers are named" 3 $ROOT 750 root:root u:u1:x,u:u2:x,g:team:x
situation 0 "the owning group passes" 1 $ROOT 710 root:team
situation 0 "one is held back, and QEMU too" 2 $ROOT 755 root:root "u:u1:-,u:$QEMU:x"
situation 0 "a mask that holds back" 1 $ROOT 711 root:team u:u1:rwx,g::rwx,m::x
situation 0 "mybro's group is held back" 1 $ROOT 755 root:root "g:mybro:-"
situation 0 "closed for all" 1 $ROOT 700 root:root
situation 0 "a directory of nobody's" 0 /srv/x 755 root:root
situation 0 "one that QEMU's account owns" 0 /srv/x 755 "$QEMU:$GROUP"
situation 1 "everybody writes" 0 $ROOT 1777 root:root
situation 1 "a group writes" 0 $ROOT 775 root:team
situation 1 "a user writes" 0 $ROOT 711 root:root u:u2:rwx
situation 1 "another account's" 0 $ROOT 711 u1:u1
situation 1 "its group goes to the socket" 0 $ROOT 2711 root:team
situation 1 "a default ACL for another account" 0 $ROOT 711 root:root d:u:u2:rw
situation 1 "a VM's socket lies there" 0 $ROOT 711 root:root - "cfg set-listen later socket $ROOT/later.socket --allow user:u2"
situation 1 "a file lies there" 0 /srv/x 755 root:root - "touch /srv/x/file"
situation 1 "another socket lies there" 0 /srv/x 755 root:root - \
    "/usr/bin/python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"/srv/x/else.socket\")'"

# directories made by hand can still be searched, but not by mybro
others 1
expect_ok "the articles' place" cfg set-listen third socket $ROOT/spice.socket --allow user:mybro
mkdir -m 711 $ROOT/hand
expect_eq "a directory made by hand can be searched, except by mybro" "outsider u1 u2 u3 " \
    "$(rights $ROOT/hand | sed 's/ .*//' | grep -v mybro | sort | tr '\n' ' ')"
expect_eq "not for him" "" "$(rights $ROOT/hand | grep mybro)"

# a grant, and a revoke, by acl; the system's own directories
for dir in /run /tmp; do
    define_vm system graphics="<graphics type='spice'><listen type='socket' socket='$dir/system.socket'/></graphics>"
    was=$(getfacl -cp $dir)
    expect_exit 1 "acl grant in $dir" "$SPICECFG" acl grant system user:mybro
    expect_match "names the VM's own place" "$ROOT/$(uuid_of system)/spice.socket" "$ERR"
    expect_ok "acl revoke there" "$SPICECFG" acl revoke system user:mybro
    expect_eq "neither changes it" "$was" "$(getfacl -cp $dir)"
done
expect_exit 1 "no group is created for a place that is refused" "$SPICECFG" acl grant system group:fresh --create-group
expect_eq "indeed" "" "$(getent group fresh || true)"

# check reports who has lost access, who has access beyond the grants, and VMs that share a directory; the printed fixes work
others 2
finding() { cfg check "${2:-vm1}" --format json | /usr/bin/python3 -c 'import json, sys
for result in json.load(sys.stdin)["results"]:
    for found in result["findings"]:
        if found["rule"] == sys.argv[1]: print(found["message"], "|", found["fix"])' "$1"; }
rules="socket-parent-closed socket-open-beyond socket-directory-shared"
for rule in $rules; do expect_eq "a state that is fine: no $rule" "" "$(finding $rule)"; done
chmod 750 $ROOT
expect_match "a directory that is closed" "^user:u1 .*can't pass '/var/spicex' .* setfacl -m user:u1:x -- /var/spicex\$" "$(finding socket-parent-closed)"
(eval "$(finding socket-parent-closed | sed 's/.*| //')")
expect_eq "and open again" "" "$(finding socket-parent-closed)"
expect_match "for the one" "u1 opens ${SOCKETS[0]}" "$(rights $ROOT "${SOCKETS[@]}")"
expect_match "not for the other" "^user:u2 " "$(finding socket-parent-closed vm2)"
chmod 711 $ROOT
setfacl -m u:outsider:x "$ROOT/${UUID[vm1]}"
setfacl -m u:outsider:rw "${SOCKETS[0]}"
expect_match "an account added by hand" "^user:outsider .*spicecfg acl revoke .*vm1 user:outsider\$" "$(finding socket-open-beyond)"
expect_ok "is shut out by the fix" "$SPICECFG" acl revoke vm1 user:outsider
expect_eq "for good" "" "$(finding socket-open-beyond)$(rights $ROOT "${SOCKETS[0]}" | grep 'outsider opens')"
chmod 711 "$ROOT/${UUID[vm1]}"
chmod 777 "${SOCKETS[0]}"
expect_match "everybody" "^others can open" "$(finding socket-open-beyond)"
expect_match "and the kernel agrees" "outsider opens" "$(rights $ROOT "${SOCKETS[0]}")"
expect_ok "a grant shuts them out" "$SPICECFG" acl grant vm1 user:u1
expect_eq "again" "" "$(finding socket-open-beyond)$(rights $ROOT "${SOCKETS[0]}" | grep 'outsider opens')"
expect_ok "the articles' place" cfg set-listen third socket $ROOT/spice.socket --allow user:mybro
virsh dumpxml later --inactive | sed "s|<graphics.*|<graphics type='spice'><listen type='socket' socket='$ROOT/later.socket'/></graphics>|; /<listen type='address'/d; /^ *<.graphics>\$/d; /<image compression/d" >later.xml
virsh -q define later.xml >/dev/null
expect_match "two VMs in one directory" "^user:mybro.* can open that of '(third|later)' too" "$(cfg check --all --format json >all.json || true
    /usr/bin/python3 -c 'import json
for result in json.load(open("all.json"))["results"]:
    for found in result["findings"]:
        if found["rule"] == "socket-directory-shared": print(found["message"])')"
