#!/bin/bash
# host set and unset on the real qemu.conf: after every edit the real libvirtd (and augeas' lens, if it accepts the file) sees the requested
# value, and the edit is one line; broken files stay unchanged; a value with which libvirtd's QEMU driver doesn't start is rolled back.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

CONF=/etc/libvirt/qemu.conf
DATA=$HOST_SOURCE/tests/data/qemuconf
TLS_VM="<graphics type='spice' tlsPort='5901' autoport='no'><listen type='address'/></graphics>"
domain_xml probe graphics="$TLS_VM" >probe.xml

# how libvirtd interprets qemu.conf: the -spice option of a VM with a TLS port
spice_option() { virsh -q domxml-to-native qemu-argv --xml probe.xml 2>&1 | grep -oE -- '-spice [^ ]*|TLS is disabled' | head -1; }

daemon_pid() { pgrep -x libvirtd; }

# the lens' view of a key: its value, "(none)", or nothing if it refuses the file
augeas_view() {
    augtool -L -A --transform "Libvirtd_qemu.lns incl $CONF" <<EOT 2>/dev/null | tail -1
print /augeas/files$CONF/error
get /files$CONF/$1
EOT
}

# how many lines were replaced or added, and which: lines end with \n, and a missing last \n is ignored
changed_lines() { diff <(sed -e '$a\' "$1") <(sed -e '$a\' "$2") | grep -ac '^[<>]' || true; }
added_lines() { diff <(sed -e '$a\' "$1") <(sed -e '$a\' "$2") | grep -ac '^>' || true; }

# every variant through: host set spice_tls=1 --restart-daemon, then unset
variants() {
    local file name before after view lens=0 agreed=0 n=0 bad=''
    for file in "$DATA"/*.conf; do
        name=$(basename "$file" .conf)
        cp "$file" $CONF
        run cfg host set spice_tls=1 --restart-daemon
        [ "$STATUS" = 0 ] || bad+=" $name:exit-$STATUS:$ERR"
        [ "$(added_lines "$file" $CONF)" = 1 ] && [ "$(changed_lines "$file" $CONF)" -le 2 ] || bad+=" $name:lines"
        after=$(spice_option)
        [[ $after == *tls-port=5901* ]] || bad+=" $name:libvirtd:$after"
        view=$(augeas_view spice_tls)
        if [[ $view == *' = '* ]]; then
            lens=$((lens + 1))
            [[ $view != *' = 1' ]] || agreed=$((agreed + 1))
        fi
        cp $CONF set.conf
        run cfg host set spice_tls=1
        cmp -s $CONF set.conf || bad+=" $name:twice"
        n=$((n + 1))
    done
    expect_eq "$n variants: libvirtd and the diff agree" "" "$bad"
    [ "$n" -ge 20 ] && pass "at least 20 variants" || fail "at least 20 variants" 20 "$n"
    expect_eq "augeas agrees on all $lens files that it accepts" "$lens" "$agreed"
    [ "$lens" -ge 5 ] && pass "augeas accepts some" || fail "augeas accepts some" 5 "$lens"
}

# unset doesn't let a shadowed assignment take effect
unsets() {
    local file bad='' n=0
    for file in live duplicates semicolons crlf-live default-above-live no-final-newline-live; do
        sed 's/spice_tls = 0/spice_tls = 1/g' "$DATA/$file.conf" >$CONF
        cp $CONF old.conf
        run cfg host unset spice_tls --restart-daemon
        [ "$STATUS" = 0 ] || bad+=" $file:exit-$STATUS:$ERR"
        [ "$(spice_option)" = "TLS is disabled" ] || bad+=" $file:$(spice_option)"
        [ "$(added_lines old.conf $CONF)" -le 1 ] || bad+=" $file:lines"
        n=$((n + 1))
    done
    expect_eq "$n files: unset for libvirtd too" "" "$bad"
}

strings() {
    cp "$DATA/single-quotes.conf" $CONF
    expect_ok "an address in single quotes" cfg host set spice_tls=1 spice_listen=192.168.2.2 --restart-daemon
    expect_match "libvirtd takes both" 'tls-port=5901,addr=192.168.2.2' "$(spice_option)"
    expect_eq "the quotes stay" "spice_listen = '192.168.2.2'" "$(head -1 $CONF)"
}

stock_file() {
    local pid
    cp /run/test/stock.conf $CONF
    pid=$(daemon_pid)
    expect_exit 10 "the package's file, several keys" cfg host set spice_tls=1 spice_sasl=1 spice_listen=:: --restart-daemon --detailed-exitcode
    expect_ne "another process" "$pid" "$(daemon_pid)"
    expect_match "libvirtd takes them" 'tls-port=5901,addr=::,.*sasl' "$(spice_option)"
    expect_eq "three lines" 3 "$(changed_lines stock.conf $CONF)"
    expect_eq "each right after its comment" "#spice_tls = 1 spice_tls = 1" "$(grep -A1 '^#spice_tls = 1' $CONF | paste -sd' ')"
    pid=$(daemon_pid)
    expect_exit 0 "once more: nothing to do" cfg host set spice_tls=1 --restart-daemon --detailed-exitcode
    expect_eq "and no restart" "$pid" "$(daemon_pid)"
    expect_ok "unset" cfg host unset spice_tls spice_sasl spice_listen
    expect_eq "the file is as it was" "" "$(cmp stock.conf $CONF 2>&1)"
    expect_file "owner and mode are kept" "600 root:root" $CONF
}

broken_files() {
    local file place bad='' n=0
    for file in "$DATA"/broken/*.conf; do
        cp "$file" $CONF
        run cfg host set spice_tls=1
        place=$(grep -oE "qemu.conf:[0-9]+:[0-9]+: " <<<"$ERR" | head -1)
        [ "$STATUS" = 3 ] && [ -n "$place" ] && cmp -s "$file" $CONF || bad+=" $(basename "$file"):$STATUS:$ERR"
        n=$((n + 1))
    done
    expect_eq "$n broken files: exit 3, line and column, untouched" "" "$bad"
    cp stock.conf $CONF
}

roll_back() {
    local before
    cp stock.conf $CONF
    restart_libvirtd
    define_vm running
    vm_start running
    before=$(daemon_pid)
    expect_exit 4 "a directory that does not exist is rolled back" cfg host set spice_tls_x509_cert_dir=/nonexistent --restart-daemon
    expect_match "and reported before" 'warning: .*/nonexistent.* does not exist' "$ERR"
    expect_match "with the reason" 'no QEMU driver with the new qemu.conf' "$ERR"
    expect_eq "the old file is back" "" "$(cmp stock.conf $CONF 2>&1)"
    expect_eq "no temp file is left" "" "$(find /etc/libvirt -name '*spicecfg*')"
    expect_ok "libvirtd answers" virsh -q list
    expect_ne "it was started again" "$before" "$(daemon_pid)"
    expect_eq "one libvirtd" 1 "$(daemon_pid | wc -l)"
    expect_eq "the VM ran on" running "$(virsh domstate running | head -1)"
    expect_exit 1 "what libvirt refuses on every host is not tried" cfg host set remote_display_port_min=6000 remote_display_port_max=5950
    expect_eq "the file is untouched" "" "$(cmp stock.conf $CONF 2>&1)"
    printf 'spice_tls = 2\n' >$CONF
    expect_exit 1 "nor is a file that it refuses already" cfg host set spice_sasl=1
    expect_exit 4 "--force tries, and rolls back" cfg host set spice_sasl=1 --restart-daemon --force
    expect_eq "to what was there" "spice_tls = 2" "$(cat $CONF)"
    expect_match "and reports that this doesn't work either" 'does not come up with the old qemu.conf either' "$ERR"
    expect_ok "both fixed in one edit" cfg host set spice_tls=0 spice_sasl=1
    service libvirtd start
    wait_for 30 libvirtd virsh -q list
    expect_eq "the VM ran on" running "$(virsh domstate running | head -1)"
    vm_stop running
    cp stock.conf $CONF
}

# what is missing for TLS is reported; with the facts of this host a VM gets the verdict that libvirtd has
certificates_and_facts() {
    cp stock.conf $CONF
    expect_ok "TLS without certificates" cfg host set spice_tls=1
    expect_match "causes a warning" 'ca-cert.pem is missing in /etc/pki/qemu' "$ERR"
    cfg host facts >facts.json
    expect_exit 1 "and refused by a check with this host's facts" cfg check --host-facts facts.json probe.xml
    make_ca /run/test/ca
    make_server_cert /run/test/ca /etc/pki/libvirt-spice "$HOST_NAME"
    expect_ok "with certificates" cfg host set spice_tls=1 --restart-daemon
    expect_no_match "there is no warning" 'warning' "$ERR"
    cfg host facts >facts.json
    expect_match "and the check says" 'probe.xml: starts' "$(cfg check --host-facts facts.json probe.xml || true)"
    define_vm probe graphics="$TLS_VM"
    vm_start probe
    expect_client opened "so does libvirtd" --host 127.0.0.1 --tls-port 5901 --ca-file /run/test/ca/ca-cert.pem --host-subject "CN=$HOST_NAME"
    vm_stop probe
    virsh -q undefine probe
    cp stock.conf $CONF
}

# the ways in which a daemon runs
daemons() {
    local before
    cp stock.conf $CONF
    before=$(daemon_pid)
    expect_ok "without a restart" cfg host set spice_sasl=0
    expect_match "says what to do" 'service libvirtd restart, or --restart-daemon' "$OUT"
    expect_ok "by its init script" cfg host set spice_tls=1 --restart-daemon
    expect_match "with the new file" 'tls-port=5901' "$(spice_option)"
    expect_ne "another process" "$before" "$(daemon_pid)"
    expect_eq "that the script knows" "$(cat /run/libvirtd.pid)" "$(daemon_pid)"

    # a script that does nothing
    before=$(daemon_pid)
    cp $CONF before.conf
    sed -i 's/^restart) .*/restart) exit 0 ;;/' /etc/init.d/libvirtd
    expect_exit 4 "a script that does not restart it" cfg host set spice_tls=0 --restart-daemon
    expect_match "is reported" "libvirtd \(process $before\) is still running: service did not restart it" "$ERR"
    expect_eq "the file is restored" "" "$(cmp before.conf $CONF 2>&1)"
    init_script libvirtd

    # started by hand: its script does not know it
    service libvirtd stop
    libvirtd -d -p /run/byhand.pid
    wait_for 30 libvirtd virsh -q list
    before=$(daemon_pid)
    cp $CONF before.conf
    expect_exit 4 "a daemon that its script did not start" cfg host set spice_tls=0 --restart-daemon
    expect_match "is reported" "libvirtd \(process $before\) can't be restarted: its script in /etc/init.d did not start it" "$ERR"
    expect_eq "the file is restored" "" "$(cmp before.conf $CONF 2>&1)"
    expect_eq "and it keeps running" "$before" "$(daemon_pid)"

    mv /etc/init.d/libvirtd script
    expect_exit 4 "no script" cfg host set spice_tls=0 --restart-daemon
    expect_match "is reported" "neither systemd nor a script in /etc/init.d runs it here" "$ERR"
    expect_match "with what to do" "Restart it yourself, and omit --restart-daemon" "$ERR"
    expect_exit 4 "before anything is tried" cfg host set spice_tls=0 --restart-daemon --dry-run
    expect_eq "the file is untouched" "" "$(cmp before.conf $CONF 2>&1)"
    expect_eq "and it keeps running" "$before" "$(daemon_pid)"
    expect_ok "without a restart" cfg host set spice_tls=0
    expect_match "the administrator restarts it" 'libvirtd must be restarted$' "$OUT"
    kill "$before"
    wait_for 10 "its end" eval '! pgrep -x libvirtd'
    expect_ok "no daemon" cfg host set spice_tls=1 --restart-daemon
    expect_match "is reported" 'is not running: it reads the file when it starts' "$OUT"
    expect_eq "and stays away" "" "$(daemon_pid || true)"
    expect_eq "the file is changed" "spice_tls = 1" "$(grep '^spice_tls' $CONF)"
    mv script /etc/init.d/libvirtd
}

# the modular daemon, by its name (Debian 12 has no virtqemud: the same program under that name), and an interrupt while it starts
modular_and_interrupted() {
    local status=0 pid
    cp stock.conf $CONF
    cp "$(command -v libvirtd)" virtqemud
    init_script virtqemud /run/test/virtqemud
    service virtqemud start
    wait_for 30 virtqemud virsh -q list
    expect_ok "virtqemud is the one" cfg host set spice_tls=1 --restart-daemon
    expect_match "and is reported" 'virtqemud is restarted' "$OUT"
    expect_match "with the new file" 'tls-port=5901' "$(spice_option)"

    # an update replaces the running program; this one hangs
    ln virtqemud real
    printf '#!/bin/bash\ntouch /run/test/hangs\nsleep 60\n' >update
    chmod 755 update
    mv update virtqemud
    cp $CONF before.conf
    "$SPICECFG" host set spice_tls=0 --restart-daemon >interrupted.log 2>&1 &
    pid=$!
    wait_for 20 "the daemon that hangs" test -e hangs
    expect_eq "the new file is in place meanwhile" "spice_tls = 0" "$(grep -a '^spice_tls' $CONF)"
    mv real virtqemud
    kill -INT "$pid"
    wait "$pid" || status=$?
    expect_eq "interrupted" 130 "$status"
    expect_eq "the old file is back" "" "$(cmp before.conf $CONF 2>&1)"
    expect_ok "the daemon answers" virsh -q list
    expect_match "with the old file" 'tls-port=5901' "$(spice_option)"
    pkill -x virtqemud
    wait_for 10 "its end" eval '! pgrep -x virtqemud'
}

secrets() {
    local said
    cp stock.conf $CONF
    chmod 644 $CONF
    watch_argv geheim123
    printf 'geheim123\n' >password
    chmod 600 password
    expect_exit 2 "no password in the arguments" cfg host set spice_password=anything
    expect_ok "from a file" cfg host set spice_password --password-file password --diff --restart-daemon
    expect_match "masked in the diff" '^\+spice_password = "\*\*\*"' "$OUT"
    said=$OUT$ERR
    expect_ok "as JSON, from stdin" cfg --format json host set spice_password <password
    said+=$OUT$ERR
    expect_ok "host show" cfg host show
    said+=$OUT$ERR
    expect_argv_clean "in no arguments of any program"
    expect_no_match "in no output" geheim123 "$said"
    expect_file "only root can read the file" "600 root:root" $CONF
    add_account other secret
    expect_secret_hidden "no other account can read it" geheim123 other /etc/libvirt /run/test
    restart_libvirtd
    define_vm asks
    vm_start asks
    expect_client opened "the VM takes the password" password=geheim123 --port "$(vm_port asks)"
    expect_client auth-failed "and no other" password=wrong --port "$(vm_port asks)"
    vm_stop asks
    expect_exit 1 "not together with SASL" cfg host set spice_sasl=1
    expect_ok "unset" cfg host unset spice_password
    expect_eq "the file is as it was" "" "$(cmp stock.conf $CONF 2>&1)"
}

other_places() {
    local home
    mkdir -p tree/etc/libvirt
    printf '#spice_tls = 1\n' >tree/etc/libvirt/qemu.conf
    expect_ok "below a root" cfg --root tree host set spice_tls=1
    expect_eq "there" "#spice_tls = 1 spice_tls = 1" "$(paste -sd' ' tree/etc/libvirt/qemu.conf)"
    expect_exit 2 "a root has no daemon" cfg --root tree host set spice_tls=0 --restart-daemon
    expect_exit 2 "not for another host" cfg -c qemu+ssh://host/system host set spice_tls=1
    expect_exit 2 "no daemon reads that file" cfg host set spice_tls=1 --qemu-conf tree/etc/libvirt/qemu.conf --restart-daemon
    ln -s tree/etc/libvirt/qemu.conf link
    expect_ok "a link" cfg host set spice_tls=0 --qemu-conf link
    expect_eq "stays one" "symbolic link spice_tls = 0" "$(stat -c %F link) $(tail -1 link)"
    expect_exit 3 "an unreadable file" as_user other "$SPICECFG" host show
    expect_exit 3 "a missing one" cfg host show --qemu-conf missing.conf
    chmod 755 /run/test
    expect_ok "the session's file" as_user other env HOME=/home/other "$SPICECFG" -c qemu:///session host set spice_tls=1
    home=/home/other/.config/libvirt
    expect_eq "is made" "spice_tls = 1" "$(cat $home/qemu.conf)"
    expect_file "for the user alone" "600 other:other" $home/qemu.conf
    expect_file "in a directory for the user alone" "700 other:other" $home
}

cp $CONF stock.conf
stock_file
strings
broken_files
roll_back
secrets
other_places
certificates_and_facts
unsets
variants
daemons
modular_and_interrupted
