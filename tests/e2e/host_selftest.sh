#!/bin/bash
# The test host itself, with stock tools only: isolation of hosts that run at the same time, nothing left outside, the end of all processes,
# the client's results, the watcher for secrets, the assertions themselves.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"

PLACES="/etc /var /var/lib/libvirt /run /root /home /srv /tmp /dev /dev/shm"

# the parts of the machine that a host must not change
machine() {
    find /etc/libvirt /etc/passwd /etc/group /etc/shadow /etc/hosts /etc/hostname /etc/pam.d /etc/sasl2 /run/setup-error /run/libvirt /run/saslauthd \
        /var/lib/libvirt /var/log/libvirt /var/cache/libvirt -printf '%p %i %m %s %T@\n' 2>/dev/null | LC_ALL=C sort || true
    find /sys/fs/cgroup -maxdepth 4 -type d \( -name 'machine*' -o -name '*libvirt*' \) 2>/dev/null || true
    hostname
    cat /proc/mounts
    ls /sys/class/net
    ipcs -m
}

outside() {
    local work before after left status=0
    work=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "rm -rf '$work'" EXIT
    export HOST_KEEP=$HOST_SOURCE:$work WORK=$work MARK=selftest$$
    machine >"$work/before"
    bash "$0" one >"$work/one" 2>&1 & one=$!
    HOST_NAME=two.example.org bash "$0" two >"$work/two" 2>&1 & two=$!
    bash "$0" killed >"$work/killed" 2>&1 & killed=$!
    wait "$one" || status=$?
    wait "$two" || status=$?
    sed 's/^/one: /' "$work/one"
    sed 's/^/two: /' "$work/two"
    if [ "$status" = 77 ]; then
        host_skip "$(grep -hm1 '^skipped: ' "$work/one" "$work/two" | cut -d' ' -f2-)"
    fi
    trap 'host_on_exit $?' EXIT
    trap 'host_on_error "$LINENO" "$BASH_COMMAND"' ERR
    expect_eq "the two hosts passed" 0 "$status"

    wait_for 30 "the third host" test -e "$work/killed.up" || true
    expect_eq "the third host's VM is seen from outside" 1 "$(pgrep -cf "guest=$MARK," || true)"
    kill -KILL "$killed"
    wait "$killed" 2>/dev/null || true
    wait_for 5 "its end" eval '! pgrep -f "guest=$MARK,"' || true
    expect_eq "and ends when the test is killed" 0 "$(pgrep -cf "guest=$MARK," || true)"

    machine >"$work/after"
    expect_eq "nothing of the machine was changed" "" "$(diff "$work/before" "$work/after" || true)"
    left=''
    for place in $PLACES; do
        [ ! -e "$place/$MARK" ] || left+=" $place"
    done
    expect_eq "nothing was left outside" "" "$left"
    rm -rf "$work"
}

# what both hosts do at the same time: same names, same ports, same files
side_by_side() {
    local place other=two
    [ "$1" = one ] || other=one
    for place in $PLACES; do
        echo "$1" >"$place/$MARK"
    done
    add_account "${MARK}u" secret spicex
    define_vm same graphics="<graphics type='spice' port='5900' autoport='no' listen='127.0.0.1'/>"
    vm_start same
    touch "$WORK/$1.up"
    wait_for 60 "the other host" test -e "$WORK/$other.up"
    expect_client opened "same port as the other host" --port 5900
    expect_eq "own host name" "${HOST_NAME}" "$(hostname)"
    expect_eq "own files" "$1" "$(cat /etc/"$MARK")"
    expect_eq "only own processes" 1 "$(pgrep -cf 'guest=same,')"
    expect_eq "own network" "lo" "$(ls /sys/class/net | paste -sd' ')"
    touch "$WORK/$1.done"
    wait_for 60 "the other host" test -e "$WORK/$other.done"
}

client_verdicts() {
    local port
    expect_client connect-failed "no console on this port" --port 5999
    expect_client connect-failed "no socket" --unix /run/nowhere.sock
    expect_client timeout "a server that says nothing" --timeout 1 --unix "$(silent_server)"

    define_vm ticket graphics="<graphics type='spice' autoport='yes' passwd='right' listen='127.0.0.1'/>"
    vm_start ticket
    define_vm lan graphics="<graphics type='spice' autoport='yes' listen='0.0.0.0'/>"
    vm_start lan
    port=$(vm_port ticket)
    expect_client opened "right ticket" password=right --port "$port"
    expect_eq "it was a ticket" ticket "$(client_got auth)"
    add_machine pc1 192.168.2.22
    expect_client opened "a client on another machine" machine=pc1 --host "$HOST_ADDRESS" --port "$(vm_port lan)"
    expect_client connect-failed "another machine does not reach loopback" machine=pc1 --host "$HOST_ADDRESS" --port "$port"
    expect_client auth-failed "wrong ticket" password=wrong --port "$port"
    expect_client auth-failed "no ticket" --port "$port"
    qmp ticket '{"execute":"expire_password","arguments":{"protocol":"spice","time":"now"}}' >/dev/null
    expect_client auth-failed "expired ticket" password=right --port "$port"

    install -d -m 770 -g "$(qemu_account | cut -d: -f2)" /run/test/sock
    chmod o+x /run/test/sock
    define_vm unix graphics="<graphics type='spice'><listen type='socket' socket='/run/test/sock/spice'/></graphics>" \
        video="<video><model type='virtio' heads='2'/></video>"
    vm_start unix
    expect_client opened "Unix socket" --unix /run/test/sock/spice
    expect_eq "virtio with two heads: two display channels" 2 "$(client_got displays)"
    add_account outsider secret
    expect_client connect-failed "another account may not open the socket" user=outsider --unix /run/test/sock/spice
}

tls_verdicts() {
    make_ca /run/test/ca
    make_ca /run/test/otherca "Other CA"
    make_server_cert /run/test/ca /etc/pki/libvirt-spice "$HOST_NAME"
    qemu_conf 'spice_tls = 1'
    define_vm tls graphics="<graphics type='spice' tlsPort='5901' autoport='no' defaultMode='secure' listen='0.0.0.0'/>"
    vm_start tls
    expect_client opened "TLS, right CA and name" --host "$HOST_NAME" --tls-port 5901 --ca-file /run/test/ca/ca-cert.pem
    expect_eq "it was encrypted" true "$(client_got tls)"
    expect_client tls-failed "TLS, wrong CA" --host "$HOST_NAME" --tls-port 5901 --ca-file /run/test/otherca/ca-cert.pem
    expect_client tls-failed "TLS, wrong name" --host 127.0.0.1 --tls-port 5901 --ca-file /run/test/ca/ca-cert.pem
    expect_client opened "TLS, wrong name but right subject" --host 127.0.0.1 --tls-port 5901 \
        --ca-file /run/test/ca/ca-cert.pem --host-subject "CN=$HOST_NAME"
    make_server_cert /run/test/ca /etc/pki/libvirt-spice "$HOST_NAME" -1
    vm_restart tls
    expect_client tls-failed "TLS, expired certificate" --host "$HOST_NAME" --tls-port 5901 --ca-file /run/test/ca/ca-cert.pem
}

sasl_verdicts() {
    make_server_cert /run/test/ca /etc/pki/libvirt-spice "$HOST_NAME"
    local way=(--host "$HOST_NAME" --tls-port 5901 --ca-file /run/test/ca/ca-cert.pem)
    sasl_file /etc/sasl2 'mech_list: plain scram-sha-256' 'sasldb_path: /var/spice/sasl/passwd.db'
    install -d -m 750 -g "$(qemu_account | cut -d: -f2)" /var/spice /var/spice/sasl
    sasldb_user /var/spice/sasl/passwd.db charlie secret
    qemu_conf 'spice_sasl = 1'
    vm_restart tls
    expect_client opened "SASL, right password" password=secret "${way[@]}" --user charlie
    expect_eq "it was SASL" sasl "$(client_got auth)"
    expect_client auth-failed "SASL, wrong password" password=wrong "${way[@]}" --user charlie
    expect_client auth-failed "SASL, unknown user" password=secret "${way[@]}" --user nobody

    # the same through saslauthd and PAM, once globally and once with its own PAM file
    pam_file /etc/pam.d/spice
    pam_file /run/test/pam-deny 'account requisite pam_succeed_if.so user = maggie'
    add_account ralph pamsecret
    join_group libvirt-qemu sasl
    sasl_file /etc/sasl2 'mech_list: plain' 'pwcheck_method: saslauthd'
    start_saslauthd
    vm_restart tls
    expect_client opened "PAM, right password" password=pamsecret "${way[@]}" --user ralph
    expect_client auth-failed "PAM, wrong password" password=wrong "${way[@]}" --user ralph
    start_saslauthd vm2 /run/test/pam-deny
    sasl_file /etc/sasl2 'mech_list: plain' 'pwcheck_method: saslauthd' 'saslauthd_path: /run/saslauthd-vm2/mux'
    vm_restart tls
    expect_client auth-failed "its own PAM file shuts ralph out" password=pamsecret "${way[@]}" --user ralph
}

silent_server() {
    /usr/bin/python3 -c '
import socket, sys, time
server = socket.socket(socket.AF_UNIX)
server.bind("/run/test/silent")
server.listen()
time.sleep(30)' >/dev/null 2>&1 &
    wait_for 5 "the silent server" test -S /run/test/silent
    echo /run/test/silent
}

watcher() {
    watch_argv geheim123
    cat /etc/hostname >/dev/null
    expect_argv_clean "no secret, no finding"
    # assertions that must fail: checked here, not counted
    watch_argv geheim123
    /bin/true --password=geheim123
    must_fail "the watcher sees a secret in an argument" expect_argv_clean x
    watch_argv geheim123
    PASSWORD=geheim123 /bin/true
    must_fail "the watcher sees a secret in the environment" expect_argv_clean x
    must_fail "expect_eq can fail" expect_eq x 1 2
    must_fail "expect_exit can fail" expect_exit 0 x false
    must_fail "expect_client can fail" expect_client opened x --port 5999
    echo geheim123 >/run/test/open
    must_fail "expect_secret_hidden finds a readable secret" expect_secret_hidden x geheim123 nobody /run/test
    chmod 600 /run/test/open
    expect_secret_hidden "a secret for root only is hidden" geheim123 nobody /run/test
}

# must_fail WHAT ASSERTION…: the assertion fails as it should
must_fail() {
    local what=$1 failed=$EXPECT_FAILED
    shift
    "$@" >/dev/null
    if [ "$EXPECT_FAILED" -gt "$failed" ]; then
        EXPECT_FAILED=$failed
        pass "$what"
    else
        EXPECT_PASSED=$((EXPECT_PASSED - 1))
        fail "$what" "a failed assertion" "it passed"
    fi
}

ssh_tunnel() {
    add_account tunnel secret
    usermod -s /bin/sh tunnel
    ssh-keygen -q -t ed25519 -N '' -f /run/test/key
    install -d -m 700 -o tunnel /home/tunnel/.ssh
    install -m 600 -o tunnel /run/test/key.pub /home/tunnel/.ssh/authorized_keys
    start_sshd
    daemon tunnel ip netns exec pc1 ssh -i /run/test/key -o StrictHostKeyChecking=no -N -L 31001:127.0.0.1:"$(vm_port ticket)" "tunnel@$HOST_ADDRESS"
    wait_for 10 "the tunnel" ip netns exec pc1 bash -c '>/dev/tcp/127.0.0.1/31001'
    qmp ticket '{"execute":"expire_password","arguments":{"protocol":"spice","time":"never"}}' >/dev/null
    expect_client opened "from the other machine through SSH" machine=pc1 password=right --port 31001
}

trees() {
    mkdir -m 750 /run/test/tree
    install -m 640 /dev/null /run/test/tree/file
    add_group spicex
    setfacl -d -m g:spicex:rw /run/test/tree
    ln -s file /run/test/tree/link
    expect_tree "a tree with owner, mode and ACL" /run/test/tree <<'EOF'
d 750 root:root  [user::rwx,group::r-x,other::---,default:user::rwx,default:group::r-x,default:group:spicex:rw-,default:mask::rwx,default:other::---]
f 640 root:root file
l 777 root:root link
EOF
}

case ${1:-} in
'') host_needs && outside ;;
killed)
    host_run "$@"
    define_vm "$MARK"
    vm_start "$MARK"
    touch "$WORK/killed.up"
    sleep 60
    ;;
*)
    host_run "$@"
    side_by_side "$1"
    if [ "$1" = one ]; then
        client_verdicts
        ssh_tunnel
        watcher
        trees
    else
        tls_verdicts
        sasl_verdicts
    fi
    ;;
esac
