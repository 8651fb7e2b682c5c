/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of tests/data/qemuconf and the expected result of an edit of each: shared by the tests of the document and of its agreement
 * with libvirt. */
#ifndef QEMUCONF_FILES_H
#define QEMUCONF_FILES_H

#include <stdio.h>
#include <string.h>

#include "doc/qemuconf.h"

/* One edit of a file, which changes exactly one of its lines. */
struct variant {
	const char *file;
	const char *key;
	const char *value; /* a digit: a number, else a string */
	unsigned line;     /* of the edited line in the result, 1-based; lines end with \n */
	bool added;        /* the line is new; otherwise it replaces the old one */
	const char *want;  /* its content, without its end of line */
};

static const struct variant variants[] = {
    {"empty", "spice_tls", "1", 1, true, "spice_tls = 1"},
    {"commented-default", "spice_tls", "1", 4, true, "spice_tls = 1"},
    {"live", "spice_tls", "1", 2, false, "spice_tls = 1"},
    {"trailing-comment", "spice_tls", "1", 3, false, "spice_tls = 1   # not yet = \"1\""},
    {"duplicates", "spice_tls", "1", 1, false, "spice_tls = 1"},
    {"single-quotes", "spice_listen", "::1", 1, false, "spice_listen = '::1'"},
    {"triple-quotes", "spice_listen", "::1", 1, false, "spice_listen = \"::1\""},
    {"triple-quotes-over-lines", "spice_sasl", "1", 8, true, "spice_sasl = 1"},
    {"list-over-lines", "spice_tls", "1", 8, false, "spice_tls = 1"},
    {"list-trailing-comma", "spice_tls", "1", 2, false, "spice_tls=1"},
    {"semicolons", "spice_tls", "1", 1, false, "spice_sasl = 0; spice_tls = 1 ; spice_auto_unix_socket = 0;"},
    {"crlf-commented", "spice_tls", "1", 3, true, "spice_tls = 1\r"},
    {"crlf-live", "spice_tls", "1", 2, false, "spice_tls = 1 # off\r"},
    {"crlf-append", "spice_tls", "1", 3, true, "spice_tls = 1\r"},
    {"no-final-newline-live", "spice_tls", "1", 2, false, "spice_tls = 1"},
    {"no-final-newline-comment", "spice_tls", "1", 3, true, "spice_tls = 1"},
    {"no-final-newline-append", "spice_tls", "1", 3, true, "spice_tls = 1"},
    {"long-lines", "spice_tls", "1", 4, true, "spice_tls = 1"},
    {"tight", "spice_tls", "1", 3, true, "spice_tls=1"},
    {"tight-live", "spice_tls", "1", 2, false, "spice_tls=1#b"},
    {"indented", "spice_tls", "1", 3, true, "   spice_tls = 1"},
    {"tabs", "spice_tls", "1", 1, false, "\tspice_tls\t=\t1\t# tab"},
    {"default-in-string", "spice_tls", "1", 6, true, "spice_tls = 1"},
    {"prose", "spice_tls", "1", 6, true, "spice_tls = 1"},
    {"commented-list", "cgroup_device_acl", "x", 6, true, "cgroup_device_acl = \"x\""},
    {"mixed-ends", "spice_tls", "1", 4, true, "spice_tls = 1\r"},
    {"latin1", "spice_tls", "1", 2, false,
     "spice_tls = 1 # \xfc"
     "ber TLS"},
    {"two-defaults", "spice_tls", "1", 4, true, "spice_tls = 1"},
    {"hash-in-string", "spice_listen", "a\"b", 1, false, "spice_listen = 'a\"b' # \"0.0.0.0\""},
    {"old-mac", "spice_tls", "1", 1, false, "# one\r#spice_tls = 1\rspice_tls = 1\r# two\r"},
    {"unknown-keys", "spice_tls", "1", 3, false, "spice_tls = 1"},
    {"signs", "spice_tls", "1", 1, false, "spice_tls = 1"},
    {"default-above-live", "spice_tls", "1", 6, false, "spice_tls = 1"},
    {"comment-behind-semicolon", "spice_tls", "1", 2, true, "spice_tls = 1"},
    {"blank-lines-at-end", "spice_tls", "1", 8, true, "spice_tls = 1"},
};
enum { N_VARIANTS = sizeof(variants) / sizeof(variants[0]) };

/* A file that is refused, and the position. */
struct broken {
	const char *file;
	unsigned line, column;
	bool ours; /* only spicecfg refuses it, libvirt doesn't */
};

static const struct broken broken[] = {
    {"bare-word", 2, 16, false},
    {"bare-address", 1, 17, false},
    {"blanks-only", 3, 1, false},
    {"byte-order-mark", 1, 1, false},
    {"colon", 1, 10, false},
    {"comment-in-list", 1, 29, false},
    {"deep-list", 1, 21, true},
    {"double-semicolon", 1, 15, false},
    {"dash-in-key", 1, 6, false},
    {"empty-value", 1, 12, false},
    {"ini-section", 1, 1, false},
    {"list-no-comma", 2, 2, false},
    {"list-not-closed", 4, 1, false},
    {"nul", 2, 18, true},
    {"nul-in-comment", 1, 4, true},
    {"number-with-letters", 1, 14, false},
    {"only-sign", 1, 14, false},
    {"string-not-closed", 2, 16, false},
    {"string-not-closed-crlf", 2, 16, false},
    {"triple-not-closed", 2, 8, false},
    {"triple-at-end", 1, 18, false},
    {"two-on-a-line", 1, 15, false},
    {"no-value-at-end", 2, 13, false},
    {"true", 1, 13, false},
};
enum { N_BROKEN = sizeof(broken) / sizeof(broken[0]) };

/* Reads a whole file; false on failure. */
static inline bool read_whole(const char *path, struct sc_buf *out)
{
	char chunk[65536];
	size_t n;
	FILE *file = fopen(path, "rb");

	if (!file)
		return false;
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		sc_buf_add(out, chunk, n);
	fclose(file);
	return !out->failed;
}

static inline bool read_data(const char *dir, const char *name, struct sc_buf *out)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/qemuconf/%s%s.conf", TEST_DATA, dir, name);
	return read_whole(path, out);
}

static inline struct sc_qemuconf_value value_of(const char *text)
{
	if (text[0] >= '0' && text[0] <= '9')
		return (struct sc_qemuconf_value){.kind = SC_QEMUCONF_INT, .number = text[0] - '0'};
	return (struct sc_qemuconf_value){.kind = SC_QEMUCONF_STRING, .text = text};
}

#endif
