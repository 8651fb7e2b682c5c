#!/bin/bash
# A .spicecfg.conf decides what a check says: only that of the caller, of who called sudo, and of root counts; a planted .git leads nowhere.
HOST_LIBVIRTD=no HOST_CLIENT=no
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

add_account alice ''
add_account mallory ''
chmod 755 /run/test
mkdir -m 755 repo repo/.git repo/vms
cp "$HOST_SOURCE/tests/cases/check-project/in/vms/bad.xml" repo/vms/
printf '[check]\nno-host = yes\n[rules]\nheads-single = off\n' >settings

as() { # ACCOUNT DIRECTORY ARGUMENTS: used or ignored
    local account=$1
    (cd "$2" && as_user "$account" env ${SUDO_UID:+SUDO_UID="$SUDO_UID"} "$SPICECFG" check --no-host --format json bad.xml "${@:3}" 2>/run/test/err) >out || true
    python3 - <<'P'
import json
project = json.load(open("/run/test/out")).get("project")
print("none" if not project else "used" if project["used"] else "ignored")
P
}
put() { cp settings "$2/.spicecfg.conf" && chown "$1" "$2/.spicecfg.conf" && chmod 644 "$2/.spicecfg.conf"; }
chown -R alice repo

put alice repo/vms
expect_eq "the caller's own counts" used "$(as alice repo/vms)"
expect_eq "to root it is another's" ignored "$(as root repo/vms)"
expect_match "that is reported, with the owner and the way out" "is ignored: it belongs to another account \(uid $(id -u alice)\); to use it anyway: --project" "$(cat err)"
expect_eq "to mallory too" ignored "$(as mallory repo/vms)"
SUDO_UID=$(id -u alice)
expect_eq "who called sudo counts" used "$(as root repo/vms)"
expect_eq "SUDO_UID means nothing without root" ignored "$(as mallory repo/vms)"
SUDO_UID="$SUDO_UID "
expect_eq "nor what is not a number" ignored "$(as root repo/vms)"
unset SUDO_UID
put root repo/vms
expect_eq "root's counts for all" used "$(as mallory repo/vms)"
put mallory repo/vms
expect_eq "that of a third does not" ignored "$(as alice repo/vms)"
expect_eq "unless it is named" used "$(as alice repo/vms --project .spicecfg.conf)"
expect_eq "and --no-project takes none" none "$(as alice repo/vms --no-project)"
rm repo/vms/.spicecfg.conf
ln -s "$PWD/settings" repo/vms/.spicecfg.conf
chown -h mallory repo/vms/.spicecfg.conf
expect_eq "a link of another account to root's file does not count" ignored "$(as alice repo/vms)"
rm repo/vms/.spicecfg.conf

put alice repo
expect_eq "the repository's counts from below" used "$(as alice repo/vms)"
chown mallory repo/.git
expect_eq "a .git of another account makes no repository" none "$(as alice repo/vms)"
chown alice repo/.git
chown alice:"$(id -gn alice)" repo/.spicecfg.conf
chmod 664 repo/.spicecfg.conf
expect_eq "writable for the owner's private group" used "$(as alice repo/vms)"
add_group team
join_group mallory team
chgrp team repo/.spicecfg.conf
expect_eq "writable for a team" ignored "$(as alice repo/vms)"
chmod 646 repo/.spicecfg.conf
expect_eq "writable for everybody" ignored "$(as alice repo/vms)"
groupadd everyone
useradd -g everyone carl
useradd -g everyone dora
chown carl:everyone repo/.spicecfg.conf
chmod 664 repo/.spicecfg.conf
expect_eq "writable for the first group of several accounts, which names no members" ignored "$(as carl repo)"
groupadd frank
useradd -g frank frank
# a line too long to be read: who comes behind it may be in the group
printf 'long:x:1999:1999:%070000d:/:/usr/sbin/nologin\n' 0 >>/etc/passwd
useradd -g frank gerda
chown frank:frank repo/.spicecfg.conf
expect_eq "writable for a group, with an account that can't be read" ignored "$(as frank repo)"
userdel gerda
sed -i '/^long:/d' /etc/passwd
# the owner's own, with an entry of more than 64 KB
sed -i "s/^\(frank:.*:\)\$/\1$(yes frank | head -20000 | paste -sd,)/" /etc/group
expect_eq "writable for the owner's private group, whose entry is long" used "$(as frank repo)"
sed -i '/^frank:/s/,.*//' /etc/group
put alice repo
setfacl -m u:mallory:rw repo/.spicecfg.conf
expect_eq "writable for another account by its ACL" ignored "$(as alice repo/vms)"
setfacl -b -m g:team:rw repo/.spicecfg.conf
expect_eq "writable for a group by its ACL" ignored "$(as alice repo/vms)"
setfacl -b -m u:mallory:rw -m m::r repo/.spicecfg.conf
expect_eq "by the mask it is not" used "$(as alice repo/vms)"
setfacl -b -m u:root:rw repo/.spicecfg.conf
expect_eq "for root it may be" used "$(as alice repo/vms)"

# what the file names decides what a check says, too
(cd repo/vms && "$SPICECFG" check --no-host --no-project --write-baseline known bad.xml >/dev/null 2>&1)
for key in baseline qemu-conf host-facts; do
    printf '[check]\nno-host = no\n%s = vms/known\n' $key >settings
    put alice repo
    for owner in mallory:666 mallory:644 alice:666; do
        chown "${owner%:*}" repo/vms/known
        chmod "${owner#*:}" repo/vms/known
        run as_user alice env -C repo/vms "$SPICECFG" check bad.xml
        expect_eq "$key of $owner that a project file names" "3 1" "$STATUS $(grep -c "3:[0-9]*: 'vms/known' is not trusted: " <<<"$ERR")"
    done
done

# what others plant above what is checked: a directory that all may write to
mkdir -m 1777 shared
mkdir shared/.git shared/vms
cp repo/vms/bad.xml shared/vms/
chown -R mallory shared/.git
chown alice shared/vms
put mallory shared
expect_eq "planted above" none "$(as alice shared/vms)"
