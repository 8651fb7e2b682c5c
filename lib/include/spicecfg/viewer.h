/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file
 * How clients open the Spice console of a VM: the command lines of remote-viewer, virt-viewer and ssh, and remote-viewer's connection file.
 */
#ifndef SPICECFG_VIEWER_H
#define SPICECFG_VIEWER_H

#include <spicecfg/plan.h>
#include <spicecfg/vm.h>

#ifdef __cplusplus
extern "C" {
#endif

/** From where, and as whom, a console is opened. Each member but size can be NULL or false. */
struct spicecfg_viewer_request {
	size_t size;       /**< of this struct */
	const char *host;  /**< name or address by which clients reach the host; NULL: the host's own name */
	const char *reach; /**< "network", "loopback", "socket", "ssh" or "libvirt"; NULL: all that the console has */
	const char *user;  /**< the login name, for ssh and SASL */
	bool x11;          /**< by ssh: the client runs on the host and shows its windows on the client, with sound if the VM has it */
};

/** A command. Those of one reach belong together and are run in their order. */
struct spicecfg_viewer_command {
	const char *reach;
	bool on_host;                   /**< to be run on the host; else on the client */
	const struct spicecfg_fix *fix; /**< its words, for spicecfg_fix_text() and spicecfg_fix_argv() */
};

struct spicecfg_viewer;

/**
 * Reads how clients open a VM's console. For a running VM its present ports count. Of a definition that is not one of this host or root it
 * is assumed that TLS is on where it has a TLS port.
 *
 * @param ctx the context that the VM was opened with
 * @param vm the VM
 * @param request the question
 * @param out the answer, to be freed with spicecfg_viewer_free(); NULL on failure
 * @return SPICECFG_OK; SPICECFG_USAGE when a member of the request is not valid; SPICECFG_FINDINGS, with an error that says why, when the
 * console can't be reached that way; SPICECFG_INPUT when the VM has no Spice console, or qemu.conf is malformed
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_viewer_read(struct spicecfg_ctx *ctx, struct spicecfg_vm *vm,
							   const struct spicecfg_viewer_request *request, struct spicecfg_viewer **out);

/**
 * Returns a command.
 *
 * @param viewer the answer
 * @param index which one, from 0
 * @return the command, which belongs to viewer; NULL after the last
 */
const struct spicecfg_viewer_command *spicecfg_viewer_command(const struct spicecfg_viewer *viewer, size_t index);

/**
 * Returns a note: a sentence about what the user will see, or has to know.
 *
 * @param viewer the answer
 * @param index which one, from 0
 * @return the note, which belongs to viewer; NULL after the last
 */
const char *spicecfg_viewer_note(const struct spicecfg_viewer *viewer, size_t index);

/**
 * Plans to write a connection file for remote-viewer, with the CA's certificates and without a password.
 *
 * @param plan the plan that it is added to
 * @param viewer the answer
 * @param file the path of the file, which need not exist, relative to the working directory even with a root
 * @return SPICECFG_OK; SPICECFG_FINDINGS when the port or socket is only known while the VM runs; and as spicecfg_plan_redirect() for the
 * file
 */
SPICECFG_CHECKED enum spicecfg_status spicecfg_plan_viewer(struct spicecfg_plan *plan, const struct spicecfg_viewer *viewer,
							   const char *file);

/**
 * Frees what spicecfg_viewer_read() returned.
 *
 * @param viewer the answer, or NULL
 */
void spicecfg_viewer_free(struct spicecfg_viewer *viewer);

#ifdef __cplusplus
}
#endif
#endif
