/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passwords come from a file, stdin or a prompt; they are never echoed, never an argument, and wiped after use. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "error.h"

enum { SECRET_MAX = 4096 };

/* One line from fd into line (SECRET_MAX bytes); read() byte by byte, so that no stdio buffer keeps a copy. -1: error, too long. */
static ssize_t read_line(int fd, char *line)
{
	size_t len = 0;

	while (len < SECRET_MAX) {
		ssize_t n = read(fd, line + len, 1);

		if (n < 0 && errno == EINTR)
			return -1;
		if (n < 0)
			return -1;
		if (n == 0 || line[len] == '\n')
			return (ssize_t)len;
		len++;
	}
	errno = EMSGSIZE;
	return -1;
}

static ssize_t prompt_line(int tty, const char *prompt, char *line)
{
	struct termios before, silent;

	if (tcgetattr(tty, &before) < 0)
		return -1;
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	dprintf(tty, "%s: ", prompt);
	if (tcsetattr(tty, TCSAFLUSH, &silent) < 0)
		return -1;
	ssize_t len = read_line(tty, line);
	int saved = errno;
	(void)tcsetattr(tty, TCSAFLUSH, &before);
	dprintf(tty, "\n");
	errno = saved;
	return len;
}

static enum spicecfg_status from_prompt(struct cli *cli, const char *prompt, bool confirm, char *line, ssize_t *len)
{
	char again[SECRET_MAX];
	enum spicecfg_status status = SPICECFG_OK;
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (tty < 0)
		return cli_fail(cli, SPICECFG_INPUT, "Use --password-file FILE, or pipe the password in.",
				"there is no terminal on which to ask for the password");
	*len = prompt_line(tty, prompt, line);
	if (*len < 0 && errno == EINTR) {
		status = cli_fail(cli, SPICECFG_INTERRUPTED, NULL, "interrupted; nothing was changed");
	} else if (*len < 0) {
		status =
		    cli_fail(cli, SPICECFG_INPUT, "Name a file with --password-file.", "the password can't be read: %s", strerror(errno));
	} else if (confirm) {
		ssize_t second = prompt_line(tty, "Repeat password", again);

		if (second < 0 && errno == EINTR)
			status = cli_fail(cli, SPICECFG_INTERRUPTED, NULL, "interrupted; nothing was changed");
		else if (second != *len || memcmp(line, again, (size_t)*len) != 0)
			status = cli_fail(cli, SPICECFG_INPUT, "Type the same password twice.", "the two passwords differ");
		explicit_bzero(again, sizeof(again));
	}
	close(tty);
	return status;
}

static enum spicecfg_status from_file(struct cli *cli, const char *file, char *line, ssize_t *len)
{
	bool is_stdin = strcmp(file, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);

	*len = fd < 0 ? -1 : read_line(fd, line);
	int saved = errno;
	if (fd >= 0 && !is_stdin)
		close(fd);
	if (*len < 0)
		return cli_fail(cli, SPICECFG_INPUT, "Name a readable file whose first line is the password.",
				"the password file can't be read: %s; its name is not shown, because it may be the password",
				strerror(saved));
	return SPICECFG_OK;
}

struct cli_secrets {
	struct cli_secrets *next;
	struct cli_secret secret;
	char file[];
};

static const struct cli_secret *find_secret(const struct cli *cli, const char *file)
{
	for (const struct cli_secrets *one = cli->secrets; one; one = one->next)
		if (strcmp(one->file, file) == 0)
			return &one->secret;
	return NULL;
}

static bool copy_secret(struct cli_secret *out, const char *text, size_t len)
{
	*out = (struct cli_secret){malloc(len + 1), len};
	if (!out->text)
		return false;
	memcpy(out->text, text, len);
	out->text[len] = '\0';
	return true;
}

/* Without memory the file is read again. */
static void keep_secret(struct cli *cli, const char *file, const struct cli_secret *secret)
{
	struct cli_secrets *one = calloc(1, sizeof(*one) + strlen(file) + 1);

	if (!one || !copy_secret(&one->secret, secret->text, secret->len)) {
		free(one);
		return;
	}
	memcpy(one->file, file, strlen(file));
	one->next = cli->secrets;
	cli->secrets = one;
}

void cli_secrets_free(struct cli *cli)
{
	while (cli->secrets) {
		struct cli_secrets *one = cli->secrets;

		cli->secrets = one->next;
		cli_secret_free(&one->secret);
		free(one);
	}
}

static enum spicecfg_status read_once(struct cli *cli, const char *prompt, bool confirm, struct cli_secret *out)
{
	const char *file = cli_get(cli, "password-file");
	char line[SECRET_MAX];
	ssize_t len = -1;
	enum spicecfg_status status = SPICECFG_OK;

	if (cli->trial)
		len = snprintf(line, sizeof(line), "a password that is never set");
	else if (!file && isatty(STDIN_FILENO))
		status = from_prompt(cli, prompt, confirm, line, &len);
	else
		status = from_file(cli, file ? file : "-", line, &len);
	if (!status && len > 0 && line[len - 1] == '\r')
		len--;
	if (!status && len <= 0)
		status = cli_fail(cli, SPICECFG_INPUT, "Give one with --password-file FILE, on stdin, or at the prompt.",
				  "the password is empty");
	if (!status && !copy_secret(out, line, (size_t)len))
		status = cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	explicit_bzero(line, sizeof(line));
	return status;
}

enum spicecfg_status cli_secret_read(struct cli *cli, const char *prompt, bool confirm, struct cli_secret *out)
{
	const char *file = cli_get(cli, "password-file");

	*out = (struct cli_secret){NULL, 0};
	if (!cli->batch || cli->trial)
		return read_once(cli, prompt, confirm, out);
	if (!file || strcmp(file, "-") == 0)
		return cli_usage(cli, "a batch reads passwords from files only: add --password-file FILE to the line");
	const struct cli_secret *known = find_secret(cli, file);
	if (known)
		return copy_secret(out, known->text, known->len) ? SPICECFG_OK : cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
	enum spicecfg_status status = read_once(cli, prompt, confirm, out);
	if (!status)
		keep_secret(cli, file, out);
	return status;
}

void cli_secret_free(struct cli_secret *secret)
{
	if (secret->text)
		explicit_bzero(secret->text, secret->len);
	free(secret->text);
	*secret = (struct cli_secret){NULL, 0};
}
