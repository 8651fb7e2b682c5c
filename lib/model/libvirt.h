/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where libvirt's QEMU driver has its files. */
#ifndef SC_MODEL_LIBVIRT_H
#define SC_MODEL_LIBVIRT_H

/* The configuration, and the definitions of domains ("NAME.xml"), of qemu:///system (libvirt src/qemu/qemu_conf.c). */
#define SC_LIBVIRT_DIR "/etc/libvirt"
#define SC_QEMU_CONF SC_LIBVIRT_DIR "/qemu.conf"
#define SC_DOMAINS_DIR SC_LIBVIRT_DIR "/qemu"
/* The same of qemu:///session, below the user's configuration: $XDG_CONFIG_HOME, or ~/.config. */
#define SC_SESSION_QEMU_CONF "/libvirt/qemu.conf"
#define SC_SESSION_DOMAINS_DIR "/libvirt/qemu"

/* Certificates: the defaults of spice_tls_x509_cert_dir and vnc_tls_x509_cert_dir where those exist, else of default_tls_x509_cert_dir. */
#define SC_PKI_DIR "/etc/pki/libvirt-spice"
#define SC_PKI_VNC_DIR "/etc/pki/libvirt-vnc"
#define SC_PKI_COMMON_DIR "/etc/pki/qemu"

#endif
