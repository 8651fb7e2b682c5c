# shellcheck shell=bash disable=SC2154
# I: each VM has its own plain port, on the server itself; the last client to connect gets the console.
ARTICLE=I
fresh_vms
step A3 set-listen debianx address 127.0.0.1 --port 20001
vm_start debianx
step A2 set-listen leaptest address 127.0.0.1 --port 20001
finding port-of-other-vm
run virsh -q start leaptest
expect_ne "I A2: libvirt refuses to start it" 0 "$STATUS"
step A2 set-listen leaptest address 127.0.0.1 --port 20003
vm_start leaptest
saw opened debianx --port 20001
has encrypted false "$(client_got tls)"
saw opened leaptest --port 20003
saw connect-failed 'from another machine' machine=mylap --host 192.168.2.2 --port 20001
step_exit 0 A1 check debianx
finding console-local debianx
client --port 20001 --hold 20 >seat &
holder=$!
wait_for 20 "the first client" grep -q opened seat
saw opened 'a second client' --port 20001
wait "$holder" || true
has 'the first one is' closed "$(tail -1 seat | json_get result)"
