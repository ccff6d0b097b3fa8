#include "ui/command.h"

#include <ctype.h>
#include <string.h>
#include "base/buf.h"
#include "rec/rec.h"
#include "ui/internal.h"

#define LINE_WIDTH 76 /* mandoc warns about lines beyond 80 */

static bool
follows(const struct buf *out, char c)
{
	return out->n > 0 && out->p[out->n - 1] == c;
}

/* Two hyphens would become a dash, a bare hyphen in an option a soft hyphen. */
static void
word_add(const char *p, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\\')
			buf_text(out, "\\e");
		else if (p[i] == '-' &&
			 ((i + 1 < n && p[i + 1] == '-') || (i > 0 && p[i - 1] == '-')))
			buf_text(out, "\\-");
		else if ((unsigned char)p[i] >= ' ')
			buf_byte(out, p[i]);
	}
}

/* Running text, filled to short lines; each sentence begins on a new line. */
static void
text_lines(const char *text, struct buf *out)
{
	size_t line = out->n;
	bool fresh = true;

	for (size_t n; *(text += strspn(text, " ")); text += n) {
		n = strcspn(text, " ");
		if (!fresh &&
		    (out->n - line + 1 + n > LINE_WIDTH || strchr(".!?", out->p[out->n - 1]))) {
			buf_byte(out, '\n');
			line = out->n;
			fresh = true;
		}
		if (!fresh)
			buf_byte(out, ' ');
		if (fresh && (*text == '.' || *text == '\''))
			buf_text(out, "\\&");
		word_add(text, n, out);
		fresh = false;
	}
	if (!follows(out, '\n'))
		buf_byte(out, '\n');
}

/* Text that a macro line would read as a macro or as punctuation. */
static bool
is_special(const char *p, size_t n)
{
	if (n == 1)
		return strchr(".,:;()[]?!|", *p) != NULL;
	if (n != 2 && n != 3)
		return false;
	return *p == '%' || (isupper((unsigned char)*p) && islower((unsigned char)p[1]));
}

/* One argument of a macro line. */
static void
macro_word(const char *text, struct buf *out)
{
	size_t n = strlen(text);
	bool quoted = !n || strpbrk(text, " \"") != NULL;

	buf_text(out, quoted ? " \"" : " ");
	if (is_special(text, n))
		buf_text(out, "\\&");
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"')
			buf_text(out, "\\(dq");
		else
			word_add(text + i, 1, out);
	}
	if (quoted)
		buf_byte(out, '"');
}

static void
flag_words(const struct opt *o, char letter, const char *between, struct buf *out)
{
	if (letter)
		buf_printf(out, " Fl %c%s", letter, between);
	buf_printf(out, " Fl -%s", o->name);
	if (!o->argument)
		return;
	buf_text(out, " Ar");
	macro_word(o->argument, out);
}

static void
operand_synopsis(const struct operand *o, struct buf *out)
{
	bool optional = o->count == OPERAND_OPTIONAL || o->count == OPERAND_ANY;

	buf_text(out, optional ? ".Op Ar" : ".Ar");
	macro_word(o->name, out);
	if (o->count == OPERAND_MANY || o->count == OPERAND_ANY)
		buf_text(out, " ...");
	buf_byte(out, '\n');
}

void
mdoc_synopsis(const struct command *command, struct buf *out)
{
	buf_printf(out, ".Nm gcs\n.Cm %s\n", command->name);
	for (size_t i = 0; i < command->opts.n; i++) {
		buf_text(out, ".Op");
		flag_words(&command->opts.v[i], command->opts.v[i].letter, " |", out);
		buf_byte(out, '\n');
	}
	buf_text(out, ".Op Ar OPTION ...\n");
	for (size_t i = 0; i < command->operands.n; i++)
		operand_synopsis(&command->operands.v[i], out);
	if (command->flags & CMD_CHILD)
		buf_text(out, ".Op Fl - Ar COMMAND ...\n");
}

static void
option_item(const struct opt *o, char letter, struct buf *out)
{
	const struct enums *names = o->kind == OPT_CHOICE ? o->sub : NULL;
	struct buf sentence = {.arena = out->arena};

	buf_text(out, ".It");
	flag_words(o, letter, " ,", out);
	buf_byte(out, '\n');
	help_sentence(o->help, &sentence);
	text_lines(buf_string(&sentence), out);
	if (!names)
		return;
	buf_text(out, "One of\n");
	for (size_t i = 0; i < names->n; i++) {
		buf_text(out, ".Cm");
		macro_word(names->v[i].name, out);
		buf_text(out, i + 1 < names->n ? " ,\n" : " .\n");
	}
}

void
mdoc_options(const struct opt_set *sets, size_t nsets, struct buf *out)
{
	for (size_t i = 0; i < nsets; i++) {
		if (!sets[i].opts.n)
			continue;
		/* the command's own options come directly under the section title */
		if (strcmp(sets[i].title, "Options") != 0)
			buf_printf(out, ".Ss %s\n", sets[i].title);
		buf_text(out, ".Bl -tag -width Ds\n");
		for (size_t k = 0; k < sets[i].opts.n; k++)
			if (opt_is_reached(sets, nsets, &sets[i].opts.v[k]))
				option_item(&sets[i].opts.v[k],
				    opt_letter(sets, nsets, &sets[i].opts.v[k]), out);
		buf_text(out, ".El\n");
	}
}
