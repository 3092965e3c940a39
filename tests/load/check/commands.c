/* What was acknowledged is in its owner's journal, as answered, and once. */
#include "load/check/check.h"

#include <inttypes.h>

#include "base/journal.h"
#include "base/message.h"
#include "base/str.h"

#include "common.pb-c.h"
#include "envelope.pb-c.h"

/* Below stand base's own noes: what stops there leaves nothing. */
#define RULES_FROM 100

/* The answer that the command's last entry keeps. */
static void
read_answer(struct check *c, struct check_op *op, const struct check_entry *e)
{
	const Envelope__Envelope *answer;
	ProtobufCMessage *m;

	op->is_recorded = true;
	if (e->type == JOURNAL_TYPE_REFUSED) {
		op->refused = ((const Common__Refused *)e->event)->number;
		return;
	}
	if (message_unpack(&c->arena, &envelope__envelope__descriptor,
		BYTES_OF(e->command->answer), &m) != ERR_NONE) {
		check_wrong(c, "%s: entry %" PRIu64 " keeps no answer",
		    check_service_name(e->service), e->number);
		return;
	}
	answer = (const Envelope__Envelope *)(const void *)m;
	history_digest(BYTES_OF(answer->body), op->digest);
}

void
check_see_command(struct check *c, const struct check_entry *e)
{
	enum check_service s = e->service;
	size_t at = ids_find(&c->ops_by_id, e->command_id);
	bool goes_on =
	    str_equal(c->last_id[s], e->command_id) && !c->last_has_record[s];

	if (!goes_on && !ids_put(&c->seen[s], e->command_id, (size_t)e->number))
		check_wrong(c,
		    "%s: command %s is there twice: entry %" PRIu64
		    ", and before it entry %zu",
		    check_service_name(s), e->command_id, e->number,
		    ids_find(&c->seen[s], e->command_id));
	check_keep(c->last_id[s], e->command_id);
	c->last_has_record[s] = e->command != NULL;
	if (at == IDS_NONE || c->ops[at].service != s)
		return;
	if (c->ops[at].first == 0)
		c->ops[at].first = e->number;
	c->ops[at].last = e->number;
	if (e->command != NULL)
		read_answer(c, &c->ops[at], e);
}

static void
check_yes(struct check *c, const struct check_op *op)
{
	const char *service = check_service_name(op->service);
	bool is_nothing = op->has_number && op->number == 0;

	if (op->first == 0 && !is_nothing)
		check_wrong(c, "%s: %s %s was acknowledged and is not in the journal",
		    service, op->method, op->id);
	else if (op->first != 0 && is_nothing)
		check_wrong(c,
		    "%s: %s %s was told that nothing was recorded; it stands at "
		    "%" PRIu64,
		    service, op->method, op->id, op->first);
	else if (op->first != 0 && op->has_number &&
		 (op->number < op->first || op->number > op->last))
		check_wrong(c,
		    "%s: %s %s was told number %" PRIu64 " and stands at %" PRIu64,
		    service, op->method, op->id, op->number, op->first);
	else if (op->first != 0 && !str_equal(op->digest, op->detail))
		check_wrong(c,
		    "%s: %s %s was answered otherwise than its entry %" PRIu64 " says",
		    service, op->method, op->id, op->last);
}

static void
check_no(struct check *c, const struct check_op *op)
{
	int64_t number = 0;

	if (!str_to_i64(op->detail, 0, UINT32_MAX, &number))
		check_wrong(c, "history: %s %s was refused without a number",
		    op->method, op->id);
	else if (number >= RULES_FROM && op->refused != (uint32_t)number)
		check_wrong(c,
		    "%s: %s %s was refused with %" PRId64 "; the journal has %" PRIu32
		    " (0: nothing)",
		    check_service_name(op->service), op->method, op->id, number,
		    op->refused);
}

void
check_commands(struct check *c)
{
	for (size_t i = 0; i < c->ops_n; i++) {
		const struct check_op *op = &c->ops[i];

		if (op->is_question)
			continue;
		if (op->is_yes)
			check_yes(c, op);
		if (op->is_no)
			check_no(c, op);
		if (op->first != 0 && !op->is_recorded)
			check_wrong(c, "%s: %s %s is there without its answer",
			    check_service_name(op->service), op->method, op->id);
	}
}
