#include "examined.h"

#include <string.h>

#include "base/message.h"
#include "base/str.h"

#include "ages.h"
#include "take.h"

/* As rcc-residential has them. */
#define PLACES_MAX 60
#define FEE_PENCE_WEEK_MAX 5000000
#define RESERVED_COUNCILS_MAX 12
#define ADULT_YEARS_MAX 25

void
homes_are_as_their_contracts_say(struct examined *x)
{
	for (size_t i = 0; i < x->plan.residences_n; i++) {
		const struct plan_residence *home = &x->plan.residences[i];
		contract(x, &home->row->base);
		for (size_t j = 0; j < home->reserved_n; j++)
			contract(x, &home->reserved[j]->base);
		for (size_t j = 0; j < home->occupants_n; j++)
			contract(x, &home->occupants[j]->base);
		contract(x, home->closed != NULL ? &home->closed->base : NULL);
		for (size_t j = 0; j < home->vacancies_n; j++)
			contract(x, &home->vacancies[j]->base);
	}
}

/* ---- the registration ---- */

static void
check_capabilities(struct examined *x, size_t i, const Residential__Home *row)
{
	uint32_t seen = 0;

	for (size_t j = 0; j < row->n_capabilities; j++) {
		const Residential__Capability *can = row->capabilities[j];
		uint32_t kind = 1u << (unsigned)can->need->kind;
		if ((seen & kind) != 0)
			wrong(x, "home %zu: a need twice", i);
		seen |= kind;
		if (can->need->level == COMMON__LEVEL__LEVEL_UNSPECIFIED ||
		    can->evidence == RESIDENTIAL__EVIDENCE__EVIDENCE_UNSPECIFIED ||
		    can->evidence_day > x->plan.options.day)
			wrong(x, "home %zu: nothing shows that it meets a need", i);
	}
}

static void
check_days(struct examined *x, size_t i, const Residential__Home *row)
{
	int32_t day = x->plan.options.day;

	if (row->statement_version == 0 || row->statement_day > day)
		wrong(x, "home %zu: no statement of purpose", i);
	if ((row->grade != MEMBERS__GRADE__GRADE_UNSPECIFIED) != row->has_grade_day ||
	    row->grade_day > day)
		wrong(x, "home %zu: a grade without its day", i);
	if ((row->restriction != 0) != row->has_restriction_day ||
	    row->restriction_day > day)
		wrong(x, "home %zu: a restriction without its day", i);
}

void
homes_are_as_they_may_be(struct examined *x)
{
	const struct plan *p = &x->plan;
	const char **names = TAKE_LIST(x->arena, p->residences_n, const char *);

	for (size_t i = 0; i < p->residences_n; i++) {
		const struct plan_residence *home = &p->residences[i];
		const Residential__Home *row = home->row;
		const Members__Provider *provider = p->providers[home->provider].row;
		uint32_t least = home->is_supported ? 16 : 0;
		names[i] = row->home_name;
		if (row->registered_places < 1 || row->registered_places > PLACES_MAX ||
		    row->staffed_beds > row->registered_places)
			wrong(x, "home %zu: more staffed than registered", i);
		if (row->age_min_years < least || row->age_max_years > 17 ||
		    row->age_min_years > row->age_max_years)
			wrong(x, "home %zu: ages that cannot be registered", i);
		if (!row->takes_girls && !row->takes_boys)
			wrong(x, "home %zu: for nobody", i);
		if (row->fee_pence_week <= 0 ||
		    row->fee_pence_week > FEE_PENCE_WEEK_MAX)
			wrong(x, "home %zu: a fee that is none", i);
		if (!lies_in(p, row->home_sector, home->council))
			wrong(x, "home %zu: its sector is elsewhere", i);
		if ((provider->kind ==
			MEMBERS__PROVIDER_KIND__PROVIDER_KIND_SUPPORTED_ACCOMMODATION) !=
		    home->is_supported)
			wrong(x, "home %zu: its provider is of another kind", i);
		check_capabilities(x, i, row);
		check_days(x, i, row);
	}
	none_twice(x, "homes", names, p->residences_n);
}

/* ---- the beds ---- */

static void
check_vacancies(struct examined *x, size_t i, const struct plan_residence *home)
{
	const Residential__Home *row = home->row;
	uint32_t seen = 0;

	if ((home->free + home->reserved_empty > 0) != (home->vacancies_n > 0))
		wrong(x, "home %zu: free beds and no vacancy, or none and one", i);
	if (home->vacancies_n > 0 && row->restriction != 0)
		wrong(x, "home %zu: restricted, and a vacancy", i);
	for (size_t j = 0; j < home->vacancies_n; j++) {
		uint32_t band = (uint32_t)home->vacancies[j]->age_band -
		                COMMON__AGE_BAND__AGE_BAND_UNDER_1;
		if (band < ages_band(row->age_min_years) ||
		    band > ages_band(row->age_max_years))
			wrong(x, "home %zu: a vacancy for ages it may not take", i);
		if ((seen & 1u << band) != 0)
			wrong(x, "home %zu: two vacancies for the same ages", i);
		seen |= 1u << band;
	}
}

void
beds_add_up(struct examined *x)
{
	for (size_t i = 0; i < x->plan.residences_n; i++) {
		const struct plan_residence *home = &x->plan.residences[i];
		uint32_t closed = home->closed != NULL ? home->closed->beds : 0;
		uint32_t used =
		    home->filled + home->shut + home->reserved_empty + home->free;
		if (home->places != home->row->registered_places ||
		    home->places - home->unstaffed != home->row->staffed_beds ||
		    used != home->row->staffed_beds)
			wrong(x, "home %zu: its beds do not add up", i);
		if (home->occupants_n != home->filled || home->occupants_n > used)
			wrong(x, "home %zu: not as many live there as beds are filled",
			    i);
		if (closed != home->shut)
			wrong(x, "home %zu: beds closed without a reason", i);
		if (home->reserved_n !=
		    home->reserved_empty + home->occupants_in_reserved_n)
			wrong(x, "home %zu: reserved beds do not add up", i);
		check_vacancies(x, i, home);
	}
}

/* ---- who lives there ---- */

static void
check_resident(struct examined *x, size_t i, const struct plan_residence *home,
    const Residential__Occupant *o)
{
	bool is_girl = o->sex == COMMON__SEX__SEX_FEMALE;
	bool is_adult = o->kind == RESIDENTIAL__OCCUPANT_KIND__OCCUPANT_KIND_OVER_18;
	int32_t born_from = o->age_day - (int32_t)(o->age_years + 1) * 366;

	if (is_adult ? o->age_years < 18 || o->age_years > ADULT_YEARS_MAX
		     : o->age_years < home->row->age_min_years ||
			   o->age_years > home->row->age_max_years)
		wrong(x, "home %zu: somebody of %u outside its ages", i, o->age_years);
	if (is_girl ? !home->row->takes_girls : !home->row->takes_boys)
		wrong(x, "home %zu: a child of a sex it does not take", i);
	if (o->from_day > x->plan.options.day || o->from_day < born_from)
		wrong(x, "home %zu: a child there before birth", i);
	for (size_t j = 0; j < o->n_not_safe_with; j++) {
		if (o->not_safe_with[j] == COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_PETS &&
		    home->row->has_pets)
			wrong(x, "home %zu: pets, and a child not safe with them", i);
		for (size_t k = 0; k < home->occupants_n; k++) {
			const Residential__Occupant *other = home->occupants[k];
			if (other != o && !mix_is_safe(o, o->not_safe_with[j], other))
				wrong(x, "home %zu: two who are not safe together", i);
		}
	}
}

void
residents_fit(struct examined *x)
{
	for (size_t i = 0; i < x->plan.residences_n; i++) {
		const struct plan_residence *home = &x->plan.residences[i];
		for (size_t j = 0; j < home->occupants_n; j++)
			check_resident(x, i, home, home->occupants[j]);
		if (home->is_solo && home->free + home->reserved_empty > 0)
			wrong(x, "home %zu: must live alone, and a bed is free", i);
	}
}

static bool
is_for(const Residential__ReserveBed *row, const char *council_id)
{
	for (size_t i = 0; i < row->n_council_ids; i++) {
		if (str_equal(row->council_ids[i], council_id))
			return true;
	}
	return false;
}

void
reserved_beds_are_their_councils(struct examined *x)
{
	for (size_t i = 0; i < x->plan.residences_n; i++) {
		const struct plan_residence *home = &x->plan.residences[i];
		for (size_t j = 0; j < home->reserved_n; j++) {
			const Residential__ReserveBed *row = home->reserved[j];
			if (row->bed_number != j + 1 || row->bed_number > home->places)
				wrong(x, "home %zu: a bed that it has not", i);
			if (row->n_council_ids < 1 ||
			    row->n_council_ids > RESERVED_COUNCILS_MAX)
				wrong(x, "home %zu: a bed kept for nobody", i);
			if (j < home->occupants_in_reserved_n &&
			    !is_for(row, home->occupants[j]->placing_council_id))
				wrong(x, "home %zu: another council's child there", i);
		}
	}
}
