/*
 * Does the checker of histories find what is wrong? One true story of a placement, in a
 * history and in three journals, with which all is well; and then the same with one
 * thing wrong, which it must say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/journal.h"
#include "base/message.h"
#include "load/check/check.h"
#include "support/folder.h"

#include "envelope.pb-c.h"
#include "foster.pb-c.h"
#include "requests.pb-c.h"

#define FOSTER(name) FOSTER__FOSTER_EVENT__EVENT_##name
#define REQUESTS(name) REQUESTS__REQUESTS_EVENT__EVENT_##name
#define TIME_MS INT64_C(1795262400000) /* 2026-11-21 12:00 in London */

#define REGISTER "01kajrm0000000000000000001"
#define DECIDE "01kajrm0000000000000000002"
#define AGREE "01kajrm0000000000000000003"
#define START "01kajrm0000000000000000004"
#define SECOND "01kajrm0000000000000000005"
#define HOUSEHOLD "01kajrm000000000000000000h"
#define REQUEST "01kajrm000000000000000000r"
#define HOLD "01kajrm000000000000000000k"
#define HOLD_2 "01kajrm000000000000000000j"
#define PLACEMENT "01kajrm000000000000000000p"
#define CONFIRM_CALL "01kajrm000000000000000000c"
#define START_CALL "01kajrm000000000000000000s"

enum flaw {
	NO_FLAW,
	ACKNOWLEDGED_AND_LOST,
	TWICE_IN_THE_JOURNAL,
	TWICE_WITH_ITS_ANSWER,
	OTHER_ANSWER,
	OTHER_NUMBER,
	RECORDED_AND_DENIED,
	REFUSED_AND_LOST,
	REFUSED_OTHERWISE,
	WITHOUT_ITS_ANSWER,
	OUT_OF_ORDER,
	READ_OLDER,
	SAME_ID_TWICE,
	TWO_ANSWERS,
	BROKEN_LINE,
	LAST_PLACE_TWICE,
	WITHHELD_AND_HELD,
	CONFIRMED_AFTER_RELEASE,
	STARTED_UNCONFIRMED,
	NUMBERED_WRONG,
	NEVER_ENDS,
	HELD_FOR_NOBODY,
	LOST_AND_STILL_HELD,
	OTHER_FENCING_NUMBER,
	STEP_LEFT_OUT,
	FLAWS
};

/* A story as it is written: four journals and a history. */
struct story {
	enum flaw flaw;
	char folder[FOLDER_PATH_MAX];
	struct kv *kv[CHECK_SERVICES];
	struct journal_head heads[CHECK_SERVICES];
	struct arena arena;
	char history_path[FOLDER_PATH_MAX];
	int history;
	int64_t now_us;
};

/* ---- writing ---- */

static void
open_journal(struct story *s, enum check_service service)
{
	char path[FOLDER_PATH_MAX], problem[200];
	struct kv_options o = {
	    .path = path, .tables = journal_tables, .tables_n = JOURNAL_TABLES_N};
	struct kv_txn txn;

	folder_file(path, s->folder, check_service_name(service));
	assert_int_equal(kv_open(&s->kv[service], &o, problem, sizeof problem), 0);
	kv_begin(s->kv[service], &txn, true);
	assert_int_equal(journal_open(&txn, 7), ERR_NONE);
	journal_read_head(&txn, &s->heads[service]);
	assert_int_equal(kv_end(&txn), ERR_NONE);
}

static struct bytes
done(struct story *s, uint64_t number)
{
	Common__Done d = COMMON__DONE__INIT;
	struct bytes out;

	SET(&d, number, number);
	assert_int_equal(message_pack(&s->arena, &d.base, &out), ERR_NONE);
	return out;
}

/* One entry; with `is_answered` it ends a command, whose answer names it. */
static uint64_t
entry(struct story *s, enum check_service service, const char *command, uint32_t type,
    const ProtobufCMessage *event, bool is_answered)
{
	Journal__CommandRecord record = JOURNAL__COMMAND_RECORD__INIT;
	Envelope__Envelope answer = ENVELOPE__ENVELOPE__INIT;
	struct journal_head *head = &s->heads[service];
	struct journal_entry e = {.type = type, .command_id = command};
	struct journal_batch batch = {&e, 1, TIME_MS};
	struct bytes packed;
	struct kv_txn txn;

	assert_int_equal(message_pack(&s->arena, event, &e.event), ERR_NONE);
	SET_BYTES(&answer, body, done(s, head->number + 1));
	assert_int_equal(message_pack(&s->arena, &answer.base, &packed), ERR_NONE);
	SET_BYTES(&record, answer, packed);
	e.command = is_answered ? &record : NULL;
	kv_begin(s->kv[service], &txn, true);
	assert_int_equal(
	    journal_append(&txn, &s->arena, &batch, head, JOURNAL_EPOCH_FIRST),
	    ERR_NONE);
	assert_int_equal(kv_end(&txn), ERR_NONE);
	return head->number;
}

static void
line(struct story *s, enum history_event event, const char *service, const char *id,
    uint64_t number, const char *detail)
{
	struct history_line l = {.time_us = ++s->now_us,
	    .event = event,
	    .client = 1,
	    .has_number = number != UINT64_MAX,
	    .number = number};

	(void)snprintf(l.service, sizeof l.service, "%s", service);
	(void)snprintf(l.method, sizeof l.method, "something");
	check_keep(l.id, id);
	(void)snprintf(l.detail, sizeof l.detail, "%s", detail);
	assert_true(history_write(s->history, &l));
}

static void
asked(struct story *s, const char *service, const char *id)
{
	line(s, HISTORY_INVOKE, service, id, UINT64_MAX, "");
}

static void
answered(struct story *s, const char *service, const char *id, uint64_t number)
{
	char digest[HISTORY_DIGEST];

	history_digest(done(s, number), digest);
	line(s, HISTORY_OK, service, id, number, digest);
}

static void
heard(struct story *s, const char *service, const char *id, uint64_t number)
{
	asked(s, service, id);
	answered(s, service, id, number);
}

/* ---- foster's part ---- */

static void
household(struct story *s)
{
	Foster__HouseholdRegistered r = FOSTER__HOUSEHOLD_REGISTERED__INIT;
	Foster__Household h = FOSTER__HOUSEHOLD__INIT;
	Foster__Approval approval = FOSTER__APPROVAL__INIT;

	h.household_id = (char *)(uintptr_t)HOUSEHOLD;
	h.approval = &approval;
	SET(&approval, children_max, 1);
	r.household = &h;
	(void)entry(s, CHECK_FOSTER, REGISTER, FOSTER(HOUSEHOLD_REGISTERED), &r.base,
	    s->flaw != WITHOUT_ITS_ANSWER);
	if (s->flaw == TWICE_WITH_ITS_ANSWER)
		(void)entry(s, CHECK_FOSTER, REGISTER, FOSTER(HOUSEHOLD_REGISTERED),
		    &r.base, true);
}

static uint64_t
grant(struct story *s, const char *hold)
{
	Foster__HoldGranted g = FOSTER__HOLD_GRANTED__INIT;
	Foster__HoldRow row = FOSTER__HOLD_ROW__INIT;
	Common__Child child = COMMON__CHILD__INIT, *children[] = {&child};

	row.hold_id = (char *)(uintptr_t)hold;
	row.household_id = (char *)(uintptr_t)HOUSEHOLD;
	row.children = children;
	row.n_children = 1;
	SET(&row, fencing_number,
	    s->heads[CHECK_FOSTER].number + (s->flaw == NUMBERED_WRONG ? 2 : 1));
	g.hold = &row;
	return entry(s, CHECK_FOSTER, hold, FOSTER(HOLD_GRANTED), &g.base, true);
}

static void
withhold(struct story *s)
{
	Foster__PlacesWithheld w = FOSTER__PLACES_WITHHELD__INIT;
	Foster__Withheld row = FOSTER__WITHHELD__INIT;

	row.withheld_id = (char *)(uintptr_t)SECOND;
	row.household_id = (char *)(uintptr_t)HOUSEHOLD;
	SET(&row, places, 1);
	SET(&row, from_day, 20778);
	w.withheld = &row;
	(void)entry(s, CHECK_FOSTER, SECOND, FOSTER(PLACES_WITHHELD), &w.base, true);
}

static void
release(struct story *s)
{
	Foster__HoldReleased r = FOSTER__HOLD_RELEASED__INIT;

	r.hold_id = (char *)(uintptr_t)HOLD;
	(void)entry(s, CHECK_FOSTER, SECOND, FOSTER(HOLD_RELEASED), &r.base, true);
}

static void
confirm_and_start(struct story *s)
{
	Foster__HoldConfirmed c = FOSTER__HOLD_CONFIRMED__INIT;
	Foster__PlacementStarted p = FOSTER__PLACEMENT_STARTED__INIT;
	Foster__Occupant o = FOSTER__OCCUPANT__INIT, *occupants[] = {&o};

	c.hold_id = p.hold_id = (char *)(uintptr_t)HOLD;
	if (s->flaw != STARTED_UNCONFIRMED)
		(void)entry(s, CHECK_FOSTER, CONFIRM_CALL, FOSTER(HOLD_CONFIRMED),
		    &c.base, true);
	p.placement_id = (char *)(uintptr_t)PLACEMENT;
	o.occupant_id = (char *)(uintptr_t)START_CALL;
	o.household_id = (char *)(uintptr_t)HOUSEHOLD;
	p.occupants = occupants;
	p.n_occupants = 1;
	(void)entry(
	    s, CHECK_FOSTER, START_CALL, FOSTER(PLACEMENT_STARTED), &p.base, true);
}

/* ---- requests' part ---- */

static void
decide(struct story *s)
{
	Requests__PlacementDecided d = REQUESTS__PLACEMENT_DECIDED__INIT;
	Requests__Journey way = REQUESTS__JOURNEY__INIT;

	d.request_id = (char *)(uintptr_t)REQUEST;
	way.hold_id = (char *)(uintptr_t)HOLD;
	way.placement_id = (char *)(uintptr_t)PLACEMENT;
	d.journey = &way;
	(void)entry(
	    s, CHECK_REQUESTS, DECIDE, REQUESTS(PLACEMENT_DECIDED), &d.base, true);
}

static void
held(struct story *s, uint64_t number)
{
	Requests__PlaceHeld h = REQUESTS__PLACE_HELD__INIT;

	h.hold_id = (char *)(uintptr_t)HOLD;
	SET(&h, fencing_number, number + (s->flaw == OTHER_FENCING_NUMBER));
	(void)entry(s, CHECK_REQUESTS, HOLD, REQUESTS(PLACE_HELD), &h.base, false);
}

/* The provider's yes, and what comes of it; each step by an event of its own. */
static void
agree_and_start(struct story *s)
{
	Requests__OfferConfirmed yes = REQUESTS__OFFER_CONFIRMED__INIT;
	Requests__HoldConfirmed c = REQUESTS__HOLD_CONFIRMED__INIT;
	Requests__StartOrdered o = REQUESTS__START_ORDERED__INIT;
	Requests__PlacementStarted p = REQUESTS__PLACEMENT_STARTED__INIT;
	Requests__PlaceLost lost = REQUESTS__PLACE_LOST__INIT;

	yes.hold_id = c.hold_id = o.hold_id = lost.hold_id = (char *)(uintptr_t)HOLD;
	p.placement_id = (char *)(uintptr_t)PLACEMENT;
	(void)entry(
	    s, CHECK_REQUESTS, AGREE, REQUESTS(OFFER_CONFIRMED), &yes.base, true);
	if (s->flaw == TWICE_IN_THE_JOURNAL)
		(void)entry(
		    s, CHECK_REQUESTS, SECOND, REQUESTS(PLACE_LOST), &lost.base, true);
	if (s->flaw != STEP_LEFT_OUT)
		(void)entry(s, CHECK_REQUESTS, CONFIRM_CALL, REQUESTS(HOLD_CONFIRMED),
		    &c.base, false);
	if (s->flaw == LOST_AND_STILL_HELD) {
		(void)entry(
		    s, CHECK_REQUESTS, START, REQUESTS(PLACE_LOST), &lost.base, true);
		return;
	}
	(void)entry(s, CHECK_REQUESTS, s->flaw == TWICE_IN_THE_JOURNAL ? AGREE : START,
	    REQUESTS(START_ORDERED), &o.base, true);
	if (s->flaw != NEVER_ENDS)
		(void)entry(s, CHECK_REQUESTS, START_CALL, REQUESTS(PLACEMENT_STARTED),
		    &p.base, false);
}

/* ---- the whole ---- */

static void
write_journals(struct story *s)
{
	uint64_t number;

	household(s);
	if (s->flaw == WITHHELD_AND_HELD)
		withhold(s);
	if (s->flaw != HELD_FOR_NOBODY)
		decide(s);
	number = grant(s, HOLD);
	if (s->flaw == LAST_PLACE_TWICE)
		(void)grant(s, HOLD_2);
	if (s->flaw == HELD_FOR_NOBODY)
		return;
	held(s, number);
	if (s->flaw == CONFIRMED_AFTER_RELEASE)
		release(s);
	confirm_and_start(s);
	agree_and_start(s);
}

static void
write_history(struct story *s)
{
	heard(s, "foster", REGISTER, s->flaw == OTHER_NUMBER ? 2 : 1);
	if (s->flaw == HELD_FOR_NOBODY)
		return;
	if (s->flaw == OUT_OF_ORDER) /* said yes to before it was decided */
		heard(s, "requests", AGREE, 3);
	heard(s, "requests", DECIDE, 1);
	if (s->flaw != OUT_OF_ORDER)
		heard(s, "requests", AGREE, 3);
}

static void
spoil_history(struct story *s)
{
	switch (s->flaw) {
	case ACKNOWLEDGED_AND_LOST: heard(s, "requests", SECOND, 9); break;
	case OTHER_ANSWER:
		asked(s, "foster", HOLD);
		line(s, HISTORY_OK, "foster", HOLD, 2, "0000000000000000");
		break;
	case RECORDED_AND_DENIED: heard(s, "foster", HOLD, 0); break;
	case REFUSED_AND_LOST:
		asked(s, "requests", SECOND);
		line(s, HISTORY_REFUSED, "requests", SECOND, UINT64_MAX, "133");
		break;
	case REFUSED_OTHERWISE:
		asked(s, "foster", HOLD);
		line(s, HISTORY_REFUSED, "foster", HOLD, UINT64_MAX, "133");
		break;
	case READ_OLDER:
		line(s, HISTORY_ASK, "requests", SECOND, UINT64_MAX, "");
		line(s, HISTORY_TOLD, "requests", SECOND, 2, "");
		break;
	case SAME_ID_TWICE: asked(s, "requests", DECIDE); break;
	case TWO_ANSWERS:
		line(s, HISTORY_OK, "requests", DECIDE, 1, "0000000000000000");
		break;
	case BROKEN_LINE:
		assert_true(dprintf(s->history, "12 invoke 1 requests\n") > 0);
		break;
	case NO_FLAW:
	case TWICE_IN_THE_JOURNAL:
	case TWICE_WITH_ITS_ANSWER:
	case OTHER_NUMBER:
	case WITHOUT_ITS_ANSWER:
	case OUT_OF_ORDER:
	case LAST_PLACE_TWICE:
	case WITHHELD_AND_HELD:
	case CONFIRMED_AFTER_RELEASE:
	case STARTED_UNCONFIRMED:
	case NUMBERED_WRONG:
	case NEVER_ENDS:
	case HELD_FOR_NOBODY:
	case LOST_AND_STILL_HELD:
	case OTHER_FENCING_NUMBER:
	case STEP_LEFT_OUT:
	case FLAWS: break;
	}
}

static void
tell(struct story *s, enum flaw flaw)
{
	*s = (struct story){.flaw = flaw};
	folder_make(s->folder);
	assert_int_equal(arena_open(&s->arena, 4u << 20), ERR_NONE);
	folder_file(s->history_path, s->folder, "history");
	s->history = history_open(s->history_path);
	assert_true(s->history >= 0);
	for (unsigned i = 0; i < CHECK_SERVICES; i++)
		open_journal(s, (enum check_service)i);
	write_journals(s);
	write_history(s);
	spoil_history(s);
	for (unsigned i = 0; i < CHECK_SERVICES; i++)
		kv_close(s->kv[i]);
	(void)close(s->history);
}

/* What the checker says of it: each thing wrong, a line. */
static uint64_t
check_but(struct story *s, bool is_settled, const char *by_hand, char **said)
{
	FILE *history = fopen(s->history_path, "re");
	char path[FOLDER_PATH_MAX];
	struct check c;
	size_t len = 0;
	uint64_t wrong;
	FILE *out = open_memstream(said, &len);

	assert_non_null(history);
	assert_non_null(out);
	check_open(&c, out);
	c.is_settled = is_settled;
	c.by_hand = by_hand;
	check_history(&c, history);
	for (unsigned i = 0; i < CHECK_SERVICES; i++) {
		folder_file(path, s->folder, check_service_name((enum check_service)i));
		check_journal(&c, (enum check_service)i, path);
	}
	wrong = check_end(&c);
	check_close(&c);
	(void)fclose(history);
	(void)fclose(out);
	return wrong;
}

static uint64_t
check(struct story *s, bool is_settled, char **said)
{
	return check_but(s, is_settled, NULL, said);
}

static void
forget(struct story *s)
{
	arena_close(&s->arena);
	folder_remove(s->folder);
}

static void
finds(enum flaw flaw, const char *words)
{
	struct story s;
	char *said = NULL;
	uint64_t wrong;

	tell(&s, flaw);
	wrong = check(&s, true, &said);
	if (wrong == 0 || strstr(said, words) == NULL)
		fail_msg("flaw %d: '%s' is not in: %s", (int)flaw, words, said);
	free(said);
	forget(&s);
}

/* ---- tests ---- */

static void
a_true_story_is_well(void **state)
{
	struct story s;
	char *said = NULL;

	(void)state;
	tell(&s, NO_FLAW);
	if (check(&s, true, &said) != 0)
		fail_msg("%s", said);
	free(said);
	forget(&s);
}

static const char *const words[FLAWS] = {
    [ACKNOWLEDGED_AND_LOST] = SECOND " was acknowledged and is not in the journal",
    [TWICE_IN_THE_JOURNAL] = "requests: command " AGREE " is there twice",
    [TWICE_WITH_ITS_ANSWER] = "foster: command " REGISTER " is there twice",
    [OTHER_ANSWER] = HOLD " was answered otherwise than its entry 2 says",
    [OTHER_NUMBER] = REGISTER " was told number 2 and stands at 1",
    [RECORDED_AND_DENIED] = "was told that nothing was recorded; it stands at 2",
    [REFUSED_AND_LOST] = "was refused with 133; the journal has 0",
    [REFUSED_OTHERWISE] = "was refused with 133; the journal has 0",
    [WITHOUT_ITS_ANSWER] = REGISTER " is there without its answer",
    [OUT_OF_ORDER] = "stands at 1 before its 3",
    [READ_OLDER] = "stands at 2 before its 3",
    [SAME_ID_TWICE] = "id " DECIDE " was used for two commands",
    [TWO_ANSWERS] = DECIDE " heard two answers",
    [BROKEN_LINE] = "history: line 7 cannot be read",
    [LAST_PLACE_TWICE] = "promises a place of " HOUSEHOLD
			 " that is not there: 2 held, 0 there, 0 withheld, of 1",
    [WITHHELD_AND_HELD] = "1 held, 0 there, 1 withheld, of 1",
    [CONFIRMED_AFTER_RELEASE] = "moves hold " HOLD " to state 2 from 4",
    [STARTED_UNCONFIRMED] = "moves hold " HOLD " to state 3 from 1",
    [NUMBERED_WRONG] = "hold " HOLD " of entry 2 is numbered 3",
    [NEVER_ENDS] = "hold " HOLD " is ordered to start, and nothing is owed",
    [HELD_FOR_NOBODY] = "foster holds " HOLD " for nobody",
    [LOST_AND_STILL_HELD] = "hold " HOLD " is lost, and with foster it is in state 3",
    [OTHER_FENCING_NUMBER] = "requests knows number 3, foster granted 2",
    [STEP_LEFT_OUT] = "hold " HOLD ", which was said yes to, is ordered to start",
};

static void
each_thing_wrong_is_found(void **state)
{
	(void)state;
	for (unsigned i = NO_FLAW + 1; i < FLAWS; i++)
		finds((enum flaw)i, words[i]);
}

/* A hold made by hand is no request's; it must be there, and be no request's indeed. */
static void
a_hold_by_hand_is_for_nobody(void **state)
{
	static const struct {
		enum flaw flaw;
		const char *by_hand, *words;
	} cases[] = {
	    {HELD_FOR_NOBODY, HOLD, NULL},
	    {HELD_FOR_NOBODY, SECOND, "foster holds " HOLD " for nobody"},
	    {HELD_FOR_NOBODY, SECOND, "nobody holds " SECOND ", asked for by hand"},
	    {NO_FLAW, HOLD, "requests knows hold " HOLD ", asked for by hand"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct story s;
		char *said = NULL;
		uint64_t wrong;

		tell(&s, cases[i].flaw);
		wrong = check_but(&s, true, cases[i].by_hand, &said);
		if ((wrong == 0) != (cases[i].words == NULL) ||
		    (wrong != 0 && strstr(said, cases[i].words) == NULL))
			fail_msg("case %zu: %s", i, said);
		free(said);
		forget(&s);
	}
}

/* While calls are still owed a journey may stand anywhere on its way. */
static void
a_journey_on_its_way_is_none_that_never_ends(void **state)
{
	struct story s;
	char *said = NULL;

	(void)state;
	tell(&s, NEVER_ENDS);
	if (check(&s, false, &said) != 0)
		fail_msg("%s", said);
	free(said);
	forget(&s);
}

static void
a_store_that_is_not_there_is_said(void **state)
{
	struct story s;
	char *said = NULL, path[FOLDER_PATH_MAX];

	(void)state;
	tell(&s, NO_FLAW);
	folder_file(path, s.folder, "requests");
	folder_remove(path);
	assert_int_not_equal(check(&s, true, &said), 0);
	assert_non_null(strstr(said, "requests: "));
	free(said);
	forget(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_true_story_is_well),
	    cmocka_unit_test(each_thing_wrong_is_found),
	    cmocka_unit_test(a_hold_by_hand_is_for_nobody),
	    cmocka_unit_test(a_journey_on_its_way_is_none_that_never_ends),
	    cmocka_unit_test(a_store_that_is_not_there_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
