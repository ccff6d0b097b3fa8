#include "rec/form.h"

#include "base/arena.h"
#include "base/err.h"
#include "rec/json_tree.h"

int
texts_from_tree(const cJSON *array, struct texts *l, struct arena *a, struct err *e)
{
	const cJSON *item;
	size_t n = 0;

	if (!json_is(array, cJSON_Array))
		return err_set(e, ERR_USAGE, "expected a JSON array of strings");
	cJSON_ArrayForEach(item, array) n++;
	*l = (struct texts){arena_alloc(a, n * sizeof *l->v), 0};
	cJSON_ArrayForEach(item, array)
	{
		if (!json_is(item, cJSON_String))
			return err_set(e, ERR_USAGE, "expected a JSON array of strings");
		l->v[l->n++] = arena_strdup(a, item->valuestring);
	}
	return 0;
}

int
texts_from_json(struct texts *texts, const char *json, size_t n, struct arena *a, struct err *e)
{
	struct json_tree tree;
	int failed;

	if (json_tree_parse(&tree, json, n, e))
		return -1;
	failed = texts_from_tree(tree.root, texts, a, e);
	json_tree_done(&tree);
	return failed;
}
