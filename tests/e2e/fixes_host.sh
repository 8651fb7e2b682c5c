#!/bin/bash
# Each rule fires on the real host, the fix that it prints is run as printed, and then the rule is silent; a VM that was refused starts
# (fixes/fixes.py, fixes/rows.txt). Here: rules that need a host of a certain kind, its certificates among them.
here=$(dirname "$(realpath "$0")")
. "${TESTLIB:-$here/../host}/host.bash"
host_run "$@"

PATH=$(dirname "$SPICECFG"):$PATH
export CERTS=/etc/pki/libvirt-spice CA=/etc/pki/spicecfg-ca KEPT=/run/host/kept
mkdir "$KEPT" && cp -a /etc/pki "$KEPT/" 2>/dev/null || mkdir "$KEPT/pki"
make_ca "$KEPT/ca"

certs() { make_server_cert "$KEPT/ca" "$CERTS" "$(hostname)"; }

pki_good() { spicecfg pki init >/dev/null && spicecfg pki issue >/dev/null; }

pam_good() { spicecfg pam install >/dev/null; }

# sign_server DAYS [EXTENSION]: another certificate of the test's CA instead of the good one; KEY and NAMES give the differences
sign_server() {
    local names=${NAMES-DNS:$(hostname)}
    printf 'basicConstraints=CA:FALSE\n%s\n%s\n' "${names:+subjectAltName=$names}" "${2:-}" >ext
    # shellcheck disable=SC2086
    openssl req -newkey ${KEY:-ec -pkeyopt ec_paramgen_curve:P-256} -nodes -subj "/CN=$(hostname)" -keyout key -out csr 2>/dev/null
    openssl x509 -req -in csr -CA "$CA/ca-cert.pem" -CAkey "$CA/ca-key.pem" -CAcreateserial -days "$1" -extfile ext 2>/dev/null >cert
    cat cert >"$CERTS/server-cert.pem"
    cat key >"$CERTS/server-key.pem"
}

neighbour() { domain_xml a-neighbour graphics="$1" >neighbour.xml && virsh -q define neighbour.xml >/dev/null && virsh -q start a-neighbour >/dev/null; }

# first: another domain, defined, with the name and UUID that rows conflict with
first() {
    domain_xml first | sed 's:</name>:&<uuid>0e2b1f5a-7e53-4a53-8f5e-3f0e4bb1a001</uuid>:' >first.xml
    virsh -q define first.xml >/dev/null
}

listener() {
    /usr/bin/python3 -c 'import socket, sys, time; s = socket.create_server(("127.0.0.1", int(sys.argv[1]))); time.sleep(100)' "$1" >/dev/null 2>&1 &
    echo $! >listener.pid
    wait_for 10 "the listener" bash -c "ss -ltn | grep -q :$1"
}

# hide_module FILE: a QEMU without one of its modules
hide_module() {
    mkdir -p /run/host/modules
    cp -a /usr/lib/x86_64-linux-gnu/qemu/. /run/host/modules/
    rm "/run/host/modules/$1"
    mount --bind /run/host/modules /usr/lib/x86_64-linux-gnu/qemu
    rm -rf /var/cache/libvirt/qemu/capabilities
}

render_node() { mkdir -p /dev/dri && mknod -m 666 /dev/dri/renderD128 c 226 128; }

reset_host() {
    [ ! -f listener.pid ] || kill "$(cat listener.pid)"
    if mountpoint -q /usr/lib/x86_64-linux-gnu/qemu; then
        umount /usr/lib/x86_64-linux-gnu/qemu
        rm -rf /var/cache/libvirt/qemu/capabilities
    fi
    rm -rf /etc/pki /dev/dri listener.pid .spicecfg.conf first.xml /var/spicex /srv/* /etc/sasl2/qemu.conf /etc/pam.d/spice
    cp -a "$KEPT/pki" /etc/pki
}

export -f certs pki_good pam_good sign_server neighbour first listener hide_module render_node reset_host
export -f make_ca make_server_cert qemu_account domain_xml wait_for
"$SPICECFG" rules --format json >rules.json
expect_ok "every fix fixes" /usr/bin/python3 "$here/fixes/fixes.py" rules.json "$here/../rules/cases*.txt" "$here/fixes/rows.txt" host
printf '%s\n' "$OUT" "$ERR"
