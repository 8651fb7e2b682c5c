# shellcheck shell=bash
# Cyrus SASL and saslauthd, with stock tools: the reference for spicecfg.

# sasl_file DIRECTORY LINE…: DIRECTORY/qemu.conf, readable by QEMU
sasl_file() {
    local directory=$1
    shift
    install -d -m 750 -o root -g "$(qemu_account | cut -d: -f2)" "$directory"
    printf '%s\n' "$@" >"$directory/qemu.conf"
    chgrp "$(qemu_account | cut -d: -f2)" "$directory/qemu.conf"
    chmod 640 "$directory/qemu.conf"
}

# sasldb_user DATABASE USER PASSWORD [REALM]
sasldb_user() {
    printf '%s' "$3" | saslpasswd2 -p -c -a spice -f "$1" ${4:+-u "$4"} "$2"
    chgrp "$(qemu_account | cut -d: -f2)" "$1"
    chmod 640 "$1"
}

# start_saslauthd [NAME PAM-FILE]: the global one, or a VM's own one, with its own file instead of /etc/pam.d/spice
start_saslauthd() {
    local name=${1:-} pam=${2:-} directory=/run/saslauthd${1:+-$1}
    install -d -m 710 -o root -g sasl "$directory"
    if [ -n "$pam" ]; then
        [ -e /etc/pam.d/spice ] || : >/etc/pam.d/spice
        # shellcheck disable=SC2016
        daemon "saslauthd-$name" unshare -m sh -c 'mount --bind "$1" /etc/pam.d/spice && exec saslauthd -d -a pam -n 2 -m "$2"' \
            sh "$pam" "$directory"
    else
        daemon saslauthd saslauthd -d -a pam -n 2 -m "$directory"
    fi
    wait_for 10 "saslauthd $name" test -S "$directory/mux"
}

# pam_file PATH [LINE…]: Debian's common stack for service spice; the lines come before the common account part
pam_file() {
    local path=$1
    shift
    {
        printf 'auth include common-auth\n'
        [ $# = 0 ] || printf '%s\n' "$@"
        printf 'account include common-account\n'
    } >"$path"
}
