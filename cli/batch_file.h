/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of verbs, one a line. */
#ifndef CLI_BATCH_FILE_H
#define CLI_BATCH_FILE_H

#include "batch.h"

struct cli_batch_text {
	const char *name; /* for messages */
	char *bytes;
	size_t len;
};

/* Reads file ("-": stdin), at most 1 MiB. SPICECFG_INPUT: it can't be read, or is not text. In every case text is to be freed. */
enum spicecfg_status cli_batch_text_read(struct cli *cli, const char *file, struct cli_batch_text *text);
void cli_batch_text_free(struct cli_batch_text *text);

/* Plans all lines; the line that fails is named on stderr. */
enum spicecfg_status cli_batch_text_add(struct cli *cli, struct cli_batch *batch, const struct cli_batch_text *text);

#endif
