#include "gateway/csv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void
put(struct csv *c, const char *text, size_t len)
{
	if (c->is_full || len > c->size - c->len) {
		c->is_full = true;
		return;
	}
	memcpy(c->text + c->len, text, len);
	c->len += len;
}

void
csv_begin(struct csv *c, struct arena *a, size_t bytes_max, bool has_mark)
{
	*c = (struct csv){.text = arena_take_raw(a, bytes_max), .size = bytes_max};
	c->is_full = c->text == NULL;
	if (has_mark)
		put(c, "\xef\xbb\xbf", 3);
}

static bool
is_number(const char *text)
{
	size_t sign = text[0] == '-' ? 1 : 0;
	size_t digits = strspn(text + sign, "0123456789.");

	return digits > 0 && text[sign + digits] == '\0';
}

void
csv_cell(struct csv *c, const char *text)
{
	bool is_quoted;

	if (text == NULL)
		text = "";
	is_quoted = strpbrk(text, ",\"\r\n") != NULL;
	if (c->cells++ > 0)
		put(c, ",", 1);
	if (is_quoted)
		put(c, "\"", 1);
	if (text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL && !is_number(text))
		put(c, "'", 1);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			put(c, "\"", 1);
		put(c, text, 1);
	}
	if (is_quoted)
		put(c, "\"", 1);
}

void
csv_number(struct csv *c, uint64_t n)
{
	char text[21];

	snprintf(text, sizeof text, "%" PRIu64, n);
	csv_cell(c, text);
}

void
csv_line_end(struct csv *c)
{
	put(c, "\r\n", 2);
	c->cells = 0;
}

struct bytes
csv_end(const struct csv *c)
{
	if (c->is_full)
		return BYTES_NONE;
	return (struct bytes){(const uint8_t *)c->text, c->len};
}
