#!/bin/bash
# Libvirt domains: --all and --match, foreign changes, unprivileged show, dry runs, odd names, other URIs.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
HOST_POLKIT=yes
host_run "$@"

model=/domain/devices/video[1]/model
heads() { vm_conf "$1" "$model/@heads"; }
for vm in web-1 web-2 db; do define_vm "$vm"; done
define_vm vga video="<video><model type='vga'/></video>"

expect_ok "--match" cfg set-heads --match 'web-*' 2
expect_eq "matching ones" "2 2" "$(heads web-1) $(heads web-2)"
expect_eq "not the other" 1 "$(heads db)"
expect_exit 3 "--match of nothing" cfg set-heads --match 'nothing*' 2
run cfg set-heads --all 3 --format json
expect_ne "--all, one is refused: the worst exit code applies" 0 "$STATUS"
expect_eq "the others are done" "3 3 3" "$(heads web-1) $(heads web-2) $(heads db)"
expect_eq "four results" 4 "$(json_get results <<<"$OUT" | /usr/bin/python3 -c 'import json, sys; print(len(json.load(sys.stdin)))')"

before=$(virsh dumpxml db --inactive)
expect_exit 10 "--dry-run says that it would change" cfg set-heads db 2 --dry-run --diff --detailed-exitcode
expect_match "--diff shows it" "^\+.*heads=.2" "$OUT"
expect_eq "and doesn't" "$before" "$(virsh dumpxml db --inactive)"
expect_exit 3 "unknown domain" cfg set-heads nosuch 2
expect_exit 4 "unreachable URI" cfg -c qemu+unix:///system?socket=/run/nowhere set-heads db 2
expect_ok "libvirt's test driver" cfg -c test:///default show test
expect_ok "by UUID" cfg set-heads "$(virsh domuuid db | tr -d '\n')" 2
expect_eq "it was db" 2 "$(heads db)"
for name in "two words" "semi;colon\$(x)" "$(printf 'n%.0s' {1..200})"; do
    define_vm "$name"
    expect_ok "name: $name" cfg set-heads "$name" 2
    expect_eq "done: $name" 2 "$(heads "$name")"
done
domain_xml -dash >dash.xml
virsh -q define dash.xml >/dev/null
expect_ok "name that begins with a dash" cfg set-heads -- -dash 2

# another process changes the definition between read and define: both changes survive
cat >proxy.py <<'EOF'
"""A proxy for libvirt's socket: before the first reply to a client that asked for a definition is delivered, it runs a command."""
import os, socket, struct, subprocess, sys, threading
GET_XML_DESC = 14
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
done = False
def exactly(sock, n):
    data = b""
    while len(data) < n:
        part = sock.recv(n - len(data))
        if not part:
            raise EOFError
        data += part
    return data
def pump(source, sink, from_server):
    global done
    try:
        while True:
            head = exactly(source, 4)
            rest = exactly(source, struct.unpack(">I", head)[0] - 4)
            procedure, kind = struct.unpack(">II", rest[8:16])
            if from_server and procedure == GET_XML_DESC and kind == 1 and not done:
                done = True
                subprocess.run(sys.argv[2:], check=True)
            sink.sendall(head + rest)
    except (EOFError, OSError):
        source.close(); sink.close()
while True:
    client, _ = server.accept()
    real = socket.socket(socket.AF_UNIX)
    real.connect("/run/libvirt/libvirt-sock")
    threading.Thread(target=pump, args=(client, real, False), daemon=True).start()
    threading.Thread(target=pump, args=(real, client, True), daemon=True).start()
EOF
virsh dumpxml db --inactive | sed "s|<vcpu[^>]*>1<|<vcpu placement='static'>2<|" >foreign.xml
daemon proxy /usr/bin/python3 proxy.py /run/test/proxy.sock virsh define /run/test/foreign.xml
wait_for 5 proxy test -S /run/test/proxy.sock
run cfg -c "qemu+unix:///system?socket=/run/test/proxy.sock" set-heads db 4
expect_eq "another define in between: exit code" 0 "$STATUS"
expect_eq "the other change is kept" 2 "$(vm_conf db /domain/vcpu)"
expect_eq "and ours is present" 4 "$(heads db)"

# several at once on one domain: each waits for the other, all edits survive
define_vm busy
pids=()
cfg set-heads busy 3 >/dev/null 2>&1 & pids+=($!)
cfg set-compression busy auto_glz --jpeg always --zlib never >/dev/null 2>&1 & pids+=($!)
cfg set-options busy --mouse client --clipboard off --agent on >/dev/null 2>&1 & pids+=($!)
printf 'Geheim-2\n' | cfg set-password busy >/dev/null 2>&1 & pids+=($!)
statuses=''
for pid in "${pids[@]}"; do
    wait "$pid" && statuses+=' 0' || statuses+=" $?"
done
expect_eq "four at once" " 0 0 0 0" "$statuses"
console=/domain/devices/graphics[1]
expect_eq "all four edits are present" "3 auto_glz never client no Geheim-2" \
    "$(heads busy) $(vm_conf busy "$console/image/@compression") $(vm_conf busy "$console/zlib/@compression") $(vm_conf busy "$console/mouse/@mode") $(
        vm_conf busy "$console/clipboard/@copypaste") $(vm_conf busy "$console/@passwd")"
vm_start busy
expect_client opened "and the console opens" password=Geheim-2 --port "$(vm_port busy)"

# an unprivileged account may show, without secrets, and not set
define_vm secret graphics="<graphics type='spice' autoport='yes' passwd='Geheim-1' listen='127.0.0.1'/>"
add_account reader secret
expect_ok "show as an unprivileged account" as_user reader "$SPICECFG" show secret --format json
expect_no_match "no password" Geheim "$OUT$ERR"
expect_ok "show of all" as_user reader "$SPICECFG" show
expect_match "names the VMs" web-1 "$OUT"
run as_user reader "$SPICECFG" set-heads db 1
expect_eq "setting as that account: the system refuses" 4 "$STATUS"
expect_eq "nothing changed" 4 "$(heads db)"
expect_ok "root's show" cfg show secret --format json
expect_no_match "no password either" Geheim "$OUT$ERR"

# another host's libvirt, through SSH: VM verbs work, changes of the host are refused
ssh-keygen -q -t ed25519 -N '' -f key
install -d -m 700 /root/.ssh
cp key.pub /root/.ssh/authorized_keys
start_sshd
remote="qemu+ssh://root@$HOST_NAME/system?keyfile=/run/test/key&no_verify=1"
expect_ok "set-heads through SSH" cfg -c "$remote" set-heads db 3
expect_eq "done there" 3 "$(heads db)"
expect_ok "show through SSH" cfg -c "$remote" show db
expect_exit 2 "the host's own verbs are refused" cfg -c "$remote" host set spice_tls=1
expect_exit 2 "so is granting access to a socket" cfg -c "$remote" set-listen db socket --allow user:reader
expect_ok "the socket alone is part of the definition" cfg -c "$remote" set-listen db socket
expect_ok "nothing was created here for it" test ! -e "/var/spicex/$(virsh domuuid db | tr -d '\n')"

# a definition below /etc/libvirt/qemu is not a file to edit (libvirtd would not notice)
expect_exit 2 "the live host's domain file is refused" cfg set-heads /etc/libvirt/qemu/db.xml 2
