#include "rec/json_tree.h"

#include <dlfcn.h>
#include <string.h>
#include "base/err.h"
#include "base/text.h"

#define LIBRARY "libcjson.so.1"
#define BYTES_MAX ((size_t)16 << 20)
#define DEPTH_MAX 64

typedef cJSON *parse_function(const char *, size_t, const char **, cJSON_bool);

/* POSIX lets dlsym return functions as object pointers, which ISO C forbids. */
static bool
symbol(void *library, const char *name, void *function)
{
	void *at = dlsym(library, name);

	memcpy(function, &at, sizeof at);
	return at != NULL;
}

/* root is NULL if the text is malformed, at *end. */
static int
tree_make(struct json_tree *tree, const char *json, size_t n, const char **end, struct err *e)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL); /* kept: more JSON may come */
	parse_function *parse;

	*tree = (struct json_tree){NULL, NULL};
	if (!library || !symbol(library, "cJSON_ParseWithLengthOpts", &parse) ||
	    !symbol(library, "cJSON_Delete", &tree->free))
		return err_set(e, ERR_STORE, "cannot read JSON: %s", dlerror());
	tree->root = parse(json, n, end, 0);
	return 0;
}

bool
json_is(const cJSON *item, int type)
{
	return (item->type & 0xff & type) != 0;
}

void
json_tree_done(struct json_tree *tree)
{
	if (tree->root)
		tree->free(tree->root);
	tree->root = NULL;
}

static int
malformed(size_t at, struct err *e)
{
	return err_set(e, ERR_USAGE, "malformed JSON at byte %zu", at + 1);
}

/* Takes the string that begins at *at. */
static int
scan_string(const char *p, size_t n, size_t *at, struct err *e)
{
	size_t i = *at + 1;

	for (; i < n && p[i] != '"'; i++) {
		if ((unsigned char)p[i] < 0x20)
			return malformed(i, e);
		if (p[i] != '\\')
			continue;
		if (n - i > 5 && !memcmp(p + i, "\\u0000", 6))
			return err_set(e, ERR_USAGE, "NUL in a JSON string at byte %zu", i + 1);
		i++;
	}
	if (i >= n)
		return malformed(n, e);
	*at = i + 1;
	return 0;
}

static size_t
digits(const char *p, size_t n, size_t at)
{
	size_t i = at;

	while (i < n && p[i] >= '0' && p[i] <= '9')
		i++;
	return i - at;
}

/* Takes the number that begins at *at: -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)? */
static int
scan_number(const char *p, size_t n, size_t *at, struct err *e)
{
	size_t i = *at + (p[*at] == '-'), more = digits(p, n, i);

	if (!more || (p[i] == '0' && more > 1))
		return malformed(i, e);
	i += more;
	if (i < n && p[i] == '.') {
		more = digits(p, n, ++i);
		if (!more)
			return malformed(i, e);
		i += more;
	}
	if (i < n && (p[i] == 'e' || p[i] == 'E')) {
		i++;
		i += i < n && (p[i] == '+' || p[i] == '-');
		more = digits(p, n, i);
		if (!more)
			return malformed(i, e);
		i += more;
	}
	*at = i;
	return 0;
}

static int
scan_other(const char *p, size_t *at, unsigned *depth, struct err *e)
{
	char c = p[*at];

	if ((c == '[' || c == '{') && ++*depth > DEPTH_MAX)
		return err_set(e, ERR_USAGE, "JSON nested deeper than %d", DEPTH_MAX);
	if ((c == ']' || c == '}') && !(*depth)--)
		return malformed(*at, e);
	if ((unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r')
		return malformed(*at, e);
	++*at;
	return 0;
}

/* Checks strings, numbers, depth and blanks; cJSON checks the rest of the grammar. */
static int
json_scan(const char *p, size_t n, struct err *e)
{
	unsigned depth = 0;

	if (n > BYTES_MAX)
		return err_set(e, ERR_USAGE, "JSON of more than 16 MiB");
	if (!text_is_utf8(p, n))
		return err_set(e, ERR_USAGE, "JSON is not valid UTF-8");
	for (size_t at = 0; at < n;) {
		int failed;

		if (p[at] == '"')
			failed = scan_string(p, n, &at, e);
		else if (p[at] == '-' || digits(p, n, at))
			failed = scan_number(p, n, &at, e);
		else
			failed = scan_other(p, &at, &depth, e);
		if (failed)
			return -1;
	}
	return depth ? malformed(n, e) : 0;
}

int
json_tree_parse(struct json_tree *tree, const char *json, size_t n, struct err *e)
{
	const char *end = json;

	if (json_scan(json, n, e) || tree_make(tree, json, n, &end, e))
		return -1;
	if (!tree->root)
		return malformed((size_t)(end - json), e);
	while (end < json + n && strchr(" \t\r\n", *end))
		end++;
	if (end == json + n)
		return 0;
	json_tree_done(tree);
	return err_set(
	    e, ERR_USAGE, "text behind the JSON value at byte %zu", (size_t)(end - json) + 1);
}
