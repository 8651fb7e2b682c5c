/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pam_listfile.so: who gets in where its list is missing, or others may write to it. */
#include <stdio.h>
#include <string.h>

#include "plan/pam.h"

void sc_pam_judge_listfile(const struct sc_pam_entry *entry, const struct sc_pam_judge *judge, sc_pam_listfile_fn report, void *opaque)
{
	const char *args = entry->args;
	char file[512] = "", message[700];
	bool lenient = false;
	SC_BUF arg = SC_BUF_INIT;

	while (sc_pam_next_arg(&args, &arg)) {
		const char *text = sc_buf_text(&arg);

		if (strncmp(text, "file=", 5) == 0 && arg.len - 5 < sizeof(file))
			snprintf(file, sizeof(file), "%s", text + 5);
		else if (strncmp(text, "onerr=", 6) == 0)
			lenient = strcmp(text + 6, "succeed") == 0;
	}
	if (!*file || !judge->read || !judge->writers)
		return;
	enum sc_pam_writers writers = judge->writers(judge->opaque, file);
	/* the module refuses a list that everybody may write to, whatever onerr says */
	if (writers == SC_PAM_WRITERS_ALL) {
		snprintf(message, sizeof(message), "everybody may write to %s: pam_listfile.so refuses such a list, and nobody gets in",
			 file);
		report(opaque, "pam-list-unusable", message);
	} else if (writers == SC_PAM_WRITERS_SOME) {
		snprintf(message, sizeof(message), "accounts other than root may write to %s, which decides who gets in", file);
		report(opaque, "pam-list-open", message);
	} else if (!judge->read(judge->opaque, file)) {
		snprintf(message, sizeof(message), "pam_listfile.so can't read %s: %s", file,
			 lenient ? "with onerr=succeed it lets everybody pass" : "nobody gets in");
		report(opaque, lenient ? "pam-list-open" : "pam-list-unusable", message);
	} else if (lenient) {
		snprintf(message, sizeof(message), "onerr=succeed: where pam_listfile.so can't read %s, it lets everybody pass", file);
		report(opaque, "pam-list-lenient", message);
	}
}
