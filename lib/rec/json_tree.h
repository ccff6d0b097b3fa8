/*
 * json_tree: cJSON, loaded on first use. Few commands read JSON, and loading it at start would cost
 * every command a tenth of its time. Private to this room.
 */
#ifndef REC_JSON_TREE_H
#define REC_JSON_TREE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;
struct texts;

struct json_tree {
	cJSON *root;
	void (*free)(cJSON *);
};

/*
 * The text is checked in full before cJSON, which is lenient, sees it. Free it with json_tree_done.
 * ERR_USAGE; ERR_STORE: cJSON is missing.
 */
int json_tree_parse(struct json_tree *tree, const char *json, size_t n, struct err *e);
void json_tree_done(struct json_tree *tree);

/* type: cJSON_String … */
bool json_is(const cJSON *item, int type);

/* An array of strings, copied. ERR_USAGE. */
int texts_from_tree(const cJSON *array, struct texts *l, struct arena *a, struct err *e);

#endif
