/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What to do about an error of the system: the second sentence of messages that say strerror(). */
#ifndef SC_BASE_WHY_H
#define SC_BASE_WHY_H

/* The advice for an errno that a path gave while it was read, or written; NULL: none. A literal, as templates of fixes are. */
const char *sc_why_read(int error);
const char *sc_why_write(int error);

#endif
