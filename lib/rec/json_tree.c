#include "rec/json_tree.h"

#include <dlfcn.h>
#include <string.h>
#include "base/err.h"

#define LIBRARY "libcjson.so.1"

typedef cJSON *parse_function(const char *, size_t, const char **, cJSON_bool);

/* POSIX has dlsym give functions as what ISO C says they are not. */
static bool
symbol(void *library, const char *name, void *function)
{
	void *at = dlsym(library, name);

	memcpy(function, &at, sizeof at);
	return at != NULL;
}

int
json_tree_make(struct json_tree *tree, const char *json, size_t n, const char **end, struct err *e)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL); /* stays: more JSON may come */
	parse_function *parse;

	*tree = (struct json_tree){NULL, NULL};
	if (!library || !symbol(library, "cJSON_ParseWithLengthOpts", &parse) ||
	    !symbol(library, "cJSON_Delete", &tree->free))
		return err_set(e, ERR_STORE, "cannot read JSON: %s", dlerror());
	tree->root = parse(json, n, end, 0);
	return 0;
}

void
json_tree_done(struct json_tree *tree)
{
	if (tree->root)
		tree->free(tree->root);
	tree->root = NULL;
}

bool
json_is(const cJSON *item, int type)
{
	return (item->type & 0xff & type) != 0;
}
