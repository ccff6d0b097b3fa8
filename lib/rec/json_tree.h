/*
 * json_tree: cJSON, loaded when JSON comes in. Few commands read any, and all would pay a tenth of
 * their time for having it loaded at their start. Private to this room.
 */
#ifndef REC_JSON_TREE_H
#define REC_JSON_TREE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

struct err;

struct json_tree {
	cJSON *root;
	void (*free)(cJSON *);
};

/* root is NULL if the text is malformed, and *end is where. ERR_STORE: there is no cJSON. */
int json_tree_make(
    struct json_tree *tree, const char *json, size_t n, const char **end, struct err *e);
void json_tree_done(struct json_tree *tree);

/* type: cJSON_String … */
bool json_is(const cJSON *item, int type);

#endif
