#include "base/ask.h"
#include "base/message.h"
#include "base/str.h"
#include "residential/beds.h"
#include "residential/home.h"
#include "residential/store.h"
#include "residential/vacancy.h"
#include "residential/wire.h"

#define EVENT(name) RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_##name

/* ---- publishing ---- */

static void
review_if_due(struct svc_ask *ask, const Residential__HomeShown *known)
{
	Residential__HomeReviewed event = RESIDENTIAL__HOME_REVIEWED__INIT;
	int32_t today = ask_today(ask);
	int32_t standing = 0;
	int32_t next = 0;
	bool is_standing = residential_store_review_day(
	    ask->txn, ask->arena, known->home->home_id, &standing);
	bool is_next = residential_next_review(known, today, &next);

	if (is_standing == is_next && standing == next &&
	    !residential_has_lapsed(known, today))
		return;
	event.home_id = known->home->home_id;
	SET(&event, day, today);
	if (is_next)
		SET(&event, next_review_day, next);
	svc_decide(ask, EVENT(HOME_REVIEWED), &event.base);
}

static bool
are_counted(const Residential__Beds *a, const Residential__Beds *b)
{
	return a != NULL && a->registered == b->registered &&
	       a->staffed == b->staffed && a->occupied == b->occupied &&
	       a->held == b->held && a->reserved == b->reserved &&
	       a->closed == b->closed && a->free == b->free;
}

static void
count_if_changed(struct svc_ask *ask, const Residential__HomeShown *known,
    const struct residential_house *house)
{
	Residential__BedsCounted event = RESIDENTIAL__BEDS_COUNTED__INIT;
	Residential__Beds beds = RESIDENTIAL__BEDS__INIT;

	residential_count_beds(house, &beds);
	if (are_counted(known->beds, &beds))
		return;
	event.home_id = known->home->home_id;
	event.beds = &beds;
	svc_decide(ask, EVENT(BEDS_COUNTED), &event.base);
}

static enum err
publish(struct svc_ask *ask, Residential__Vacancy *vacancy)
{
	Residential__VacancyPublished event = RESIDENTIAL__VACANCY_PUBLISHED__INIT;

	event.vacancy = vacancy;
	svc_decide(ask, EVENT(VACANCY_PUBLISHED), &event.base);
	return ask->txn->err;
}

enum err
residential_publish(struct svc_ask *ask, const char *home_id)
{
	const Residential__HomeShown *known =
	    residential_store_home(ask->txn, ask->arena, home_id);
	struct residential_house house;

	if (known == NULL)
		return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_CORRUPT;
	enum err e =
	    residential_house_of(ask->arena, known, NULL, ask_today(ask), &house);
	if (e != ERR_NONE)
		return e;
	review_if_due(ask, known);
	count_if_changed(ask, known, &house);
	for (size_t i = 0; i < known->n_vacancies && ask->txn->err == ERR_NONE; i++) {
		if (!known->vacancies[i]->is_open)
			continue;
		Residential__Vacancy *now = residential_vacancy_now(
		    ask->arena, known, &house, known->vacancies[i]);
		if (now == NULL)
			return ERR_MEMORY;
		if (residential_store_is_published(ask->txn, ask->arena, now))
			continue;
		e = publish(ask, now);
		if (e != ERR_NONE)
			return e;
	}
	return ask->txn->err;
}

/* ---- a provider's vacancy ---- */

/* Publishes as `base` says, whatever was published before, and answers with it. */
static enum err
publish_and_answer(struct svc_ask *ask, const Residential__HomeShown *known,
    const Residential__Vacancy *base)
{
	struct residential_house house;
	enum err e =
	    residential_house_of(ask->arena, known, NULL, ask_today(ask), &house);

	if (e != ERR_NONE)
		return e;
	Residential__Vacancy *vacancy =
	    residential_vacancy_now(ask->arena, known, &house, base);
	if (vacancy == NULL)
		return ERR_MEMORY;
	e = publish(ask, vacancy);
	svc_answer(ask, &vacancy->base);
	return e;
}

static const Residential__Vacancy *
vacancy_for(const Residential__HomeShown *known, Common__AgeBand band)
{
	for (size_t i = 0; i < known->n_vacancies; i++) {
		if (known->vacancies[i]->age_band == band)
			return known->vacancies[i];
	}
	return NULL;
}

enum err
residential_on_open(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Residential__OpenVacancy *call =
	    (const Residential__OpenVacancy *)message;
	Residential__HomeShown *known;
	int32_t from_day = 0;
	enum err e = residential_own_home(ask, call->home_id, &known);

	if (e != ERR_NONE || known == NULL)
		return e;
	if (!residential_is_of_provider(ask, known->home))
		return residential_refuse(ask, RESIDENTIAL_PROVIDER_KIND, NULL);
	enum residential_refusal no =
	    residential_may_open(known->home, call, ask_today(ask), &from_day);
	if (no != RESIDENTIAL_OK)
		return residential_refuse(ask, no, NULL);
	/* One a home and band: opened again it is the same one, said anew. */
	const Residential__Vacancy *old = vacancy_for(known, call->age_band);
	Residential__Vacancy base = RESIDENTIAL__VACANCY__INIT;
	bool was_open = old != NULL && old->is_open;
	if (old != NULL)
		base = *old;
	else
		base.vacancy_id = ask_new_id(ask);
	SET(&base, age_band, call->age_band);
	SET(&base, available_from_day, from_day);
	if (!was_open)
		SET(&base, opened_time, ask->now_ms);
	SET(&base, confirmed_time, ask->now_ms);
	SET_FROM(&base, open_places, call, open_places);
	SET(&base, is_open, true);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	return publish_and_answer(ask, known, &base);
}

/* The acting provider's open vacancy, and its home; NULL in *vacancy where that is
 * refused. */
static enum err
own_vacancy(struct svc_ask *ask, const char *vacancy_id,
    const Residential__Vacancy **vacancy, Residential__HomeShown **known)
{
	const Residential__Vacancy *row =
	    residential_store_vacancy(ask->txn, ask->arena, vacancy_id);

	*vacancy = NULL;
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (row == NULL || !str_equal(row->provider_id, ask->caller.organisation_id))
		return residential_refuse(ask, RESIDENTIAL_VACANCY_UNKNOWN, NULL);
	enum err e = residential_own_home(ask, row->home_id, known);
	if (e != ERR_NONE || *known == NULL)
		return e;
	if (!row->is_open)
		return residential_refuse(ask, RESIDENTIAL_VACANCY_CLOSED, NULL);
	*vacancy = row;
	return ERR_NONE;
}

enum err
residential_on_confirm_vacancy(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Residential__ConfirmVacancy *call =
	    (const Residential__ConfirmVacancy *)message;
	const Residential__Vacancy *vacancy;
	Residential__HomeShown *known;
	enum err e = own_vacancy(ask, call->vacancy_id, &vacancy, &known);

	if (e != ERR_NONE || vacancy == NULL)
		return e;
	Residential__Vacancy base = *vacancy;
	SET(&base, confirmed_time, ask->now_ms);
	return publish_and_answer(ask, known, &base);
}

enum err
residential_on_set_open_places(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Residential__SetOpenPlaces *call =
	    (const Residential__SetOpenPlaces *)message;
	const Residential__Vacancy *vacancy;
	Residential__HomeShown *known;
	enum err e = own_vacancy(ask, call->vacancy_id, &vacancy, &known);

	if (e != ERR_NONE || vacancy == NULL)
		return e;
	enum residential_refusal no =
	    residential_may_set_open_places(known->home, call);
	if (no != RESIDENTIAL_OK)
		return residential_refuse(ask, no, NULL);
	Residential__Vacancy base = *vacancy;
	SET_FROM(&base, open_places, call, open_places);
	SET(&base, confirmed_time, ask->now_ms);
	return publish_and_answer(ask, known, &base);
}

enum err
residential_on_close(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Residential__CloseVacancy *call =
	    (const Residential__CloseVacancy *)message;
	const Residential__Vacancy *vacancy;
	Residential__HomeShown *known;
	enum err e = own_vacancy(ask, call->vacancy_id, &vacancy, &known);

	if (e != ERR_NONE || vacancy == NULL)
		return e;
	Residential__Vacancy base = *vacancy;
	SET(&base, is_open, false);
	return publish_and_answer(ask, known, &base);
}
