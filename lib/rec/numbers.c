#include "rec/rec.h"

bool
numbers_next(struct slice *numbers, uint64_t *value)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < numbers->n && i < 10; i++) {
		sum |= (uint64_t)(numbers->p[i] & 0x7f) << (7 * i);
		if (numbers->p[i] & 0x80)
			continue;
		*value = sum;
		numbers->p += i + 1;
		numbers->n -= i + 1;
		return true;
	}
	return false;
}
