#include "matching/wire.h"

#include <stdio.h>

#include "base/access.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "matching/candidate.h"
#include "matching/explain.h"
#include "matching/homes.h"
#include "matching/matching.h"
#include "matching/policy.h"
#include "matching/shortlist.h"
#include "matching/store.h"

#define CALL(name) MATCHING__MATCHING_CALL__CALL_##name

/* Address space; only what is used is ever touched. */
#define ROOM_BYTES (sizeof(struct room) + MATCHING_OWNERS * HOMES_BYTES + 4096)
#define SCRATCH_BYTES (1u << 20)

/* What this service keeps in memory while it runs. */
struct room {
	struct arena memory; /* this room itself, and the homes */
	struct policy policy;
	struct homes homes[MATCHING_OWNERS];
};

/* A question, and all that is known for it. */
struct matter {
	struct svc_ask *ask;
	struct room *room;
	const Requests__RequestSubmitted *request;
	const Journal__Cursor *followed[MATCHING_OWNERS];
	struct matching_need need;
};

/* What a shortlist and a why have in common. */
struct subject {
	const char *request_id;
	uint64_t at_least_number;
	char *const *child_refs;
	size_t n_child_refs;
};
#define SUBJECT_OF(asked)                                                              \
	{                                                                              \
		(asked)->request_id, (asked)->at_least_number, (asked)->child_refs,    \
		    (asked)->n_child_refs                                              \
	}

static enum err
refuse(struct svc_ask *ask, enum matching_refusal no)
{
	svc_refuse(ask, matching_refusal(no), NULL);
	return ask->txn->err;
}

/* Has supply been followed, all of it once, and the requests as far as the caller
 * has? After an owner was restored its supply is followed from the beginning, and a
 * part of it would make a wrong list. */
static bool
is_followed(struct matter *m, uint64_t at_least_number)
{
	struct svc_ask *ask = m->ask;
	const Journal__Cursor *requests =
	    matching_store_cursor(ask->txn, ask->arena, "requests");
	bool all = requests != NULL && requests->number >= at_least_number;

	for (enum matching_owner o = 0; o < MATCHING_OWNERS; o++) {
		m->followed[o] = matching_store_cursor(
		    ask->txn, ask->arena, matching_store_owner(o));
		all = all && m->followed[o] != NULL &&
		      svc_has_copy(ask, matching_store_owner(o));
	}
	return all;
}

static enum err
catch_up(struct room *room, struct kv_txn *txn, struct arena *scratch)
{
	enum err e = ERR_NONE;

	for (enum matching_owner o = 0; o < MATCHING_OWNERS && e == ERR_NONE; o++)
		e = homes_catch_up(&room->homes[o], txn, scratch);
	return e;
}

/*
 * Reads what the question needs. BUSY until this copy of the requests has come as far
 * as the caller has, and until supply was followed at all. *no is a rule's no.
 */
static enum err
open_matter(struct svc_ask *ask, const struct subject *subject, struct matter *out,
    enum matching_refusal *no)
{
	struct room *room = svc_context(ask->svc);
	struct matching_question question = {.child_refs = subject->child_refs,
	    .n_child_refs = subject->n_child_refs,
	    .today = day_in_london(ask->now_ms),
	    .avoid_miles_tenths = room->policy.avoid_miles * 10};

	*no = MATCHING_OK;
	*out = (struct matter){.ask = ask, .room = room};
	bool is_early = !is_followed(out, subject->at_least_number);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (is_early)
		return ERR_BUSY;
	out->request = matching_store_request(
	    ask->txn, ask->arena, subject->request_id, &question.is_draft);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (out->request == NULL || out->request->circulation == NULL) {
		*no = MATCHING_REQUEST_UNKNOWN;
		return ERR_NONE;
	}
	question.request = out->request;
	question.council =
	    access_council(ask->txn, ask->arena, out->request->circulation->council_id);
	*no = matching_need_of(&question, &out->need);
	if (*no != MATCHING_OK || ask->txn->err != ERR_NONE)
		return ask->txn->err;
	return catch_up(room, ask->txn, ask->arena);
}

static Matching__Candidate *
candidate(struct matter *m, const struct matching_home *home, uint32_t mask)
{
	struct svc_ask *ask = m->ask;
	bool is_foster = home->care_type == COMMON__CARE_TYPE__CARE_TYPE_FOSTER;
	struct candidate found = {.policy = &m->room->policy,
	    .need = &m->need,
	    .home = home,
	    .mask = mask,
	    .vacancy = matching_store_vacancy(ask->txn, ask->arena,
		is_foster ? MATCHING_FOSTER : MATCHING_RESIDENTIAL, home->vacancy_id)};

	if (found.vacancy == NULL)
		return NULL;
	if (is_foster)
		found.agency = access_provider(ask->txn, ask->arena,
		    ((const Foster__Vacancy *)found.vacancy)->provider_id);
	return candidate_message(&found, ask->arena);
}

/* ---- the shortlist ---- */

static bool
fill_waterfall(struct arena *a, const struct shortlist *list, Matching__Shortlist *out)
{
	out->waterfall = LIST_NEW(a, MATCHING_RULES, Matching__RuleCount *);
	if (out->waterfall == NULL)
		return false;
	for (unsigned i = 0; i < MATCHING_RULES; i++) {
		Matching__RuleCount *count = MESSAGE_NEW(a, matching__rule_count);
		Matching__Rule rule = matching_waterfall[i];
		if (count == NULL)
			return false;
		SET(count, rule, rule);
		SET(count, removed, list->removed[i]);
		SET(count, only, list->only[i]);
		count->source = str_copy(a, explain_source(rule));
		out->waterfall[out->n_waterfall++] = count;
	}
	return !a->is_full;
}

static bool
fill_candidates(
    struct matter *m, const struct shortlist *list, Matching__Shortlist *out)
{
	out->candidates = LIST_NEW(m->ask->arena, SHORTLIST_MAX, Matching__Candidate *);
	if (out->candidates == NULL)
		return false;
	for (size_t i = 0; i < list->n; i++) {
		out->candidates[i] =
		    candidate(m, list->best[i].home, list->best[i].mask);
		if (out->candidates[i] == NULL)
			return false;
		out->n_candidates++;
	}
	return true;
}

/* How far, and how fresh, what was looked through is. */
static void
fill_supply(const struct matter *m, Matching__Shortlist *out)
{
	const Journal__Cursor *foster = m->followed[MATCHING_FOSTER];
	const Journal__Cursor *residential = m->followed[MATCHING_RESIDENTIAL];

	SET(out, foster_number, foster->number);
	SET_FROM(out, foster_fresh_time, foster, fresh_time);
	SET(out, residential_number, residential->number);
	SET_FROM(out, residential_fresh_time, residential, fresh_time);
}

static enum err
on_shortlist(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Matching__ShortlistAsked *asked = (const void *)call;
	const struct subject subject = SUBJECT_OF(asked);
	Matching__Shortlist *out = MESSAGE_NEW(ask->arena, matching__shortlist);
	struct shortlist *list = arena_take(ask->arena, sizeof(*list));
	struct matter m;
	enum matching_refusal no;
	enum err e = open_matter(ask, &subject, &m, &no);

	if (e != ERR_NONE)
		return e;
	if (no != MATCHING_OK)
		return refuse(ask, no);
	if (out == NULL || list == NULL)
		return ERR_MEMORY;
	shortlist_make(&m.room->policy, &m.need, m.room->homes, list);
	if (!fill_waterfall(ask->arena, list, out) || !fill_candidates(&m, list, out))
		return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_MEMORY;
	out->request_id = m.request->circulation->request_id;
	out->child_refs = asked->child_refs;
	out->n_child_refs = asked->n_child_refs;
	SET_FROM(out, version, m.request->circulation, version);
	SET(out, vacancies, list->vacancies);
	SET(out, suitable, list->suitable);
	SET(out, providers, list->providers);
	SET(out, providers_within_20_miles, list->providers_near);
	SET(out, places, list->places);
	out->policy = policy_title(&m.room->policy, ask->arena);
	SET_BYTES(
	    out, policy_hash, ((struct bytes){m.room->policy.hash, POLICY_HASH_BYTES}));
	fill_supply(&m, out);
	svc_answer(ask, &out->base);
	return ask->txn->err;
}

/* ---- why, and why not ---- */

static bool
fill_failures(struct matter *m, const struct matching_home *home, uint32_t failed,
    Matching__Why *out)
{
	struct arena *a = m->ask->arena;

	out->failures = LIST_NEW(a, MATCHING_RULES, Matching__Failure *);
	if (out->failures == NULL)
		return false;
	for (unsigned i = 0; i < MATCHING_RULES; i++) {
		Matching__Rule rule = matching_waterfall[i];
		if ((failed >> i & 1) == 0)
			continue;
		Matching__Failure *failure = MESSAGE_NEW(a, matching__failure);
		const char *fact = explain_fact(a, rule, &m->need, home);
		if (failure == NULL || fact == NULL)
			return false;
		SET(failure, rule, rule);
		failure->fact = str_copy(a, fact);
		failure->source = str_copy(a, explain_source(rule));
		out->failures[out->n_failures++] = failure;
	}
	return !a->is_full;
}

static const struct matching_home *
find_home(const struct room *room, const char *vacancy_id)
{
	const struct matching_home *home = NULL;

	for (unsigned o = 0; vacancy_id != NULL && home == NULL && o < MATCHING_OWNERS;
	     o++)
		home = homes_find(&room->homes[o], vacancy_id);
	return home;
}

static enum err
on_why(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Matching__WhyAsked *asked = (const void *)call;
	const struct subject subject = SUBJECT_OF(asked);
	Matching__Why *out = MESSAGE_NEW(ask->arena, matching__why);
	struct matter m;
	enum matching_refusal no;
	enum err e = open_matter(ask, &subject, &m, &no);

	if (e != ERR_NONE)
		return e;
	if (no != MATCHING_OK)
		return refuse(ask, no);
	const struct matching_home *home = find_home(m.room, asked->vacancy_id);
	if (home == NULL)
		return refuse(ask, MATCHING_VACANCY_UNKNOWN);
	if (out == NULL)
		return ERR_MEMORY;
	uint32_t mask = matching_mask(&m.need, home);
	out->request_id = m.request->circulation->request_id;
	out->vacancy_id = asked->vacancy_id;
	SET(out, suitable, MATCHING_FAILED(mask) == 0);
	if (!fill_failures(&m, home, MATCHING_FAILED(mask), out))
		return ERR_MEMORY;
	if (out->suitable) {
		out->candidate = candidate(&m, home, mask);
		SET(out, rank,
		    shortlist_rank(&m.room->policy, &m.need, m.room->homes, home));
		if (out->candidate == NULL)
			return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_MEMORY;
	}
	svc_answer(ask, &out->base);
	return ask->txn->err;
}

static enum err
on_policy(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const struct room *room = svc_context(ask->svc);
	Matching__Policy *out = policy_message(&room->policy, ask->arena);

	(void)call;
	if (out == NULL)
		return ERR_MEMORY;
	svc_answer(ask, &out->base);
	return ask->txn->err;
}

/* ---- the service ---- */

static void
close_room(void *context)
{
	struct room *room = context;
	struct arena memory = room->memory; /* the room lies in its own memory */

	arena_close(&memory);
}

/* Reads the policy, and all vacancies once, so that the first question need not. */
static enum err
fill_room(
    struct room *room, struct svc *svc, const char *path, char *problem, size_t size)
{
	struct arena scratch;
	struct kv_txn txn;
	enum err e = policy_read(path, &room->policy, problem, size);

	if (e != ERR_NONE)
		return e;
	e = arena_open(&scratch, SCRATCH_BYTES);
	if (e != ERR_NONE)
		return e;
	for (enum matching_owner o = 0; o < MATCHING_OWNERS && e == ERR_NONE; o++)
		e = homes_open(&room->homes[o], o, &room->memory);
	kv_begin(svc_kv(svc), &txn, false);
	if (e == ERR_NONE)
		e = catch_up(room, &txn, &scratch);
	kv_abort(&txn);
	arena_close(&scratch);
	if (e != ERR_NONE)
		snprintf(
		    problem, size, "the vacancies cannot be read: %s", err_name(e));
	return e;
}

static enum err
opened(struct svc *svc, const char *option, char *problem, size_t problem_size)
{
	struct arena memory;
	enum err e;

	if (option == NULL || option[0] == '\0') {
		snprintf(problem, problem_size,
		    "rcc-matching needs a policy: say its file as option in [service]");
		return ERR_MALFORMED;
	}
	e = arena_open(&memory, ROOM_BYTES);
	if (e != ERR_NONE)
		return e;
	struct room *room = arena_take(&memory, sizeof(*room));
	if (room == NULL) {
		arena_close(&memory);
		return ERR_MEMORY;
	}
	room->memory = memory;
	e = fill_room(room, svc, option, problem, problem_size);
	if (e != ERR_NONE) {
		close_room(room);
		return e;
	}
	svc_set_context(svc, room, close_room);
	return ERR_NONE;
}

static const struct svc_method methods[] = {
    {CALL(SHORTLIST), 0, "requests", SVC_QUESTION, on_shortlist},
    {CALL(WHY), 0, "requests", SVC_QUESTION, on_why},
    {CALL(POLICY), SVC_ANYONE, "requests observatory", SVC_QUESTION, on_policy},
};

static const struct svc_source sources[] = {
    ACCESS_SOURCE,
    {
	.service = "foster",
	.event = &foster__foster_event__descriptor,
	.apply = matching_store_apply_foster,
    },
    {
	.service = "residential",
	.event = &residential__residential_event__descriptor,
	.apply = matching_store_apply_residential,
    },
    {
	.service = "requests",
	.event = &requests__requests_event__descriptor,
	.apply = matching_store_apply_requests,
    },
};

const struct service matching_service = {
    .name = "matching",
    .layout = 3,
    .call = &matching__matching_call__descriptor,
    .answer = &matching__matching_answer__descriptor,
    .event = &matching__matching_event__descriptor,
    .methods = methods,
    .methods_n = sizeof(methods) / sizeof(methods[0]),
    .tables = matching_store_tables,
    .tables_n = MATCHING_TABLES_END - SVC_TABLES,
    .apply = matching_store_apply,
    .sources = sources,
    .sources_n = sizeof(sources) / sizeof(sources[0]),
    .opened = opened,
};
