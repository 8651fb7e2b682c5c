/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions about text and paths. */
#ifndef SC_BASE_TEXT_H
#define SC_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* True when the bytes are UTF-8 without control characters: what an XML attribute and a line of a report can hold as it is. */
bool sc_text_is_printable(const char *text, size_t len);

/* True when path is dir (no slash at its end) or lies below it, by their letters. */
bool sc_path_below(const char *path, const char *dir);

#endif
