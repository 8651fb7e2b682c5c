/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* On an open connection: bare dumpxml + define per domain, and the library's own way, in turn over the same domains. */
#include <libvirt/libvirt.h>
#include <spicecfg/spicecfg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int bare(virConnectPtr conn, const char *name, char heads)
{
	virDomainPtr domain = virDomainLookupByName(conn, name);
	char *xml = domain ? virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_SECURE | VIR_DOMAIN_XML_INACTIVE) : NULL;
	char *place = xml ? strstr(xml, "heads='") : NULL;

	if (!place)
		return -1;
	place[7] = heads;
	virDomainPtr defined = virDomainDefineXML(conn, xml);
	if (!defined)
		return -1;
	virDomainFree(defined);
	virDomainFree(domain);
	free(xml);
	return 0;
}

static int ours(struct spicecfg_ctx *ctx, const char *word, const char *heads)
{
	struct spicecfg_request *request = NULL;
	struct spicecfg_report *report = NULL;
	struct spicecfg_plan *plan = NULL;
	struct spicecfg_vm *vm = NULL;
	int failed = spicecfg_request_new(ctx, &request) || spicecfg_request_set(request, "heads", heads) ||
		     spicecfg_vm_open(ctx, word, false, &vm) || spicecfg_plan_vm(ctx, vm, request, &plan) ||
		     spicecfg_plan_check(plan, &report) || spicecfg_plan_commit(plan, report, NULL);

	spicecfg_report_free(report);
	spicecfg_plan_free(plan);
	spicecfg_vm_free(vm);
	spicecfg_request_free(request);
	if (failed && spicecfg_ctx_error(ctx))
		fprintf(stderr, "per_domain: %s\n", spicecfg_ctx_error(ctx)->message);
	return failed ? -1 : 0;
}

static long peak_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

int main(int argc, char **argv)
{
	static const char *const heads[] = {"1", "2"};
	int rounds = argc > 1 ? atoi(argv[1]) : 3;
	struct spicecfg_ctx *ctx = spicecfg_ctx_new();
	virConnectPtr conn = virConnectOpen(NULL);
	char **names;

	if (!ctx || !conn || spicecfg_vm_list(ctx, NULL, &names))
		return 1;
	size_t count = 0;
	while (names[count])
		count++;
	double bare_ms = 0, our_ms = 0;
	long before = 0, after = 0;
	for (int round = 0; round < rounds; round++) {
		double start = now_ms();
		for (size_t i = 0; i < count; i++)
			if (bare(conn, names[i] + strlen("domain:"), *heads[round % 2]) < 0)
				return 1;
		bare_ms += now_ms() - start;
		start = now_ms();
		for (size_t i = 0; i < count; i++) {
			if (ours(ctx, names[i], heads[(round + 1) % 2]) < 0)
				return 1;
			if (round == 0 && i == count / 10)
				before = peak_kib();
		}
		our_ms += now_ms() - start;
		after = peak_kib();
	}
	double n = (double)(count * (size_t)rounds);
	printf("per domain on an open connection, %zu domains x %d: bare dumpxml + define %.3f ms, spicecfg %.3f ms, %.2fx, %.3f ms more\n",
	       count, rounds, bare_ms / n, our_ms / n, our_ms / bare_ms, (our_ms - bare_ms) / n);
	printf("peak memory after a tenth of the first round %ld KiB, at the end %ld KiB\n", before, after);
	spicecfg_names_free(names);
	virConnectClose(conn);
	spicecfg_ctx_free(ctx);
	return 0;
}
