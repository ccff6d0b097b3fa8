#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ALIGN 16
#define FIRST_BLOCK ((size_t)8 << 10)
#define LARGE_BLOCK ((size_t)1 << 20)
#define WARM_BLOCK ((size_t)30 << 10) /* blocks of at least this size are prefaulted */
#define WARM_STEP ((size_t)64 << 10)  /* in steps of this size */
#define PAGE ((uintptr_t)4096)

struct arena_block {
	struct arena_block *older;
	size_t size, used, warm; /* of bytes */
	_Alignas(ALIGN) unsigned char bytes[];
};

void
arena_init(struct arena *a, void (*exhausted)(void))
{
	*a = (struct arena){.exhausted = exhausted};
}

void
arena_done(struct arena *a)
{
	arena_rewind(a, (struct arena_mark){NULL, 0});
	free(a->spare);
	a->spare = NULL;
}

static size_t
rounded(size_t n)
{
	return n ? (n + ALIGN - 1) & ~(size_t)(ALIGN - 1) : ALIGN;
}

static _Noreturn void
exhausted(struct arena *a)
{
	a->exhausted();
	__builtin_trap();
}

static size_t
block_size(const struct arena *a, size_t n)
{
	size_t size = FIRST_BLOCK;

	if (a->head)
		size = 2 * (a->head->size + sizeof *a->head);
	if (size > LARGE_BLOCK)
		size = LARGE_BLOCK;
	size -= sizeof *a->head;
	return size > n ? size : n;
}

static void
block_add(struct arena *a, size_t n)
{
	struct arena_block *block = a->spare;
	size_t size;

	if (block && block->size >= n) {
		a->spare = NULL;
	} else {
		size = block_size(a, n);
		block = malloc(sizeof *block + size);
		if (!block)
			exhausted(a);
		block->size = size;
	}
	block->used = block->warm = 0;
	block->older = a->head;
	a->head = block;
}

/* Prefaults the next pages together: one by one each is a fault, which on a virtual machine costs
 * more than the use of the page. If the kernel cannot, they fault. */
static void
block_warm(struct arena_block *block)
{
	uintptr_t from = ((uintptr_t)block->bytes + block->warm) & ~(PAGE - 1), to;

	to = (from + WARM_STEP) & ~(PAGE - 1);
	if (to < (uintptr_t)block->bytes + block->used)
		to = (uintptr_t)block->bytes + block->used;
	if (to > (uintptr_t)block->bytes + block->size)
		to = (uintptr_t)block->bytes + block->size;
	block->warm = to - (uintptr_t)block->bytes;
#ifdef MADV_POPULATE_WRITE
	madvise((void *)from, to - from, MADV_POPULATE_WRITE);
#endif
}

static void *
take(struct arena *a, size_t n)
{
	unsigned char *p;

	if (n > PTRDIFF_MAX - 2 * LARGE_BLOCK)
		exhausted(a);
	n = rounded(n);
	if (!a->head || a->head->size - a->head->used < n)
		block_add(a, n);
	p = a->head->bytes + a->head->used;
	a->head->used += n;
	if (a->head->used > a->head->warm && a->head->size >= WARM_BLOCK)
		block_warm(a->head);
	return p;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	return memset(take(a, n), 0, n);
}

void *
arena_copy(struct arena *a, const void *p, size_t n)
{
	void *to = take(a, n);

	if (n)
		memcpy(to, p, n);
	return to;
}

void *
arena_grow(struct arena *a, void *p, size_t old, size_t n)
{
	struct arena_block *block = a->head;
	unsigned char *start = p;
	size_t before;
	void *to;

	if (p && start + rounded(old) == block->bytes + block->used) {
		before = (size_t)(start - block->bytes);
		if (n <= block->size - before && rounded(n) <= block->size - before) {
			block->used = before + rounded(n);
			return p;
		}
	}
	to = take(a, n);
	if (old)
		memcpy(to, p, old);
	return to;
}

/* Capacities are 8, 16, 32 …: an array of n is full when n is one of them. */
void *
arena_push(struct arena *a, void *v, size_t n, size_t size)
{
	size_t least = 8;

	if (n && (n < least || (n & (n - 1))))
		return v;
	if (n > SIZE_MAX / size / 2)
		a->exhausted();
	return arena_grow(a, v, n * size, (n ? 2 * n : least) * size);
}

char *
arena_strdup(struct arena *a, const char *text)
{
	return text ? arena_copy(a, text, strlen(text) + 1) : NULL;
}

char *
arena_strndup(struct arena *a, const void *p, size_t n)
{
	char *to = take(a, n < SIZE_MAX ? n + 1 : n);

	if (n)
		memcpy(to, p, n);
	to[n] = '\0';
	return to;
}

char *
arena_printf(struct arena *a, const char *format, ...)
{
	char small[256], *to;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(small, sizeof small, format, args);
	va_end(args);
	if (n < 0)
		return arena_strdup(a, "");
	if ((size_t)n < sizeof small)
		return arena_copy(a, small, (size_t)n + 1);

	to = take(a, (size_t)n + 1);
	va_start(args, format);
	vsnprintf(to, (size_t)n + 1, format, args);
	va_end(args);
	return to;
}

struct arena_mark
arena_mark(struct arena *a)
{
	return (struct arena_mark){a->head, a->head ? a->head->used : 0};
}

/* One block is kept, so that a loop of mark, alloc, rewind calls malloc once; huge blocks are
 * freed. */
static void
block_drop(struct arena *a)
{
	struct arena_block *block = a->head;

	a->head = block->older;
	if (block->size > LARGE_BLOCK || (a->spare && a->spare->size >= block->size)) {
		free(block);
		return;
	}
	free(a->spare);
	a->spare = block;
}

void
arena_rewind(struct arena *a, struct arena_mark mark)
{
	while (a->head != mark.head)
		block_drop(a);
	if (a->head)
		a->head->used = mark.used;
}
