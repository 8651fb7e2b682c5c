#!/bin/bash
# Who may open a VM's Unix socket: a member of the group may, another account may not, also after two restarts of the VM; revoke removes
# the access. Owners, modes and ACLs; no symlink is followed; a missing group.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

UUID=6f1c0b1e-6f43-4a63-9a3e-0d0c2b9e8a11
DIR=/var/spicex/$UUID SOCKET=/var/spicex/$UUID/spice.socket
QEMU=$(getent passwd "$(qemu_account | cut -d: -f1)" | cut -d: -f1)
GROUP=$(getent group "$(qemu_account | cut -d: -f2)" | cut -d: -f1)
acl() { "$SPICECFG" acl "$@"; }
socket_xml() { printf "<graphics type='spice'><listen type='socket' socket='%s'/><image compression='off'/></graphics>" "$1"; }
# the ACL as printed by getfacl, default entries last
facl() { getfacl -cpE -- "$1" 2>&1 | grep -v '^$' | paste -sd, -; }

domain_xml vm graphics="$(socket_xml $SOCKET)" | sed "s|<memory|<uuid>$UUID</uuid>\n  <memory|" >vm.xml
define_vm vm vm.xml
add_account uvmb ''
add_account other ''
add_account single ''

expect_exit 3 "a group that is missing" acl grant vm group:spicex
expect_match "is named with its fix" 'groupadd -- spicex.*--create-group' "$ERR"
expect_exit 3 "a user that is missing" acl grant vm user:nobody-here
expect_exit 2 "a word that is neither" acl grant vm spicex
for verb in "grant ./vm.xml user:other" "revoke ./vm.xml user:other" "show ./vm.xml" "grant --vm file:vm.xml user:other"; do
    # shellcheck disable=SC2086
    expect_exit 2 "a file with the VM's name, UUID and socket: acl $verb" acl $verb
done
expect_eq "nothing was made" "" "$(ls -d /var/spicex 2>/dev/null || true)"
expect_ok "a dry run" acl grant vm group:spicex --create-group --dry-run
expect_eq "makes nothing" "" "$(ls -d /var/spicex 2>/dev/null; getent group spicex || true)"
expect_ok "grant, creating the group" acl grant vm group:spicex --create-group
expect_match "a system group" '^spicex:x:[1-9][0-9]{2}:$' "$(getent group spicex)"
join_group uvmb spicex
expect_file "its root can be searched, not read" "711 root:root" /var/spicex
expect_file "the VM's own directory" "770 root:$GROUP" "$DIR"
expect_eq "its ACLs" "user::rwx,group::rwx,group:spicex:--x,mask::rwx,other::---,default:user::rw-,default:group::rw-,default:group:spicex:rw-,default:mask::rw-,default:other::---" "$(facl "$DIR")"
expect_exit 0 "once more" acl grant vm group:spicex --detailed-exitcode

vm_start vm
expect_eq "the socket is created with the ACL" "user::rw-,group::rw-,group:spicex:rw-,mask::rw-,other::---" "$(facl "$SOCKET")"
expect_match "it is QEMU's" "^660 ($QEMU|root):" "$(stat -c '%a %U:%G' "$SOCKET")"
expect_client opened "a member of the group opens it" user=uvmb --unix "$SOCKET"
expect_client connect-failed "another account does not" user=other --unix "$SOCKET"
for n in 1 2; do
    vm_restart vm
    expect_client opened "restart $n: the member opens it" user=uvmb --unix "$SOCKET"
    expect_client connect-failed "restart $n: the other does not" user=other --unix "$SOCKET"
done

# the live socket too
expect_client connect-failed "a single user, before" user=single --unix "$SOCKET"
expect_ok "grant to a user of a running VM" acl grant vm user:single
expect_client opened "holds at once" user=single --unix "$SOCKET"
expect_match "show names both" 'group:spicex +may open it' "$(acl show vm)"
expect_match "and the user" 'user:single +may open it' "$(acl show vm)"
expect_eq "also as JSON" 'true true' "$(acl show vm --format json | json_get results.0.entries | /usr/bin/python3 -c 'import json,sys
for e in json.load(sys.stdin):
    if e["who"] == "user:single": print(str(e["now"]).lower(), str(e["next_start"]).lower())')"
vm_restart vm
expect_client opened "and after a restart" user=single --unix "$SOCKET"
expect_ok "revoke the user" acl revoke vm user:single
expect_client connect-failed "shuts out at once" user=single --unix "$SOCKET"
expect_client opened "but not the group" user=uvmb --unix "$SOCKET"
expect_exit 0 "once more" acl revoke vm user:single --detailed-exitcode
expect_ok "revoke the group" acl revoke vm group:spicex
expect_client connect-failed "shuts out" user=uvmb --unix "$SOCKET"
vm_restart vm
expect_client connect-failed "for good" user=uvmb --unix "$SOCKET"
expect_eq "the ACL is minimal again" "user::rwx,group::rwx,other::---,default:user::rw-,default:group::rw-,default:other::---" "$(facl "$DIR")"
expect_match "show says so" 'only root and QEMU' "$(acl show vm)"
expect_client opened "root still gets in" --unix "$SOCKET"

# the listener, its directory and who may open it in one step
define_vm fresh
PLACE=/var/spicex/$(vm_conf fresh /domain/uuid)
expect_ok "set-listen makes the directory" "$SPICECFG" set-listen fresh socket
expect_file "closed" "770 root:$GROUP" "$PLACE"
expect_ok "and grants the access" "$SPICECFG" set-listen fresh socket --allow group:spicex --allow user:single
expect_exit 0 "once more" "$SPICECFG" set-listen fresh socket --allow group:spicex --allow user:single --detailed-exitcode
vm_start fresh
expect_client opened "the member opens it" user=uvmb --unix "$PLACE/spice.socket"
expect_client opened "the user too" user=single --unix "$PLACE/spice.socket"
expect_client connect-failed "the other does not" user=other --unix "$PLACE/spice.socket"
expect_exit 2 "--allow without a socket" "$SPICECFG" set-listen fresh address 127.0.0.1 --allow group:spicex
"$SPICECFG" acl revoke fresh user:single >/dev/null

# a socket that was open to everybody, in a directory made by hand
mkdir -p /srv/consoles
chmod 755 /srv/consoles
chown "$QEMU:$GROUP" /srv/consoles
define_vm loose graphics="$(socket_xml /srv/consoles/loose.socket)"
vm_start loose
chmod 777 /srv/consoles/loose.socket
expect_client opened "before: everybody opens it" user=other --unix /srv/consoles/loose.socket
expect_match "show says so" 'others +may open it now' "$(acl show loose)"
expect_ok "grant" acl grant loose group:spicex
expect_client opened "the member" user=uvmb --unix /srv/consoles/loose.socket
expect_client connect-failed "everybody else is shut out" user=other --unix /srv/consoles/loose.socket
vm_restart loose
expect_client opened "the member, after a restart" user=uvmb --unix /srv/consoles/loose.socket
expect_client connect-failed "the others, after a restart" user=other --unix /srv/consoles/loose.socket
chmod 700 /srv
expect_ok "a parent directory that is closed" acl grant loose group:spicex user:single
expect_match "is a warning with its fix" "can't pass '/srv'" "$ERR"
chmod 755 /srv

# directories that are unsuitable for a socket with ACLs
define_vm shared graphics="$(socket_xml /tmp/x.socket)"
expect_exit 1 "a directory for everybody is refused" acl grant shared group:spicex
expect_match "and the VM's own place named" "/var/spicex/$(vm_conf shared /domain/uuid)/spice.socket" "$ERR"
mkdir /srv/data
touch /srv/data/disk.img
define_vm data graphics="$(socket_xml /srv/data/x.socket)"
expect_exit 1 "one with other files" acl grant data group:spicex
expect_match "is named" disk.img "$ERR"
mkdir /srv/theirs
chown other /srv/theirs
define_vm theirs graphics="$(socket_xml /srv/theirs/x.socket)"
expect_exit 1 "one of another account's" acl grant theirs group:spicex
mkdir -p /srv/secret /srv/way
chmod 700 /srv/secret
ln -s /srv/secret /srv/way/vm
before=$(facl /srv/secret)
define_vm link graphics="$(socket_xml /srv/way/vm/x.socket)"
expect_exit 3 "a symlink on the way is not followed" acl grant link group:spicex
expect_match "and named" 'symbolic link' "$ERR"
rm /srv/way/vm
mkdir /srv/way/vm
ln -s /srv/secret /srv/way/vm/x.socket
expect_exit 3 "nor one instead of the socket" acl grant link group:spicex
expect_eq "its target is untouched" "$before" "$(facl /srv/secret)"
define_vm net
expect_exit 3 "a VM without a socket" acl grant net group:spicex
expect_match "and the verb that fixes it" 'spicecfg set-listen net socket' "$ERR"
define_vm auto graphics="<graphics type='spice'><listen type='socket'/></graphics>"
expect_exit 3 "an automatic socket" acl grant auto group:spicex
expect_exit 3 "no group is created in vain" acl grant net group:fresh --create-group
expect_eq "indeed" "" "$(getent group fresh || true)"

# all or nothing: the ACL can't be set, so the new group is removed again
mkdir /srv/readonly
mount -t tmpfs -o mode=770 tmpfs /srv/readonly
mount -o remount,ro /srv/readonly
define_vm readonly graphics="$(socket_xml /srv/readonly/x.socket)"
expect_exit 4 "a read-only file system" acl grant readonly group:fresh --create-group
expect_eq "everything is rolled back" "" "$(getent group fresh || true)"
