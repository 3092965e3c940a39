#include "loading.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/day.h"
#include "base/message.h"

#include "take.h"

#include "common.pb-c.h"

#define PAGE_ROWS 200
#define SUBMIT REQUESTS__REQUESTS_CALL__CALL_SUBMIT
#define VACANCIES FOSTER__FOSTER_CALL__CALL_VACANCIES

static size_t
person_of(const struct plan *p, size_t council, Members__Role role)
{
	size_t person = 0;

	while (p->people[person].council != council || p->people[person].role != role)
		person++;
	return person;
}

void
loading_requests(struct loading *l)
{
	const struct plan *p = l->plan;
	struct batch b = batch_of(l, "requests", "requests", p->needs_n);
	int32_t today = day_in_london(clock_now_ms());

	for (size_t i = 0; i < p->data->members_n; i++) {
		size_t person = person_of(p, i, MEMBERS__ROLE__ROLE_COMMISSIONER);
		for (size_t j = 0; j < p->needs_n; j++) {
			if (p->needs[j].council != i)
				continue;
			(void)batch_add(l, &b, person, SUBMIT, &p->needs[j].row->base,
			    &requests__submitted__descriptor);
			/* An emergency is for its own day; on a later one it is over,
			 * and the ids of the others stay as they are. */
			if (p->needs[j].row->needed_by_day < today)
				b.list[b.n - 1].person = SIZE_MAX;
		}
	}
	size_t kept = 0;
	for (size_t i = 0; i < b.n; i++) {
		if (b.list[i].person != SIZE_MAX)
			b.list[kept++] = b.list[i];
	}
	l->late_n = b.n - kept;
	b.n = kept;
	batch_send(l, &b, NULL);
}

/* ---- what the owners of places make of it ---- */

struct free_places {
	uint64_t vacancies, places, for_siblings;
};

static struct free_places
ask_free(struct loading *l, struct bus_client *client)
{
	struct free_places sum = {0};
	Foster__VacanciesAsked ask = FOSTER__VACANCIES_ASKED__INIT;

	SET(&ask, limit, PAGE_ROWS);
	do {
		const Foster__Vacancies *page = post_one(client, "foster", l->arena,
		    VACANCIES, &ask.base, &foster__vacancies__descriptor);
		for (size_t i = 0; i < page->n_vacancies; i++) {
			const Foster__Vacancy *v = page->vacancies[i];
			if (!v->is_open || v->places == NULL)
				continue;
			sum.vacancies++;
			sum.places += v->places->free;
			sum.for_siblings += v->places->free_for_siblings;
		}
		ask.after_id = page->next_id;
	} while (ask.after_id != NULL && ask.after_id[0] != '\0');
	return sum;
}

static size_t
cooperative_officer(const struct plan *p)
{
	size_t person = 0;

	while (p->people[person].role != MEMBERS__ROLE__ROLE_COOPERATIVE_OFFICER)
		person++;
	return person;
}

static void
compare_free(struct loading *l)
{
	const struct plan *p = l->plan;
	struct free_places planned = {0};

	for (size_t i = 0; i < p->homes_n; i++) {
		if (p->homes[i].vacancy == NULL)
			continue;
		planned.vacancies++;
		planned.places += p->homes[i].free;
		planned.for_siblings += p->homes[i].free_for_siblings;
	}
	struct bus_client *client =
	    loading_connect(l, "foster", &l->keys[cooperative_officer(p)]);
	struct free_places derived = ask_free(l, client);
	bus_client_close(client);
	if (derived.vacancies != planned.vacancies ||
	    derived.places != planned.places ||
	    derived.for_siblings != planned.for_siblings)
		fail("foster derives %" PRIu64 " open vacancies with %" PRIu64
		     " (%" PRIu64 " for siblings) free places, the plan has %" PRIu64
		     " with %" PRIu64 " (%" PRIu64 ")",
		    derived.vacancies, derived.places, derived.for_siblings,
		    planned.vacancies, planned.places, planned.for_siblings);
}

/* Over all open vacancies, each with the beds of its whole home. */
struct beds {
	uint64_t vacancies, free, reserved, occupied;
};

static struct beds
ask_beds(struct loading *l, struct bus_client *client)
{
	struct beds sum = {0};
	Residential__VacanciesAsked ask = RESIDENTIAL__VACANCIES_ASKED__INIT;

	SET(&ask, limit, PAGE_ROWS);
	do {
		const Residential__Vacancies *page = post_one(client, "residential",
		    l->arena, RESIDENTIAL__RESIDENTIAL_CALL__CALL_VACANCIES, &ask.base,
		    &residential__vacancies__descriptor);
		for (size_t i = 0; i < page->n_vacancies; i++) {
			const Residential__Vacancy *v = page->vacancies[i];
			if (!v->is_open || v->beds == NULL)
				continue;
			sum.vacancies++;
			sum.free += v->beds->free;
			sum.reserved += v->beds->reserved;
			sum.occupied += v->beds->occupied;
		}
		ask.after_id = page->next_id;
	} while (ask.after_id != NULL && ask.after_id[0] != '\0');
	return sum;
}

static void
compare_beds(struct loading *l)
{
	const struct plan *p = l->plan;
	struct beds planned = {0};
	struct bus_client *client =
	    loading_connect(l, "residential", &l->keys[cooperative_officer(p)]);
	struct beds derived = ask_beds(l, client);

	bus_client_close(client);
	for (size_t i = 0; i < p->residences_n; i++) {
		const struct plan_residence *home = &p->residences[i];
		planned.vacancies += home->vacancies_n;
		planned.free += home->vacancies_n * home->free;
		planned.reserved += home->vacancies_n * home->reserved_empty;
		planned.occupied += home->vacancies_n * home->occupants_n;
	}
	if (derived.vacancies != planned.vacancies || derived.free != planned.free ||
	    derived.reserved != planned.reserved ||
	    derived.occupied != planned.occupied)
		fail("residential derives %" PRIu64 " open vacancies beside %" PRIu64
		     " free, %" PRIu64 " reserved and %" PRIu64
		     " occupied beds, the plan has %" PRIu64 " beside %" PRIu64
		     ", %" PRIu64 " and %" PRIu64,
		    derived.vacancies, derived.free, derived.reserved, derived.occupied,
		    planned.vacancies, planned.free, planned.reserved,
		    planned.occupied);
}

void
loading_settle(struct loading *l)
{
	loading_wait(l, "foster");
	loading_wait(l, "requests");
	if (loading_has_residential(l)) {
		loading_wait(l, "residential");
		compare_beds(l);
	}
	compare_free(l);
}
