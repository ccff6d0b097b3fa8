#include "rec/rec.h"

uint64_t
ref_make(char letter, uint64_t number)
{
	return number * 32 + (uint64_t)(letter - 'A');
}

char
ref_letter(uint64_t ref)
{
	return ref % 32 < 26 ? (char)('A' + ref % 32) : '?';
}

uint64_t
ref_number(uint64_t ref)
{
	return ref / 32;
}
