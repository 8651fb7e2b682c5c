/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AddressSanitizer options for every run of the program, whatever the environment says. */
const char *__asan_default_options(void);

/*
 * AddressSanitizer finds the thread-local memory of a module's libraries by a guess about what precedes it. Where the guess is wrong, which
 * depends on the length of the arguments, the leak check crashes.
 */
const char *__asan_default_options(void)
{
	return "intercept_tls_get_addr=0";
}
