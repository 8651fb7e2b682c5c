/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/login/site.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "doc/qemuconf.h"
#include "model/domain.h"
#include "model/guard.h"
#include "model/launch.h"
#include "model/libvirt.h"
#include "model/sasl_directories.h"
#include "system/facts/saslauthd.h"
#include "system/libvirt/qemu_account.h"
#include "system/libvirt/vm_neighbours.h"
#include "system/os/data.h"
#include "system/os/file.h"
#include "system/os/found.h"
#include "system/os/look.h"
#include "system/os/names.h"

/* host gets the settings. */
static enum spicecfg_status read_qemuconf(struct sc_sasl_site *site, struct sc_host *host)
{
	SC_QEMUCONF *conf = NULL;
	enum spicecfg_status status = sc_found_read(site->ctx, site->memory, SC_QEMU_CONF, &site->host.qemuconf);

	if (!status)
		status = sc_qemuconf_parse(site->ctx, site->host.qemuconf.path, site->host.qemuconf.data ? site->host.qemuconf.data : "",
					   site->host.qemuconf.len, &conf);
	if (!status)
		status = sc_host_conf_read(site->ctx, host, conf);
	if (status)
		return status;
	site->host.spice_sasl = host->conf.spice_sasl;
	site->host.spice_tls = host->conf.spice_tls;
	site->host.spice_sasl_dir = sc_arena_strdup(site->memory, host->conf.spice_sasl_dir);
	return host->conf.spice_sasl_dir && !site->host.spice_sasl_dir ? sc_fail_memory(site->ctx) : SPICECFG_OK;
}

static enum spicecfg_status read_names(struct sc_sasl_site *site)
{
	struct sc_qemu_account account;
	const char *fqdn = NULL, *host = sc_names_host(site->ctx, site->memory, &fqdn);
	const char *names[3] = {host, fqdn, sc_arena_strndup(site->memory, host, strcspn(host, "."))};
	size_t count = 0;
	gid_t gid;
	enum spicecfg_status status = sc_qemu_account_read(site->ctx, site->memory, &account);

	if (status)
		return status;
	site->qemu.uid = account.uid;
	site->qemu.gid = account.gid;
	site->qemu.user = account.user;
	site->qemu.group = account.group;
	for (size_t i = 0; i < 3; i++) {
		bool known = !names[i] || !*names[i];

		for (size_t j = 0; j < count; j++)
			known = known || strcmp(site->host.realms[j], names[i]) == 0;
		if (!known)
			site->host.realms[count++] = names[i];
	}
	/* Debian restricts the directory of saslauthd's socket to this group; elsewhere the socket is open to all. */
	site->qemu.needs_group = sc_names_group(site->ctx, "sasl", &gid) == 0 && !sc_names_member(site->ctx, site->qemu.user, "sasl");
	if (site->qemu.needs_group)
		status = sc_found_read(site->ctx, site->memory, "/etc/group", &site->qemu.group_file);
	return status || !site->qemu.needs_group ? status
						 : sc_found_read(site->ctx, site->memory, "/etc/gshadow", &site->qemu.gshadow_file);
}

/* The kinds of ports that the first Spice console has, with the host's spice_tls and with spice_tls on. */
static enum spicecfg_status read_channels(struct sc_sasl_site *site, const struct sc_domain *domain, struct sc_host *host)
{
	const bool tls = host->conf.spice_tls;
	const struct sc_launch *launch = sc_launch_plan(domain, host, site->memory);

	host->conf.spice_tls = true;
	const struct sc_launch *with_tls = sc_launch_plan(domain, host, site->memory);
	host->conf.spice_tls = tls;
	if (!launch || !with_tls)
		return sc_fail_memory(site->ctx);
	site->vm.has_password = domain->spice && domain->spice->passwd;
	if (!launch->spice)
		return SPICECFG_OK;
	site->vm.plain = sc_console_asks_plain(launch->spice);
	site->vm.tls_wanted = sc_console_asks_tls(with_tls->spice);
	/* without spice_tls libvirt refuses a TLS port, but not one of -spice in <qemu:arg> */
	site->vm.tls = sc_console_asks_tls(launch->spice) && (tls || !launch->spice->tls);
	return SPICECFG_OK;
}

static enum spicecfg_status read_vm(struct sc_sasl_site *site, struct spicecfg_vm *vm, struct sc_host *host)
{
	SC_XML *doc = NULL;
	SC_DOMAIN *domain = NULL;
	enum spicecfg_status status = sc_xml_parse(site->ctx, vm->label, sc_buf_text(&vm->xml), vm->xml.len, &doc);

	if (!status)
		status = sc_domain_read(site->ctx, doc, &domain);
	if (status)
		return status;
	site->vm.target = vm->label;
	site->vm.uuid = vm->uuid;
	site->vm.env = sc_arena_strdup(site->memory, sc_commandline_env(sc_xml_root(doc), "SASL_CONF_PATH"));
	site->vm.said = sc_commandline_sasl(sc_xml_root(doc));
	if (!sc_commandline_guard(sc_xml_root(doc), site->memory, &site->vm.guard))
		return sc_fail_memory(site->ctx);
	if (site->vm.env && *site->vm.env && *site->vm.env != '/')
		return sc_fail_at(site->ctx, SPICECFG_INPUT, (struct sc_where){vm->kind == SC_VM_FILE ? vm->path : NULL, 0, 0},
				  "Write an absolute path into the <qemu:env>.", "the SASL_CONF_PATH of '%s' does not begin with '/'",
				  vm->label);
	status = read_channels(site, domain, host);
	if (status)
		return status;
	if (!site->vm.uuid)
		return sc_fail(site->ctx, SPICECFG_INPUT, "Define it with libvirt, which adds one, or write a complete <uuid> into it.",
			       "'%s' has no UUID, which its SASL directory is named after", vm->label);
	return SPICECFG_OK;
}

/* The file that libsasl2 uses: the first qemu.conf in the directories; none: the path where one would be made. */
static enum spicecfg_status find_conf(struct sc_sasl_site *site)
{
	struct sc_found found = {0};
	enum spicecfg_status status = SPICECFG_OK;

	for (const char *at = site->scope.directory; !status && at && !found.exists;) {
		size_t len = strcspn(at, ":"), bare = len;

		while (bare && at[bare - 1] == '/')
			bare--;
		const char *path = sc_arena_printf(site->memory, "%.*s/qemu.conf", (int)bare, at);

		status = path ? sc_found_read(site->ctx, site->memory, path, &found) : sc_fail_memory(site->ctx);
		if (!site->scope.conf.path || found.exists) {
			site->scope.conf = found;
			site->scope.conf_name = path;
		}
		at = at[len] ? at + len + 1 : NULL;
	}
	return status ? status : sc_found_parents(site->ctx, site->memory, site->scope.conf.path, &site->scope.parents);
}

enum spicecfg_status sc_site_claim(const struct sc_sasl_site *site, const struct spicecfg_vm *vm)
{
	const char *own = vm ? sc_arena_printf(site->memory, SC_SASL_OWN_BASE "/%s", site->vm.uuid) : NULL;

	if (!vm || sc_vm_is_own(vm))
		return SPICECFG_OK;
	if (!own)
		return sc_fail_memory(site->ctx);
	const char *name = sc_vm_find_uuid(site->ctx, site->vm.uuid, site->memory);
	if (name) {
		(void)sc_fail(site->ctx, SPICECFG_USAGE, NULL,
			      "'%s' has the UUID of '%s', a VM of this host, to which the logins of that UUID belong", vm->label, name);
		sc_fail_fixf(site->ctx, "Name the domain: --vm domain:%s", name);
		return SPICECFG_USAGE;
	}
	if (!site->vm.env || !*site->vm.env || sc_guard_same_file(site->vm.env, own))
		return SPICECFG_OK;
	return sc_fail(site->ctx, SPICECFG_USAGE, "Name a domain of this host, or remove the <qemu:env> from the file.",
		       "'%s' has '%s' as its SASL_CONF_PATH: only a VM of this host may use a directory other than %s", vm->label,
		       site->vm.env, own);
}

enum spicecfg_status sc_site_database(struct sc_sasl_site *site, const char *path)
{
	static const char *const suffixes[] = {"", ".pag", ".dir"};
	size_t count = 0;
	enum spicecfg_status status = sc_found_parents(site->ctx, site->memory, path, &site->db.parents);

	site->db.path = sc_arena_strdup(site->memory, path);
	site->db.files[0] = site->db.files[1] = (struct sc_found){0};
	for (size_t i = 0; !status && i < 3 && count < 2; i++) {
		struct sc_found found;
		const char *name = sc_arena_printf(site->memory, "%s%s", path, suffixes[i]);

		status = name ? sc_found_read(site->ctx, site->memory, name, &found) : sc_fail_memory(site->ctx);
		if (status || !found.exists)
			continue;
		site->db.files[count] = found;
		site->db.suffix[count++] = suffixes[i];
	}
	return status || site->db.path ? status : sc_fail_memory(site->ctx);
}

enum spicecfg_status sc_site_sasldb(const struct sc_sasl_site *site, struct sc_sasldb *db)
{
	*db = (struct sc_sasldb){0};
	db->name = site->db.path;
	/* an empty Berkeley DB file is not a database: libsasl2 can't read it, and makes a new one */
	if (site->db.files[0].path && !site->db.files[0].len && !*site->db.suffix[0])
		return SPICECFG_OK;
	for (size_t i = 0; i < 2 && site->db.files[i].path; i++) {
		db->file[i].suffix = site->db.suffix[i];
		sc_buf_add(&db->file[i].bytes, site->db.files[i].data ? site->db.files[i].data : "", site->db.files[i].len);
		db->n_files++;
		if (db->file[i].bytes.failed)
			return sc_fail_memory(site->ctx);
	}
	return SPICECFG_OK;
}

static enum spicecfg_status read_conf_database(struct sc_sasl_site *site)
{
	SC_SASLCONF *conf = NULL;
	enum spicecfg_status status = SPICECFG_OK;

	if (site->scope.conf.exists)
		status = sc_saslconf_parse(site->ctx, site->scope.conf.path, site->scope.conf.data ? site->scope.conf.data : "",
					   site->scope.conf.len, &conf);
	if (status)
		return status;
	const char *path = conf ? sc_saslconf_get(conf, "sasldb_path", NULL) : NULL;
	if (conf && sc_sasl_is_saslauthd(conf))
		return SPICECFG_OK;
	site->db.named = path && *path == '/';
	return sc_site_database(site, site->db.named ? path : SC_SASL_DEFAULT_DB);
}

enum spicecfg_status sc_site_read(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm, bool own, struct sc_arena *memory,
				  struct sc_sasl_site *site)
{
	*site = (struct sc_sasl_site){.ctx = ctx, .memory = memory};
	site->host.family = sc_host_family(ctx);
	SC_HOST_FACTS *host = sc_host_new(ctx);
	enum spicecfg_status status = host ? read_qemuconf(site, host) : SPICECFG_SYSTEM;
	if (!status)
		status = read_names(site);
	if (!status)
		status = sc_host_saslauthd(ctx, memory, site->host.family, &site->saslauthd);
	if (!status && vm)
		status = read_vm(site, vm, host);
	if (!vm)
		site->vm.tls = site->vm.plain = true;
	site->scope.directory = vm && site->vm.env && *site->vm.env ? site->vm.env : NULL;
	if (!status && !site->scope.directory && vm && own)
		site->scope.directory = sc_arena_printf(memory, "%s/%s", SC_SASL_OWN_BASE, site->vm.uuid);
	if (!status && !site->scope.directory && site->vm.env && !own) /* libsasl2 then searches "/" */
		site->scope.directory = sc_sasl_directories(memory, site->vm.env);
	if (!status && !site->scope.directory)
		site->scope.directory = site->host.spice_sasl_dir ? site->host.spice_sasl_dir : SC_SASL_HOST_DIR;
	if (!status && vm && own && site->vm.uuid) {
		site->saslauthd.mux = sc_arena_printf(memory, "%s/%s/mux", SC_SASL_OWN_MUX, site->vm.uuid);
		if (!site->saslauthd.mux)
			status = sc_fail_memory(ctx);
	}
	if (!status)
		status = find_conf(site);
	if (!status)
		status = read_conf_database(site);
	if (!status)
		status = sc_data_text(ctx, memory, "sasl2/qemu.conf", &site->templates.sasldb);
	return status ? status : sc_data_text(ctx, memory, "sasl2/qemu-saslauthd.conf", &site->templates.saslauthd);
}
