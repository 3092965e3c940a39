#include "loading.h"

#include <assert.h>

#include "base/message.h"

#include "take.h"

#include "common.pb-c.h"

#define CALL(name) FOSTER__FOSTER_CALL__CALL_##name

static size_t
nominated_officer_of(const struct plan *p, size_t council)
{
	size_t person = 0;

	while (p->people[person].council != council ||
	       p->people[person].role != MEMBERS__ROLE__ROLE_NOMINATED_OFFICER)
		person++;
	return person;
}

static size_t
officer_of(const struct plan *p, const struct plan_home *home)
{
	return p->providers[home->provider].officer;
}

/* The homes of one provider after the other's: they were dealt mainstream first. */
static void
for_each_home(struct loading *l, struct batch *b,
    void (*add)(struct loading *l, struct batch *b, size_t home))
{
	for (size_t i = 0; i < l->plan->teams_n + l->plan->agencies_n; i++) {
		for (size_t j = 0; j < l->plan->homes_n; j++) {
			if (l->plan->homes[j].provider == i)
				add(l, b, j);
		}
	}
	batch_send(l, b, NULL);
}

static void
add_household(struct loading *l, struct batch *b, size_t i)
{
	const struct plan_home *home = &l->plan->homes[i];
	Foster__RegisterHousehold *call =
	    TAKE_MESSAGE(l->arena, foster__register_household);

	call->household = home->row;
	batch_add(l, b, officer_of(l->plan, home), CALL(REGISTER_HOUSEHOLD),
	    &call->base, &common__done__descriptor)
	    ->made_id = &l->household_ids[i];
}

static void
add_occupants(struct loading *l, struct batch *b, size_t i)
{
	const struct plan_home *home = &l->plan->homes[i];

	for (size_t j = 0; j < home->occupants_n; j++) {
		Foster__RecordOccupant *call =
		    TAKE_MESSAGE(l->arena, foster__record_occupant);
		call->occupant = home->occupants[j];
		call->occupant->household_id = l->household_ids[i];
		(void)batch_add(l, b, officer_of(l->plan, home), CALL(RECORD_OCCUPANT),
		    &call->base, &common__done__descriptor);
	}
}

static void
add_withheld(struct loading *l, struct batch *b, size_t i)
{
	const struct plan_home *home = &l->plan->homes[i];

	if (home->withheld == NULL)
		return;
	home->withheld->household_id = l->household_ids[i];
	(void)batch_add(l, b, officer_of(l->plan, home), CALL(WITHHOLD_PLACES),
	    &home->withheld->base, &common__done__descriptor);
}

static void
add_vacancy(struct loading *l, struct batch *b, size_t i)
{
	const struct plan_home *home = &l->plan->homes[i];

	if (home->vacancy == NULL)
		return;
	home->vacancy->household_id = l->household_ids[i];
	(void)batch_add(l, b, officer_of(l->plan, home), CALL(OPEN_VACANCY),
	    &home->vacancy->base, &foster__vacancy__descriptor);
}

/* By the council in whose area the carer lives. */
static void
send_exemptions(struct loading *l)
{
	struct batch b = batch_of(l, "exemptions", "foster", l->plan->homes_n);

	for (size_t i = 0; i < l->plan->homes_n; i++) {
		const struct plan_home *home = &l->plan->homes[i];
		if (home->exemption == NULL)
			continue;
		home->exemption->household_id = l->household_ids[i];
		(void)batch_add(l, &b, nominated_officer_of(l->plan, home->council),
		    CALL(GRANT_EXEMPTION), &home->exemption->base,
		    &common__done__descriptor);
	}
	batch_send(l, &b, NULL);
}

void
loading_foster(struct loading *l)
{
	const struct plan *p = l->plan;
	size_t occupants = 0;

	for (size_t i = 0; i < p->homes_n; i++)
		occupants += p->homes[i].occupants_n;
	struct batch households = batch_of(l, "households", "foster", p->homes_n);
	for_each_home(l, &households, add_household);
	send_exemptions(l);
	struct batch lists[] = {
	    batch_of(l, "occupants", "foster", occupants),
	    batch_of(l, "places not available", "foster", p->homes_n),
	    batch_of(l, "vacancies", "foster", p->homes_n),
	};
	for_each_home(l, &lists[0], add_occupants);
	for_each_home(l, &lists[1], add_withheld);
	for_each_home(l, &lists[2], add_vacancy);
}
