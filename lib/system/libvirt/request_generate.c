/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A random password: 20 of 62 characters are 119 bits. */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "plan/vm.h"

enum { LENGTH = 20 };

enum spicecfg_status spicecfg_request_generate(struct spicecfg_request *request)
{
	sc_ctx_enter(request->ctx);

	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	const unsigned count = sizeof(alphabet) - 1;
	char text[LENGTH + 1];

	for (size_t i = 0; i < LENGTH;) {
		unsigned char byte;

		if (getrandom(&byte, 1, 0) != 1)
			return sc_fail(request->ctx, SPICECFG_SYSTEM, NULL, "can't get random bytes from the system: %s", strerror(errno));
		/* Bytes above the last multiple of 62 would favour some characters. */
		if (byte < 256 / count * count)
			text[i++] = alphabet[byte % count];
	}
	text[LENGTH] = '\0';
	enum spicecfg_status status = spicecfg_request_password(request, text, LENGTH);
	explicit_bzero(text, sizeof(text));
	request->generated = !status;
	return status;
}
