# shellcheck shell=bash disable=SC2154
# VIII: TLS and a password per VM, without SASL; each password opens one VM.
ARTICLE=VIII
# ticket RESULT WHO PASSWORD PORT
ticket() { saw "$1" "$2" password="$3" machine=mylap "${CA[@]}" --tls-port "$4"; }

step A36 sasl off --vm leaptest
step A36 sasl off
step_exit 0 A29 host set spice_tls_x509_verify=1 default_tls_x509_verify=1 --dry-run
expect_match "VIII A29: both are warned of" spice_tls_x509_verify "$ERR$OUT"
expect_match "VIII A29: and the default" default_tls_x509_verify "$ERR$OUT"
seen warned
fresh_vms
restart_libvirtd
step A36 set-listen debianx address 0.0.0.0 --tls-port 20002
step A36 set-listen leaptest address 0.0.0.0 --tls-port 20004
step A28 set-password debianx --password-file one
step A28 set-password leaptest --password-file two
step A1 check debianx leaptest
vm_start debianx
vm_start leaptest
ticket opened 'debianx, its password' s3art-one 20002
ticket opened 'leaptest, its password' s3art-two 20004
ticket auth-failed "debianx, leaptest's password" s3art-two 20002
ticket auth-failed "leaptest, debianx's password" s3art-one 20004
ticket auth-failed "no password" '' 20002
saw tls-failed 'wrong CA' password=s3art-one machine=mylap --host mysrv.example.org --ca-file /etc/pki/other-ca/ca-cert.pem --tls-port 20002
saw connect-failed 'no plain port' password=s3art-one machine=mylap --host mysrv.example.org --port 20001
expect_no_match "VIII A28: no password in QEMU's arguments" s3art "$(vm_cmdline debianx)$(vm_cmdline leaptest)"
expect_eq "VIII A36: libvirt keeps the definition for root alone" 600 "$(stat -c %a /etc/libvirt/qemu/debianx.xml)"
