/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Access through libvirt itself: accounts that can manage VMs can open their consoles, bypassing everything that protects them. */
#ifndef SC_MODEL_WAYS_H
#define SC_MODEL_WAYS_H

#include "model/host.h"

/* The settings of a libvirt daemon (src/remote/remote_daemon_config.c). Line numbers are those in its file; 0: not set. */
struct sc_daemon_fact {
	const char *name;       /* "libvirtd", "virtproxyd", "virtqemud" */
	const char *file;       /* /etc/libvirt/NAME.conf */
	enum sc_known tcp, tls; /* it listens on its TCP port, on its TLS port */
	enum sc_known local;    /* on a loopback address only */
	const char *tcp_unit;   /* the systemd socket unit that makes it listen; NULL: its own settings do */
	const char *tls_unit;
	const char *auth_tcp; /* "none", "sasl" or "polkit"; never NULL, like the following ones */
	const char *auth_tls;
	const char *auth_unix;      /* of the read-write socket */
	enum sc_known verifies;     /* TLS clients must have a certificate of the CA */
	enum sc_known names;        /* and one that tls_allowed_dn_list names */
	enum sc_known by_call;      /* access_drivers: polkit also authorizes every single call */
	unsigned mode;              /* of the Unix socket */
	const char *group;          /* of the Unix socket; NULL: root's */
	const char *socket_unit;    /* the unit that creates the socket; NULL: the daemon does */
	const char *const *members; /* of the group, except root */
	size_t n_members;
	unsigned listen_tcp_line, auth_tcp_line, auth_tls_line, auth_unix_line, verify_line;
};

enum sc_polkit_who {
	SC_POLKIT_ALL,   /* every account */
	SC_POLKIT_GROUP, /* the members of a group */
	SC_POLKIT_USER,
	SC_POLKIT_CONDITION, /* every account that meets a condition that can't be determined */
};

/* A rule by which polkit allows accounts to manage VMs without an administrator's password. */
struct sc_polkit_fact {
	const char *file;
	unsigned line;
	enum sc_polkit_who who;
	const char *name;           /* the group or user; else NULL */
	const char *const *members; /* of the group, except root */
	size_t n_members;
};

#endif
