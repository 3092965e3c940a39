#include "base/message.h"

#include "command.h"
#include "resolve.h"
#include "verbs.h"

#include "residential.pb-c.h"

static const struct flag flags[] = {
    {"--kind", "WORD", "placed outside, or over 18 (staying on)", "occupant.kind",
	NULL},
    {"--age", "YEARS", "completed years", "occupant.age_years", NULL},
    {"--counted", "DAY", "the day the age was counted on; today unless told",
	"occupant.age_day", NULL},
    {"--sex", "WORD", "female, male or unknown", "occupant.sex", NULL},
    {"--from", "DAY", "living there since", "occupant.from_day", NULL},
    {"--until", "DAY", "when it is expected to end", "occupant.expected_end_day", NULL},
    {"--council", "CODE", "the placing council, where it is one known here",
	"occupant.placing_council_id", NULL},
    {"--not-safe-with", "WORD...",
	"any child, younger children, older children, girls, boys; again for each",
	"occupant.not_safe_with", NULL},
    {"--risk", "NEED...", "what others must be kept safe from; again for each",
	"occupant.risks", NULL},
    {"--reservation", "ID", "lives in this reserved bed", "occupant.reservation_id",
	NULL},
};

static enum exit_code
run(struct tool *t)
{
	ProtobufCMessage *message = NULL;
	void *answer = NULL;
	enum exit_code code = command_build(t, &message);

	if (code == EXIT_YES)
		code = resolve_ids(t, message);
	if (code != EXIT_YES)
		return code;
	Residential__Occupant *o = ((Residential__RecordOccupant *)message)->occupant;
	if (o->has_age_years && !o->has_age_day)
		SET(o, age_day, t->today);
	code = command_check(t, message);
	if (code == EXIT_YES)
		code = command_send(t, message, &answer);
	return code == EXIT_YES ? command_show(t, answer) : code;
}

const struct verb verb_home_occupant = {
    .name = "home occupant",
    .takes = "HOME",
    .summary = "record who lives there without a request here: the bed is taken",
    .text =
	"By a placement officer of its provider. No identity: age, sex and what "
	"decides "
	"who else may live there. A child placed through a request is recorded by it.",
    .example =
	"rccctl home occupant 7q2d9x --kind \"placed outside\" --age 14 --sex male "
	"\\\n    --from 2026-09-01 --not-safe-with \"younger children\"",
    FLAGS(flags),
    .words_min = 1,
    .words_max = 1,
    .run = run,
    .call = "residential.record_occupant",
    .fields = FIELDS("occupant.home_id"),
    .done = "The person is recorded: one bed less is free.",
};
