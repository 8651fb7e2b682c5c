/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The effect of a SASL directory on consoles: facts about its files, and how libsasl2 uses them. */
#ifndef SC_MODEL_SASL_H
#define SC_MODEL_SASL_H

#include "model/domain.h"
#include "model/host.h"
#include "model/libvirt.h"
#include "model/mechanisms.h"

#define SC_SASL_HOST_DIR "/etc/sasl2"
#define SC_SASL_OWN_BASE SC_PKI_DIR "/sasl" /* AppArmor's default rules allow QEMU to read it (libvirt-qemu abstraction) */

/* The SASL file that QEMU reads (lib/common.c and lib/config.c of cyrus-sasl). */
enum sc_sasl_file {
	SC_SASL_FILE_UNKNOWN,
	SC_SASL_FILE_OK,
	SC_SASL_FILE_MISSING,    /* in every directory: libsasl2 uses its defaults */
	SC_SASL_FILE_UNREADABLE, /* by QEMU's account: the same */
	SC_SASL_FILE_BROKEN,     /* libsasl2 refuses it, and QEMU exits */
};

/* The user database. Nobody can log in unless it is OK. */
enum sc_sasl_db {
	SC_SASL_DB_UNKNOWN,
	SC_SASL_DB_OK,
	SC_SASL_DB_MISSING,
	SC_SASL_DB_UNREADABLE, /* by QEMU's account */
	SC_SASL_DB_DAMAGED,    /* libsasl2 can't list it */
};

/* An entry of a user database. */
struct sc_sasl_user {
	const char *user;
	const char *realm;
};

/* A SASL directory, or several separated by ':', as in SASL_CONF_PATH. Strings that are NULL: unknown, or missing. */
struct sc_sasl_fact {
	const char *directory;
	bool deep;            /* more than the state of the file was examined */
	enum sc_known exists; /* one of the directories exists */
	enum sc_sasl_file state;
	const char *file;          /* the effective file, or where it would be created */
	unsigned line;             /* of the error in an invalid file */
	enum sc_known reads;       /* QEMU's account can read it */
	const char *closed;        /* what prevents QEMU's account from reading it; NULL: nothing */
	const char *confined;      /* a file, database or socket that AppArmor denies QEMU; NULL: none */
	const char *site_rules;    /* the directory for AppArmor rules of the host; NULL: they belong in local/abstractions/libvirt-qemu */
	const char *misnamed;      /* a file that was probably meant to be qemu.conf */
	enum sc_known misnamed_ok; /* libsasl2 can read it */
	enum sc_known others_may;  /* other accounts than root can write or replace the file */
	const char *mech_list, *method;
	/* saslauthd, when the method uses it */
	const char *mux;           /* its socket */
	enum sc_known mux_listens; /* it exists */
	enum sc_known caches;      /* it caches logins (-c) */
	const char *cache_file;  /* that enables the cache or, for SC_UNKNOWN, can't be interpreted; NULL: the running daemon's arguments */
	unsigned cache_line;     /* 0: no line does, it is the default */
	const char *mux_closed;  /* the directory that QEMU's account can't access; NULL: none */
	enum sc_known mux_reads; /* QEMU's account can reach it */
	enum sc_known starts;    /* the saslauthd of that socket runs or, below a root, starts with the host */
	const char *backend;     /* its -a, such as "pam"; NULL: unknown */
	bool zoned;              /* its unit or a file of its settings sets TZ: its time zone is unknown */
	enum sc_known joins;     /* its -r: the name of an account is NAME@REALM */
	const char *pam;         /* the file of the PAM service that it uses; NULL: unknown, or it does not use PAM */
	/* the database, when the method does not use saslauthd */
	const char *database;
	enum sc_sasl_db db_state;
	const char *db_closed;      /* what prevents QEMU's account from reading it; NULL: nothing */
	enum sc_known db_reads;     /* QEMU's account can read it */
	enum sc_known db_open;      /* every account of the host can read or write it */
	const char *db_owner;       /* a file or directory that does not belong to root, or has too many permissions; NULL: none */
	const char *const *readers; /* accounts other than QEMU's in the group that can read it; NULL: none */
	size_t n_readers;
	const char *readers_group;
	long users;                         /* -1: unknown */
	const char *a_user;                 /* the first of them */
	enum sc_known realm;                /* a user has a realm that QEMU uses */
	const struct sc_sasl_user *entries; /* all users, sorted by name and realm; NULL: unknown, or none (users) */
};

/* Returns the fact about a directory; NULL: unknown. */
const struct sc_sasl_fact *sc_host_sasl(const struct sc_host *host, const char *directory);

/* Returns the directory of VMs without one of their own, whether spice_sasl is on or off (qemu/qemu_command.c). */
const char *sc_sasl_shared_directory(const struct sc_host *host);

/*
 * Returns the directory that the domain's QEMU uses. *own: it is not that of the host's Spice consoles, because the domain sets it, or
 * because its VNC console sets that of vnc_sasl_dir.
 */
const char *sc_sasl_directory(const struct sc_domain *domain, const struct sc_host *host, bool *own);

/* Returns true when the method uses saslauthd, and not sasldb as well. */
bool sc_sasl_asks_saslauthd(const struct sc_sasl_fact *fact);

/* Returns what determines the mechanisms on a channel. */
struct sc_mechanism_input sc_sasl_input(const struct sc_host *host, const struct sc_sasl_fact *fact, bool tls);

/* Returns how anybody can log in on a TLS channel, as part of a sentence ("by ANONYMOUS"); NULL: nobody without a password, or unknown. */
const char *sc_sasl_admits_anybody(const struct sc_host *host, const struct sc_sasl_fact *fact);

#endif
