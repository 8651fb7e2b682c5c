# shellcheck shell=bash disable=SC2154
# IV: a Unix socket for the members of a group, virtio video with two heads, no image compression.
ARTICLE=IV
fresh_vms
SOCKET=/var/spicex/spice.socket
step A8 set-listen debianx socket $SOCKET
has 'no port:' '' "$(vm_conf debianx "$graphics/@port")$(vm_conf debianx "$graphics/@tlsPort")"
has compression off "$(vm_conf debianx "$graphics/image/@compression")"
refused 1 A8 'TLS|secure' set-mode debianx secure
step A8 set-mode debianx insecure
step A10 set-compression debianx auto_glz
finding socket-compression debianx
step A10 set-compression debianx off
step A7 set-heads debianx 2 --model virtio
has 'QXL memory' '' "$(vm_conf debianx "$video/model/@ram")$(vm_conf debianx "$video/model/@vgamem")"
step A7 set-options debianx --keymap de --gl off
refused 3 A9 'create-group' acl grant debianx group:spicex
step A9 acl grant debianx group:spicex --create-group
join_group uvmb spicex
expect_file "IV A9: the directory" "770 root:$GROUP" /var/spicex
expect_eq "IV A9: its ACLs" \
    "user::rwx,group::rwx,group:spicex:--x,mask::rwx,other::---,default:user::rw-,default:group::rw-,default:group:spicex:rw-,default:mask::rw-,default:other::---" \
    "$(getfacl -cpE /var/spicex | grep -v '^$' | paste -sd,)"
vm_start debianx
saw opened 'uvmb, in group spicex' user=uvmb --unix $SOCKET
has displays 2 "$(client_got displays)"
saw connect-failed 'uvma, not in it' user=uvma --unix $SOCKET
has "QEMU's image-compression" off "$(spice_argument debianx image-compression)"
has "QEMU's keymap" de "$(vm_cmdline debianx | grep -A1 -x -e -k | tail -1)"
vm_restart debianx
saw opened 'uvmb after a restart' user=uvmb --unix $SOCKET
saw connect-failed 'uvma after a restart' user=uvma --unix $SOCKET
step A9 acl revoke debianx group:spicex
saw connect-failed 'uvmb' user=uvmb --unix $SOCKET
