/* computed: fills the fields of a record that are not in its row: ages, heartbeats, values. */
#include "core/cmd.h"

#include "state/config.h"
#include "store/txn.h"

int
computed_open(struct ctx *ctx, const struct kind *kind, struct computed *view, struct err *e)
{
	struct cluster *c = ctx->cluster;

	*view = (struct computed){.count = txn_counter(c->txn, 'N'), .past = ctx->style.form.past};
	if (!kind->beats || view->past)
		return 0;
	if (ctx_pulse(ctx, e) || config_value(c, SETTING_HEARTBEAT_PERIOD, &view->period_ms, e))
		return -1;
	if (pulse_last_look(c->pulse, &view->look, e))
		return -1;
	view->look.now_ms = pulse_now(c->pulse);
	return 0;
}

int
computed_fill(struct ctx *ctx, const struct computed *from, const struct kind *kind, void *record,
    struct err *e)
{
	return kind->computed ? kind->computed(ctx->cluster, record, from, e) : 0;
}
