#include "gateway/markup.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

void
markup_begin(struct markup *m, struct arena *a, size_t bytes_max)
{
	*m = (struct markup){.text = arena_take_raw(a, bytes_max), .size = bytes_max};
	m->is_full = m->text == NULL || bytes_max == 0;
	if (!m->is_full)
		m->text[0] = '\0';
}

void
markup_put(struct markup *m, const char *format, ...)
{
	size_t left = m->size - m->len;
	va_list args;
	int len;

	if (m->is_full)
		return;
	va_start(args, format);
	len = vsnprintf(m->text + m->len, left, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= left)
		m->is_full = true;
	else
		m->len += (size_t)len;
}

static void
put_character(struct markup *m, char c)
{
	switch (c) {
	case '&': markup_put(m, "&amp;"); return;
	case '<': markup_put(m, "&lt;"); return;
	case '>': markup_put(m, "&gt;"); return;
	case '"': markup_put(m, "&quot;"); return;
	}
	if ((unsigned char)c < ' ' || c == '\x7f')
		c = c == '\n' || c == '\t' ? ' ' : '?';
	markup_put(m, "%c", c);
}

void
markup_text(struct markup *m, const char *text)
{
	bool is_utf8 = text == NULL || str_is_utf8(text, strlen(text));

	for (; text != NULL && *text != '\0'; text++)
		put_character(m, !is_utf8 && (*text & 0x80) != 0 ? '?' : *text);
}

const char *
markup_end(const struct markup *m)
{
	return m->is_full ? NULL : m->text;
}
