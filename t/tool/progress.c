/*
 * progress FD [STEP]...: shows progress on FD, each STEP in turn: a text; "+MS" advances the given
 * clock by MS milliseconds, without waiting; "-" clears. Prints what it did when done.
 */
#include <stdio.h>
#include <stdlib.h>
#include "ui/progress.h"

int
main(int argc, char **argv)
{
	struct progress p;
	uint64_t now_ms = 1000;
	int i;

	if (argc < 2)
		return 2;
	progress_begin(&p, atoi(argv[1]), true);
	for (i = 2; i < argc; i++) {
		if (argv[i][0] == '+')
			now_ms += strtoull(argv[i] + 1, NULL, 10);
		else if (argv[i][0] == '-')
			progress_clear(&p);
		else
			progress_show(&p, now_ms, "%s", argv[i]);
	}
	progress_clear(&p);
	return 0;
}
