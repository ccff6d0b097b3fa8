/* kinds: every kind of record there is. For whoever begins at the top: all below is passed it. */
#ifndef KINDS_KINDS_H
#define KINDS_KINDS_H

#include "state/kind.h"

extern const struct kinds kinds;

#endif
