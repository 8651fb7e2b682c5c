#!/bin/bash
# check on a real host: what it reports for each VM is what libvirt and QEMU then do, considering host settings, neighbours, directories and
# certificates; --fix makes a refused VM start.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

cfg() { "$SPICECFG" "$@"; }
verdicts() { /usr/bin/python3 -c 'import json, sys; print(" ".join("%s=%s" % (r["target"], r["verdict"]) for r in json.load(sys.stdin)["results"] if r["target"] != "host"))'; }
host_rules() { /usr/bin/python3 -c 'import json, sys; print(" ".join(f["rule"] for r in json.load(sys.stdin)["results"] if r["target"] == "host" for f in r["findings"]))'; }
local_port() { printf "<graphics type='spice' port='%s' autoport='no' listen='127.0.0.1'><listen type='address' address='127.0.0.1'/></graphics>" "$1"; }

define_vm a graphics="$(local_port 5950)"
define_vm b graphics="$(local_port 5950)"
define_vm c graphics="<graphics type='spice' autoport='yes' defaultMode='secure'><listen type='address' address='127.0.0.1'/></graphics>"
define_vm d graphics="<graphics type='spice'><listen type='socket' socket='/var/spicex/none/s'/><image compression='off'/></graphics>"
define_vm e video="<video><model type='virtio' heads='17'/></video>"
define_vm f graphics="<graphics type='spice' autoport='yes'><listen type='address' address='192.168.99.99'/></graphics>"
define_vm g graphics="<graphics type='spice' autoport='yes' passwd='sesame'><listen type='address' address='127.0.0.1'/></graphics>"
define_vm h graphics="<graphics type='spice' autoport='yes'><listen type='network' network='nowhere'/></graphics>"

expect_like_the_host() { # WHAT: the verdict of every VM is how its start ends, in the order of the list
	local said did="" vm
	run cfg check --format json
	expect_match "$1: findings or no findings" '^(0|1)$' "$STATUS"
	said=$(verdicts <<<"$OUT")
	for vm in a b c d e f g h i; do
		if virsh -q start "$vm" >/dev/null 2>&1; then did+=" $vm=starts"; else did+=" $vm=refused"; fi
	done
	expect_eq "$1: the verdicts are what happens" "${did# }" "$said"
	for vm in a b c d e f g h i; do virsh -q destroy "$vm" >/dev/null 2>&1 || true; done
}

# Another process listens on i's port.
daemon listener /usr/bin/python3 -c 'import socket, time; s = socket.create_server(("127.0.0.1", 5970)); time.sleep(600)'
wait_for 10 "the listener" bash -c 'ss -ltn | grep -q :5970'
define_vm i graphics="$(local_port 5970)"
cp /etc/libvirt/qemu.conf /root/
expect_like_the_host "stock"
qemu_conf 'spice_sasl = 1'
expect_like_the_host "SASL"
expect_match "the SASL file is missing" sasl-file-missing "$(host_rules <<<"$OUT")"
qemu_conf 'spice_tls = 1'
expect_like_the_host "TLS without certificates"
expect_match "the certificates are missing" pki-file-missing "$(host_rules <<<"$OUT")"
make_ca /root/ca
make_server_cert /root/ca /etc/pki/qemu testhost.example.org
restart_libvirtd
expect_like_the_host "TLS with certificates"
expect_no_match "no certificate is missing" pki-file-missing "$(host_rules <<<"$OUT")"
cp -a /etc/pki/qemu /root/good
directory() { rm -rf /etc/pki/qemu; cp -a /root/good /etc/pki/qemu; }
echo garbage >/etc/pki/qemu/server-key.pem
expect_like_the_host "a key that is not PEM"
directory
echo garbage >/etc/pki/qemu/ca-cert.pem
expect_like_the_host "a CA that is not PEM"
directory
echo garbage >/etc/pki/qemu/server-cert.pem
expect_like_the_host "a certificate that is not PEM"
directory
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null >/etc/pki/qemu/server-key.pem
expect_like_the_host "a key for another certificate"
directory
openssl pkcs8 -topk8 -in /root/good/server-key.pem -passout pass:sesame -out /etc/pki/qemu/server-key.pem
chmod 644 /etc/pki/qemu/server-key.pem
expect_like_the_host "a key with a passphrase"
rm -rf /etc/pki/qemu
make_server_cert /root/ca /etc/pki/qemu testhost.example.org -5
expect_like_the_host "an expired certificate"
directory
chown root:root /etc/pki/qemu/server-key.pem
chmod 600 /etc/pki/qemu/server-key.pem
expect_like_the_host "a key that QEMU may not read"
chmod 644 /etc/pki/qemu/server-key.pem
mkdir -p /var/spicex/none
expect_like_the_host "a directory that QEMU may not write"
chown "$(qemu_account)" /var/spicex/none
expect_like_the_host "a directory that belongs to QEMU"
# The daemon keeps the account that it has read, also when the file no longer names it.
add_account lonely secret
qemu_conf 'user = "lonely"' 'group = "lonely"'
sed -i '/lonely/d' /etc/libvirt/qemu.conf
expect_like_the_host "a directory that the account of the daemon may not write"
expect_match "d can't make its socket" 'd=refused' "$(verdicts <<<"$OUT")"
chown lonely /var/spicex/none
expect_like_the_host "a directory of the account that only the daemon knows"
expect_match "d makes its socket" 'd=starts' "$(verdicts <<<"$OUT")"
chown root /var/spicex/none
cp /root/qemu.conf /etc/libvirt/qemu.conf
restart_libvirtd

# The facts of this host, used elsewhere: files get the verdicts that the host's domains got.
mkdir files
for vm in a b c d e f g h i; do virsh dumpxml "$vm" --inactive --security-info >"files/$vm.xml"; done
run cfg check --format json
said=$(verdicts <<<"$OUT")
expect_ok "host facts" bash -c "'$SPICECFG' host facts >facts.json"
run cfg check --host-facts facts.json --same-host --format json files
expect_eq "the facts give the host's verdicts" "$said" "$(verdicts <<<"$OUT" | sed 's|files/||g; s|\.xml||g')"

# A single domain is checked without the others; --all and --match include them.
run cfg check b --format json
expect_eq "b alone" "b=starts" "$(verdicts <<<"$OUT")"
run cfg check --all --format json
expect_match "all: b comes second" "a=starts b=refused" "$(verdicts <<<"$OUT")"
run cfg check --match '[ab]' --format json
expect_eq "two of them" "a=starts b=refused" "$(verdicts <<<"$OUT")"
# A running VM has its port, whatever the order of names.
vm_start b
run cfg check a --format json
expect_eq "a, while b runs on its port" "a=refused" "$(verdicts <<<"$OUT")"
expect_match "the rule" port-of-other-vm "$OUT"
# The same for files: the running VM is recognised by name and UUID.
mkdir ran
for vm in a b; do virsh dumpxml "$vm" --inactive >"ran/$vm.xml"; done
sed 's|<name>b</name>|<name>b,x</name>|' ran/b.xml >ran/b-uuid.xml
sed '/<uuid>/d' ran/b.xml >ran/b-name.xml
sed '/<uuid>/d; s|<name>b</name>|<name>b2</name>|' ran/b.xml >ran/b2.xml
run cfg check ran/a.xml ran/b.xml ran/b-uuid.xml ran/b-name.xml ran/b2.xml --format json
expect_eq "files, while b runs" "ran/a.xml=refused ran/b.xml=starts ran/b-uuid.xml=starts ran/b-name.xml=starts ran/b2.xml=refused" "$(verdicts <<<"$OUT")"
expect_match "the rule for files" port-of-other-vm "$OUT"
run virsh -q create ran/b2.xml
expect_match "libvirt reports the same for the file" "Failed to reserve port" "$OUT$ERR"
expect_eq "so it is" refused "$(virsh -q start a >/dev/null 2>&1 && echo starts || echo refused)"
run cfg check --all --format json
expect_match "all: b keeps what it has" "a=refused b=starts" "$(verdicts <<<"$OUT")"
run cfg check b --format json
expect_eq "b does not conflict with itself" "b=starts" "$(verdicts <<<"$OUT")"
virsh -q destroy b
expect_exit 3 "an unknown domain" cfg check nosuch
expect_exit 4 "an unreachable libvirt" cfg -c qemu+unix:///system?socket=/run/nowhere check
cp /etc/libvirt/qemu/g.xml g.xml
run cfg check g.xml
expect_no_match "no password in the report" sesame "$OUT$ERR"

# A daemon that hangs does not prevent an interrupt.
libvirtd=$(pgrep -x libvirtd | head -1)
kill -STOP "$libvirtd"
expect_exit 130 "interrupted while libvirtd hangs" timeout -s INT --preserve-status -k 20 1 "$SPICECFG" check a
kill -CONT "$libvirtd"

# --fix: refused before, starts after.
expect_eq "e is refused" refused "$(virsh -q start e >/dev/null 2>&1 && echo starts || echo refused)"
expect_ok "--fix" cfg check e --fix
expect_match "reports what it did" "fixed e: .*heads: 17 -> " "$ERR"
vm_start e
expect_ok "it starts" virsh -q domstate e
expect_exit 1 "a file of the host can't be a target of --fix" bash -c "'$SPICECFG' check --fix /etc/libvirt/qemu/b.xml 2>&1 | grep -q nothing"

# The same tree below a root, without a daemon.
mkdir -p /run/root/etc/libvirt /run/root/etc/pki
cp -a /etc/libvirt/qemu /etc/libvirt/qemu.conf /run/root/etc/libvirt/
cp -a /etc/passwd /etc/group /run/root/etc/
run cfg --root /run/root check --format json
expect_match "below a root ports conflict too" "a=starts b=refused c=refused" "$(verdicts <<<"$OUT")"

# The releases that verdicts assume: the daemon's, the installed ones, those of the tree.
said=$(virsh -q version --daemon)
facts=$(cfg host facts)
expect_match "facts name libvirt's release" "Using library: libvirt $(json_get libvirt.version <<<"$facts")\$" "$said"
if [ -e /var/lib/dpkg/status ]; then
    expect_match "and QEMU's" "Running hypervisor: QEMU $(json_get qemu.version <<<"$facts" | cut -d. -f1,2)\." "$said"
fi
domain_xml bus graphics="<graphics type='dbus' p2p='yes'/>" >/run/root/etc/libvirt/qemu/bus.xml
mkdir -p /run/root/usr/lib/x86_64-linux-gnu /run/root/var/lib/dpkg
ln -s libvirt.so.0.7000.0 /run/root/usr/lib/x86_64-linux-gnu/libvirt.so.0
printf 'Package: dpkg\nStatus: install ok installed\nVersion: 1.20\n\nPackage: qemu-system-common\nStatus: install ok installed\nVersion: 1:5.2+dfsg-11\n\n' >/run/root/var/lib/dpkg/status
run cfg --root /run/root check --format json /run/root/etc/libvirt/qemu/bus.xml
expect_match "with a root its releases apply" "libvirt 7.0 refuses type 'dbus'" "$OUT"
expect_match "both of them" '"libvirt": ?"7.0.0".*"qemu": ?"5.2.0"' "$(cfg --root /run/root host facts | /usr/bin/python3 -c 'import json, sys
facts = json.load(sys.stdin)
print(json.dumps({"libvirt": facts["libvirt"]["version"], "qemu": facts["qemu"]["version"]}))')"
