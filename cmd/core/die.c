#include "core/die.h"

#include <string.h>
#include <unistd.h>

#include "base/err.h"

static void (*death_undo)(void);

void
die_undo_set(void (*undo)(void))
{
	death_undo = undo;
}

_Noreturn void
die(const char *text, const char *more)
{
	if (death_undo)
		death_undo();
	if (write(2, text, strlen(text)) < 0 || write(2, more, strlen(more)) < 0 ||
	    write(2, "\n", 1) < 0)
		_exit(ERR_STORE);
	_exit(ERR_STORE);
}

void
die_exhausted(void)
{
	die("gcs: out of memory", "");
}
