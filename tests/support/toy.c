#include "support/toy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/row.h"
#include "base/str.h"

#define PLACEMENT_OFFICER ROLE_BIT(MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER)

struct toy_seen toy_seen;

static const struct refusal no = {
    TOY_NO, "The rule says no.", "Toy Act 2026, s1", "household.bedrooms"};
static const struct refusal taken = {TOY_TAKEN, "It is taken.", NULL, NULL};

/* ---- apply ---- */

static enum err
apply_note(struct kv_txn *txn, struct arena *a, const Foster__Household *household)
{
	if (household->bedrooms == TOY_BREAKS_APPLY)
		return ERR_CORRUPT;
	row_put(txn, a, TOY_NOTES, row_key(household->household_id), &household->base);
	return txn->err;
}

static enum err
apply_expired(struct kv_txn *txn, struct arena *a, const Foster__HoldExpired *expired)
{
	const Foster__HoldRow *row = row_get(txn, a, TOY_HOLDS,
	    row_key(expired->hold_id), &foster__hold_row__descriptor);

	if (row == NULL)
		return ERR_CORRUPT;
	if (!toy_seen.leaves_timer_on)
		svc_timer_clear(
		    txn, row->expires_time, TOY_TIMER_HOLD, expired->hold_id);
	kv_delete(txn, TOY_HOLDS, row_key(expired->hold_id));
	return txn->err;
}

static enum err
apply_owed(struct kv_txn *txn, struct arena *a, const Foster__OccupantEnded *ended,
    int64_t time_ms)
{
	Journal__OwedCall owed = JOURNAL__OWED_CALL__INIT;
	Place__End body = PLACE__END__INIT;
	struct bytes packed;
	enum err e;

	body.placement_id = ended->occupant_id;
	e = message_pack(a, &body.base, &packed);
	if (e != ERR_NONE)
		return e;
	owed.owed_id = ended->household_id;
	owed.service = str_copy(a, "requests");
	SET(&owed, method, TOY_METHOD(END));
	SET_BYTES(&owed, body, packed);
	SET(&owed, opened_time, time_ms);
	svc_owe(txn, a, &owed);
	return txn->err;
}

static enum err
toy_apply(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	const void *message = e->message;

	if (e->type == TOY_EVENT(HOUSEHOLD_REGISTERED))
		return apply_note(
		    txn, a, ((const Foster__HouseholdRegistered *)message)->household);
	if (e->type == TOY_EVENT(HOUSEHOLD_AMENDED))
		return apply_note(
		    txn, a, ((const Foster__HouseholdAmended *)message)->household);
	if (e->type == TOY_EVENT(HOLD_GRANTED)) {
		const Foster__HoldRow *hold =
		    ((const Foster__HoldGranted *)message)->hold;
		row_put(txn, a, TOY_HOLDS, row_key(hold->hold_id), &hold->base);
		svc_timer_set(
		    txn, a, hold->expires_time, TOY_TIMER_HOLD, hold->hold_id);
	}
	if (e->type == TOY_EVENT(HOLD_EXPIRED))
		return apply_expired(txn, a, message);
	if (e->type == TOY_EVENT(OCCUPANT_ENDED))
		return apply_owed(txn, a, message, e->time_ms);
	if (e->type == TOY_EVENT(EXEMPTION_ENDED) && !toy_seen.leaves_owed_open)
		svc_owed_close(
		    txn, ((const Foster__ExemptionEnded *)message)->exemption_id);
	if (e->type == TOY_EVENT(OCCUPANT_RECORDED)) {
		const Foster__Occupant *occupant =
		    ((const Foster__OccupantRecorded *)message)->occupant;
		row_put(txn, a, TOY_REACTIONS, row_key(occupant->occupant_id),
		    &occupant->base);
	}
	return txn->err;
}

static enum err
follow(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	const Foster__Household *household = NULL;

	if (e->type == TOY_EVENT(HOUSEHOLD_REGISTERED))
		household =
		    ((const Foster__HouseholdRegistered *)(const void *)e->message)
			->household;
	if (e->type == TOY_EVENT(HOUSEHOLD_AMENDED))
		household = ((const Foster__HouseholdAmended *)(const void *)e->message)
		                ->household;
	if (household == NULL)
		return ERR_NONE;
	if (household->bedrooms == TOY_BREAKS_COPY)
		return ERR_CORRUPT;
	row_put(txn, a, TOY_COPIES, row_key(household->household_id), &household->base);
	return txn->err;
}

static enum err
react(struct svc_ask *ask, const struct svc_event *e)
{
	Foster__OccupantRecorded event = FOSTER__OCCUPANT_RECORDED__INIT;
	Foster__Occupant occupant = FOSTER__OCCUPANT__INIT;

	if (e->type != TOY_EVENT(HOUSEHOLD_REGISTERED))
		return ERR_NONE;
	toy_seen.reactions++;
	occupant.occupant_id =
	    ((const Foster__HouseholdRegistered *)(const void *)e->message)
		->household->household_id;
	event.occupant = &occupant;
	svc_decide(ask, TOY_EVENT(OCCUPANT_RECORDED), &event.base);
	return ask->txn->err;
}

/* ---- handlers ---- */

static void
note_ask(const struct svc_ask *ask)
{
	const struct svc_caller *c = &ask->caller;

	toy_seen.handled++;
	toy_seen.now_ms = ask->now_ms;
	toy_seen.copy_age_ms = ask->members_copy_age_ms;
	toy_seen.roles = c->roles;
	snprintf(toy_seen.service, sizeof toy_seen.service, "%s",
	    c->service != NULL ? c->service : "");
	snprintf(toy_seen.person_id, sizeof toy_seen.person_id, "%s",
	    c->person_id != NULL ? c->person_id : "");
	snprintf(toy_seen.organisation_id, sizeof toy_seen.organisation_id, "%s",
	    c->organisation_id != NULL ? c->organisation_id : "");
}

static enum err
answer_done(struct svc_ask *ask, const char *id, uint64_t number)
{
	Common__Done *done = MESSAGE_NEW(ask->arena, common__done);

	if (done == NULL)
		return ERR_MEMORY;
	done->id = str_copy(ask->arena, id);
	SET(done, number, number);
	svc_answer(ask, &done->base);
	return ERR_NONE;
}

static enum err
decide_note(struct svc_ask *ask, const Foster__Household *asked, bool is_amended)
{
	Foster__HouseholdRegistered registered = FOSTER__HOUSEHOLD_REGISTERED__INIT;
	Foster__HouseholdAmended amended = FOSTER__HOUSEHOLD_AMENDED__INIT;
	Foster__Household household = *asked;
	unsigned copies = asked->bedrooms == TOY_DECIDES_TWO        ? 2
	                  : asked->bedrooms == TOY_DECIDES_TOO_MUCH ? 65
	                                                            : 1;

	household.household_id = str_copy(ask->arena, svc_new_id(ask));
	registered.household = &household;
	amended.household = &household;
	for (unsigned i = 0; i < copies; i++)
		svc_decide(ask,
		    is_amended ? TOY_EVENT(HOUSEHOLD_AMENDED)
			       : TOY_EVENT(HOUSEHOLD_REGISTERED),
		    is_amended ? &amended.base : &registered.base);
	return answer_done(ask, household.household_id, svc_next_number(ask) - 1);
}

static enum err
on_note(struct svc_ask *ask, const Foster__Household *household, bool is_amended)
{
	note_ask(ask);
	if (household == NULL)
		return ERR_INTERNAL;
	if (household->bedrooms == TOY_FAULTS)
		return ERR_UNREACHABLE;
	if (household->bedrooms == TOY_REFUSED) {
		svc_refuse(ask, &no, "not this one");
		return ERR_NONE;
	}
	return decide_note(ask, household, is_amended);
}

static enum err
on_register(struct svc_ask *ask, const ProtobufCMessage *call)
{
	return on_note(
	    ask, ((const Foster__RegisterHousehold *)call)->household, false);
}

static enum err
on_amend(struct svc_ask *ask, const ProtobufCMessage *call)
{
	return on_note(ask, ((const Foster__AmendHousehold *)call)->household, true);
}

static enum err
on_hold(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Place__Hold *call = (const Place__Hold *)message;
	Foster__HoldGranted event = FOSTER__HOLD_GRANTED__INIT;
	Foster__HoldRow row = FOSTER__HOLD_ROW__INIT;
	Place__Held *held = MESSAGE_NEW(ask->arena, place__held);

	note_ask(ask);
	if (kv_count(ask->txn, TOY_HOLDS) > 0) {
		svc_refuse(ask, &taken, NULL);
		return ERR_NONE;
	}
	row.hold_id = str_copy(ask->arena, ask->command_id);
	SET(&row, fencing_number, svc_next_number(ask));
	SET(&row, expires_time, ask->now_ms + 60000 * (int64_t)call->hold_minutes);
	event.hold = &row;
	held->hold_id = row.hold_id;
	SET_FROM(held, fencing_number, &row, fencing_number);
	SET_FROM(held, expires_time, &row, expires_time);
	svc_decide(ask, TOY_EVENT(HOLD_GRANTED), &event.base);
	svc_answer(ask, &held->base);
	return ERR_NONE;
}

static enum err
on_end_occupant(struct svc_ask *ask, const ProtobufCMessage *message)
{
	Foster__OccupantEnded event = FOSTER__OCCUPANT_ENDED__INIT;

	event.occupant_id = ((const Foster__EndOccupant *)message)->occupant_id;
	event.household_id = str_copy(ask->arena, svc_new_id(ask));
	svc_decide(ask, TOY_EVENT(OCCUPANT_ENDED), &event.base);
	return answer_done(ask, event.household_id, svc_next_number(ask) - 1);
}

static enum err
on_household(struct svc_ask *ask, const ProtobufCMessage *call)
{
	Foster__HouseholdAsked long_one = FOSTER__HOUSEHOLD_ASKED__INIT;

	if (toy_seen.passes_long) {
		long_one.household_id = arena_take(ask->arena, 5001);
		memset(long_one.household_id, 'x', 5000);
		call = &long_one.base;
	}
	svc_pass(ask, "matching", TOY_METHOD(HOUSEHOLD), call);
	return toy_seen.passes_then_fails ? ERR_INTERNAL : ERR_NONE;
}

static enum err
on_vacancies(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Foster__VacanciesAsked *call = (const Foster__VacanciesAsked *)message;
	Foster__Vacancies *answer = MESSAGE_NEW(ask->arena, foster__vacancies);
	size_t len = 0;

	note_ask(ask);
	SET(answer, journal_number, kv_count(ask->txn, TOY_HOLDS));
	if (call->limit == TOY_ANSWERS_MUCH)
		len = 100000;
	if (call->limit == TOY_ANSWERS_TOO_MUCH)
		len = SVC_MESSAGE_BYTES_MAX;
	answer->next_id = arena_take(ask->arena, len + 1);
	memset(answer->next_id, 'x', len);
	svc_answer(ask, &answer->base);
	return ERR_NONE;
}

static enum err
on_timer(struct svc_ask *ask, const Journal__Timer *timer)
{
	Foster__HoldExpired event = FOSTER__HOLD_EXPIRED__INIT;

	toy_seen.expired++;
	event.hold_id = timer->subject_id;
	svc_decide(ask, TOY_EVENT(HOLD_EXPIRED), &event.base);
	return ERR_NONE;
}

static enum err
on_reply(struct svc_ask *ask, const struct svc_reply *reply)
{
	Foster__ExemptionEnded event = FOSTER__EXEMPTION_ENDED__INIT;
	const Common__Done *done = (const Common__Done *)reply->answer;

	toy_seen.replies++;
	if (reply->refusal != NULL)
		toy_seen.refusals++;
	if (done != NULL && done->number == TOY_OWED_FAULTS)
		return ERR_INTERNAL;
	event.exemption_id = reply->owed->owed_id;
	svc_decide(ask, TOY_EVENT(EXEMPTION_ENDED), &event.base);
	return ERR_NONE;
}

static const ProtobufCMessageDescriptor *
answer_of(const char *service)
{
	assert_true(str_equal(service, "requests") || str_equal(service, "matching"));
	return &foster__foster_answer__descriptor;
}

/* ---- the services ---- */

static const struct svc_method methods[] = {
    {TOY_METHOD(REGISTER_HOUSEHOLD), PLACEMENT_OFFICER, "requests matching",
	SVC_COMMAND, on_register},
    {TOY_METHOD(AMEND_HOUSEHOLD), PLACEMENT_OFFICER, NULL, SVC_COMMAND_ANY_COPY,
	on_amend},
    {TOY_METHOD(END_OCCUPANT), PLACEMENT_OFFICER, NULL, SVC_COMMAND, on_end_occupant},
    {TOY_METHOD(HOLD), 0, "requests", SVC_COMMAND_ANY_COPY, on_hold},
    {TOY_METHOD(HOUSEHOLD), SVC_ANYONE, "requests", SVC_QUESTION, on_household},
    {TOY_METHOD(VACANCIES), SVC_ANYONE, NULL, SVC_QUESTION, on_vacancies},
};

static const struct svc_table_spec tables[] = {
    {"notes", NULL}, {"holds", NULL}, {"reactions", NULL}, {"copies", "foster"}};

static const struct svc_source follower_sources[] = {
    ACCESS_SOURCE, {"foster", &foster__foster_event__descriptor, follow, react}};

/* Names, a number deep inside, and a list stay here. */
static const char *const withheld[] = {"household.carer_name",
    "household.approval.children_max", "household.languages", NULL};

static const struct svc_release releases[] = {
    {"requests", TOY_EVENT(HOUSEHOLD_REGISTERED), withheld},
    {"requests", TOY_EVENT(HOUSEHOLD_AMENDED), NULL},
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define TOY(called, follows, follows_n)                                                \
	{                                                                              \
		.name = (called), .layout = 1,                                         \
		.call = &foster__foster_call__descriptor,                              \
		.answer = &foster__foster_answer__descriptor,                          \
		.event = &foster__foster_event__descriptor, .methods = methods,        \
		.methods_n = COUNT(methods), .tables = tables,                         \
		.tables_n = COUNT(tables), .apply = toy_apply, .sources = (follows),   \
		.sources_n = (follows_n), .releases = releases,                        \
		.releases_n = COUNT(releases), .replied = on_reply, .timer = on_timer, \
		.answer_of = answer_of                                                 \
	}

const struct service toy_service = TOY("foster", &access_source, 1);
const struct service toy_follower_service =
    TOY("requests", follower_sources, COUNT(follower_sources));

#define MEMBERS_EVENT(name) MEMBERS__MEMBERS_EVENT__EVENT_##name
#define MEMBERS_RELEASE(follower)                                                      \
	{follower, MEMBERS_EVENT(PERSON_REGISTERED), NULL},                            \
	    {follower, MEMBERS_EVENT(ROLE_ENDED), NULL},                               \
	    {follower, MEMBERS_EVENT(KEY_REGISTERED), NULL},                           \
	{                                                                              \
		follower, MEMBERS_EVENT(KEY_REVOKED), NULL                             \
	}

static const struct svc_release members_releases[] = {
    MEMBERS_RELEASE("foster"), MEMBERS_RELEASE("requests")};

const struct service toy_members_service = {
    .name = "members",
    .layout = 1,
    .call = &members__members_call__descriptor,
    .answer = &members__members_answer__descriptor,
    .event = &members__members_event__descriptor,
    .apply = access_apply,
    .releases = members_releases,
    .releases_n = COUNT(members_releases),
    .owns_access = true,
};
