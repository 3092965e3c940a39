#include "loading.h"

#include <stdio.h>

#include "base/message.h"

#include "take.h"

#include "common.pb-c.h"

#define CALL(name) RESIDENTIAL__RESIDENTIAL_CALL__CALL_##name

/* What is to be sent, and the ids of reserved beds as they come back. */
struct sending {
	struct batch batch;
	char ***reservation_ids; /* [home][reservation] */
};

static size_t
officer_of(const struct plan *p, const struct plan_residence *home)
{
	return p->providers[home->provider].officer;
}

static struct post *
add(struct loading *l, struct sending *s, size_t home, uint32_t method,
    const ProtobufCMessage *body)
{
	return batch_add(l, &s->batch, officer_of(l->plan, &l->plan->residences[home]),
	    method, body,
	    method == CALL(OPEN_VACANCY) ? &residential__vacancy__descriptor
					 : &common__done__descriptor);
}

static void
add_home(struct loading *l, struct sending *s, size_t i)
{
	Residential__RegisterHome *call =
	    TAKE_MESSAGE(l->arena, residential__register_home);

	call->home = l->plan->residences[i].row;
	add(l, s, i, CALL(REGISTER_HOME), &call->base)->made_id = &l->residence_ids[i];
}

static void
add_reserved(struct loading *l, struct sending *s, size_t i)
{
	const struct plan_residence *home = &l->plan->residences[i];

	s->reservation_ids[i] = TAKE_LIST(l->arena, home->reserved_n, char *);
	for (size_t j = 0; j < home->reserved_n; j++) {
		home->reserved[j]->home_id = l->residence_ids[i];
		add(l, s, i, CALL(RESERVE_BED), &home->reserved[j]->base)->made_id =
		    &s->reservation_ids[i][j];
	}
}

static void
add_occupants(struct loading *l, struct sending *s, size_t i)
{
	const struct plan_residence *home = &l->plan->residences[i];

	for (size_t j = 0; j < home->occupants_n; j++) {
		Residential__RecordOccupant *call =
		    TAKE_MESSAGE(l->arena, residential__record_occupant);
		call->occupant = home->occupants[j];
		call->occupant->home_id = l->residence_ids[i];
		if (j < home->occupants_in_reserved_n)
			call->occupant->reservation_id = s->reservation_ids[i][j];
		(void)add(l, s, i, CALL(RECORD_OCCUPANT), &call->base);
	}
}

static void
add_closed(struct loading *l, struct sending *s, size_t i)
{
	Residential__CloseBeds *call = l->plan->residences[i].closed;

	if (call == NULL)
		return;
	call->home_id = l->residence_ids[i];
	(void)add(l, s, i, CALL(CLOSE_BEDS), &call->base);
}

static void
add_vacancies(struct loading *l, struct sending *s, size_t i)
{
	const struct plan_residence *home = &l->plan->residences[i];

	for (size_t j = 0; j < home->vacancies_n; j++) {
		home->vacancies[j]->home_id = l->residence_ids[i];
		(void)add(l, s, i, CALL(OPEN_VACANCY), &home->vacancies[j]->base);
	}
}

static size_t
count(const struct plan *p, size_t (*of)(const struct plan_residence *home))
{
	size_t n = 0;

	for (size_t i = 0; i < p->residences_n; i++)
		n += of(&p->residences[i]);
	return n;
}

static size_t
one(const struct plan_residence *home)
{
	(void)home;
	return 1;
}

static size_t
reserved(const struct plan_residence *home)
{
	return home->reserved_n;
}

static size_t
occupants(const struct plan_residence *home)
{
	return home->occupants_n;
}

static size_t
vacancies(const struct plan_residence *home)
{
	return home->vacancies_n;
}

static const struct {
	const char *what;
	size_t (*of)(const struct plan_residence *home); /* how many at the most */
	void (*add)(struct loading *l, struct sending *s, size_t home);
} steps[] = {
    {"children's homes", one, add_home},
    {"reserved beds", reserved, add_reserved},
    {"residents", occupants, add_occupants},
    {"closed beds", one, add_closed},
    {"vacancies of homes", vacancies, add_vacancies},
};

void
loading_residential(struct loading *l)
{
	const struct plan *p = l->plan;
	struct sending s = {
	    .reservation_ids = TAKE_LIST(l->arena, p->residences_n, char **)};

	if (!loading_has_residential(l)) {
		(void)fputs("rcc-region: this co-operative has no rcc-residential; "
			    "children's homes are left out\n",
		    stderr);
		return;
	}
	for (size_t step = 0; step < sizeof steps / sizeof steps[0]; step++) {
		s.batch = batch_of(
		    l, steps[step].what, "residential", count(p, steps[step].of));
		for (size_t i = p->teams_n + p->agencies_n; i < p->providers_n; i++) {
			for (size_t j = 0; j < p->residences_n; j++) {
				if (p->residences[j].provider == i)
					steps[step].add(l, &s, j);
			}
		}
		batch_send(l, &s.batch, NULL);
	}
}
