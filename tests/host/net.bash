# shellcheck shell=bash
# Separate client machines, and an SSH server.

# add_machine NAME ADDRESS: a network namespace on one bridge with the server (192.168.2.0/24 as HOST_ADDRESS)
add_machine() {
    local name=$1 address=$2
    if [ ! -e /sys/class/net/br0 ]; then
        ip link add br0 type bridge
        ip link set br0 up
        ip address del "$HOST_ADDRESS/24" dev lo
        ip address add "$HOST_ADDRESS/24" dev br0
    fi
    ip netns add "$name"
    ip link add "v-$name" type veth peer name eth0 netns "$name"
    ip link set "v-$name" master br0 up
    ip -n "$name" link set lo up
    ip -n "$name" address add "$address/24" dev eth0
    ip -n "$name" link set eth0 up
    printf '%s %s\n' "$address" "$name" >>/etc/hosts
}

# on_machine NAME COMMAND…: runs it there (with that network and host name; files and accounts are the server's)
on_machine() {
    local name=$1
    shift
    # shellcheck disable=SC2016
    ip netns exec "$name" unshare -u sh -c 'hostname "$1" && shift && exec "$@"' sh "$name" "$@"
}

# start_sshd: with the private /etc/ssh/sshd_config; call it again after a change to restart it
start_sshd() {
    command -v sshd >/dev/null || host_skip "packages (no openssh-server)"
    mkdir -p /run/sshd
    [ -e /etc/ssh/ssh_host_ed25519_key ] || ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
    if [ -e /run/sshd.pid ]; then
        kill "$(cat /run/sshd.pid)"
        wait_for 5 "the end of sshd" test ! -e /run/sshd.pid
    fi
    daemon sshd "$(command -v sshd)" -D -e
    wait_for 10 sshd test -e /run/sshd.pid
}
