/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of SASL on the host and for one VM (the site), and the pure parts of its plans. */
#ifndef SC_PLAN_SASL_H
#define SC_PLAN_SASL_H

#include <spicecfg/sasl.h>

#include "doc/saslconf.h"
#include "model/sasl.h"
#include "plan/commandline.h"
#include "plan/files.h"

#define SC_SASL_DEFAULT_DB "/etc/sasldb2" /* libsasl2's own default */
#define SC_SASL_OWN_MUX "/run/spicecfg/saslauthd"
#define SC_PAM_OWN_BASE "/etc/spicecfg/pam"

enum sc_distro { SC_DISTRO_DEBIAN, SC_DISTRO_SUSE, SC_DISTRO_REDHAT };

/* saslauthd's own settings: /etc/default/saslauthd or /etc/sysconfig/saslauthd. */
struct sc_saslauthd {
	struct sc_found file; /* path NULL: neither exists */
	const char *mech_key, *threads_key;
	const char *mux;      /* the path of its socket for QEMU */
	const char *host_mux; /* the path on the host */
};

/* Filled by lib/system/login/site.c, each part by the function that it names. */
struct sc_sasl_site {
	struct spicecfg_ctx *ctx;
	struct sc_arena *memory;
	/* The VM, if the scope is a VM: read_vm(). */
	struct sc_site_vm {
		const char *target; /* NULL: the host */
		const char *uuid;
		const char *env; /* its SASL_CONF_PATH, NULL: none */
		enum sc_sasl_switch said;
		const char *guard; /* the file that its guard names; "": none; NULL: it has no guard */
		bool has_password;
		bool tls, plain; /* the kinds of ports that it has; of the host: both */
		bool tls_wanted; /* the definition has a TLS port, or would get one with spice_tls */
	} vm;
	/* The host: read_qemuconf(), read_names(). */
	struct sc_site_host {
		enum sc_distro family;
		struct sc_found qemuconf;
		bool spice_sasl, spice_tls;
		const char *spice_sasl_dir; /* NULL: not set */
		const char *realms[4];      /* the host's names, short and full; NULL-terminated */
	} host;
	/* The account that QEMU runs as: read_names(). */
	struct sc_site_qemu {
		uid_t uid;
		gid_t gid;
		const char *user, *group;
		bool needs_group; /* it is not in the group sasl, which saslauthd's directory is restricted to */
		struct sc_found group_file, gshadow_file;
	} qemu;
	struct sc_saslauthd saslauthd; /* sc_host_saslauthd() */
	/* The SASL file that is read or written: find_conf(). */
	struct sc_site_scope {
		const char *directory;    /* as passed to libsasl2: one directory, or several separated by ':' */
		struct sc_found conf;     /* the file in effect, or (missing) where it would be made */
		const char *conf_name;    /* its path as passed to QEMU, links not followed */
		struct sc_found *parents; /* of conf, outermost first; ends with a path of NULL */
	} scope;
	/* Its database: sc_site_database(). */
	struct sc_site_database {
		const char *path; /* NULL: the backend has none */
		bool named;       /* the SASL file names it; otherwise it is libsasl2's default */
		struct sc_found *parents;
		struct sc_found files[2]; /* path NULL: none */
		const char *suffix[2];
	} db;
	/* New SASL files: sc_site_read(). */
	struct sc_site_templates {
		const char *sasldb, *saslauthd;
	} templates;
};

/* Whether pwcheck_method names saslauthd and not auxprop too. */
bool sc_sasl_is_saslauthd(const struct sc_saslconf *conf);

/*
 * The new SASL file: the old one edited, or the template with its paths filled in. The request's backend, mechanisms and database are
 * resolved into *saslauthd and *conf (free with sc_saslconf_free()). Pure. SPICECFG_USAGE: a value of the request is not valid.
 */
SPICECFG_CHECKED enum spicecfg_status sc_sasl_conf_edit(const struct sc_sasl_site *site, const struct spicecfg_sasl_request *request,
							struct sc_saslconf **conf, bool *saslauthd);

/* Adds the SASL file and its directories. SPICECFG_INPUT: the file is also libvirt's qemu.conf. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_sasl_conf(struct spicecfg_plan *plan, const struct sc_sasl_site *site,
							const struct sc_saslconf *conf);

/* Adds saslauthd's own file (mechanism pam, 5 threads, no cache) and QEMU's membership in the group that guards its socket. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_saslauthd(struct spicecfg_plan *plan, const struct sc_sasl_site *site);

/* Removes the cache from the options of the host's saslauthd before it serves a VM; *changed: it had one. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_uncache(struct spicecfg_plan *plan, const struct sc_sasl_site *site, bool *changed);

/* Adds the edit of spice_sasl in qemu.conf. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_spice_sasl(struct spicecfg_plan *plan, const struct sc_sasl_site *site, bool on);

/* Notes if no mechanism will be offered to clients. */
SPICECFG_CHECKED enum spicecfg_status sc_plan_sasl_notes(struct spicecfg_plan *plan, const struct sc_sasl_site *site,
							 const struct sc_saslconf *conf);

/* Whether a sasldb, a PAM file or a unit may have this name: 1 to 255 bytes, no control characters, no blanks around it. */
bool sc_sasl_name_is_sound(const char *name);

#endif
