/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/pki.h"

#include <arpa/inet.h>
#include <string.h>

enum { DAYS_MAX = 36500, DAY = 24 * 60 * 60, CLOCK_SKEW = 60 * 60 };

struct sc_pki_bytes sc_pki_file_bytes(const struct sc_pki_file *file)
{
	return (struct sc_pki_bytes){file->path, file->exists ? sc_buf_text(&file->bytes) : NULL, file->bytes.len};
}

static size_t count(const char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

static enum spicecfg_status check_names(struct spicecfg_plan *plan, const char *const *names)
{
	for (; names && *names; names++) {
		const char *wrong = sc_pki_name_wrong(*names);

		if (wrong)
			return sc_fail(plan->ctx, SPICECFG_USAGE, "Use --host for a name that clients connect to, --ip for an address.",
				       "the name '%s' %s", *names, wrong);
	}
	return SPICECFG_OK;
}

static enum spicecfg_status normal_ips(struct spicecfg_plan *plan, const char *const *ips, const char *const **out)
{
	const char **list = sc_arena_alloc(plan->memory, (count(ips) + 1) * sizeof(*list));
	char text[INET6_ADDRSTRLEN];

	for (size_t i = 0; list && ips && ips[i]; i++) {
		if (!sc_pki_ip_normal(ips[i], text, sizeof(text)))
			return sc_fail(plan->ctx, SPICECFG_USAGE, "Give an IPv4 or IPv6 address; use --host for names.",
				       "'%s' is not an IP address", ips[i]);
		if (!(list[i] = sc_arena_strdup(plan->memory, text)))
			return sc_fail_memory(plan->ctx);
	}
	*out = list;
	return list ? SPICECFG_OK : sc_fail_memory(plan->ctx);
}

enum spicecfg_status sc_pki_subject_fill(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in, const char *const *names,
					 const char *const *ips, struct sc_pki_subject *out)
{
	const struct spicecfg_pki_request *request = in->request;

	out->dns = count(request->hosts) ? request->hosts : names;
	ips = count(request->ips) ? request->ips : ips;
	if (!count(out->dns) && !count(ips))
		return sc_fail(plan->ctx, SPICECFG_USAGE, "Give a name with --host.",
			       "the host has no name that a certificate could contain");
	enum spicecfg_status status = check_names(plan, out->dns);
	return status ? status : normal_ips(plan, ips, &out->ip);
}

enum spicecfg_status sc_pki_dates_fill(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in, int days,
				       const struct spicecfg_cert *issuer, struct sc_pki_subject *out)
{
	int asked = in->request->days;

	if (asked < 0 || asked > DAYS_MAX)
		return sc_fail(plan->ctx, SPICECFG_USAGE, "Use a number in that range.", "the number of days, %d, is not between 1 and %d",
			       asked, DAYS_MAX);
	out->not_before = in->now - CLOCK_SKEW;
	out->not_after = in->now + (int64_t)(asked ? asked : days) * DAY;
	if (!issuer)
		return SPICECFG_OK;
	if (issuer->not_after <= in->now)
		return sc_fail(plan->ctx, SPICECFG_INPUT, "Renew it first: `spicecfg pki renew --ca-itself`",
			       "the CA's own certificate has expired");
	if (asked && out->not_after > issuer->not_after)
		return sc_fail(plan->ctx, SPICECFG_USAGE, "Ask for fewer days, or renew the CA first: `spicecfg pki renew --ca-itself`",
			       "%d days is more than the CA's own certificate has left (%lld)", asked,
			       (long long)sc_pki_days_left(issuer->not_after, in->now));
	if (out->not_after > issuer->not_after)
		out->not_after = issuer->not_after;
	if (out->not_before < issuer->not_before)
		out->not_before = issuer->not_before;
	return SPICECFG_OK;
}

enum spicecfg_status sc_pki_key_type(struct spicecfg_plan *plan, const struct sc_pki_snapshot *in, enum sc_pki_key_type *out)
{
	const char *type = in->request->key_type;

	*out = type && strcmp(type, "rsa") == 0 ? SC_PKI_RSA : SC_PKI_EC;
	if (type && strcmp(type, "rsa") != 0 && strcmp(type, "ec") != 0)
		return sc_fail(plan->ctx, SPICECFG_USAGE, "Use ec or rsa.", "'%s' is not a key type", type);
	if (type && in->request->keep_key)
		return sc_fail(plan->ctx, SPICECFG_USAGE, "Omit one of the two options.", "a key that is kept can't get another type");
	return SPICECFG_OK;
}

static enum spicecfg_status add_mkdir(struct spicecfg_plan *plan, const char *path, uid_t uid, gid_t gid, mode_t bits)
{
	const struct sc_step step = {
	    .type = SC_STEP_MKDIR,
	    .document = path,
	    .path = path,
	    .want = {.owner = true, .group = true, .mode = true, .uid = uid, .gid = gid, .bits = bits},
	    .effects = SPICECFG_EFFECT_NOW,
	};
	const struct spicecfg_change change = {path, "", NULL, sc_arena_printf(plan->memory, "directory, mode %04o", (unsigned)bits),
					       SPICECFG_EFFECT_NOW};
	enum spicecfg_status status = sc_plan_step(plan, &step);

	return status ? status : sc_plan_change(plan, &change);
}

enum spicecfg_status sc_pki_add_dir(struct spicecfg_plan *plan, const struct sc_pki_dir *dir, uid_t uid, gid_t gid, mode_t bits)
{
	enum spicecfg_status status = SPICECFG_OK;

	if (dir->exists)
		return SPICECFG_OK;
	for (const char *const *above = dir->missing; *above && !status; above++)
		status = add_mkdir(plan, *above, 0, 0, 0755);
	return status ? status : add_mkdir(plan, dir->path, uid, gid, bits);
}

static enum spicecfg_status add_owner_changes(struct spicecfg_plan *plan, const struct sc_pki_put *put)
{
	const struct sc_pki_file *file = put->file;
	enum spicecfg_status status = SPICECFG_OK;

	if (file->uid != 0 || file->gid != put->gid) {
		const struct spicecfg_change owner = {file->path, "owner", sc_arena_printf(plan->memory, "%u:%u", file->uid, file->gid),
						      sc_arena_printf(plan->memory, "0:%u", put->gid), put->effects};

		status = sc_plan_change(plan, &owner);
	}
	if (!status && file->bits != put->bits) {
		const struct spicecfg_change mode = {file->path, "mode", sc_arena_printf(plan->memory, "%04o", (unsigned)file->bits),
						     sc_arena_printf(plan->memory, "%04o", (unsigned)put->bits), put->effects};

		status = sc_plan_change(plan, &mode);
	}
	return status;
}

enum spicecfg_status sc_pki_add_file(struct spicecfg_plan *plan, const struct sc_pki_put *put)
{
	const struct sc_pki_file *file = put->file;
	struct sc_pki_bytes old = sc_pki_file_bytes(file);
	bool same = old.data && put->new &&old.len == put->new_len &&memcmp(old.data, put->new, old.len) == 0;
	enum spicecfg_status status = SPICECFG_OK;

	if ((!old.data && !put->new) || (same && (file->outside || (file->uid == 0 && file->gid == put->gid && file->bits == put->bits))))
		return sc_plan_watch(plan, file->path, file->outside);
	if (file->link)
		return sc_fail_at(plan->ctx, SPICECFG_INPUT, (struct sc_where){file->path, 0, 0},
				  "Replace it with a file, or name another --dir.", "is a symbolic link, through which nothing is written");
	struct sc_step step = {
	    .type = SC_STEP_FILE,
	    .document = file->path,
	    .path = file->path,
	    .old = old.data,
	    .old_len = old.len,
	    .new = put->new,
	    .new_len = put->new_len,
	    .secret = put->secret,
	    .outside = file->outside,
	    .effects = put->effects,
	};
	if (put->new && !file->outside)
		step.want = (struct sc_want){.owner = true, .group = true, .mode = true, .uid = 0, .gid = put->gid, .bits = put->bits};
	if (!same) {
		const struct spicecfg_change change = {file->path, "", old.data ? put->from ? put->from : "something else" : NULL,
						       put->new ? put->to : NULL, put->effects};

		status = sc_plan_change(plan, &change);
	}
	if (!status && old.data && put->new && !file->outside)
		status = add_owner_changes(plan, put);
	return status ? status : sc_plan_step(plan, &step);
}

struct sc_pki_facts *sc_pki_try(const struct sc_pki_snapshot *in, struct sc_pki_bytes ca, struct sc_pki_bytes cert, struct sc_pki_bytes key)
{
	struct spicecfg_ctx *scratch = spicecfg_ctx_new();
	struct sc_pki_facts *facts = NULL;

	if (scratch && in->ops->inspect(scratch, &ca, &cert, &key, &facts))
		facts = NULL;
	spicecfg_ctx_free(scratch);
	return facts;
}

const char *sc_pki_describe(struct spicecfg_plan *plan, const struct spicecfg_cert *cert)
{
	char end[32];

	if (!cert)
		return NULL;
	spicecfg_pki_time(cert->not_after, end, sizeof(end));
	return sc_arena_printf(plan->memory, "%s by %s until %s", cert->subject, cert->self_signed ? "itself" : cert->issuer, end);
}
