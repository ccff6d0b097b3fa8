/* kinds: the table of all kinds. For the top level, which passes it to all rooms below. */
#ifndef KINDS_KINDS_H
#define KINDS_KINDS_H

#include "state/kind.h"

extern const struct kinds kinds;

#endif
