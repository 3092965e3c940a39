/* Placement officers keep what is known of their places true. */
#include "load/load.h"

#include <assert.h>

#include "base/message.h"

#include "foster.pb-c.h"
#include "residential.pb-c.h"

#define FOSTER(name) FOSTER__FOSTER_CALL__CALL_##name
#define HOMES(name) RESIDENTIAL__RESIDENTIAL_CALL__CALL_##name

static struct load_place *
place_of(struct load *l, const struct load_client *c)
{
	return &l->places[c->job.journey];
}

struct call {
	uint32_t method;
	const ProtobufCMessage *body;
};

/* The one of two that the place's owner understands. */
static void
tell_owner(struct load *l, struct load_client *c, const struct load_place *p,
    struct call foster, struct call homes)
{
	const struct call *said = p->owner == LOAD_FOSTER ? &foster : &homes;

	load_call(l, c, p->owner, said->method, p->id, said->body);
}

/* ---- vacancies: said anew, said to be so still ---- */

static void
publish(struct load *l, struct load_client *c, struct load_place *p)
{
	Foster__OpenVacancy *o = MESSAGE_NEW(&l->arena, foster__open_vacancy);
	Residential__OpenVacancy *b = MESSAGE_NEW(&l->arena, residential__open_vacancy);

	if (p->owner == LOAD_FOSTER) {
		o->household_id = p->id;
		SET(o, available_from_day, load_today());
		load_call(l, c, p->owner, FOSTER(OPEN_VACANCY), p->id, &o->base);
		return;
	}
	b->home_id = p->id;
	SET(b, age_band, p->band);
	SET(b, available_from_day, load_today());
	load_call(l, c, p->owner, HOMES(OPEN_VACANCY), p->id, &b->base);
}

static void
confirm(struct load *l, struct load_client *c, struct load_place *p)
{
	Foster__ConfirmVacancy *f = MESSAGE_NEW(&l->arena, foster__confirm_vacancy);
	Residential__ConfirmVacancy *r =
	    MESSAGE_NEW(&l->arena, residential__confirm_vacancy);

	f->vacancy_id = r->vacancy_id = p->vacancy;
	tell_owner(l, c, p, (struct call){FOSTER(CONFIRM_VACANCY), &f->base},
	    (struct call){HOMES(CONFIRM_VACANCY), &r->base});
}

/* ---- a place less, a place more ---- */

static void
withhold(struct load *l, struct load_client *c, struct load_place *p)
{
	Foster__WithholdPlaces *f = MESSAGE_NEW(&l->arena, foster__withhold_places);
	Residential__CloseBeds *r = MESSAGE_NEW(&l->arena, residential__close_beds);

	f->household_id = r->home_id = p->id;
	SET(f, places, 1);
	SET(r, beds, 1);
	SET(f, reason, FOSTER__WITHHELD_REASON__WITHHELD_REASON_CARER_BREAK);
	SET(r, reason, RESIDENTIAL__CLOSED_REASON__CLOSED_REASON_REPAIRS);
	SET(f, from_day, load_today());
	SET(r, from_day, load_today());
	tell_owner(l, c, p, (struct call){FOSTER(WITHHOLD_PLACES), &f->base},
	    (struct call){HOMES(CLOSE_BEDS), &r->base});
}

static void
restore(struct load *l, struct load_client *c, struct load_place *p)
{
	Foster__RestorePlaces *f = MESSAGE_NEW(&l->arena, foster__restore_places);
	Residential__ReopenBeds *r = MESSAGE_NEW(&l->arena, residential__reopen_beds);

	f->withheld_id = r->closed_id = p->withheld;
	tell_owner(l, c, p, (struct call){FOSTER(RESTORE_PLACES), &f->base},
	    (struct call){HOMES(REOPEN_BEDS), &r->base});
}

/* ---- sold outside the co-operative ---- */

static void
record(struct load *l, struct load_client *c, struct load_place *p)
{
	Foster__RecordOccupant *f = MESSAGE_NEW(&l->arena, foster__record_occupant);
	Residential__RecordOccupant *r =
	    MESSAGE_NEW(&l->arena, residential__record_occupant);
	uint32_t age =
	    p->age_min + random_below(&l->random, p->age_max - p->age_min + 1);

	f->occupant = MESSAGE_NEW(&l->arena, foster__occupant);
	r->occupant = MESSAGE_NEW(&l->arena, residential__occupant);
	f->occupant->household_id = r->occupant->home_id = p->id;
	SET(f->occupant, kind, FOSTER__OCCUPANT_KIND__OCCUPANT_KIND_PLACED_OUTSIDE);
	SET(r->occupant, kind,
	    RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_PLACED_OUTSIDE);
	SET(f->occupant, age_years, age);
	SET(r->occupant, age_years, age);
	SET(f->occupant, age_day, load_today());
	SET(r->occupant, age_day, load_today());
	SET(f->occupant, sex, COMMON__SEX__SEX_FEMALE);
	SET(r->occupant, sex, COMMON__SEX__SEX_FEMALE);
	SET(f->occupant, from_day, load_today());
	SET(r->occupant, from_day, load_today());
	tell_owner(l, c, p, (struct call){FOSTER(RECORD_OCCUPANT), &f->base},
	    (struct call){HOMES(RECORD_OCCUPANT), &r->base});
}

static void
end_occupant(struct load *l, struct load_client *c, struct load_place *p)
{
	Foster__EndOccupant *f = MESSAGE_NEW(&l->arena, foster__end_occupant);
	Residential__EndOccupant *r = MESSAGE_NEW(&l->arena, residential__end_occupant);

	f->occupant_id = r->occupant_id = p->occupant;
	SET(f, end_day, load_today());
	SET(r, end_day, load_today());
	tell_owner(l, c, p, (struct call){FOSTER(END_OCCUPANT), &f->base},
	    (struct call){HOMES(END_OCCUPANT), &r->base});
}

/* ---- reading ---- */

static void
read_place(struct load *l, struct load_client *c, struct load_place *p)
{
	Foster__HouseholdAsked *f = MESSAGE_NEW(&l->arena, foster__household_asked);
	Residential__HomeAsked *r = MESSAGE_NEW(&l->arena, residential__home_asked);

	f->household_id = r->home_id = p->id;
	tell_owner(l, c, p, (struct call){FOSTER(HOUSEHOLD), &f->base},
	    (struct call){HOMES(HOME), &r->base});
}

static void
read_list(struct load *l, struct load_client *c, struct load_place *p)
{
	Foster__VacanciesAsked *f = MESSAGE_NEW(&l->arena, foster__vacancies_asked);
	Residential__VacanciesAsked *r =
	    MESSAGE_NEW(&l->arena, residential__vacancies_asked);

	f->provider_id = r->provider_id = l->desks[c->desk].organisation;
	SET(f, limit, 20);
	SET(r, limit, 20);
	if (p->owner == LOAD_FOSTER)
		load_call(l, c, p->owner, FOSTER(VACANCIES), NULL, &f->base);
	else
		load_call(l, c, p->owner, HOMES(VACANCIES), NULL, &r->base);
}

void
load_keep_house(struct load *l, struct load_client *c)
{
	struct load_place *p = place_of(l, c);

	switch (random_below(&l->random, 8)) {
	case 0: publish(l, c, p); break;
	case 1:
	case 2: confirm(l, c, p); break;
	case 3:
	case 4: (p->withheld[0] == '\0' ? withhold : restore)(l, c, p); break;
	case 5: (p->occupant[0] == '\0' ? record : end_occupant)(l, c, p); break;
	case 6: read_list(l, c, p); break;
	default: read_place(l, c, p); break;
	}
}

/* What was made is undone the next time. */
void
load_keep_heard(struct load *l, struct load_client *c, const struct load_answer *answer)
{
	struct load_place *p = place_of(l, c);
	const Common__Done *done = (const Common__Done *)answer->body;

	switch (c->method) {
	case FOSTER(WITHHOLD_PLACES): /* and HOMES(CLOSE_BEDS): the same number */
		if (done != NULL)
			load_keep(p->withheld, done->id);
		break;
	case FOSTER(RESTORE_PLACES): p->withheld[0] = '\0'; break;
	case FOSTER(RECORD_OCCUPANT):
		if (done != NULL)
			load_keep(p->occupant, done->id);
		break;
	case FOSTER(END_OCCUPANT): p->occupant[0] = '\0'; break;
	default: break;
	}
}

static_assert((int)FOSTER(WITHHOLD_PLACES) == (int)HOMES(CLOSE_BEDS) &&
		  (int)FOSTER(RESTORE_PLACES) == (int)HOMES(REOPEN_BEDS) &&
		  (int)FOSTER(RECORD_OCCUPANT) == (int)HOMES(RECORD_OCCUPANT) &&
		  (int)FOSTER(END_OCCUPANT) == (int)HOMES(END_OCCUPANT),
    "both owners' commands about places have the same numbers");
