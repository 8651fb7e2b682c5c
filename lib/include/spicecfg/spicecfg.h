/* SPDX-License-Identifier: LGPL-2.1-or-later */
/** @file Includes all headers of libspicecfg. */
#ifndef SPICECFG_SPICECFG_H
#define SPICECFG_SPICECFG_H

#include <spicecfg/access.h>
#include <spicecfg/acl.h>
#include <spicecfg/base.h>
#include <spicecfg/check.h>
#include <spicecfg/fix.h>
#include <spicecfg/history.h>
#include <spicecfg/host.h>
#include <spicecfg/pam.h>
#include <spicecfg/pki.h>
#include <spicecfg/plan.h>
#include <spicecfg/policy.h>
#include <spicecfg/recover.h>
#include <spicecfg/sasl.h>
#include <spicecfg/viewer.h>
#include <spicecfg/vm.h>

#endif
