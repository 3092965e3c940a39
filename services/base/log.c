#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_BYTES_MAX 2048
#define NUMBERS_KEPT 8

/* Set once, at start, before the first line. */
static const char *service_name = "-";
static enum log_level level_least = LOG_LEVEL_INFO;

struct line {
	char text[LINE_BYTES_MAX];
	size_t len;
	bool is_cut;
};

/* What a line that grew too long ends with; room for it is always kept. */
static const char cut_mark[] = " cut=1\n";

static void
put(struct line *l, const char *text, size_t len)
{
	/* One more is kept for the quote that closes a value. */
	if (l->is_cut || l->len + len + 1 + sizeof cut_mark > sizeof l->text) {
		l->is_cut = true;
		return;
	}
	memcpy(l->text + l->len, text, len);
	l->len += len;
}

static bool
is_plain(const char *value)
{
	if (value[0] == '\0')
		return false;
	for (const char *p = value; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || *p == '=' || *p == '"' || *p == '\\')
			return false;
	return true;
}

/*
 * Everything but printable ASCII is written as its number, so that no value can
 * forge a line, move a terminal's cursor or hide what it says.
 */
static void
put_quoted(struct line *l, const char *value)
{
	static const char digits[] = "0123456789abcdef";

	put(l, "\"", 1);
	if (l->is_cut)
		return;
	for (const char *p = value; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;
		if (c < ' ' || c > '~')
			put(l, (char[]){'\\', 'x', digits[c >> 4], digits[c & 15]}, 4);
		else if (c == '"' || c == '\\')
			put(l, (char[]){'\\', *p}, 2);
		else
			put(l, p, 1);
	}
	l->text[l->len++] = '"';
}

static void
put_pair(struct line *l, const char *key, const char *value)
{
	if (l->len > 0)
		put(l, " ", 1);
	put(l, key, strlen(key));
	put(l, "=", 1);
	if (l->is_cut)
		return;
	if (value == NULL)
		value = "";
	if (!is_plain(value))
		put_quoted(l, value);
	else
		for (const char *p = value; *p != '\0'; p++)
			put(l, p, 1); /* as much of it as there is room for */
}

static const char *
level_name(enum log_level level)
{
	switch (level) {
	case LOG_LEVEL_ERROR: return "error";
	case LOG_LEVEL_WARN: return "warn";
	case LOG_LEVEL_INFO: return "info";
	case LOG_LEVEL_DEBUG: return "debug";
	}
	return "unknown";
}

void
log_open(const char *service, enum log_level least)
{
	service_name = service;
	level_least = least;
}

void
log_line(enum log_level level, const char *event, ...)
{
	struct line l;
	va_list pairs;

	if (level > level_least)
		return;
	l.len = 0;
	l.is_cut = false;
	put_pair(&l, "lvl", level_name(level));
	put_pair(&l, "svc", service_name);
	put_pair(&l, "ev", event);
	va_start(pairs, event);
	for (const char *key; (key = va_arg(pairs, const char *)) != NULL;)
		put_pair(&l, key, va_arg(pairs, const char *));
	va_end(pairs);
	const char *end = l.is_cut ? cut_mark : "\n";
	size_t end_len = strlen(end);
	memcpy(l.text + l.len, end, end_len);
	/* One write a line, so that lines of two processes never mix. A log that
	 * cannot be written must not stop the service, nor can it be told where. */
	ssize_t written = write(STDERR_FILENO, l.text, l.len + end_len);
	(void)written;
}

const char *
log_number(int64_t n)
{
	static char kept[NUMBERS_KEPT][24];
	static unsigned next;

	char *text = kept[next++ % NUMBERS_KEPT];
	snprintf(text, sizeof kept[0], "%lld", (long long)n);
	return text;
}
