#ifndef RCC_TESTS_INTEGRATION_OBSERVATORY_WORLD_H
#define RCC_TESTS_INTEGRATION_OBSERVATORY_WORLD_H

/* The observatory as a machine, beside owners that only keep a journal; what they say,
 * and what is asked. */
#include "observatory/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/access.h"
#include "base/message.h"
#include "base/row.h"
#include "base/str.h"
#include "observatory/observatory.h"
#include "observatory/store.h"
#include "support/machine.h"

#include "foster.pb-c.h"
#include "requests.pb-c.h"
#include "residential.pb-c.h"

#define TODAY 20778 /* 2026-11-21 */
#define CALL(name) OBSERVATORY__OBSERVATORY_CALL__CALL_##name
#define METRIC(name) OBSERVATORY__METRIC__METRIC_##name
#define MEMBERS_EVENT(name) MEMBERS__MEMBERS_EVENT__EVENT_##name
#define FOSTER_EVENT(name) FOSTER__FOSTER_EVENT__EVENT_##name
#define RESIDENTIAL_EVENT(name) RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_##name
#define REQUESTS_EVENT(name) REQUESTS__REQUESTS_EVENT__EVENT_##name

/* The keys of people. */
enum { OFFICER = 101, BEA, PLACER };

static char bury[] = "E08000002", manchester[] = "E08000003", trafford[] = "E08000009";
static char sector[] = "M14 5", near[] = "M14 6";

/* ---- owners that only keep a journal ---- */

static inline enum err
apply_nothing(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	(void)a;
	(void)e;
	return txn->err;
}

#define TELL(event)                                                                    \
	{                                                                              \
		"observatory", event, NULL                                             \
	}

static const struct svc_release of_members[] = {
    TELL(MEMBERS_EVENT(PERSON_REGISTERED)),
    TELL(MEMBERS_EVENT(KEY_REGISTERED)),
    TELL(MEMBERS_EVENT(COUNCIL_REGISTERED)),
    TELL(MEMBERS_EVENT(PROVIDER_REGISTERED)),
};
static const struct svc_release of_foster[] = {
    TELL(FOSTER_EVENT(HOUSEHOLD_REGISTERED)),
    TELL(FOSTER_EVENT(HOUSEHOLD_AMENDED)),
    TELL(FOSTER_EVENT(HOUSEHOLD_REVIEWED)),
    TELL(FOSTER_EVENT(PLACES_WITHHELD)),
    TELL(FOSTER_EVENT(PLACES_RESTORED)),
    TELL(FOSTER_EVENT(PLACES_COUNTED)),
    TELL(FOSTER_EVENT(VACANCY_PUBLISHED)),
    TELL(FOSTER_EVENT(HOLD_EXPIRED)),
};
static const struct svc_release of_residential[] = {
    TELL(RESIDENTIAL_EVENT(HOME_REGISTERED)),
    TELL(RESIDENTIAL_EVENT(HOME_AMENDED)),
    TELL(RESIDENTIAL_EVENT(HOME_REVIEWED)),
    TELL(RESIDENTIAL_EVENT(BEDS_CLOSED)),
    TELL(RESIDENTIAL_EVENT(BEDS_REOPENED)),
    TELL(RESIDENTIAL_EVENT(BEDS_COUNTED)),
    TELL(RESIDENTIAL_EVENT(VACANCY_PUBLISHED)),
};
static const struct svc_release of_requests[] = {
    TELL(REQUESTS_EVENT(REQUEST_SUBMITTED)),
    TELL(REQUESTS_EVENT(REQUEST_CIRCULATED)),
    TELL(REQUESTS_EVENT(INTEREST_SHOWN)),
    TELL(REQUESTS_EVENT(OFFER_MADE)),
    TELL(REQUESTS_EVENT(OFFER_DECLINED)),
    TELL(REQUESTS_EVENT(PLACEMENT_DECIDED)),
    TELL(REQUESTS_EVENT(PLACE_HELD)),
    TELL(REQUESTS_EVENT(PLACE_LOST)),
    TELL(REQUESTS_EVENT(GROUP_BROKEN)),
    TELL(REQUESTS_EVENT(PLACEMENT_APPROVED)),
    TELL(REQUESTS_EVENT(PROVIDER_AGREED)),
    TELL(REQUESTS_EVENT(OFFER_CONFIRMED)),
    TELL(REQUESTS_EVENT(PLACEMENT_STARTED)),
    TELL(REQUESTS_EVENT(PLACEMENT_ENDED)),
    TELL(REQUESTS_EVENT(REQUEST_WITHDRAWN)),
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define OWNER(noun, names)                                                             \
	{                                                                              \
		.name = #noun, .layout = 1,                                            \
		.call = &noun##__##noun##_call__descriptor,                            \
		.answer = &noun##__##noun##_answer__descriptor,                        \
		.event = &noun##__##noun##_event__descriptor, .apply = apply_nothing,  \
		.releases = (names), .releases_n = COUNT(names)                        \
	}

static const struct service members = {.name = "members",
    .layout = 1,
    .call = &members__members_call__descriptor,
    .answer = &members__members_answer__descriptor,
    .event = &members__members_event__descriptor,
    .apply = apply_nothing,
    .releases = of_members,
    .releases_n = COUNT(of_members),
    .owns_access = true};
static const struct service foster = OWNER(foster, of_foster);
static const struct service residential = OWNER(residential, of_residential);
static const struct service requests = OWNER(requests, of_requests);

struct world {
	struct machines m;
	char *team, *agency, *homes; /* providers */
};

#define DECIDE(w, owner, type, event)                                                  \
	machines_decide(&(w)->m, #owner, type, &(event).base)

/* ---- who belongs ---- */

static inline void
add_council(struct world *w, char *code, char *adjoining)
{
	Members__Council row = MEMBERS__COUNCIL__INIT;
	Members__CouncilRegistered event = MEMBERS__COUNCIL_REGISTERED__INIT;
	Members__Membership membership = MEMBERS__MEMBERSHIP__INIT;
	Members__Membership *memberships[] = {&membership};

	SET(&membership, from_day, 100);
	row.council_id = code;
	row.memberships = memberships;
	row.n_memberships = 1;
	row.adjoining_council_ids = &adjoining;
	row.n_adjoining_council_ids = 1;
	event.council = &row;
	DECIDE(w, members, MEMBERS_EVENT(COUNCIL_REGISTERED), event);
}

static inline char *
add_provider(struct world *w, Members__Sector kind, char *council_id)
{
	Members__Provider row = MEMBERS__PROVIDER__INIT;
	Members__ProviderRegistered event = MEMBERS__PROVIDER_REGISTERED__INIT;

	row.provider_id = machines_id(&w->m);
	SET(&row, sector, kind);
	row.council_id = council_id;
	event.provider = &row;
	DECIDE(w, members, MEMBERS_EVENT(PROVIDER_REGISTERED), event);
	return row.provider_id;
}

static inline void
add_person(struct world *w, unsigned number, Members__Role role, char *organisation)
{
	uint8_t bytes[32];
	Members__Grant grant = MEMBERS__GRANT__INIT, *grants[] = {&grant};
	Members__Person person = MEMBERS__PERSON__INIT;
	Members__PersonRegistered added = MEMBERS__PERSON_REGISTERED__INIT;
	Members__Key key = MEMBERS__KEY__INIT;
	Members__KeyRegistered keyed = MEMBERS__KEY_REGISTERED__INIT;

	grant.organisation_id = organisation;
	SET(&grant, role, role);
	SET(&grant, from_day, 100);
	person.person_id = machines_id(&w->m);
	person.grants = grants;
	person.n_grants = 1;
	added.person = &person;
	DECIDE(w, members, MEMBERS_EVENT(PERSON_REGISTERED), added);
	machine_key(number, bytes);
	key.person_id = person.person_id;
	SET_BYTES(&key, public_key, ((struct bytes){bytes, sizeof bytes}));
	keyed.key = &key;
	DECIDE(w, members, MEMBERS_EVENT(KEY_REGISTERED), keyed);
}

/* ---- what the owners say ---- */

static inline char *
household(struct world *w, char *provider_id, char *council_id, uint32_t places)
{
	Foster__HouseholdRegistered event = FOSTER__HOUSEHOLD_REGISTERED__INIT;
	Foster__Household row = FOSTER__HOUSEHOLD__INIT;
	Foster__Approval terms = FOSTER__APPROVAL__INIT;

	row.household_id = machines_id(&w->m);
	row.provider_id = provider_id;
	row.council_id = council_id;
	row.home_sector = near;
	SET(&terms, kind, FOSTER__APPROVAL_KIND__APPROVAL_KIND_MAINSTREAM);
	SET(&terms, children_max, places);
	SET(&terms, age_min_years, 0);
	SET(&terms, age_max_years, 17);
	row.approval = &terms;
	event.household = &row;
	DECIDE(w, foster, FOSTER_EVENT(HOUSEHOLD_REGISTERED), event);
	return row.household_id;
}

static inline void
counted(struct world *w, char *household_id, uint32_t approved, uint32_t filled,
    uint32_t held)
{
	Foster__PlacesCounted event = FOSTER__PLACES_COUNTED__INIT;
	Foster__Places places = FOSTER__PLACES__INIT;

	SET(&places, approved, approved);
	SET(&places, filled, filled);
	SET(&places, held, held);
	SET(&places, free, approved - filled - held);
	event.household_id = household_id;
	event.places = &places;
	DECIDE(w, foster, FOSTER_EVENT(PLACES_COUNTED), event);
}

static inline char *
submitted(struct world *w, char *council_id, size_t children)
{
	static char refs[][2] = {"A", "B", "C"};
	Requests__RequestSubmitted event = REQUESTS__REQUEST_SUBMITTED__INIT;
	Requests__NeedCirculation need = REQUESTS__NEED_CIRCULATION__INIT;
	Requests__ChildNeed child[3], *list[3];

	for (size_t i = 0; i < children; i++) {
		requests__child_need__init(&child[i]);
		child[i].child_ref = refs[i];
		SET(&child[i], age_years, 7);
		SET(&child[i], age_day, TODAY);
		list[i] = &child[i];
	}
	need.request_id = machines_id(&w->m);
	need.council_id = council_id;
	need.home_sector = sector;
	need.children = list;
	need.n_children = children;
	SET(&need, are_siblings, children > 1);
	event.circulation = &need;
	SET(&event, overdue_time, MACHINE_TIME_MS + INT64_C(86400000));
	DECIDE(w, requests, REQUESTS_EVENT(REQUEST_SUBMITTED), event);
	return need.request_id;
}

/* Of which children ("A"; NULL: all) in whose home, of which kind (0: foster). */
struct part {
	char *child_ref, *provider_id, *place_id;
	Common__CareType care_type;
	char *placement_id, *hold_id;
};

static inline void
decided(struct world *w, char *request_id, struct part *part)
{
	Requests__OfferMade made = REQUESTS__OFFER_MADE__INIT;
	Requests__OfferRow offer = REQUESTS__OFFER_ROW__INIT;
	Requests__PlacementDecided event = REQUESTS__PLACEMENT_DECIDED__INIT;
	Requests__Journey journey = REQUESTS__JOURNEY__INIT;

	offer.offer_id = machines_id(&w->m);
	offer.request_id = request_id;
	offer.provider_id = part->provider_id;
	if (part->care_type == 0)
		offer.household_id = part->place_id;
	else
		offer.home_id = part->place_id;
	made.offer = &offer;
	DECIDE(w, requests, REQUESTS_EVENT(OFFER_MADE), made);
	part->placement_id = machines_id(&w->m);
	part->hold_id = machines_id(&w->m);
	journey.offer_id = offer.offer_id;
	journey.placement_id = part->placement_id;
	journey.hold_id = part->hold_id;
	journey.area_council_id = trafford;
	if (part->care_type != 0)
		SET(&journey, care_type, part->care_type);
	journey.child_refs = &part->child_ref;
	journey.n_child_refs = part->child_ref != NULL;
	event.request_id = request_id;
	event.journey = &journey;
	DECIDE(w, requests, REQUESTS_EVENT(PLACEMENT_DECIDED), event);
}

static inline void
started(struct world *w, char *request_id, const struct part *part)
{
	Requests__PlacementStarted event = REQUESTS__PLACEMENT_STARTED__INIT;

	event.request_id = request_id;
	event.placement_id = part->placement_id;
	DECIDE(w, requests, REQUESTS_EVENT(PLACEMENT_STARTED), event);
}

static inline int
make(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	assert_non_null(w);
	*state = w;
	machines_open(&w->m);
	machines_add(&w->m, &members, NULL);
	machines_add(&w->m, &foster, NULL);
	machines_add(&w->m, &residential, NULL);
	machines_add(&w->m, &requests, NULL);
	machines_add(&w->m, &observatory_service, NULL);
	add_council(w, bury, manchester);
	add_council(w, manchester, trafford);
	add_council(w, trafford, manchester);
	w->team = add_provider(w, MEMBERS__SECTOR__SECTOR_LOCAL_AUTHORITY, manchester);
	w->agency = add_provider(w, MEMBERS__SECTOR__SECTOR_PRIVATE, NULL);
	w->homes = add_provider(w, MEMBERS__SECTOR__SECTOR_VOLUNTARY, NULL);
	add_person(w, OFFICER, MEMBERS__ROLE__ROLE_COOPERATIVE_OFFICER,
	    (char[]){"co-operative"});
	add_person(w, BEA, MEMBERS__ROLE__ROLE_COMMISSIONER, manchester);
	add_person(w, PLACER, MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER, w->team);
	machines_settle(&w->m);
	return 0;
}

static inline int
clear(void **state)
{
	struct world *w = *state;

	machines_close(&w->m);
	free(w);
	return 0;
}

/* A home: beds by state, two vacancies, and a child placed there. */
static inline char *
home_with_beds(struct world *w)
{
	Residential__HomeRegistered event = RESIDENTIAL__HOME_REGISTERED__INIT;
	Residential__Home row = RESIDENTIAL__HOME__INIT;
	Residential__BedsCounted count = RESIDENTIAL__BEDS_COUNTED__INIT;
	Residential__Beds beds = RESIDENTIAL__BEDS__INIT;
	Residential__BedsClosed closed = RESIDENTIAL__BEDS_CLOSED__INIT;
	Residential__ClosedBeds repairs = RESIDENTIAL__CLOSED_BEDS__INIT;

	row.home_id = machines_id(&w->m);
	row.provider_id = w->homes;
	row.council_id = trafford;
	row.home_sector = near;
	SET(&row, care_type, COMMON__CARE_TYPE__CARE_TYPE_CHILDRENS_HOME);
	SET(&row, registered_places, 8);
	SET(&row, age_min_years, 10);
	SET(&row, age_max_years, 17);
	event.home = &row;
	DECIDE(w, residential, RESIDENTIAL_EVENT(HOME_REGISTERED), event);
	repairs.closed_id = machines_id(&w->m);
	repairs.home_id = row.home_id;
	SET(&repairs, beds, 1);
	SET(&repairs, reason, RESIDENTIAL__CLOSED_REASON__CLOSED_REASON_REPAIRS);
	closed.closed = &repairs;
	DECIDE(w, residential, RESIDENTIAL_EVENT(BEDS_CLOSED), closed);
	SET(&beds, registered, 8);
	SET(&beds, staffed, 6);
	SET(&beds, occupied, 2);
	SET(&beds, held, 1);
	SET(&beds, reserved, 1);
	SET(&beds, closed, 1);
	SET(&beds, free, 1);
	count.home_id = row.home_id;
	count.beds = &beds;
	DECIDE(w, residential, RESIDENTIAL_EVENT(BEDS_COUNTED), count);
	for (unsigned i = 0; i < 3; i++) {
		Residential__VacancyPublished out =
		    RESIDENTIAL__VACANCY_PUBLISHED__INIT;
		Residential__Vacancy vacancy = RESIDENTIAL__VACANCY__INIT;
		vacancy.vacancy_id = machines_id(&w->m);
		vacancy.home_id = row.home_id;
		SET(&vacancy, is_open, i < 2);
		SET(&vacancy, confirmed_time,
		    i == 0 ? w->m.now_ms : w->m.now_ms - INT64_C(20) * 86400000);
		out.vacancy = &vacancy;
		DECIDE(w, residential, RESIDENTIAL_EVENT(VACANCY_PUBLISHED), out);
	}
	return row.home_id;
}

/* ---- asking ---- */

static inline struct machine_call
call_by(unsigned who, const Observatory__SufficiencyAsked *asked)
{
	struct machine_call call = {.service = "observatory",
	    .method = CALL(SUFFICIENCY),
	    .body = &asked->base};

	machine_key(who, call.key);
	return call;
}

static inline const Observatory__Sufficiency *
ask(struct world *w, unsigned who, char *council_id)
{
	Observatory__SufficiencyAsked asked = OBSERVATORY__SUFFICIENCY_ASKED__INIT;
	struct machine_call call = call_by(who, &asked);

	asked.council_id = council_id;
	return machines_ask(&w->m, &call, &observatory__sufficiency__descriptor);
}

/* The line of a council; of all where that is NULL. */
static inline const Observatory__Line *
line(const Observatory__Sufficiency *s, const char *council_id)
{
	for (size_t i = 0; i < s->n_lines; i++) {
		const Observatory__Line *l = s->lines[i];
		bool is_all = l->breakdown == OBSERVATORY__BREAKDOWN__BREAKDOWN_ALL;
		if (council_id == NULL ? is_all : str_equal(l->council_id, council_id))
			return l;
	}
	fail_msg("no line of %s", council_id == NULL ? "all" : council_id);
	return NULL;
}

#define HIDDEN UINT32_MAX
#define ABSENT (UINT32_MAX - 1)

static inline uint32_t
figure(const Observatory__Line *l, Observatory__Metric metric)
{
	for (size_t i = 0; l != NULL && i < l->n_figures; i++) {
		const Observatory__Figure *f = l->figures[i];
		if (f->metric != metric)
			continue;
		if (f->has_is_hidden && f->is_hidden) {
			assert_false(f->has_count || f->has_percent);
			return HIDDEN;
		}
		return f->has_percent ? f->percent : f->count;
	}
	return ABSENT;
}

static inline uint32_t
all(struct world *w, Observatory__Metric metric)
{
	return figure(line(ask(w, OFFICER, NULL), NULL), metric);
}

#endif
