#include "base/str.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

char *
str_copy(struct arena *a, const char *text)
{
	if (text == NULL)
		return NULL;
	size_t size = strlen(text) + 1;
	char *copy = arena_take(a, size);
	if (copy != NULL)
		memcpy(copy, text, size);
	return copy;
}

char *
str_format(struct arena *a, const char *format, ...)
{
	va_list args, again;
	char *text = NULL;

	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	if (len >= 0)
		text = arena_take(a, (size_t)len + 1);
	if (text != NULL)
		vsnprintf(text, (size_t)len + 1, format, again);
	va_end(again);
	va_end(args);
	return text;
}

char *
str_of_number(struct arena *a, uint64_t n)
{
	char text[32];
	size_t at = sizeof text - 1;

	text[at] = '\0';
	for (unsigned digits = 0; digits == 0 || n > 0; digits++) {
		if (digits > 0 && digits % 3 == 0)
			text[--at] = ',';
		text[--at] = (char)('0' + n % 10);
		n /= 10;
	}
	return str_copy(a, text + at);
}

bool
str_equal(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

bool
str_starts(const char *text, const char *prefix)
{
	return text != NULL && strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
str_ends(const char *text, const char *suffix)
{
	if (text == NULL)
		return false;
	size_t len = strlen(text), tail = strlen(suffix);
	return len >= tail && memcmp(text + len - tail, suffix, tail) == 0;
}

/* How many bytes the character starting here has; 0 where it is not UTF-8. */
static size_t
utf8_len(const unsigned char *p, size_t left)
{
	size_t len;
	unsigned char low = 0x80, high = 0xbf; /* bounds of the second byte */

	if (p[0] != 0 && p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		len = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		len = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		len = 4;
	else
		return 0;
	if (p[0] == 0xe0)
		low = 0xa0; /* below: overlong */
	else if (p[0] == 0xed)
		high = 0x9f; /* above: surrogates */
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f; /* above: past the last character */
	if (left < len || p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	return len;
}

bool
str_is_utf8(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;

	for (size_t i = 0, step; i < len; i += step) {
		step = utf8_len(p + i, len - i);
		if (step == 0)
			return false;
	}
	return true;
}

bool
str_is_blank(const char *text)
{
	return text == NULL || text[strspn(text, " \t")] == '\0';
}

size_t
str_characters(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xC0) != 0x80;
	return n;
}

bool
str_repeats(char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < i; j++) {
			if (str_equal(texts[i], texts[j]))
				return true;
		}
	}
	return false;
}

static bool
is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

bool
str_are_languages(char *const *codes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *code = codes[i];
		if (!is_small(code[0]) || !is_small(code[1]) || code[2] != '\0')
			return false;
	}
	return !str_repeats(codes, n);
}

bool
str_to_i64(const char *text, int64_t min, int64_t max, int64_t *out)
{
	if (text == NULL)
		return false;
	/* strtoll alone would pass over blanks and a plus sign. */
	const char *digits = text[0] == '-' ? text + 1 : text;
	if (digits[0] < '0' || digits[0] > '9')
		return false;
	char *end;
	errno = 0;
	long long v = strtoll(text, &end, 10);
	if (errno != 0 || *end != '\0' || v < min || v > max)
		return false;
	*out = v;
	return true;
}
