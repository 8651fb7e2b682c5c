# shellcheck shell=bash disable=SC2154
# VII: TLS only; SASL with a sasldb, then for one VM only, then with saslauthd and PAM.
ARTICLE=VII
fresh_vms
DB=/var/spice/sasl/passwd.db
# login RESULT WHO PASSWORD PORT USER
login() { saw "$1" "$2" password="$3" machine=mylap "${CA[@]}" --tls-port "$4" --user "$5"; }

step A15 pki init
step A15 pki issue --host mysrv.example.org --host mysrv
expect_tree "VII A15: owners and modes" $DIR <<END
d 750 root:$GROUP 
f 644 root:$GROUP ca-cert.pem
f 644 root:$GROUP server-cert.pem
f 640 root:$GROUP server-key.pem
END
expect_file "VII A15: the CA's key" '600 root:root' /etc/pki/spicecfg-ca/ca-key.pem
step A33 host set spice_tls=1 spice_tls_x509_cert_dir=$DIR --restart-daemon
expect_file "VII A33: qemu.conf" '600 root:root' /etc/libvirt/qemu.conf
step A16 set-listen debianx address 0.0.0.0 --port 20001 --tls-port 20002
finding tls-not-enforced debianx
step A17 set-listen debianx address 0.0.0.0 --tls-port 20002
has 'port, autoport, defaultMode:' ' no secure' \
    "$(vm_conf debianx "$graphics/@port") $(vm_conf debianx "$graphics/@autoport") $(vm_conf debianx "$graphics/@defaultMode")"
step A11 set-compression debianx auto_glz
refused 2 A19 'mechanism|mech' sasl set --mech rot13
step A18 sasl set --mech scram-sha-256,plain --sasldb $DB
expect_match "VII A18: mech_list" '^mech_list: scram-sha-256 plain' "$(cat /etc/sasl2/qemu.conf)"
expect_match "VII A18: sasldb_path" "^sasldb_path: $DB" "$(cat /etc/sasl2/qemu.conf)"
expect_file "VII A18: QEMU's SASL file" "640 root:$GROUP" /etc/sasl2/qemu.conf
step A20 user add myself --password-file one
step A20 user add tom@waits --password-file two
step A22 user add xen@xensrv --password-file two
step A22 user list
expect_eq "VII A22: sasldblistusers2 agrees" "myself@mysrv myself@mysrv.example.org tom@waits xen@xensrv" \
    "$(sasldblistusers2 -f $DB | sed 's/: .*//' | LC_ALL=C sort | paste -sd' ')"
expect_eq "VII A22: the list" "myself@mysrv myself@mysrv.example.org tom@waits xen@xensrv" "$(paste -sd' ' <<<"$OUT")"
step A22 user remove xen@xensrv
expect_file "VII A21: the database's directory" "750 root:$GROUP" /var/spice/sasl
expect_file "VII A21: the database" "640 root:$GROUP" $DB
refused 1 A23 'QEMU refuses the password' set-password debianx --password-file one
step A23 set-password debianx --password-file one --force
finding password-with-sasl debianx
restart_libvirtd
run virsh -q start debianx
expect_match "VII A23: libvirt can't start it" set_password "$ERR"
step A23 clear-password debianx
vm_start debianx
login opened myself s3art-one 20002 myself
has mechanism SCRAM-SHA-256 "$(client_got mechanism)"
login opened 'tom@waits' s3art-two 20002 tom@waits
login auth-failed 'tom without realm' s3art-two 20002 tom
login auth-failed 'wrong password' s3art-two 20002 myself
login auth-failed 'xen, removed' s3art-two 20002 xen@xensrv
cfg pki init --ca-dir /etc/pki/other-ca >/dev/null
saw tls-failed 'wrong CA' password=s3art-one machine=mylap --host mysrv.example.org --ca-file /etc/pki/other-ca/ca-cert.pem --tls-port 20002 --user myself
saw tls-failed 'a name that is not in it' password=s3art-one machine=mylap --host 192.168.2.2 --ca-file $DIR/ca-cert.pem --tls-port 20002 --user myself
saw connect-failed 'no plain port' password=s3art-one machine=mylap --host mysrv.example.org --port 20001 --user myself

step A16 set-listen debianx address 0.0.0.0 --port 20001 --tls-port 20002
step A16 set-mode debianx any
vm_restart debianx
saw auth-failed 'plain port, no worthy mechanism' password=s3art-one machine=mylap --host mysrv.example.org --port 20001 --user myself
step A17 set-listen debianx address 0.0.0.0 --tls-port 20002
finding sasl-virt-manager debianx
finding sasl-global debianx

# what the article called impossible: a user of one VM
step A27 set-listen leaptest address 0.0.0.0 --tls-port 20004
step A27 sasl set --vm leaptest
step A27 user add mybro --vm leaptest --password-file two
vm_restart debianx
vm_start leaptest
login opened 'mybro on leaptest' s3art-two 20004 mybro
login auth-failed 'mybro on debianx' s3art-two 20002 mybro
login opened 'myself on debianx' s3art-one 20002 myself
login auth-failed 'myself on leaptest' s3art-one 20004 myself

refused 2 A25 'scram|plain' sasl set --backend saslauthd --mech scram-sha-256
step A25 sasl set --backend saslauthd
step A26 pam install
step A26 pam check
expect_file "VII A26: the PAM file" '644 root:root' /etc/pam.d/spice
start_saslauthd
restart_libvirtd
run cfg sasl test uvmb <account
expect_eq "VII A25: sasl test goes through the daemon" 0 "$STATUS"
vm_restart debianx
login opened 'uvmb, an account' s3art-account 20002 uvmb
has mechanism PLAIN "$(client_got mechanism)"
login auth-failed 'wrong password' s3art-one 20002 uvmb
login auth-failed 'myself, no account' s3art-one 20002 myself
login auth-failed 'uvmb on leaptest' s3art-account 20004 uvmb
