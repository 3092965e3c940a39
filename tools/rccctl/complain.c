#include <stdarg.h>
#include <stdio.h>

#include "tool.h"

void
complain(const char *format, ...)
{
	va_list values;

	(void)fflush(stdout);
	(void)fputs("rccctl: ", stderr);
	va_start(values, format);
	(void)vfprintf(stderr, format, values);
	va_end(values);
	(void)fputc('\n', stderr);
}

enum exit_code
complain_usage(const struct tool *t, const char *format, ...)
{
	va_list values;

	(void)fflush(stdout);
	(void)fputs("rccctl: ", stderr);
	va_start(values, format);
	(void)vfprintf(stderr, format, values);
	va_end(values);
	(void)fprintf(stderr, ". See: rccctl %s%s--help\n",
	    t->verb ? t->verb->name : "", t->verb ? " " : "");
	return EXIT_USAGE;
}

enum exit_code
complain_field(const struct check_problem *why)
{
	if (*why->field)
		complain("%s: %s", why->field, why->reason);
	else
		complain("%s", why->reason);
	return EXIT_USAGE;
}

enum exit_code
complain_memory(void)
{
	complain("this is more than the tool has memory for");
	return EXIT_FAULT;
}
