/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt's own ways in: who may manage VMs opens their consoles past all that protects them. */
#ifndef SC_MODEL_WAYS_H
#define SC_MODEL_WAYS_H

#include "model/host.h"

/* A daemon of libvirt by its settings (src/remote/remote_daemon_config.c). Numbers of lines are of its file; 0: the setting is not there.
 */
struct sc_daemon_fact {
	const char *name;       /* "libvirtd", "virtproxyd", "virtqemud" */
	const char *file;       /* /etc/libvirt/NAME.conf */
	enum sc_known tcp, tls; /* it listens on its TCP, its TLS port */
	enum sc_known local;    /* on a loopback address only */
	const char *tcp_unit;   /* the socket unit of systemd that makes it listen; NULL: its own settings do */
	const char *tls_unit;
	const char *auth_tcp; /* "none", "sasl" or "polkit"; never NULL, as the next ones */
	const char *auth_tls;
	const char *auth_unix;      /* of the socket that is not read-only */
	enum sc_known verifies;     /* TLS clients need a certificate of the CA */
	enum sc_known names;        /* and one that tls_allowed_dn_list names */
	enum sc_known by_call;      /* access_drivers: polkit is asked for every call too */
	unsigned mode;              /* of the Unix socket */
	const char *group;          /* of the Unix socket; NULL: root's */
	const char *socket_unit;    /* the unit that makes the socket; NULL: the daemon does */
	const char *const *members; /* of the group, without root */
	size_t n_members;
	unsigned listen_tcp_line, auth_tcp_line, auth_tls_line, auth_unix_line, verify_line;
};

enum sc_polkit_who {
	SC_POLKIT_ALL,   /* every account */
	SC_POLKIT_GROUP, /* the members of a group */
	SC_POLKIT_USER,
	SC_POLKIT_CONDITION, /* whoever meets a condition that can't be read */
};

/* Something that makes polkit let accounts manage VMs without an administrator's password. */
struct sc_polkit_fact {
	const char *file;
	unsigned line;
	enum sc_polkit_who who;
	const char *name;           /* of the group or user; NULL otherwise */
	const char *const *members; /* of the group, without root */
	size_t n_members;
};

#endif
