#!/bin/bash
# Files in hostile and unusual surroundings: links, directories and pipes instead of files, directories of other accounts in the path, file
# systems that are full, read-only or can't exchange names, two spicecfg processes at once, kill -9. A refusal leaves everything as it was.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
HOST_LIBVIRTD=no
host_run "$@"

GROUP=libvirt-qemu
UUID=7a2c0b1e-6f43-4a63-9a3e-0d0c2b9e8a77
CONF=/etc/sasl2/qemu.conf DB=/etc/pki/libvirt-spice/sasl/passwd.db
spicecfg() { "$SPICECFG" "$@"; }
with() { local text=$1; shift; printf '%s\n' "$text" | "$@"; }
# every file of the host with its times
everything() { (cd / && find etc var/spicex srv -xdev -printf '%p %y %m %u:%g %s %T@ %C@ %l\n' 2>/dev/null || true) | LC_ALL=C sort; }
leftovers() { find /etc /srv /run -xdev \( -name "*.spicecfg-*" -o -name "spicecfg-secret-*" \) 2>/dev/null || true; }

# --- a dry run changes nothing, not even times
everything >before
for verb in "host set spice_tls=1" "pki init" "pki csr" "sasl set" "sasl set --backend saslauthd" "pam install"; do
    # shellcheck disable=SC2086
    expect_ok "dry run: $verb" spicecfg $verb --dry-run --diff
done
expect_eq "nothing has changed" "" "$(everything | diff before - || true)"

# --- umask
for mask in 000 077; do
    umask $mask
    rm -rf /etc/pki $CONF /etc/pam.d/spice /run/spicecfg
    expect_ok "umask $mask: sasl set" spicecfg sasl set
    expect_ok "umask $mask: user add" with pw1 spicecfg user add anne
    expect_ok "umask $mask: pki" spicecfg pki init
    expect_ok "umask $mask: a certificate" spicecfg pki issue
    expect_ok "umask $mask: pam" spicecfg pam install
    expect_file "umask $mask: the SASL file" "640 root:$GROUP" $CONF
    expect_file "umask $mask: the database" "640 root:$GROUP" $DB
    expect_file "umask $mask: its directory" "750 root:$GROUP" "${DB%/*}"
    expect_file "umask $mask: the server's key" "640 root:$GROUP" /etc/pki/libvirt-spice/server-key.pem
    expect_file "umask $mask: the CA's key" "600 root:root" /etc/pki/spicecfg-ca/ca-key.pem
    expect_file "umask $mask: the PAM file" "644 root:root" /etc/pam.d/spice
done
umask 022

# --- each changed setting is reported with its old value
run spicecfg sasl set --mech plain --format json --dry-run
expect_eq "from and to" '"scram-sha-256 plain" "plain"' "$(/usr/bin/python3 -c 'import json,sys
for c in json.load(sys.stdin)["results"][0]["changes"]:
    if c["path"] == "mech_list": print(json.dumps(c["from"]), json.dumps(c["to"]))' <<<"$OUT")"

# --- links of root are followed, and stay
for file in $CONF $DB /etc/libvirt/qemu.conf /etc/pam.d/spice; do
    mv "$file" "/srv/${file//\//_}"
    ln -s "/srv/${file//\//_}" "$file"
done
expect_ok "links: unchanged" spicecfg sasl set --detailed-exitcode
expect_eq "links: the users" "anne@testhost.example.org" "$(spicecfg user list anne | grep example)"
expect_ok "links: another user" with pw2 spicecfg user add bob
expect_ok "links: logs in" with pw2 spicecfg sasl test bob
expect_exit 10 "links: sasl off is a change" spicecfg sasl off --detailed-exitcode
expect_match "links: in the file itself" '^spice_sasl = 0' "$(grep ^spice_sasl /srv/_etc_libvirt_qemu.conf)"
expect_ok "links: pam check reads the file" spicecfg pam check
for file in $CONF $DB /etc/libvirt/qemu.conf /etc/pam.d/spice; do
    expect_match "still a link: $file" 'symbolic link' "$(stat -c %F "$file")"
    mv "/srv/${file//\//_}" "$file"
done

# --- neither links of another account, nor other types than regular files
mv $DB /srv/
ln -s /etc/shadow $DB
chown -h games $DB
expect_exit 3 "a link of another account" spicecfg user list
expect_match "is named" "$DB is a symbolic link of another account" "$ERR"
# in the middle of the path, for every verb that writes there
middle=(/etc/pki/libvirt-spice/sasl /etc/pki/libvirt-spice /etc/pki/spicecfg-ca /etc/sasl2 /etc/pam.d /etc/libvirt)
rm $DB && mv /srv/passwd.db $DB
for verb in "sasl set" "user add anne" "pki init" "pki issue" "pki renew" "pki csr" "pam install" "host set spice_tls=1"; do
    for place in "${middle[@]}"; do
        case $verb:$place in
        sasl*sasl* | user*sasl* | pki*-spice | sasl*-spice | user*-spice | pki*ca | pam*pam.d | host*libvirt) ;;
        *) continue ;;
        esac
        mv "$place" "$place.kept" && ln -s "$place.kept" "$place" && chown -h games "$place"
        everything >before
        # shellcheck disable=SC2086
        expect_exit 3 "a link of another account at $place: $verb" with pw1 spicecfg $verb
        expect_match "$verb names it" "$place is a symbolic link of another account" "$ERR"
        expect_eq "$verb writes nothing through it" "" "$(everything | diff before - || true)"
        rm "$place" && mv "$place.kept" "$place"
    done
done
mv $DB /srv/
ln -sfn /nowhere $DB
expect_exit 3 "a dangling link" with pw3 spicecfg user add carl
rm $DB
mkfifo $DB
expect_exit 3 "a pipe" timeout 5 "$SPICECFG" user list
rm $DB
: >$DB
expect_ok "an empty file is not a database yet" with pw3 spicecfg user add carl
expect_eq "and becomes one" "carl@testhost carl@testhost.example.org" "$(spicecfg user list | xargs)"
head -c 5000 /dev/urandom >$DB
expect_exit 3 "a damaged database" spicecfg user list
expect_match "is named" "database of SASL users $DB: " "$ERR"
mv /srv/passwd.db $DB
mv $CONF /srv/sasl.conf
mkdir $CONF
expect_exit 3 "a directory instead of the SASL file" spicecfg sasl show
expect_exit 3 "is not overwritten" spicecfg sasl set
rmdir $CONF
mkfifo $CONF
expect_exit 3 "a pipe instead of the SASL file" timeout 5 "$SPICECFG" sasl show
rm $CONF
mv /srv/sasl.conf $CONF

# --- names
expect_exit 2 "a name that is not UTF-8" with pw spicecfg user add $'\xff\xfe'
expect_ok "a name with everything" with pw spicecfg user add -- $'-a b\'c"d:e/\\$(id)ü'
expect_match "is listed" '^-a b' "$(spicecfg user list)"
expect_ok "and removed" spicecfg user remove -- $'-a b\'c"d:e/\\$(id)ü'

# --- a VM with a SASL directory chosen by hand
vm_file() { domain_xml vm | sed -e "s|<memory|<uuid>$UUID</uuid>\n  <memory|" -e "s|</domain>|<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><qemu:env name='SASL_CONF_PATH' value='$1'/></qemu:commandline></domain>|"; }
chmod 755 /etc/sasl2
vm_file /etc/sasl2 >vm.xml
expect_exit 2 "a file that names a shared directory" spicecfg sasl set --vm ./vm.xml
install -D -m 600 vm.xml /etc/libvirt/qemu/vm.xml
expect_ok "sasl set of a VM that names a shared directory" spicecfg --root / sasl set --vm vm
expect_file "the directory stays as it is" "755 root:root" /etc/sasl2
rm /etc/libvirt/qemu/vm.xml
vm_file relative >vm.xml
expect_exit 3 "a relative directory" spicecfg user list --vm ./vm.xml
expect_match "is refused" "SASL_CONF_PATH of './vm.xml' does not begin with '/'" "$ERR"
mkdir -p 'a b'
domain_xml 'x' | sed "s|<memory|<uuid>$UUID</uuid>\n  <memory|" >'a b/it'\''s.xml'
expect_exit 3 "commands name the target" spicecfg user list --vm "a b/it's.xml"
expect_match "quoted for a shell" "sasl set --vm 'a b/it'.''s.xml'" "$ERR"
run spicecfg user list --vm "a b/it's.xml" --format json
expect_no_match "in JSON too" TARGET "$OUT"

# --- a definition whose UUID is a path, to its author's own PAM rules
mkdir -p /srv/eve
printf '#!/bin/sh\ntouch /srv/eve/ran\n' >/srv/eve/run
chmod 755 /srv/eve/run
printf 'auth required pam_exec.so /srv/eve/run\naccount required pam_permit.so\n' >/srv/eve/rules
mkdir -p /etc/spicecfg/pam
for uuid in ../../../srv/eve/rules ./../../../srv/eve/rules /srv/eve/rules . .. '' - 6f1c0b1e; do
    domain_xml vm | sed "s|<memory|<uuid>$uuid</uuid>\n  <memory|" >path.xml
    expect_exit 3 "UUID '$uuid': pam test" with pw spicecfg pam test root --vm path.xml
    expect_exit 3 "UUID '$uuid': pam check" spicecfg pam check --vm path.xml
    expect_exit 3 "UUID '$uuid': pam show" spicecfg pam show --vm path.xml
    expect_exit 3 "UUID '$uuid': pam install" spicecfg pam install --vm path.xml --allow user:games
    expect_exit 3 "UUID '$uuid': sasl set" spicecfg sasl set --vm path.xml
    expect_exit 2 "UUID '$uuid': its own socket" spicecfg set-listen path.xml socket
done
expect_eq "no rule of others ran" "" "$(ls /srv/eve/ran 2>/dev/null || true)"
rm -r /srv/eve /etc/spicecfg

# --- the directories above a socket
mkdir -p tree/etc/libvirt/qemu tree/home/bob tree/srv/own
cp /etc/passwd /etc/group tree/etc/
chown games tree/home/bob
domain_xml vm graphics="<graphics type='spice'/>" | sed "s|<memory|<uuid>$UUID</uuid>\n  <memory|" >tree/etc/libvirt/qemu/vm.xml
listen() { spicecfg --root tree set-listen vm socket "$@"; }
expect_ok "a directory of another account in the path" listen /home/bob/x/spice.socket --allow user:games
expect_match "is reported" "accounts other than root can write to '/home/bob'.*socket-parent-open" "$ERR"
expect_ok "a directory of root" listen /srv/own/x/spice.socket --allow user:games
expect_no_match "is not" socket-parent-open "$ERR"
expect_ok "doubled slashes" listen //srv//other/./spice.socket --allow user:games
expect_file "the directory that was meant" "770 root:$GROUP" tree/srv/other
expect_exit 3 "a path with '..'" listen /srv/../etc/x.socket --allow user:games
ln -s /etc tree/srv/link
expect_exit 3 "a link in the path" listen /srv/link/x/spice.socket --allow user:games
expect_eq "leads nowhere" "" "$(ls -d tree/etc/x 2>/dev/null || true)"
mkdir -p tree/var/spicex
chown games tree/var/spicex
chmod 777 tree/var/spicex
expect_ok "our own directory, open to others" listen --allow user:games
expect_file "is closed" "711 root:root" tree/var/spicex
expect_exit 0 "once more" listen --allow user:games --detailed-exitcode

for path in "pki init --ca-dir /etc/pki/libvirt-spice/../libvirt-spice/ca" "pki issue --dir /etc/../etc/x" "sasl set --sasldb /srv/../etc/x/passwd.db"; do
    # shellcheck disable=SC2086
    expect_exit 2 "with '..': $path" spicecfg $path
done
expect_exit 2 "a CA's directory inside the server's, spelled differently" spicecfg pki init --dir /srv/tls --ca-dir //srv/./tls/ca

# --- owner, mode, ACL and xattrs stay
chown daemon:games /etc/libvirt/qemu.conf
chmod 640 /etc/libvirt/qemu.conf
setfacl -m u:games:r /etc/libvirt/qemu.conf
setfattr -n trusted.mark -v kept /etc/libvirt/qemu.conf
acl=$(getfacl -cp /etc/libvirt/qemu.conf)
expect_ok "host set" spicecfg host set spice_tls=1
expect_file "owner and mode" "640 daemon:games" /etc/libvirt/qemu.conf
expect_eq "the ACL" "$acl" "$(getfacl -cp /etc/libvirt/qemu.conf)"
expect_match "the attribute" 'trusted.mark="kept"' "$(getfattr -d -m - /etc/libvirt/qemu.conf 2>/dev/null)"

# --- no space, no permission to write
mkdir full
mount -t tmpfs -o size=16k tmpfs full
cp vm.xml full/
head -c 16384 /dev/zero >full/fill 2>/dev/null || true
expect_exit 4 "a full file system" spicecfg set-heads full/vm.xml 4
expect_eq "the file is as it was" "" "$(diff vm.xml full/vm.xml)"
expect_eq "and no other file is present" "fill vm.xml" "$(ls -A full | xargs)"
mount -o remount,ro full
expect_exit 4 "a read-only file system" spicecfg set-heads full/vm.xml 4
umount full
mount -t tmpfs -o size=4k,nr_inodes=4 tmpfs /etc/pki
everything >before
expect_exit 4 "no space for the CA" spicecfg pki init
expect_exit 4 "no space for the database" spicecfg sasl set --sasldb /etc/pki/new/passwd.db
expect_eq "nothing has changed except the directory's time" "etc/pki d" "$(everything | diff before - | sed -n 's/^> \(etc[^ ]* .\).*/\1/p' | grep -v '^etc/sasl2 d$' || true)"
umount /etc/pki

# --- where names can't be exchanged: NFS, FUSE, FAT
if command -v bindfs >/dev/null && mknod /dev/fuse c 10 229 2>/dev/null; then
    mkdir real fuse
    bindfs real fuse
    cp tree/etc/libvirt/qemu/vm.xml fuse/vm.xml
    expect_ok "an edit through FUSE" spicecfg set-heads fuse/vm.xml 4
    expect_match "is done" "heads='4'" "$(cat real/vm.xml)"
    expect_ok "a new file through FUSE" spicecfg set-heads fuse/vm.xml 2 --output fuse/new.xml
    expect_eq "no other file is present" "new.xml vm.xml" "$(ls -A real | xargs)"
    # a file that is open while its name is given to another one lives on as .fuse_hiddenN, with the old content: stopped before the last fsync
    if command -v strace >/dev/null; then
        strace -qq -o /dev/null -e inject=fsync:signal=STOP:when=2 "$SPICECFG" set-heads fuse/vm.xml 1 -q 2>/dev/null &
        job=$!
        expect_ok "an edit through FUSE, stopped" wait_for 10 "the edit" grep -q "heads='1'" real/vm.xml
        expect_ok "nor a hidden file" wait_for 5 "no hidden file" sh -c '! ls -A real | grep -q fuse_hidden'
        pkill -KILL -P $job || true
        wait $job || true
        expect_ok "the next edit" spicecfg set-heads fuse/vm.xml 2
        expect_eq "removes what that one left" "new.xml vm.xml" "$(ls -A real | xargs)"
    fi
    umount fuse
fi

# --- many at once
jobs=()
for n in $(seq 12); do
    with "pw$n" spicecfg user add "many$n" -q &
    jobs+=($!)
done
failed=0
for job in "${jobs[@]}"; do wait "$job" || failed=$((failed + 1)); done
expect_eq "twelve at once: all succeed" 0 $failed
expect_eq "twelve at once: all are in" 24 "$(spicecfg user list | grep -c ^many)"

# --- killed at any moment
for n in $(seq 30); do
    "$SPICECFG" user add killed --password-file <(echo "pw$n") -q >/dev/null 2>&1 &
    job=$!
    sleep "0.0$((n % 3))$((n % 10))"
    kill -KILL $job 2>/dev/null || true
    wait $job 2>/dev/null || true
    [ "$(spicecfg user list | grep -c ^many)" = 24 ] || fail "kill $n" "a whole database" "$(spicecfg user list 2>&1)"
done
sleep 3.1
expect_ok "the next one" with pw spicecfg user add killed
expect_eq "removes what killed processes left" "" "$(leftovers)"

# --- killed before each rename, change of mode or owner: the next run completes the rest, and directories are as they should be
etc_state() { (cd /etc && find pki sasl2 libvirt/qemu.conf -printf '%p %m %u:%g\n' | LC_ALL=C sort && md5sum sasl2/qemu.conf libvirt/qemu.conf); }
fresh() { rm -rf /etc/pki $CONF && cp -p qemu.conf.first /etc/libvirt/qemu.conf; }
if command -v strace >/dev/null; then
    cp -p /etc/libvirt/qemu.conf qemu.conf.first
    fresh
    spicecfg sasl set -q
    spicecfg pki init -q
    etc_state >state
    for call in renameat2:1 renameat2:2 renameat2:4 fchmod:1 fchmod:3 fchmod:4 fchown:1 fchown:2 mkdirat:2 fsync:1; do
        fresh
        strace -qq -o /dev/null -e "inject=${call%:*}:signal=KILL:when=${call#*:}" "$SPICECFG" sasl set -q 2>/dev/null || true
        expect_ok "killed at $call: the next run" spicecfg sasl set -q
        spicecfg pki init -q
        expect_eq "killed at $call: all is as it should be" "" "$(etc_state | diff state - || true)$(leftovers)"
    done
fi

# --- an unprivileged account
nobody() { setpriv --reuid nobody --regid nogroup --clear-groups "$SPICECFG" "$@"; }
chmod 755 /run/test
for verb in "sasl set" "sasl off" "user list" "pki init" "pki issue" "pki renew" "pam install" "host set spice_tls=0" "host unset spice_tls"; do
    # shellcheck disable=SC2086
    run nobody $verb
    expect_match "unprivileged account: $verb" '^[34] .*(denied|may not|root)' "$STATUS $ERR"
done
