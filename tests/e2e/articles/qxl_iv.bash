# shellcheck shell=bash disable=SC2154
# QXL IV: four heads on one QXL device, with the tested memory; a console on port 5900 of the local workstation.
ARTICLE='QXL IV'
fresh_vms
step A4 set-listen debianx address 127.0.0.1 --port 5900
finding console-local debianx
step A5 set-heads debianx 4 --vram64 2097152
has heads 4 "$(vm_conf debianx "$video/model/@heads")"
has ram 262144 "$(vm_conf debianx "$video/model/@ram")"
has vram64 2097152 "$(vm_conf debianx "$video/model/@vram64")"
has vgamem 65536 "$(vm_conf debianx "$video/model/@vgamem")"
has primary yes "$(vm_conf debianx "$video/model/@primary")"
step A6 set-options debianx --agent on
vm_start debianx
saw opened 'port 5900' --port 5900
has "QEMU's heads" 4 "$(qom debianx video0 max_outputs)"
has "QEMU's ram" 268435456 "$(qom debianx video0 ram_size)"
has "QEMU's vram64, MiB" 2048 "$(qom debianx video0 vram64_size_mb)"
has "QEMU's vgamem, MiB" 64 "$(qom debianx video0 vgamem_mb)"
has "QEMU's agent channel" 1 "$(vm_cmdline debianx | grep -c '"name":"com.redhat.spice.0"')"
step_exit 0 A6 set-heads leaptest 5
finding heads-clients leaptest
