#include "core/advice.h"

#include "base/array.h"
#include "base/err.h"

void
advice_add(struct err *e)
{
	static const char *const texts[] = {
	    [ADVICE_CHECK] = ": run gcs doctor",
	    [ADVICE_MAKE] = " (make one with: gcs init)",
	    [ADVICE_PUT_BACK] = " (gcs init puts it back)",
	};

	if (e->advice < ARRAY_LENGTH(texts) && texts[e->advice])
		err_value(e, e->code, e->value, "%s%s", e->text, texts[e->advice]);
}
