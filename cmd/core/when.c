/* when: the point in time that a text names. */
#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "core/cmd.h"
#include "base/time.h"
#include "state/event.h"

int
when_parse(struct ctx *ctx, const char *text, uint64_t *seq, struct err *e)
{
	uint64_t ms;
	struct err number;

	if (!strncmp(text, "tag:", 4))
		return err_value(e, ERR_NO, text, "no tag is called '%s'", text + 4);
	if (!number_u64(text, seq, &number))
		return 0;
	if (time_parse_past(text, ctx->cluster->now_ms, &ms, e))
		return -1;
	return history_at(ctx->cluster, ms, seq, e);
}
