/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/sasl.h"

#include <string.h>
#include <strings.h>

const struct sc_sasl_fact *sc_host_sasl(const struct sc_host *host, const char *directory)
{
	for (size_t i = 0; i < host->sasl.n_facts; i++)
		if (strcmp(host->sasl.facts[i].directory, directory) == 0)
			return &host->sasl.facts[i];
	return NULL;
}

const char *sc_sasl_shared_directory(const struct sc_host *host)
{
	const char *dir = host->conf.spice_sasl ? host->conf.spice_sasl_dir : NULL;

	return dir ? dir : SC_SASL_HOST_DIR;
}

const char *sc_sasl_directory(const struct sc_domain *domain, const struct sc_host *host, bool *own)
{
	const char *directory = NULL;

	*own = domain->sasl_env != NULL;
	if (*own)
		return domain->sasl_directories;
	/* each console of the VM sets the variable again, in their order */
	for (size_t i = 0; i < domain->n_graphics; i++) {
		const struct sc_qemu_conf *conf = &host->conf;

		if (domain->graphics[i].kind == SC_GRAPHICS_SPICE && conf->spice_sasl && conf->spice_sasl_dir)
			directory = conf->spice_sasl_dir;
		if (domain->graphics[i].kind == SC_GRAPHICS_VNC && conf->vnc_sasl && conf->vnc_sasl_dir)
			directory = conf->vnc_sasl_dir;
	}
	*own = directory && directory != host->conf.spice_sasl_dir;
	return directory ? directory : SC_SASL_HOST_DIR;
}

bool sc_sasl_asks_saslauthd(const struct sc_sasl_fact *fact)
{
	return fact->method && strstr(fact->method, "saslauthd") && !strstr(fact->method, "auxprop");
}

static bool has_plugin(const void *opaque, const char *plugin)
{
	const struct sc_host *host = opaque;

	for (size_t i = 0; i < host->sasl.n_plugins; i++)
		if (strcmp(host->sasl.plugins[i], plugin) == 0)
			return true;
	return false;
}

struct sc_mechanism_input sc_sasl_input(const struct sc_host *host, const struct sc_sasl_fact *fact, bool tls)
{
	return (struct sc_mechanism_input){
	    .mech_list = fact->state == SC_SASL_FILE_OK ? fact->mech_list : NULL,
	    .saslauthd = sc_sasl_asks_saslauthd(fact),
	    .tls = tls,
	    .has_plugin = host->sasl.plugins ? has_plugin : NULL,
	    .opaque = host,
	};
}

struct anybody {
	bool anonymous, plain;
};

static void look(void *opaque, const char *name, size_t len, const struct sc_mechanism *mechanism, enum sc_mechanism_outcome outcome)
{
	struct anybody *anybody = opaque;

	(void)name;
	(void)len;
	anybody->anonymous |= outcome == SC_MECH_ANYBODY;
	anybody->plain |= outcome == SC_MECH_OFFERED && mechanism && !mechanism->no_plaintext;
}

const char *sc_sasl_admits_anybody(const struct sc_host *host, const struct sc_sasl_fact *fact)
{
	struct anybody anybody = {false, false};

	/* with an invalid file QEMU does not start */
	if (!fact || fact->state == SC_SASL_FILE_UNKNOWN || fact->state == SC_SASL_FILE_BROKEN)
		return NULL;
	struct sc_mechanism_input input = sc_sasl_input(host, fact, true);
	sc_mechanism_each(&input, look, &anybody);
	if (anybody.anonymous)
		return "by ANONYMOUS";
	if (anybody.plain && fact->state == SC_SASL_FILE_OK && fact->method && strstr(fact->method, "alwaystrue"))
		return "with any password (pwcheck_method alwaystrue)";
	return NULL;
}
