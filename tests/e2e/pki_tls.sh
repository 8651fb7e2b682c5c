#!/bin/bash
# Certificates from `pki`, verified with QEMU and the real client: the right CA and name open the console, a wrong CA, a wrong name and an
# expired certificate are refused by the client. Owners and modes, and no key in anybody's arguments.
# shellcheck disable=SC2034
HOST_NAME=mysrv.example.org
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

DIR=/etc/pki/libvirt-spice CA_DIR=/etc/pki/spicecfg-ca
GROUP=$(getent group "$(qemu_account | cut -d: -f2)" | cut -d: -f1)
PORT=20002
pki() { local verb=$1; shift; "$SPICECFG" pki "$verb" "$@"; }
serial() { openssl x509 -in "$DIR/server-cert.pem" -noout -serial; }

expect_exit 3 "no CA yet: issue says so" pki issue
expect_match "and how to make one" 'spicecfg pki init' "$ERR"
expect_exit 1 "check finds what is missing" pki check
expect_match "with the files by name" 'server-key.pem: error: .*missing' "$OUT"

expect_ok "a CA" pki init
expect_exit 0 "once more" pki init --detailed-exitcode
expect_ok "the server's certificate" pki issue --host mysrv.example.org --host mysrv --ip 192.168.2.2
expect_exit 0 "once more" pki issue --detailed-exitcode
expect_tree "owners and modes of the server's directory" "$DIR" <<END
d 750 root:$GROUP 
f 644 root:$GROUP ca-cert.pem
f 644 root:$GROUP server-cert.pem
f 640 root:$GROUP server-key.pem
END
expect_tree "owners and modes of the CA's directory" "$CA_DIR" <<END
d 700 root:root 
f 644 root:root ca-cert.pem
f 600 root:root ca-key.pem
END
add_account third ''
expect_eq "a third account reads no key" "" "$(as_user third find /etc/pki -name '*key*' -readable 2>/dev/null || true)"
expect_ok "check finds nothing" pki check --host mysrv.example.org --host mysrv --host 192.168.2.2
expect_exit 1 "but not with another name" pki check --host other.example.org
expect_match "whose fix is named" 'spicecfg pki issue --host mysrv.example.org --host mysrv --ip 192.168.2.2 --host other.example.org' "$OUT"
expect_ok "the CA for the clients" pki export-ca -o /tmp/ca.pem
expect_eq "is the certificate" "$(openssl x509 -in $DIR/ca-cert.pem -noout -fingerprint)" "$(openssl x509 -in /tmp/ca.pem -noout -fingerprint)"
expect_no_match "and no key" PRIVATE "$(cat /tmp/ca.pem)"

qemu_conf 'spice_tls = 1'
define_vm tls graphics="<graphics type='spice' tlsPort='$PORT' autoport='no' listen='0.0.0.0' defaultMode='secure'/>"
vm_start tls
expect_client opened "by the full name" --host mysrv.example.org --tls-port $PORT --ca-file /tmp/ca.pem
expect_eq "encrypted" true "$(client_got tls)"
expect_client opened "by the short name" --host mysrv --tls-port $PORT --ca-file /tmp/ca.pem
expect_client opened "by the address" --host 192.168.2.2 --tls-port $PORT --ca-file /tmp/ca.pem
expect_client tls-failed "a name that is not in it is refused" --host localhost --tls-port $PORT --ca-file /tmp/ca.pem
expect_client tls-failed "an address that is not in it is refused" --host 127.0.0.1 --tls-port $PORT --ca-file /tmp/ca.pem
expect_ok "another CA of the same name" pki init --ca-dir /etc/pki/other-ca
expect_client tls-failed "a wrong CA is refused" --host mysrv --tls-port $PORT --ca-file /etc/pki/other-ca/ca-cert.pem

before=$(serial)
expect_ok "renew only what expires soon: nothing" pki renew --within 30d
expect_eq "is left alone" "$before" "$(serial)"
expect_ok "renew" pki renew
expect_match "names the VMs that keep the old one" 'running VMs keep the old certificate.*: tls$' "$OUT"
expect_ne "gives another serial" "$before" "$(serial)"
vm_restart tls
expect_client opened "the new certificate, the same CA" --host mysrv --tls-port $PORT --ca-file /tmp/ca.pem
expect_ok "an RSA key" pki issue --key-type rsa
expect_match "with 3072 bits" 'RSA 3072' "$(pki show)"
vm_restart tls
expect_client opened "RSA" --host mysrv --tls-port $PORT --ca-file /tmp/ca.pem
expect_ok "renewal of the CA's own certificate" pki renew --ca-itself
vm_restart tls
expect_client opened "old clients still work" --host mysrv --tls-port $PORT --ca-file /tmp/ca.pem
expect_client opened "new ones too" --host mysrv --tls-port $PORT --ca-file $DIR/ca-cert.pem

# made in the past: 20 days ago, for 10 days
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" # with faketime the sanitizer is not the first library
expect_ok "a CA of last year" faketime '-400 days' "$SPICECFG" pki init --ca-dir /etc/pki/old-ca
rm -r "$DIR"
expect_ok "an expired certificate" faketime '-20 days' "$SPICECFG" pki issue --host mysrv --days 10 --ca-dir /etc/pki/old-ca
expect_exit 1 "check sees it" pki check --host mysrv --ca-dir /etc/pki/old-ca
expect_match "with its fix" 'spicecfg pki renew' "$OUT"
vm_restart tls
expect_client tls-failed "an expired certificate is refused" --host mysrv --tls-port $PORT --ca-file $DIR/ca-cert.pem
expect_ok "renewed" pki renew --ca-dir /etc/pki/old-ca
vm_restart tls
expect_client opened "it opens again" --host mysrv --tls-port $PORT --ca-file $DIR/ca-cert.pem

# another CA
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Corporate -keyout ck -out cr \
    -addext basicConstraints=critical,CA:TRUE 2>/dev/null
key=$(sed -n 2p "$DIR/server-key.pem")
expect_ok "a request" pki csr --host mysrv --host console.example.org -o server.csr
expect_eq "its key is pending, for root only" "600 root:root" "$(stat -c '%a %U:%G' $DIR/pending-key.pem)"
expect_eq "the key in use stays" "$key" "$(sed -n 2p "$DIR/server-key.pem")"
expect_exit 0 "once more" pki csr --host mysrv --host console.example.org -o server.csr --detailed-exitcode
openssl x509 -req -in server.csr -CA cr -CAkey ck -CAcreateserial -copy_extensions copy -days 30 -out signed 2>/dev/null
printf -- 'bag attributes\n' | cat - signed ck >bundle
expect_exit 3 "without its CA it is refused" pki import --cert bundle
expect_exit 3 "with a wrong key too" pki import --cert bundle --ca cr --key ck
expect_ok "import" pki import --cert bundle --ca cr
expect_no_match "copies no key into the certificate file" PRIVATE "$(cat $DIR/server-cert.pem)"
expect_eq "the request is done" "ca-cert.pem server-cert.pem server-key.pem" "$(find $DIR -type f -printf '%f\n' | sort | paste -sd' ')"
expect_exit 3 "issue does not overwrite it without being asked" pki issue
expect_match "and names whose it is" 'another CA \(CN=Corporate\)' "$ERR"
vm_restart tls
expect_client opened "the corporate certificate" --host mysrv --tls-port $PORT --ca-file cr
expect_client tls-failed "not with the old CA" --host mysrv --tls-port $PORT --ca-file /tmp/ca.pem

# what QEMU can't read is reported before it fails
chmod 600 "$DIR/server-key.pem"
expect_exit 1 "check sees a key that QEMU can't read" pki check --host mysrv
expect_match "and for whom" "server-key.pem can't be read|server's key can't be read by QEMU's account" "$OUT"
expect_match "issue would replace the corporate certificate" "setfacl -m g:libvirt-qemu:r -- $DIR/server-key.pem" "$OUT"
expect_match "which its CA does, for all its names" "spicecfg pki csr .*--host mysrv.*--host nowhere.example.org" "$("$SPICECFG" pki check --host nowhere.example.org)"
run virsh -q destroy tls
run virsh -q start tls
expect_ne "as QEMU does" 0 "$STATUS"
chmod 644 "$DIR/server-key.pem"
expect_exit 1 "check sees a key for everybody" pki check --host mysrv
chgrp "$GROUP" "$DIR/server-key.pem"
chmod 640 "$DIR/server-key.pem"
chmod 700 /etc/pki
expect_exit 1 "check sees a directory that QEMU can't pass" pki check --host mysrv
expect_match "and which" "can't pass /etc/pki" "$OUT"
chmod 755 /etc/pki

# check reads the files: its verdict is that of libvirt and QEMU
verdict() { "$SPICECFG" check tls --format json | json_get results.0.verdict || true; }
starts() { run virsh -q start tls; [ "$STATUS" = 0 ] && echo starts || echo refused; }
tried() { # WHAT WHY
    local said seen
    run virsh -q destroy tls
    said=$(verdict)
    expect_match "$1: check says why" "$2" "$("$SPICECFG" check tls || true)"
    seen=$(starts)
    expect_eq "$1: check says what QEMU does" "$seen" "$said"
    expect_eq "$1: refused" refused "$seen"
    rm -rf "$DIR"
    cp -a /tmp/good "$DIR"
}
cp -a "$DIR" /tmp/good
run virsh -q destroy tls
expect_eq "good files: check says starts" starts "$(verdict)"
expect_eq "and they start" starts "$(starts)"
cp ck "$DIR/server-key.pem"
tried "a key of another certificate" "server-key.pem' does not belong to the certificate"
openssl pkey -in /tmp/good/server-key.pem -aes256 -passout pass:x -out "$DIR/server-key.pem"
tried "a key with a password" "server-key.pem' has a passphrase"
echo hello >"$DIR/server-cert.pem"
tried "a certificate that is none" "server-cert.pem' is not PEM"
echo hello >"$DIR/ca-cert.pem"
tried "a CA that is none" "ca-cert.pem' is not PEM"
rm "$DIR/ca-cert.pem"
tried "no CA" "ca-cert.pem' is missing"
chmod 700 "$DIR"
tried "a directory that QEMU can't pass" "can't be read by QEMU's account"
chmod 600 "$DIR/server-key.pem"
tried "a key that QEMU can't read" "server-key.pem' can't be read by QEMU's account"

# several at the same time: a complete set is left, in which key and certificate match
rm -r "$DIR"
pki issue >/dev/null
jobs=()
for n in 1 2 3 4; do
    pki renew >"/tmp/renew$n" 2>&1 &
    jobs+=($!)
done
codes=''
for job in "${jobs[@]}"; do
    code=0
    wait "$job" || code=$?
    codes+=" $code"
done
expect_no_match "simultaneous renewals succeed or report why not" '[^ 04]' "$codes"
expect_ok "and leave a complete set" pki check
expect_eq "and nothing else" "ca-cert.pem server-cert.pem server-key.pem" "$(find $DIR -type f -printf '%f\n' | sort | paste -sd' ')"

# no key in arguments, environment, reports or diffs
secret=$(sed -n 2p "$CA_DIR/ca-key.pem")
server=$(sed -n 2p "$DIR/server-key.pem")
watch_argv "$secret" "$server"
expect_ok "renew with a diff" pki renew --keep-key --diff --format json -v
all=$OUT$ERR
expect_ok "import with a key" pki import --cert "$DIR/server-cert.pem" --key "$DIR/server-key.pem" --ca "$DIR/ca-cert.pem" --diff
expect_argv_clean "no key in anybody's arguments"
expect_eq "no key in reports" 0 "$(grep -cFe "$secret" -e "$server" <<<"$all$OUT$ERR" || true)"
