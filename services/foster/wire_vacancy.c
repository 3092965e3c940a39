#include "base/access.h"
#include "base/ask.h"
#include "base/message.h"
#include "base/str.h"
#include "foster/household.h"
#include "foster/places.h"
#include "foster/store.h"
#include "foster/wire.h"

/* ---- publishing ---- */

static void
review_if_due(struct svc_ask *ask, const Foster__HouseholdShown *known)
{
	Foster__HouseholdReviewed event = FOSTER__HOUSEHOLD_REVIEWED__INIT;
	const char *id = known->household->household_id;
	int32_t today = ask_today(ask);
	int32_t standing = 0;
	int32_t next = 0;
	bool is_standing = foster_store_review_day(ask->txn, ask->arena, id, &standing);
	bool is_next = foster_next_review(known, today, &next);

	if (is_standing == is_next && standing == next &&
	    !foster_has_lapsed(known, today))
		return;
	event.household_id = known->household->household_id;
	SET(&event, day, today);
	if (is_next)
		SET(&event, next_review_day, next);
	svc_decide(ask, FOSTER__FOSTER_EVENT__EVENT_HOUSEHOLD_REVIEWED, &event.base);
}

static enum err
count_if_changed(struct svc_ask *ask, const Foster__HouseholdShown *known,
    const struct foster_home *home)
{
	Foster__PlacesCounted event = FOSTER__PLACES_COUNTED__INIT;

	event.household_id = known->household->household_id;
	event.places = foster_places(ask->arena, home);
	if (event.places == NULL)
		return ERR_MEMORY;
	if (!foster_store_is_counted(ask->txn, ask->arena, &event))
		svc_decide(
		    ask, FOSTER__FOSTER_EVENT__EVENT_PLACES_COUNTED, &event.base);
	return ask->txn->err;
}

static enum err
publish(struct svc_ask *ask, Foster__Vacancy *vacancy)
{
	Foster__VacancyPublished event = FOSTER__VACANCY_PUBLISHED__INIT;

	event.vacancy = vacancy;
	svc_decide(ask, FOSTER__FOSTER_EVENT__EVENT_VACANCY_PUBLISHED, &event.base);
	return ask->txn->err;
}

/* The vacancy with `base`'s own times, and everything else as it is now. */
static enum err
vacancy_now(struct svc_ask *ask, const Foster__HouseholdShown *known,
    const Foster__Vacancy *base, Foster__Vacancy **out)
{
	struct foster_home home;
	enum err e = foster_home_of(ask->arena, known, NULL, ask_today(ask), &home);

	if (e != ERR_NONE)
		return e;
	*out = foster_vacancy_now(ask->arena, known, &home, base);
	return *out == NULL ? ERR_MEMORY : ERR_NONE;
}

enum err
foster_publish(struct svc_ask *ask, const char *household_id)
{
	const Foster__HouseholdShown *known =
	    foster_store_home(ask->txn, ask->arena, household_id);
	struct foster_home home;

	if (known == NULL)
		return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_CORRUPT;
	review_if_due(ask, known);
	enum err e = foster_home_of(ask->arena, known, NULL, ask_today(ask), &home);
	if (e == ERR_NONE)
		e = count_if_changed(ask, known, &home);
	if (e != ERR_NONE || known->vacancy == NULL || !known->vacancy->is_open)
		return e;
	Foster__Vacancy *vacancy =
	    foster_vacancy_now(ask->arena, known, &home, known->vacancy);
	if (vacancy == NULL)
		return ERR_MEMORY;
	if (foster_store_is_published(ask->txn, ask->arena, vacancy))
		return ask->txn->err;
	return publish(ask, vacancy);
}

/* ---- a provider's vacancy ---- */

/* Publishes as `base` says, whatever was published before, and answers with it. */
static enum err
publish_and_answer(struct svc_ask *ask, const Foster__HouseholdShown *known,
    const Foster__Vacancy *base)
{
	Foster__Vacancy *vacancy = NULL;
	enum err e = vacancy_now(ask, known, base, &vacancy);

	if (e != ERR_NONE)
		return e;
	e = publish(ask, vacancy);
	svc_answer(ask, &vacancy->base);
	return e;
}

enum err
foster_on_open(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Foster__OpenVacancy *call = (const Foster__OpenVacancy *)message;
	Foster__HouseholdShown *known;
	int32_t from_day = 0;
	enum err e = foster_own_home(ask, call->household_id, &known);

	if (e != ERR_NONE || known == NULL)
		return e;
	const Members__Provider *provider =
	    access_provider(ask->txn, ask->arena, ask->caller.organisation_id);
	if (provider == NULL || !foster_is_fostering((int)provider->kind))
		return foster_refuse(ask, FOSTER_PROVIDER_KIND, NULL);
	enum foster_refusal no =
	    foster_may_open(known->household, call, ask_today(ask), &from_day);
	if (no != FOSTER_OK)
		return foster_refuse(ask, no, NULL);
	/* One a household: opened again it is the same one, said anew. */
	Foster__Vacancy base = FOSTER__VACANCY__INIT;
	bool was_open = known->vacancy != NULL && known->vacancy->is_open;
	if (known->vacancy != NULL)
		base = *known->vacancy;
	else
		base.vacancy_id = ask_new_id(ask);
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

/* The acting provider's household with this vacancy; NULL where that is refused. */
static enum err
own_home_with(struct svc_ask *ask, const char *vacancy_id, Foster__HouseholdShown **out)
{
	const Foster__Vacancy *vacancy =
	    foster_store_vacancy(ask->txn, ask->arena, vacancy_id);

	*out = NULL;
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (vacancy == NULL ||
	    !str_equal(vacancy->provider_id, ask->caller.organisation_id))
		return foster_refuse(ask, FOSTER_VACANCY_UNKNOWN, NULL);
	return foster_own_home(ask, vacancy->household_id, out);
}

enum err
foster_on_confirm_vacancy(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Foster__ConfirmVacancy *call = (const Foster__ConfirmVacancy *)message;
	Foster__HouseholdShown *known;
	enum err e = own_home_with(ask, call->vacancy_id, &known);

	if (e != ERR_NONE || known == NULL)
		return e;
	if (!known->vacancy->is_open)
		return foster_refuse(ask, FOSTER_VACANCY_CLOSED, NULL);
	Foster__Vacancy base = *known->vacancy;
	SET(&base, confirmed_time, ask->now_ms);
	return publish_and_answer(ask, known, &base);
}

enum err
foster_on_set_open_places(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Foster__SetOpenPlaces *call = (const Foster__SetOpenPlaces *)message;
	Foster__HouseholdShown *known;
	enum err e = own_home_with(ask, call->vacancy_id, &known);

	if (e != ERR_NONE || known == NULL)
		return e;
	if (!known->vacancy->is_open)
		return foster_refuse(ask, FOSTER_VACANCY_CLOSED, NULL);
	enum foster_refusal no = foster_may_set_open_places(known->household, call);
	if (no != FOSTER_OK)
		return foster_refuse(ask, no, NULL);
	Foster__Vacancy base = *known->vacancy;
	SET_FROM(&base, open_places, call, open_places);
	SET(&base, confirmed_time, ask->now_ms);
	return publish_and_answer(ask, known, &base);
}

enum err
foster_on_close(struct svc_ask *ask, const ProtobufCMessage *message)
{
	const Foster__CloseVacancy *call = (const Foster__CloseVacancy *)message;
	Foster__HouseholdShown *known;
	enum err e = own_home_with(ask, call->vacancy_id, &known);

	if (e != ERR_NONE || known == NULL)
		return e;
	if (!known->vacancy->is_open)
		return foster_refuse(ask, FOSTER_VACANCY_CLOSED, NULL);
	Foster__Vacancy base = *known->vacancy;
	SET(&base, is_open, false);
	return publish_and_answer(ask, known, &base);
}
