#!/bin/bash
# set-heads on real VMs: heads and sizes as QEMU itself sees them, display channels as a client sees them.
. "${TESTLIB:-$(dirname "$0")/../host}/host.bash"
host_run "$@"

model=/domain/devices/video[1]/model
qxl_video="<video><model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1' primary='yes'/></video>"

valid() { expect_ok "libvirt's schema accepts $1" virsh -q define --validate <(virsh dumpxml "$1" --inactive --security-info); }

# the article's example: four heads on QXL (A4, A5)
define_vm debianx video="$qxl_video"
expect_exit 10 "set-heads 4 changes the domain" cfg set-heads debianx 4 --detailed-exitcode --format json
expect_eq "JSON: changed" true "$(json_get changed <<<"$OUT")"
expect_eq "JSON: the target" debianx "$(json_get results.0.target <<<"$OUT")"
for pair in ram=262144 vgamem=65536 heads=4 primary=yes vram=131072; do
    expect_eq "definition: $pair" "${pair#*=}" "$(vm_conf debianx "$model/@${pair%%=*}")"
done
valid debianx
expect_exit 0 "a second run changes nothing" cfg set-heads debianx 4 --detailed-exitcode --format json
expect_eq "JSON: not changed" false "$(json_get changed <<<"$OUT")"
vm_start debianx
device=$(vm_cmdline debianx | grep '"qxl-vga"')
for want in max_outputs=4 ram_size=268435456 vram_size=134217728 vgamem_mb=64; do
    expect_eq "QEMU's command line: $want" "${want#*=}" "$(json_get "${want%%=*}" <<<"$device")"
    expect_eq "QEMU's device: $want" "${want#*=}" "$(qom debianx video0 "${want%%=*}")"
done
expect_client opened "the console opens" --port "$(vm_port debianx)"

# a running VM keeps its old settings, and the program says so
expect_ok "set-heads on the running VM" cfg set-heads debianx 2 --format json
expect_match "JSON: takes effect at the next start" next-start "$(json_get results.0.changes.0.takes_effect <<<"$OUT")"
expect_eq "running definition still has 4 heads" 4 "$(vm_get debianx "$model/@heads")"
expect_eq "persistent definition has 2" 2 "$(vm_conf debianx "$model/@heads")"
vm_restart debianx
expect_eq "after a restart QEMU has 2" 2 "$(qom debianx video0 max_outputs)"
vm_stop debianx
expect_ok "the article's vram64 on request" cfg set-heads debianx 4 --vram64 2097152
expect_eq "definition: vram64" 2097152 "$(vm_conf debianx "$model/@vram64")"
vm_start debianx
expect_eq "QEMU has 2048 MiB vram64" 2048 "$(qom debianx video0 vram64_size_mb)"
vm_stop debianx

# virtio: heads only (A7); two heads are two display channels for a client
define_vm virtio video="$qxl_video"
expect_ok "to virtio with two heads" cfg set-heads virtio 2 --model virtio
expect_eq "no QXL memory is left" "" "$(vm_conf virtio "$model/@ram")$(vm_conf virtio "$model/@vgamem")$(vm_conf virtio "$model/@vram")"
valid virtio
vm_start virtio
expect_client opened "virtio opens" --port "$(vm_port virtio)"
expect_eq "two display channels" 2 "$(client_got displays)"
expect_eq "QEMU's device has 2" 2 "$(qom virtio video0 max_outputs)"
vm_stop virtio

# Windows: a QXL device for each monitor, and back
define_vm win video="$qxl_video"
expect_ok "three heads for Windows" cfg set-heads win 3 --guest windows
expect_eq "three devices" 3 "$(vm_conf win 'count(/domain/devices/video)')"
valid win
vm_start win
expect_eq "QEMU has three QXL devices" 3 "$(vm_cmdline win | grep -cE '"driver":"qxl(-vga)?"')"
expect_client opened "the console opens" --port "$(vm_port win)"
expect_eq "three display channels" 3 "$(client_got displays)"
vm_stop win
expect_ok "back to one head" cfg set-heads win 1 --guest windows
expect_eq "one device" 1 "$(vm_conf win 'count(/domain/devices/video)')"
vm_start win
vm_stop win

# what QEMU would refuse is refused first, and nothing changes
for refused in "17" "4 --vgamem 524288" "4 --vgamem 65000" "4 --ram 4294967294" "16 --resolution 3840x2160"; do
    before=$(virsh dumpxml debianx --inactive)
    # shellcheck disable=SC2086
    run cfg set-heads debianx $refused
    expect_match "set-heads $refused is refused (exit $STATUS)" '^[12]$' "$STATUS"
    expect_eq "set-heads $refused changes nothing" "$before" "$(virsh dumpxml debianx --inactive)"
done
define_vm vga video="<video><model type='vga'/></video>"
run cfg set-heads vga 2
expect_ne "two heads on vga are refused" 0 "$STATUS"
expect_ok "but with an explicit model" cfg set-heads vga 2 --model qxl
vm_start vga
