#include "base/number_internal.h"

#include "base/err.h"

int
amount_parse(const char *text, uint64_t *scaled, struct err *e)
{
	const char *at = text;
	struct decimal number;
	uint64_t got, left;

	if (!number_take_decimal(&at, &number) || *at ||
	    !number_scale(&number, AMOUNT_ONE, &got, &left) || got > AMOUNT_MAX)
		return err_value(e, ERR_USAGE, text, "invalid amount '%s'", text);
	*scaled = got;
	return 0;
}

char *
amount_format(char *to, uint64_t scaled)
{
	number_put_part(number_put(to, scaled / AMOUNT_ONE), scaled % AMOUNT_ONE, AMOUNT_ONE);
	return to;
}
