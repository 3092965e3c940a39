/* The history, command by command. */
#include "load/check/check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define ARENA_BYTES (16u << 20)
#define SAID_MAX 40 /* the rest is only counted */

static const char *const services[CHECK_SERVICES] = {
    "members", "foster", "residential", "requests"};

const char *
check_service_name(enum check_service s)
{
	return services[s];
}

void
check_wrong(struct check *c, const char *format, ...)
{
	va_list args;

	if (c->wrong++ >= SAID_MAX)
		return;
	(void)fputs("WRONG: ", c->out);
	va_start(args, format);
	(void)vfprintf(c->out, format, args);
	va_end(args);
	(void)fputc('\n', c->out);
}

void *
check_add(void **list, size_t *n, size_t *room, size_t size)
{
	if (*n == *room) {
		*room = *room == 0 ? 256 : 2 * *room;
		*list = realloc(*list, *room * size);
		if (*list == NULL)
			abort();
	}
	return memset((char *)*list + (*n)++ * size, 0, size);
}

void
check_keep(char out[ID_LEN + 1], const char *text)
{
	(void)snprintf(out, ID_LEN + 1, "%s", text != NULL ? text : "");
}

void
check_open(struct check *c, FILE *out)
{
	*c = (struct check){.out = out, .is_settled = true};
	if (arena_open(&c->arena, ARENA_BYTES) != ERR_NONE)
		abort();
}

void
check_close(struct check *c)
{
	struct ids *const maps[] = {&c->ops_by_id, &c->holds_by_id, &c->places_by_id,
	    &c->stays_by_id, &c->placements_by_id, &c->withheld_by_id,
	    &c->journeys_by_hold, &c->journeys_by_placement, &c->journeys_by_end};

	for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
		ids_free(maps[i]);
	for (size_t i = 0; i < CHECK_SERVICES; i++)
		ids_free(&c->seen[i]);
	free(c->ops);
	free(c->holds);
	free(c->places);
	free(c->stays);
	free(c->withheld);
	free(c->journeys);
	arena_close(&c->arena);
}

/* ---- lines ---- */

static void
see_asked(struct check *c, const struct history_line *line)
{
	struct check_op *op;
	size_t service = 0;

	while (service < CHECK_SERVICES && !str_equal(services[service], line->service))
		service++;
	if (service == CHECK_SERVICES)
		return; /* it writes nothing that anybody is told of */
	if (!ids_put(&c->ops_by_id, line->id, c->ops_n)) {
		check_wrong(c, "history: id %s was used for two commands", line->id);
		return;
	}
	op = CHECK_ADD(c, ops);
	check_keep(op->id, line->id);
	memcpy(op->method, line->method, sizeof op->method);
	op->service = (enum check_service)service;
	op->is_question = line->event == HISTORY_ASK;
	op->client = line->client;
	op->asked_us = line->time_us;
	c->commands += !op->is_question;
}

static void
see_answered(struct check *c, const struct history_line *line)
{
	size_t at = ids_find(&c->ops_by_id, line->id);
	struct check_op *op;
	bool is_yes = line->event != HISTORY_REFUSED;

	if (at == IDS_NONE)
		return; /* a service that is not looked at */
	op = &c->ops[at];
	if ((op->is_yes || op->is_no) &&
	    (op->is_yes != is_yes || !str_equal(op->detail, line->detail)))
		check_wrong(c, "history: %s %s heard two answers", op->method, op->id);
	c->answered += !op->is_question && !op->is_yes && !op->is_no;
	op->is_yes = is_yes;
	op->is_no = !is_yes;
	if (op->answered_us == 0)
		op->answered_us = line->time_us;
	op->has_number = line->has_number;
	op->number = line->number;
	memcpy(op->detail, line->detail, sizeof op->detail);
}

void
check_history(struct check *c, FILE *history)
{
	struct history_line line;
	enum history_read read;

	while ((read = history_next(history, &line)) != HISTORY_END) {
		c->lines++;
		if (read == HISTORY_BAD) {
			check_wrong(
			    c, "history: line %" PRIu64 " cannot be read", c->lines);
			continue;
		}
		switch (line.event) {
		case HISTORY_INVOKE:
		case HISTORY_ASK: see_asked(c, &line); break;
		case HISTORY_OK:
		case HISTORY_TOLD:
		case HISTORY_REFUSED: see_answered(c, &line); break;
		case HISTORY_RESEND:
		case HISTORY_FAULT: break;
		}
	}
}
