#include "take.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/message.h"
#include "base/str.h"

#define TEXT_BYTES_MAX 400

static void *
kept(void *taken)
{
	if (taken == NULL)
		fail("there is no memory for a region of this size; ask for fewer "
		     "--households");
	return taken;
}

void *
take(struct arena *a, size_t size)
{
	return kept(arena_take(a, size > 0 ? size : 1));
}

void *
take_message(struct arena *a, const ProtobufCMessageDescriptor *type)
{
	return kept(message_new(a, type));
}

char *
take_text(struct arena *a, const char *text)
{
	return kept(str_copy(a, text));
}

char *
take_format(struct arena *a, const char *format, ...)
{
	char text[TEXT_BYTES_MAX];
	va_list list;

	va_start(list, format);
	int n = vsnprintf(text, sizeof text, format, list);
	va_end(list);
	if (n < 0 || (size_t)n >= sizeof text)
		fail("a text of the invented region is too long");
	return take_text(a, text);
}

void
fail(const char *format, ...)
{
	va_list list;

	(void)fflush(stdout);
	(void)fputs("rcc-region: ", stderr);
	va_start(list, format);
	(void)vfprintf(stderr, format, list);
	va_end(list);
	(void)fputc('\n', stderr);
	exit(1);
}
