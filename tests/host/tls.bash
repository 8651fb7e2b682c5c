# shellcheck shell=bash
# Certificates made with the openssl program, for tests that must not depend on spicecfg's own pki verbs.

# make_ca DIRECTORY [NAME]: ca-cert.pem, ca-key.pem
make_ca() {
    mkdir -p "$1"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=${2:-Test CA}" \
        -addext basicConstraints=critical,CA:TRUE -keyout "$1/ca-key.pem" -out "$1/ca-cert.pem" 2>/dev/null
}

# make_server_cert CA-DIRECTORY DIRECTORY HOST [DAYS]: server-cert.pem, server-key.pem and the CA for QEMU; negative days: expired
make_server_cert() {
    local ca=$1 directory=$2 host=$3 days=${4:-30} group san=DNS:$3
    [[ $host =~ ^[0-9.]+$|: ]] && san=IP:$host
    group=$(qemu_account | cut -d: -f2)
    install -d -m 750 -o root -g "$group" "$directory"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$host" \
        -keyout "$directory/server-key.pem" -out "$directory/server.csr" 2>/dev/null
    printf 'subjectAltName=%s\nbasicConstraints=CA:FALSE\n' "$san" >"$directory/server.ext"
    if [ "$days" -gt 0 ]; then
        openssl x509 -req -in "$directory/server.csr" -CA "$ca/ca-cert.pem" -CAkey "$ca/ca-key.pem" -CAcreateserial \
            -days "$days" -extfile "$directory/server.ext" -out "$directory/server-cert.pem" 2>/dev/null
    else
        # made in the past
        faketime "$((days - 10)) days" openssl x509 -req -in "$directory/server.csr" -CA "$ca/ca-cert.pem" \
            -CAkey "$ca/ca-key.pem" -CAcreateserial -days 10 -extfile "$directory/server.ext" \
            -out "$directory/server-cert.pem" 2>/dev/null
    fi
    rm -f "$directory/server.csr" "$directory/server.ext"
    cp "$ca/ca-cert.pem" "$directory/"
    chgrp "$group" "$directory"/*.pem
    chmod 640 "$directory"/*.pem
}
