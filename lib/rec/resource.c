#include "rec/rec.h"

#include <string.h>
#include "base/amount.h"
#include "base/size.h"

bool
resource_is_bytes(const char *name)
{
	return !strcmp(name, "mem") || !strcmp(name, "disk") || !strcmp(name, "object_store_mem");
}

char *
resource_format(char *to, const char *name, uint64_t value)
{
	return resource_is_bytes(name) ? size_format(to, value) : amount_format(to, value);
}
