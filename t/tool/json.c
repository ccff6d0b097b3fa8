/*
 * json: checks that stdin is JSON as gcs defines it. cJSON judges, independently of the code that
 * wrote it.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/text.h"

static const cJSON *
twice(const cJSON *item)
{
	const cJSON *a, *b, *found;

	for (a = item->child; a; a = a->next) {
		for (b = a->next; cJSON_IsObject(item) && b; b = b->next)
			if (!strcmp(a->string, b->string))
				return b;
		found = twice(a);
		if (found)
			return found;
	}
	return NULL;
}

/* The error in a line; NULL: none. */
static const char *
fault(const char *line, size_t n, char **keys)
{
	const char *end = NULL;
	cJSON *item;
	size_t i;
	bool all = true;

	for (i = 0; i < n; i++)
		if ((unsigned char)line[i] < ' ')
			return "a control byte stands in it";
	if (!text_is_utf8(line, n))
		return "it is no UTF-8";
	item = cJSON_ParseWithLengthOpts(line, n, &end, false);
	if (!item || end != line + n)
		return "it is no JSON";
	if (!cJSON_IsObject(item))
		return "it is no object";
	if (twice(item))
		return "a member stands twice";
	for (; *keys; keys++)
		all = all && cJSON_GetObjectItemCaseSensitive(item, *keys);
	cJSON_Delete(item);
	return all ? NULL : "a member is missing";
}

int
main(int argc, char **argv)
{
	bool one = argc > 1 && !strcmp(argv[1], "doc");
	char *line = NULL;
	size_t size = 0, count = 0;
	ssize_t n;

	if (argc < 2 || (!one && strcmp(argv[1], "lines") != 0))
		return fprintf(stderr, "usage: json doc|lines [KEY]...\n"), 2;
	while ((n = getline(&line, &size, stdin)) > 0) {
		const char *bad = line[n - 1] != '\n' ? "its newline is missing"
						      : fault(line, (size_t)n - 1, argv + 2);

		if (bad)
			return fprintf(stderr, "line %zu: %s: %s\n", count + 1, bad, line), 1;
		count++;
	}
	free(line);
	if (one && count != 1)
		return fprintf(stderr, "%zu lines, not one document\n", count), 1;
	if (!one)
		printf("%zu\n", count);
	return 0;
}
