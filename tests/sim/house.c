/* Placement officers of children's homes and supported accommodation keep house. */
#include "sim/actors.h"

#include <stdlib.h>

#include "base/message.h"
#include "base/str.h"

#include "members.pb-c.h"
#include "residential.pb-c.h"

#define CALL(name) RESIDENTIAL__RESIDENTIAL_CALL__CALL_##name
#define CARE(name) COMMON__CARE_TYPE__CARE_TYPE_##name
#define BAND(name) COMMON__AGE_BAND__AGE_BAND_##name
#define KIND(name) MEMBERS__PROVIDER_KIND__PROVIDER_KIND_##name
#define HOMES_WANTED 24
#define HOSTILE_ONE_IN 4

static const char *const councils[] = {"E08000003", "E08000009", "E08000002"};
static const char *const sectors[] = {"M14 5", "M33 3", "BL9 0", "M1 1", "M16 7"};

static unsigned
kind_of(const struct actors *a, unsigned client)
{
	const struct model_provider *p = MODEL_FIND(
	    a->model->providers, a->model->providers_n, a->list[client].organisation);

	return p == NULL ? 0 : p->kind;
}

bool
house_is_kept_by(const struct actors *a, unsigned client)
{
	unsigned kind = kind_of(a, client);

	return kind == KIND(CHILDRENS_HOMES) || kind == KIND(SUPPORTED_ACCOMMODATION);
}

static const char *
any_council(struct actors *a)
{
	return councils[random_below(actors_dice(a), COUNT(councils))];
}

/* Said of a child or a home: whom they are not to live with; mostly nobody. */
size_t
house_not_safe_with(struct actors *a, uint32_t one_in, Common__NotSafeWith **out)
{
	*out = LIST_NEW(&a->arena, 1, Common__NotSafeWith);
	if (!random_one_in(actors_dice(a), one_in))
		return 0;
	(*out)[0] =
	    (Common__NotSafeWith)(1 + random_below(actors_dice(a),
					  COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS));
	return 1;
}

/* ---- homes ---- */

Residential__RegisterHome *
house_new(struct actors *a, unsigned client)
{
	Residential__RegisterHome *r =
	    MESSAGE_NEW(&a->arena, residential__register_home);
	Residential__Home *h = MESSAGE_NEW(&a->arena, residential__home);
	struct random *dice = actors_dice(a);
	bool is_supported = kind_of(a, client) == KIND(SUPPORTED_ACCOMMODATION);
	uint32_t places = 2 + random_below(dice, 4);

	h->home_name = TEXT("Invented House");
	h->urn = str_format(&a->arena, "SC%06u", ++a->urns);
	SET(h, care_type,
	    is_supported ? CARE(SUPPORTED_ACCOMMODATION) : CARE(CHILDRENS_HOME));
	SET(h, statement_version, 1);
	SET(h, statement_day, actors_today(a) - 100);
	h->council_id = TEXT(any_council(a));
	h->home_sector = TEXT(sectors[random_below(dice, COUNT(sectors))]);
	SET(h, registered_places, places);
	SET(h, staffed_beds, places - random_below(dice, 2));
	SET(h, age_min_years, is_supported ? 16 : 5 * random_below(dice, 3));
	SET(h, age_max_years, 17);
	SET(h, takes_girls, true);
	SET(h, takes_boys, !random_one_in(dice, 6));
	SET(h, grade, MEMBERS__GRADE__GRADE_GOOD);
	SET(h, grade_day, actors_today(a) - 50);
	SET(h, takes_emergencies, true);
	SET(h, has_pets, random_one_in(dice, 4));
	h->n_will_not_take_with = house_not_safe_with(a, 8, &h->will_not_take_with);
	SET(h, fee_pence_week, 500000);
	r->home = h;
	return r;
}

/* Each is refused, and names why. */
static void
spoil(struct actors *a, Residential__Home *h)
{
	switch (random_below(actors_dice(a), 8)) {
	case 0: h->urn = TEXT("SC000001"); break; /* another's */
	case 1: SET(h, staffed_beds, h->registered_places + 1); break;
	case 2: SET(h, grade_day, actors_today(a) + 1); break;
	case 3: h->council_id = TEXT("E06000001"); break; /* of no member */
	case 4: SET(h, age_min_years, 15); break;         /* in supported ones */
	case 5: SET(h, statement_day, actors_today(a) + 3); break;
	case 6: h->urn = TEXT("'; DROP"); break;
	default: SET(h, registered_places, UINT32_MAX); break;
	}
}

static void
register_home(struct actors *a, unsigned client)
{
	Residential__RegisterHome *r = house_new(a, client);

	if (random_one_in(actors_dice(a), HOSTILE_ONE_IN))
		spoil(a, r->home);
	else if (random_one_in(actors_dice(a), 4) &&
		 r->home->care_type == CARE(CHILDRENS_HOME))
		SET(r->home, care_type, CARE(SECURE)); /* a home, and no vacancy */
	if (a->care_homes.n < HOMES_WANTED)
		actors_call(a, client, NODE_RESIDENTIAL, CALL(REGISTER_HOME), &r->base);
}

static void
turn_restriction(struct actors *a, Residential__Home *h)
{
	if (h->restriction != 0) {
		h->has_restriction = h->has_restriction_day = 0;
		h->restriction = 0;
		h->restriction_day = 0;
		return;
	}
	SET(h, restriction,
	    RESIDENTIAL__RESTRICTION_KIND__RESTRICTION_KIND_ACCOMMODATION);
	SET(h, restriction_day, actors_today(a));
}

/* What was looked at is sent back whole, with something changed. */
static void
amend(struct actors *a, unsigned client)
{
	struct actor *c = &a->list[client];
	Residential__AmendHome *amended =
	    MESSAGE_NEW(&a->arena, residential__amend_home);
	struct bytes packed = {c->household, c->household_len};
	struct random *dice = actors_dice(a);
	Residential__Home *h;
	ProtobufCMessage *m;

	if (message_unpack(&a->arena, &residential__home__descriptor, packed, &m) !=
	    ERR_NONE)
		abort();
	h = amended->home = (Residential__Home *)m;
	c->household_len = 0;
	if (random_one_in(dice, h->restriction != 0 ? 2 : 3))
		turn_restriction(a, h);
	switch (random_below(dice, 8)) {
	case 0:
	case 1:
	case 2: SET(h, staffed_beds, h->registered_places); break;
	case 3: SET(h, staffed_beds, random_below(dice, h->registered_places)); break;
	case 4: SET(h, registered_places, h->registered_places + 1); break;
	case 5:
		SET(h, registered_places, 1); /* too few, if somebody is there */
		if (h->staffed_beds > h->registered_places)
			SET(h, staffed_beds, h->registered_places);
		break;
	case 6: h->council_id = TEXT(any_council(a)); break;
	default: spoil(a, h); break;
	}
	actors_call(a, client, NODE_RESIDENTIAL, CALL(AMEND_HOME), &amended->base);
}

/* ---- who lives there otherwise ---- */

static void
record(struct actors *a, unsigned client, const char *home)
{
	Residential__RecordOccupant *r =
	    MESSAGE_NEW(&a->arena, residential__record_occupant);
	Residential__Occupant *o = MESSAGE_NEW(&a->arena, residential__occupant);
	struct random *dice = actors_dice(a);
	const struct known *kept =
	    actors_pick(a, &a->reservations, a->list[client].organisation);
	bool is_adult = random_one_in(dice, 8);

	o->home_id = TEXT(home);
	SET(o, kind,
	    is_adult ? RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_OVER_18
		     : RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_PLACED_OUTSIDE);
	SET(o, age_years, is_adult ? 18 : 10 + random_below(dice, 8));
	SET(o, age_day, actors_today(a) - (int32_t)random_below(dice, 366));
	SET(o, sex, COMMON__SEX__SEX_FEMALE + random_below(dice, 3));
	SET(o, from_day, actors_today(a));
	o->n_not_safe_with = house_not_safe_with(a, 6, &o->not_safe_with);
	o->risks = LIST_NEW(&a->arena, 1, Common__NeedKind);
	o->risks[0] = COMMON__NEED_KIND__NEED_KIND_GOES_MISSING;
	o->n_risks = random_one_in(dice, 3);
	if (kept != NULL && random_one_in(dice, 3))
		o->reservation_id = TEXT(kept->id);
	if (random_one_in(dice, 3))
		o->placing_council_id = TEXT(any_council(a));
	r->occupant = o;
	actors_call(a, client, NODE_RESIDENTIAL, CALL(RECORD_OCCUPANT), &r->base);
}

static void
end_occupant(struct actors *a, unsigned client)
{
	Residential__EndOccupant *e = MESSAGE_NEW(&a->arena, residential__end_occupant);
	const struct known *o =
	    actors_pick(a, &a->occupants, a->list[client].organisation);

	if (o == NULL)
		return;
	e->occupant_id = TEXT(o->id);
	SET(e, end_day, actors_today(a));
	actors_call(a, client, NODE_RESIDENTIAL, CALL(END_OCCUPANT), &e->base);
}

/* ---- beds ---- */

static void
close_beds(struct actors *a, unsigned client, const char *home)
{
	Residential__CloseBeds *c = MESSAGE_NEW(&a->arena, residential__close_beds);
	struct random *dice = actors_dice(a);

	c->home_id = TEXT(home);
	SET(c, beds, 1 + random_below(dice, 2));
	SET(c, reason,
	    1 + random_below(
		    dice, RESIDENTIAL__CLOSED_REASON__CLOSED_REASON_OTHER_COMMITMENT));
	if (random_one_in(dice, 2))
		SET(c, from_day, actors_today(a) + (int32_t)random_below(dice, 2));
	if (!random_one_in(dice, 4))
		SET(c, until_day, actors_today(a) + 1 + (int32_t)random_below(dice, 3));
	actors_call(a, client, NODE_RESIDENTIAL, CALL(CLOSE_BEDS), &c->base);
}

static void
reopen_beds(struct actors *a, unsigned client)
{
	Residential__ReopenBeds *r = MESSAGE_NEW(&a->arena, residential__reopen_beds);
	const struct known *w =
	    actors_pick(a, &a->withheld, a->list[client].organisation);

	if (w == NULL)
		return;
	r->closed_id = TEXT(w->id);
	actors_call(a, client, NODE_RESIDENTIAL, CALL(REOPEN_BEDS), &r->base);
}

static void
reserve(struct actors *a, unsigned client, const char *home)
{
	Residential__ReserveBed *r = MESSAGE_NEW(&a->arena, residential__reserve_bed);
	struct random *dice = actors_dice(a);
	size_t first = random_below(dice, COUNT(councils));

	r->home_id = TEXT(home);
	SET(r, bed_number, random_below(dice, 7));
	r->council_ids = LIST_NEW(&a->arena, 2, char *);
	r->council_ids[r->n_council_ids++] = TEXT(councils[first]);
	if (random_one_in(dice, 3))
		r->council_ids[r->n_council_ids++] =
		    TEXT(councils[(first + random_below(dice, 3)) % COUNT(councils)]);
	if (random_one_in(dice, 3))
		SET(r, from_day, actors_today(a) + (int32_t)random_below(dice, 2));
	if (!random_one_in(dice, 3))
		SET(r, until_day, actors_today(a) + 2 + (int32_t)random_below(dice, 4));
	actors_call(a, client, NODE_RESIDENTIAL, CALL(RESERVE_BED), &r->base);
}

static void
free_bed(struct actors *a, unsigned client)
{
	Residential__FreeBed *f = MESSAGE_NEW(&a->arena, residential__free_bed);
	const struct known *r =
	    actors_pick(a, &a->reservations, a->list[client].organisation);

	if (r == NULL)
		return;
	f->reservation_id = TEXT(r->id);
	actors_call(a, client, NODE_RESIDENTIAL, CALL(FREE_BED), &f->base);
}

/* ---- vacancies ---- */

Residential__OpenVacancy *
house_open(struct actors *a, const char *home, Common__AgeBand band)
{
	Residential__OpenVacancy *o = MESSAGE_NEW(&a->arena, residential__open_vacancy);

	o->home_id = TEXT(home);
	SET(o, age_band, band);
	SET(o, available_from_day, actors_today(a));
	return o;
}

static void
open_vacancy(struct actors *a, unsigned client, const char *home)
{
	Common__AgeBand band =
	    (Common__AgeBand)(BAND(5_TO_9) + random_below(actors_dice(a), 3));

	actors_call(a, client, NODE_RESIDENTIAL, CALL(OPEN_VACANCY),
	    &house_open(a, home, band)->base);
}

/* Said to be so still, or to be some of the beds alone (none is refused), or closed. */
static void
turn_vacancy(struct actors *a, unsigned client)
{
	Residential__CloseVacancy *close =
	    MESSAGE_NEW(&a->arena, residential__close_vacancy);
	Residential__ConfirmVacancy *confirm =
	    MESSAGE_NEW(&a->arena, residential__confirm_vacancy);
	Residential__SetOpenPlaces *set =
	    MESSAGE_NEW(&a->arena, residential__set_open_places);
	const struct known *v =
	    actors_pick(a, &a->vacancies, a->list[client].organisation);

	if (v == NULL)
		return;
	close->vacancy_id = confirm->vacancy_id = set->vacancy_id = TEXT(v->id);
	if (random_one_in(actors_dice(a), 3)) {
		actors_call(
		    a, client, NODE_RESIDENTIAL, CALL(CLOSE_VACANCY), &close->base);
	} else if (random_one_in(actors_dice(a), 2)) {
		SET(set, open_places, random_below(actors_dice(a), 4));
		actors_call(
		    a, client, NODE_RESIDENTIAL, CALL(SET_OPEN_PLACES), &set->base);
	} else {
		actors_call(
		    a, client, NODE_RESIDENTIAL, CALL(CONFIRM_VACANCY), &confirm->base);
	}
}

static void
ask_home(struct actors *a, unsigned client, const char *home)
{
	Residential__HomeAsked *h = MESSAGE_NEW(&a->arena, residential__home_asked);

	h->home_id = TEXT(home);
	actors_call(a, client, NODE_RESIDENTIAL, CALL(HOME), &h->base);
}

/* One in which somebody is expected: what happens to it now matters. */
static const char *
expecting(struct actors *a, unsigned client)
{
	const struct model *m = a->model;
	const char *found = NULL;
	unsigned n = 0;

	for (size_t i = 0; i < m->holds_n; i++) {
		const struct model_home *h =
		    MODEL_FIND(m->homes, m->homes_n, m->holds[i].home);

		if (m->holds[i].state == MODEL_HOLD_CONFIRMED && h != NULL &&
		    str_equal(h->provider, a->list[client].organisation) &&
		    random_one_in(actors_dice(a), ++n))
			found = h->id;
	}
	return found;
}

void
house_keep(struct actors *a, unsigned client)
{
	struct random *dice = actors_dice(a);
	const struct known *h = actors_pick(a, &a->care_homes,
	    random_one_in(dice, 16) ? NULL : a->list[client].organisation);
	const char *home;

	if (a->list[client].household_len > 0) {
		amend(a, client);
		return;
	}
	if (h == NULL)
		return;
	model_keep(a->list[client].about, h->id);
	switch (random_below(dice, 16)) {
	case 0: register_home(a, client); break;
	case 1: ask_home(a, client, h->id); break;
	case 2:
		home = expecting(a, client);
		ask_home(a, client, home != NULL ? home : h->id);
		break;
	case 3:
	case 4: record(a, client, h->id); break;
	case 5:
	case 6: end_occupant(a, client); break;
	case 7: close_beds(a, client, h->id); break;
	case 8: reopen_beds(a, client); break;
	case 9:
	case 10: reserve(a, client, h->id); break;
	case 11: free_bed(a, client); break;
	case 12: turn_vacancy(a, client); break;
	default: open_vacancy(a, client, h->id); break;
	}
}
