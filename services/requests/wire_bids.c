#include "base/message.h"
#include "base/str.h"
#include "requests/bidding.h"
#include "requests/group.h"
#include "requests/weigh.h"
#include "requests/wire_inside.h"

/* ---- circulate ---- */

static const Requests__VacancyRow *const *
look_up(struct svc_ask *ask, const Requests__Circulate *asked)
{
	size_t n = asked->n_vacancy_ids;
	const Requests__VacancyRow **list;

	/* More than that is refused before one of them is looked at. */
	if (n > REQUESTS_CIRCULATE_VACANCIES_MAX)
		n = 0;
	list = LIST_NEW(ask->arena, n + 1, const Requests__VacancyRow *);
	for (size_t i = 0; list != NULL && i < n; i++)
		list[i] =
		    requests_store_vacancy(ask->txn, ask->arena, asked->vacancy_ids[i]);
	return list;
}

enum err
requests_on_circulate(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__Circulate *asked = (const void *)call;
	struct requests_act act = requests_wire_act(ask);
	uint64_t number = svc_next_number(ask);
	Requests__RequestCirculated *event;
	const char *detail = NULL;
	size_t which;
	enum err e;
	Requests__Request *request = requests_wire_own(ask, asked->request_id, &e);

	if (request == NULL)
		return e;
	const Requests__VacancyRow *const *vacancies = look_up(ask, asked);
	if (vacancies == NULL || ask->txn->err != ERR_NONE)
		return vacancies == NULL ? ERR_MEMORY : ask->txn->err;
	enum requests_refusal no =
	    requests_check_circulate(request, asked, vacancies, act.today, &which);
	if (no != REQUESTS_OK) {
		if (which < asked->n_vacancy_ids)
			detail = asked->vacancy_ids[which];
		return requests_wire_refuse(ask, no, detail);
	}
	event = requests_circulated(ask->arena, request, asked, vacancies, &act);
	if (event == NULL)
		return ERR_MEMORY;
	svc_decide(ask, EVENT(REQUEST_CIRCULATED), &event->base);
	return requests_wire_done(ask, request->request_id, number);
}

/* ---- what providers say ---- */

enum err
requests_on_show_interest(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__ShowInterest *asked = (const void *)call;
	Requests__InterestShown event = REQUESTS__INTEREST_SHOWN__INIT;
	const char *provider_id = ask->caller.organisation_id;
	uint64_t number = svc_next_number(ask);
	enum err e;
	Requests__Request *request = requests_wire_bid(ask, asked->request_id, &e);

	if (request == NULL)
		return e;
	enum requests_refusal no =
	    requests_check_answering(request, REQUESTS_SHOW_INTEREST, provider_id);
	if (no != REQUESTS_OK)
		return requests_wire_refuse(ask, no, NULL);
	if (requests_bid_of(request, provider_id)->is_interested)
		return requests_wire_done_already(ask, request->request_id);
	event.request_id = request->request_id;
	event.provider_id = str_copy(ask->arena, provider_id);
	SET(&event, time, ask->now_ms);
	SET(&event, members_copy_age_ms, ask->members_copy_age_ms);
	if (event.provider_id == NULL)
		return ERR_MEMORY;
	svc_decide(ask, EVENT(INTEREST_SHOWN), &event.base);
	return requests_wire_done(ask, request->request_id, number);
}

enum err
requests_on_offer(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__Offer *asked = (const void *)call;
	struct requests_act act = requests_wire_act(ask);
	Requests__OfferMade event = REQUESTS__OFFER_MADE__INIT;
	Requests__OfferRow offer = REQUESTS__OFFER_ROW__INIT;
	uint64_t number = svc_next_number(ask);
	uint32_t children;
	enum err e;
	Requests__Request *request = requests_wire_bid(ask, asked->request_id, &e);

	if (request == NULL)
		return e;
	const Requests__VacancyRow *vacancy =
	    requests_store_vacancy(ask->txn, ask->arena, asked->vacancy_id);
	enum requests_refusal no =
	    requests_check_offer(request, asked, vacancy, &act, &children);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (no != REQUESTS_OK)
		return requests_wire_refuse(ask, no, NULL);
	offer.offer_id = requests_wire_id(ask);
	offer.request_id = request->request_id;
	SET_FROM(&offer, version, request, version);
	offer.provider_id = vacancy->provider_id;
	offer.vacancy_id = vacancy->vacancy_id;
	SET_FROM(&offer, care_type, vacancy, care_type);
	if (vacancy->care_type == COMMON__CARE_TYPE__CARE_TYPE_FOSTER)
		offer.household_id = vacancy->place_id;
	else
		offer.home_id = vacancy->place_id;
	offer.council_id = vacancy->council_id;
	SET_FROM(&offer, fee_pence_week, asked, fee_pence_week);
	SET_FROM(&offer, earliest_start_day, asked, earliest_start_day);
	SET(&offer, made_time, ask->now_ms);
	/* For all of them goes without saying. */
	if (children != requests_children_all(request->circulation->n_children))
		offer.child_refs =
		    requests_children_refs(ask->arena, children, &offer.n_child_refs);
	event.offer = &offer;
	event.made_by_id = str_copy(ask->arena, ask->caller.person_id);
	SET(&event, members_copy_age_ms, ask->members_copy_age_ms);
	if (ask->arena->is_full)
		return ERR_MEMORY;
	svc_decide(ask, EVENT(OFFER_MADE), &event.base);
	return requests_wire_done(ask, offer.offer_id, number);
}

enum err
requests_on_decline(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__Decline *asked = (const void *)call;
	Requests__OfferDeclined event = REQUESTS__OFFER_DECLINED__INIT;
	const char *provider_id = ask->caller.organisation_id;
	uint64_t number = svc_next_number(ask);
	struct requests_loss loss = {
	    .sentence = "The provider declined after the decision.",
	    .owes_release = true,
	};
	enum err e;
	Requests__Request *request = requests_wire_bid(ask, asked->request_id, &e);

	if (request == NULL)
		return e;
	enum requests_refusal no =
	    requests_check_decline(request, asked, provider_id, &loss.journey);
	if (no != REQUESTS_OK)
		return requests_wire_refuse(ask, no, NULL);
	event.request_id = request->request_id;
	event.provider_id = str_copy(ask->arena, provider_id);
	SET(&event, reason, asked->reason);
	SET(&event, time, ask->now_ms);
	SET(&event, members_copy_age_ms, ask->members_copy_age_ms);
	if (event.provider_id == NULL)
		return ERR_MEMORY;
	svc_decide(ask, EVENT(OFFER_DECLINED), &event.base);
	if (loss.journey != NULL)
		requests_wire_lose(ask, request, &loss);
	return requests_wire_done(ask, request->request_id, number);
}

/* ---- opening levels ---- */

enum err
requests_on_open(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Requests__Open *asked = (const void *)call;
	Requests__LevelOpened event = REQUESTS__LEVEL_OPENED__INIT;
	uint64_t number = svc_next_number(ask);
	bool already;
	enum err e;
	Requests__Request *request = requests_wire_own(ask, asked->request_id, &e);

	if (request == NULL)
		return e;
	enum requests_refusal no = requests_check_open(request, asked, &already);
	if (no != REQUESTS_OK)
		return requests_wire_refuse(ask, no, NULL);
	if (already)
		return requests_wire_done_already(ask, request->request_id);
	event.request_id = request->request_id;
	event.provider_id = asked->provider_id;
	SET(&event, level, asked->level);
	if (asked->level == REQUESTS__DISCLOSURE__DISCLOSURE_L3)
		event.child_refs = requests_children_refs(ask->arena,
		    requests_children_with(request, asked->provider_id),
		    &event.n_child_refs);
	event.opened_by_id = str_copy(ask->arena, ask->caller.person_id);
	SET(&event, time, ask->now_ms);
	SET(&event, members_copy_age_ms, ask->members_copy_age_ms);
	if (ask->arena->is_full)
		return ERR_MEMORY;
	svc_decide(ask, EVENT(LEVEL_OPENED), &event.base);
	return requests_wire_done(ask, request->request_id, number);
}
