# shellcheck shell=bash disable=SC2154
# V: a network port with image compression and virtio heads, from another machine; then a password; then only through an SSH tunnel.
ARTICLE=V
fresh_vms
MYLAP=(machine=mylap --host mysrv.example.org --port 20001)
step A12 set-listen debianx address 0.0.0.0 --port 20001
has 'listen attribute and element' '0.0.0.0 0.0.0.0' "$(vm_conf debianx "$graphics/@listen") $(vm_conf debianx "$graphics/listen/@address")"
finding compression-off debianx
step A12 set-mode debianx insecure
step A11 set-compression debianx auto_glz
step A7 set-heads debianx 2 --model virtio
step A7 set-options debianx --keymap de --gl off
vm_start debianx
saw opened 'mylap' "${MYLAP[@]}"
has displays 2 "$(client_got displays)"
has "QEMU's image-compression" auto_glz "$(spice_argument debianx image-compression)"
vm_stop debianx
step_exit 1 A1 check debianx
finding console-open debianx

step A13 set-password debianx --password-file one
vm_start debianx
saw opened 'mylap' password=s3art-one "${MYLAP[@]}"
saw auth-failed 'wrong password' password=s3art-two "${MYLAP[@]}"
saw auth-failed 'no password' "${MYLAP[@]}"
vm_stop debianx

step A13 set-listen debianx address 127.0.0.1
has 'the port stays' 20001 "$(vm_conf debianx "$graphics/@port")"
vm_start debianx
saw connect-failed 'mylap, past the tunnel' password=s3art-one "${MYLAP[@]}"
start_sshd
ssh-keygen -q -t ed25519 -N '' -f id_vm
install -d -m 700 -o uvmb -g uvmb /home/uvmb/.ssh
install -m 600 -o uvmb -g uvmb id_vm.pub /home/uvmb/.ssh/authorized_keys
on_machine mylap ssh -N -f -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ExitOnForwardFailure=yes \
    -i id_vm -L 31001:localhost:20001 uvmb@mysrv.example.org </dev/null >tunnel.log 2>&1
saw opened 'mylap, ssh -N -f -L 31001:localhost:20001' password=s3art-one machine=mylap --host localhost --port 31001
saw auth-failed 'wrong password' password=s3art-two machine=mylap --host localhost --port 31001

# the article's accel3d does not start where QEMU has no GL module
if [ ! -e /usr/lib/x86_64-linux-gnu/qemu/hw-display-virtio-vga-gl.so ]; then
    fresh_vms video="<video><model type='virtio' heads='2' primary='yes'><acceleration accel3d='yes'/></model></video>"
    step_exit 1 A7 check leaptest
    finding accel-3d-module leaptest
    step A7 set-options leaptest --accel3d off
    vm_start leaptest
    saw opened 'without accel3d' --port "$(vm_port leaptest)"
fi
