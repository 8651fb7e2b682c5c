/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* On an open connection: bare dumpxml + define per domain, and the same with the library, in turn over the same domains. */
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
		     spicecfg_vm_open(ctx, word, false, &vm) || spicecfg_plan_new(ctx, &plan) || spicecfg_plan_vm(plan, vm, request) ||
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

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *times, size_t n)
{
	qsort(times, n, sizeof(*times), by_size);
	return times[n / 2];
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
	size_t n = count * (size_t)rounds, done = 0;
	double *bare_ms = calloc(n, sizeof(*bare_ms)), *our_ms = calloc(n, sizeof(*our_ms));
	long before = 0;
	if (!n || !bare_ms || !our_ms)
		return 1;
	for (int round = 0; round < rounds; round++) {
		for (size_t i = 0; i < count; i++, done++) {
			double start = now_ms();
			if (bare(conn, names[i] + strlen("domain:"), *heads[round % 2]) < 0)
				return 1;
			bare_ms[done] = now_ms() - start;
			start = now_ms();
			if (ours(ctx, names[i], heads[(round + 1) % 2]) < 0)
				return 1;
			our_ms[done] = now_ms() - start;
			if (round == 0 && i == count / 10)
				before = peak_kib();
		}
	}
	double base = median(bare_ms, n), with = median(our_ms, n);
	printf(
	    "per domain on an open connection, %zu domains x %d, in turn, median: bare dumpxml + define %.3f ms, spicecfg %.3f ms, %.2fx, "
	    "%.3f ms more\n",
	    count, rounds, base, with, with / base, with - base);
	printf("peak memory after a tenth of the first round %ld KiB, at the end %ld KiB\n", before, peak_kib());
	free(bare_ms);
	free(our_ms);
	spicecfg_names_free(names);
	virConnectClose(conn);
	spicecfg_ctx_free(ctx);
	return 0;
}
