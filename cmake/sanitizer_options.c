/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Options of AddressSanitizer that hold for every run of the program under it, whatever the environment. */
const char *__asan_default_options(void);

/*
 * The thread-local memory of a module's libraries is found by a guess at what stands before it, which ends in a crash of the search for
 * leaks where the guess is wrong: it depends on the length of the arguments.
 */
const char *__asan_default_options(void)
{
	return "intercept_tls_get_addr=0";
}
