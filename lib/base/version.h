/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SC_BASE_VERSION_H
#define SC_BASE_VERSION_H

/* A version as one number, as libvirt encodes it. */
#define SC_VERSION(major, minor) ((major)*1000000U + (minor)*1000U)

#endif
