#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/id.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/directory.h"
#include "gateway/fields.h"
#include "gateway/need.h"
#include "gateway/pages.h"
#include "gateway/say.h"

#include "foster.pb-c.h"
#include "residential.pb-c.h"

#define FOSTER FOSTER__FOSTER_CALL__CALL_VACANCIES
#define RESIDENTIAL RESIDENTIAL__RESIDENTIAL_CALL__CALL_VACANCIES
#define VACANCIES_MAX 200

/* ---- choosing a home ---- */

static int
by_label(const void *a, const void *b)
{
	return strcasecmp(((const struct field_option *)a)->label,
	    ((const struct field_option *)b)->label);
}

static json_t *
provider_field(struct page *p)
{
	const Members__Providers *all = p->directory->providers;
	struct field_option *options =
	    arena_take(p->arena, (all->n_providers + 1) * sizeof *options);

	for (size_t i = 0; options != NULL && i < all->n_providers; i++)
		options[i] = (struct field_option){
		    .value = all->providers[i]->provider_id,
		    .label = all->providers[i]->name,
		};
	if (options != NULL)
		qsort(options, all->n_providers, sizeof *options, by_label);
	return fields_select(
	    FIELDS_OF(p), &(struct field){.name = "provider",
			      .label = "Provider",
			      .blank = "Choose",
			      .options = options,
			      .options_n = options != NULL ? all->n_providers : 0});
}

struct vacancy {
	const char *id, *council_id, *provider_id;
	Common__CareType care_type;
	bool is_open;
};

static void
add_vacancy(struct page *p, json_t *list, const struct vacancy *v, const char *need_id)
{
	json_array_append_new(list,
	    json_pack("{s:s, s:s, s:b}", "text",
		str_format(p->arena, "%s in %s, %s",
		    say_enum(
			p->arena, &common__care_type__descriptor, (int)v->care_type),
		    directory_council_name(p->directory, v->council_id),
		    need_place_name(p, v->id)),
		"href",
		str_format(p->arena, "/needs/%s/why?provider=%s&vacancy=%s", need_id,
		    v->provider_id, v->id),
		"is_closed", !v->is_open));
}

/* All vacancies of a provider, of either kind of care. False: not there yet. */
static bool
put_vacancies(struct page *p, const Requests__Request *r, const char *provider_id)
{
	Foster__VacanciesAsked foster_ask = FOSTER__VACANCIES_ASKED__INIT;
	Residential__VacanciesAsked home_ask = RESIDENTIAL__VACANCIES_ASKED__INIT;
	enum page_state foster_state, home_state;
	json_t *list;

	foster_ask.provider_id = home_ask.provider_id = str_copy(p->arena, provider_id);
	SET(&foster_ask, limit, VACANCIES_MAX);
	SET(&home_ask, limit, VACANCIES_MAX);
	const Foster__Vacancies *fostered =
	    page_try(p, "foster", FOSTER, &foster_ask.base, &foster_state);
	const Residential__Vacancies *homes =
	    page_try(p, "residential", RESIDENTIAL, &home_ask.base, &home_state);
	if (foster_state == PAGE_WAITS || home_state == PAGE_WAITS)
		return false;
	list = json_array();
	for (size_t i = 0; fostered != NULL && i < fostered->n_vacancies; i++) {
		const Foster__Vacancy *v = fostered->vacancies[i];
		add_vacancy(p, list,
		    &(struct vacancy){v->vacancy_id, v->council_id, v->provider_id,
			COMMON__CARE_TYPE__CARE_TYPE_FOSTER, v->is_open},
		    r->request_id);
	}
	for (size_t i = 0; homes != NULL && i < homes->n_vacancies; i++) {
		const Residential__Vacancy *v = homes->vacancies[i];
		add_vacancy(p, list,
		    &(struct vacancy){v->vacancy_id, v->council_id, v->provider_id,
			v->care_type, v->is_open},
		    r->request_id);
	}
	page_put(p, "chosen",
	    json_pack("{s:s, s:b, s:b, s:o}", "provider",
		directory_provider_name(p->directory, provider_id), "has_none",
		json_array_size(list) == 0, "is_part",
		fostered == NULL || homes == NULL, "vacancies", list));
	return true;
}

/* ---- why ---- */

static json_t *
failures_of(struct page *p, const Matching__Why *why)
{
	json_t *list = json_array();

	for (size_t i = 0; i < why->n_failures; i++) {
		const Matching__Failure *f = why->failures[i];
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:s}", "rule",
			say_enum(p->arena, &matching__rule__descriptor, (int)f->rule),
			"fact", f->fact != NULL ? f->fact : "", "source",
			f->source != NULL ? f->source : ""));
	}
	return list;
}

static bool
put_why(struct page *p, const Requests__Request *r, const char *vacancy_id)
{
	bool is_down = false;
	const Matching__Why *why = id_is_well_formed(vacancy_id)
	                               ? need_why(p, r, vacancy_id, NULL, 0, &is_down)
	                               : NULL;

	if (why == NULL && id_is_well_formed(vacancy_id) && !is_down)
		return false;
	if (why == NULL) {
		page_put(p, "missing",
		    json_string(page_no(p) != NULL
				    ? page_no(p)->sentence
				    : "It cannot be said at the moment. Try again in a "
				      "minute."));
		return true;
	}
	json_t *answer =
	    json_pack("{s:s, s:s, s:b, s:o}", "name", need_place_name(p, vacancy_id),
		"name_first", say_first_up(p->arena, need_place_name(p, vacancy_id)),
		"is_suitable", why->suitable, "failures", failures_of(p, why));
	if (why->suitable && why->candidate != NULL) {
		json_object_set_new(
		    answer, "rank", json_string(say_number(p->arena, why->rank)));
		json_object_set_new(answer, "points", need_points(p, why->candidate));
	}
	page_put(p, "answer", answer);
	return true;
}

/* Why is this home not on the list? Any vacancy may be asked about. */
void
page_why_view(struct page *p)
{
	const Requests__Request *r = need_ask(p);
	const char *provider_id = page_query(p, "provider");
	const char *vacancy_id = page_query(p, "vacancy");
	bool is_there = r != NULL;

	if (r == NULL)
		return;
	if (provider_id != NULL && id_is_well_formed(provider_id))
		is_there = put_vacancies(p, r, provider_id) && is_there;
	if (vacancy_id != NULL)
		is_there = put_why(p, r, vacancy_id) && is_there;
	if (!is_there)
		return;
	need_title(p, r, "Why is a home not on the list?");
	page_put(p, "provider_field", provider_field(p));
	page_put(p, "vacancy_field",
	    fields_text(FIELDS_OF(p), &(struct field){.name = "vacancy",
					  .label = "Or the number of a vacancy",
					  .hint = "26 letters and digits, as a system "
						  "of yours or theirs shows it",
					  .width = 30}));
}
