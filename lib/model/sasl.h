/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a SASL directory does to consoles: facts about its files, and what libsasl2 makes of them. */
#ifndef SC_MODEL_SASL_H
#define SC_MODEL_SASL_H

#include "model/domain.h"
#include "model/host.h"
#include "model/mechanisms.h"

#define SC_SASL_HOST_DIR "/etc/sasl2"
#define SC_SASL_OWN_BASE "/etc/pki/libvirt-spice/sasl" /* AppArmor's stock rules let QEMU read it (libvirt-qemu abstraction) */

/* The SASL file that QEMU reads (lib/common.c and lib/config.c of cyrus-sasl). */
enum sc_sasl_file {
	SC_SASL_FILE_UNKNOWN,
	SC_SASL_FILE_OK,
	SC_SASL_FILE_MISSING,    /* in every directory: libsasl2 goes by its defaults */
	SC_SASL_FILE_UNREADABLE, /* for QEMU's account: the same */
	SC_SASL_FILE_BROKEN,     /* libsasl2 refuses it, and QEMU ends */
};

/* The database of users; nobody gets in unless it is OK. */
enum sc_sasl_db {
	SC_SASL_DB_UNKNOWN,
	SC_SASL_DB_OK,
	SC_SASL_DB_MISSING,
	SC_SASL_DB_UNREADABLE, /* for QEMU's account */
	SC_SASL_DB_DAMAGED,    /* libsasl2 can't list it */
};

/* A SASL directory, or several with ':' between, as SASL_CONF_PATH has them. Strings NULL: not known, or not there. */
struct sc_sasl_fact {
	const char *directory;
	bool deep;            /* more than the file's state was looked at */
	enum sc_known exists; /* any of the directories */
	enum sc_sasl_file state;
	const char *file;         /* that counts, or where it would be made */
	unsigned line;            /* of the mistake in a broken one */
	const char *closed;       /* what keeps QEMU's account from it; NULL: nothing */
	const char *confined;     /* a file, database or socket that AppArmor keeps QEMU from; NULL: none */
	const char *misnamed;     /* a file that was meant to be qemu.conf */
	enum sc_known others_may; /* others than root may write the file or replace it */
	const char *mech_list, *method;
	/* saslauthd, where the method asks it */
	const char *mux;           /* its socket */
	enum sc_known mux_listens; /* it is there */
	enum sc_known caches;      /* it keeps admitting by what it remembers (-c) */
	const char *cache_file;    /* that says so, or, where it is unknown, can't be understood; NULL: the running daemon's own words */
	unsigned cache_line;       /* 0: none does, it is the default */
	const char *mux_closed;    /* the directory that QEMU's account can't pass; NULL: none */
	/* the database, where the method does not */
	const char *database;
	enum sc_sasl_db db_state;
	const char *db_closed;      /* what keeps QEMU's account from it */
	enum sc_known db_open;      /* every account of the host may read or write it */
	const char *db_owner;       /* a file or directory that is not root's, or not as closed as it should be; NULL: none */
	const char *const *readers; /* accounts besides QEMU's in the group that may read it; NULL: none */
	size_t n_readers;
	const char *readers_group;
	long users;          /* -1: unknown */
	const char *a_user;  /* the first of them */
	enum sc_known realm; /* a user has a realm that QEMU asks for */
};

/* The fact about a directory; NULL: nobody told. */
const struct sc_sasl_fact *sc_host_sasl(const struct sc_host *host, const char *directory);

/* The directory of VMs without their own, where spice_sasl is on or not (qemu/qemu_command.c). */
const char *sc_sasl_shared_directory(const struct sc_host *host);

/*
 * The directory that the domain's QEMU looks into; *own: it is not that of the host's Spice consoles: the domain names it, or its VNC
 * console brings that of vnc_sasl_dir.
 */
const char *sc_sasl_directory(const struct sc_domain *domain, const struct sc_host *host, bool *own);

/* Whether the fact's method asks saslauthd, and no sasldb beside it. */
bool sc_sasl_asks_saslauthd(const struct sc_sasl_fact *fact);

/* What decides about mechanisms on a channel. */
struct sc_mechanism_input sc_sasl_input(const struct sc_host *host, const struct sc_sasl_fact *fact, bool tls);

/* Why anybody gets in on a TLS channel, as the words of a sentence ("by ANONYMOUS"); NULL: nobody does without a password, or not known. */
const char *sc_sasl_admits_anybody(const struct sc_host *host, const struct sc_sasl_fact *fact);

#endif
