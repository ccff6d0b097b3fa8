#include "ui/internal.h"

#include "base/buf.h"
#include "base/err.h"

void
operand_text(const struct operand *operand, struct buf *out)
{
	bool optional = operand->count == OPERAND_OPTIONAL || operand->count == OPERAND_ANY;

	buf_printf(out, optional ? "[%s]" : "%s", operand->name);
	if (operand->count == OPERAND_MANY || operand->count == OPERAND_ANY)
		buf_text(out, "...");
}

int
operands_check(const struct command *command, const struct parsed *parsed, struct err *e)
{
	size_t n = command->operands.n, needed = 0;
	bool endless = false;

	for (size_t i = 0; i < n; i++) {
		const struct operand *o = &command->operands.v[i];
		bool is_needed = o->count == OPERAND_ONE || o->count == OPERAND_MANY;

		needed += is_needed;
		if (is_needed && needed > parsed->n)
			return err_value(e, ERR_USAGE, o->name, "missing operand %s", o->name);
		endless = endless || o->count == OPERAND_MANY || o->count == OPERAND_ANY;
	}
	if (!endless && parsed->n > n)
		return err_value(e, ERR_USAGE, parsed->operands[n], "unexpected operand '%s'",
		    parsed->operands[n]);
	if (parsed->child && !(command->flags & CMD_CHILD))
		return err_set(e, ERR_USAGE, "takes no command after --");
	if (parsed->child && !parsed->child[0])
		return err_set(e, ERR_USAGE, "no command follows --");
	return 0;
}
