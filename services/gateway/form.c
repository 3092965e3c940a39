#include "form.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

#define TYPE "application/x-www-form-urlencoded"

bool
form_is_type(const char *content_type)
{
	static const char *const parameters[] = {"charset=utf-8", "charset=\"utf-8\""};
	const char *rest = content_type;

	if (rest == NULL || strncasecmp(rest, TYPE, strlen(TYPE)) != 0)
		return false;
	rest += strlen(TYPE);
	rest += strspn(rest, " ");
	if (*rest == '\0')
		return true;
	if (*rest++ != ';')
		return false;
	rest += strspn(rest, " ");
	for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++)
		if (strcasecmp(rest, parameters[i]) == 0)
			return true;
	return *rest == '\0';
}

static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decoded into the arena; NULL with `why`, or without where the arena is full. */
static const char *
decode(struct arena *a, struct bytes text, const char **why)
{
	char *out = arena_take(a, text.len + 1);
	size_t n = 0;

	for (size_t i = 0; out != NULL && i < text.len; i++) {
		int c = text.data[i] == '+' ? ' ' : text.data[i];
		if (c == '%') {
			int high = i + 2 < text.len ? hex_digit(text.data[i + 1]) : -1;
			int low = high < 0 ? -1 : hex_digit(text.data[i + 2]);
			if (low < 0) {
				*why = "holds a % without two digits behind it";
				return NULL;
			}
			c = high * 16 + low;
			i += 2;
		}
		if ((c < ' ' && c != '\t' && c != '\r' && c != '\n') || c == 0x7f) {
			*why = "holds a control character";
			return NULL;
		}
		out[n++] = (char)c;
	}
	if (out != NULL && !str_is_utf8(out, n)) {
		*why = "is not valid UTF-8";
		return NULL;
	}
	return out;
}

static struct bytes
cut_at(struct bytes *rest, char at)
{
	const uint8_t *end = rest->len > 0 ? memchr(rest->data, at, rest->len) : NULL;
	size_t len = end != NULL ? (size_t)(end - rest->data) : rest->len;
	struct bytes head = {rest->data, len};

	size_t gone = len + (end != NULL);
	*rest =
	    (struct bytes){gone > 0 ? rest->data + gone : rest->data, rest->len - gone};
	return head;
}

static bool
decode_pair(struct arena *a, struct bytes text, struct form_pair *out, const char **why)
{
	struct bytes value = text, name = cut_at(&value, '=');

	out->name = decode(a, name, why);
	out->value = out->name != NULL ? decode(a, value, why) : NULL;
	if (out->value == NULL)
		return false;
	if (out->name[0] == '\0')
		*why = "holds a value without a name";
	else if (strlen(out->name) > FORM_NAME_BYTES_MAX)
		*why = "holds a name that is too long";
	else if (strlen(out->value) > FORM_VALUE_BYTES_MAX)
		*why = "holds an answer that is too long";
	return *why == NULL;
}

enum err
form_decode(struct arena *a, struct bytes text, struct form *out, const char **why)
{
	struct form_pair *pairs;
	size_t n = 0, most = 0;

	*why = NULL;
	for (size_t i = 0; i < text.len; i++)
		most += text.data[i] == '&';
	if (most >= FORM_PAIRS_MAX) {
		*why = "holds too many answers";
		return ERR_MALFORMED;
	}
	pairs = arena_take(a, (most + 1) * sizeof *pairs);
	if (pairs == NULL)
		return ERR_MEMORY;
	while (text.len > 0) {
		struct bytes pair = cut_at(&text, '&');
		if (pair.len == 0)
			continue;
		if (!decode_pair(a, pair, &pairs[n], why))
			return *why != NULL ? ERR_MALFORMED : ERR_MEMORY;
		n++;
	}
	*out = (struct form){pairs, n};
	return ERR_NONE;
}

const char *
form_nth(const struct form *form, const char *name, size_t nth)
{
	for (size_t i = 0; i < form->n; i++)
		if (str_equal(form->pairs[i].name, name) && nth-- == 0)
			return form->pairs[i].value;
	return NULL;
}

const char *
form_first(const struct form *form, const char *name)
{
	return form_nth(form, name, 0);
}

size_t
form_count(const struct form *form, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < form->n; i++)
		n += str_equal(form->pairs[i].name, name);
	return n;
}

bool
form_has(const struct form *form, const char *name, const char *value)
{
	for (size_t i = 0; i < form->n; i++)
		if (str_equal(form->pairs[i].name, name) &&
		    str_equal(form->pairs[i].value, value))
			return true;
	return false;
}

void
form_problem_add(
    struct form_problems *problems, const char *name, const char *format, ...)
{
	va_list arguments;

	if (problems->n == FORM_PROBLEMS_MAX || form_problem_of(problems, name) != NULL)
		return;
	struct form_problem *p = &problems->list[problems->n++];
	snprintf(p->name, sizeof p->name, "%s", name);
	va_start(arguments, format);
	vsnprintf(p->sentence, sizeof p->sentence, format, arguments);
	va_end(arguments);
}

const char *
form_problem_of(const struct form_problems *problems, const char *name)
{
	for (size_t i = 0; i < problems->n; i++)
		if (str_equal(problems->list[i].name, name))
			return problems->list[i].sentence;
	return NULL;
}

/* ---- and back ---- */

const char *
form_escape(struct arena *a, const char *text)
{
	char *out = arena_take(a, 3 * strlen(text) + 1), *at = out;

	for (; out != NULL && *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || strchr("-_.~/", c) != NULL)
			*at++ = (char)c;
		else
			at += snprintf(at, 4, "%%%02X", c);
	}
	return out;
}
