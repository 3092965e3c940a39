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
	struct bus_client **clients =
	    TAKE_LIST(l->arena, p->people_n, struct bus_client *);
	struct batch b = batch_of(l, "requests", "requests", p->needs_n);
	int32_t today = day_in_london(clock_now_ms());

	for (size_t i = 0; i < p->data->members_n; i++) {
		size_t person = person_of(p, i, MEMBERS__ROLE__ROLE_COMMISSIONER);
		for (size_t j = 0; j < p->needs_n; j++) {
			if (p->needs[j].council != i)
				continue;
			struct post *post = batch_add(l, &b, person, SUBMIT,
			    &p->needs[j].row->base, &requests__submitted__descriptor);
			/* An emergency is for its own day; on a later one it is over.
			 */
			if (p->needs[j].row->needed_by_day >= today)
				continue;
			post->is_answered = true;
		}
	}
	size_t kept = 0;
	for (size_t i = 0; i < b.n; i++) {
		if (!b.list[i].is_answered)
			b.list[kept++] = b.list[i];
	}
	l->late_n = b.n - kept;
	b.n = kept;
	batch_send(l, &b, clients, NULL);
	for (size_t i = 0; i < p->people_n; i++)
		bus_client_close(clients[i]);
}

/* ---- what foster makes of it ---- */

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

static void
compare_free(struct loading *l)
{
	const struct plan *p = l->plan;
	struct free_places planned = {0};
	size_t person = 0;

	for (size_t i = 0; i < p->homes_n; i++) {
		if (p->homes[i].vacancy == NULL)
			continue;
		planned.vacancies++;
		planned.places += p->homes[i].free;
		planned.for_siblings += p->homes[i].free_for_siblings;
	}
	while (p->people[person].role != MEMBERS__ROLE__ROLE_COOPERATIVE_OFFICER)
		person++;
	struct bus_client *client = loading_connect(l, "foster", &l->keys[person]);
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

void
loading_settle(struct loading *l)
{
	loading_wait(l, "requests", "foster");
	loading_wait(l, "matching", "members");
	loading_wait(l, "matching", "foster");
	loading_wait(l, "matching", "requests");
	compare_free(l);
}
