# shellcheck shell=bash
# Accounts and groups in the private /etc, and running commands as another account.

# add_group NAME
add_group() { getent group "$1" >/dev/null || groupadd "$1"; }

# add_account USER PASSWORD [GROUP…]: no login shell, its own home; '' as password: locked
add_account() {
    local user=$1 password=$2 group
    shift 2
    useradd -m -s /usr/sbin/nologin "$user"
    [ -z "$password" ] || printf '%s:%s\n' "$user" "$password" | chpasswd
    for group in "$@"; do
        add_group "$group"
        gpasswd -a "$user" "$group" >/dev/null
    done
}

# join_group USER GROUP, leave_group USER GROUP
join_group() { gpasswd -a "$1" "$2" >/dev/null; }
leave_group() { gpasswd -d "$1" "$2" >/dev/null; }

# as_user USER COMMAND…: with that account's groups and a clean environment, as after a login
as_user() {
    local user=$1
    shift
    setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups --inh-caps=-all --bounding-set=-all --reset-env \
        env PATH="$PATH" TMPDIR=/tmp LIBVIRT_DEFAULT_URI="$LIBVIRT_DEFAULT_URI" "$@"
}

# the account and group that QEMU runs as, according to libvirt
qemu_account() { virsh capabilities | sed -n "s|.*<baselabel type='qemu'>+\([0-9]*\):+\([0-9]*\)</baselabel>.*|\1:\2|p"; }

# expect_secret_hidden WHAT SECRET USER DIR…: the account can read no file with the secret below the directories
expect_secret_hidden() {
    local what=$1 secret=$2 user=$3 seen
    shift 3
    (umask 077 && printf '%s\n' "$secret" >/run/host/secret)
    seen=$(grep -rlFs --exclude-dir=upper --exclude-dir=scratch -f /run/host/secret -- "$@" | while IFS= read -r file; do
        if as_user "$user" test -r "$file"; then printf '%s\n' "$file"; fi
    done) || true
    rm -f /run/host/secret
    expect_eq "$what" "" "$seen"
}
