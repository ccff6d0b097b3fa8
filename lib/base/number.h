/*
 * number: numbers in human-readable form. Parsers take the whole text or fail with ERR_USAGE and a
 * text like "invalid duration '5x'" (value set). Formatters write at most NUMBER_SIZE bytes, NUL
 * included, and return `to`.
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdint.h>

struct err;

#define NUMBER_SIZE 40

int number_u64(const char *text, uint64_t *value, struct err *e);
int number_i64(const char *text, int64_t *value, struct err *e);

#endif
