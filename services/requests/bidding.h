#ifndef RCC_REQUESTS_BIDDING_H
#define RCC_REQUESTS_BIDDING_H

#include "base/arena.h"
#include "requests/requests.h"

/*
 * Circulating a request, and what providers say to it. A vacancy is what this
 * service's copy of its owner's events knows of it: of what kind, whose, which
 * household or home, in which council's area, open or not; NULL where it knows none.
 */

/*
 * May the request go to these vacancies (one element each of call->vacancy_ids)?
 * Again and to more, as long as nothing is decided. Each must be of a kind that would
 * do for one at least of those who wait. *which is the vacancy at fault.
 */
enum requests_refusal requests_check_circulate(const Requests__Request *request,
    const Requests__Circulate *call, const Requests__VacancyRow *const *vacancies,
    int32_t today, size_t *which);

/*
 * What is recorded: one Bid a provider at level 1, with only the vacancies that the
 * request had not gone to before. NULL when the arena is full.
 */
Requests__RequestCirculated *requests_circulated(struct arena *a,
    const Requests__Request *request, const Requests__Circulate *call,
    const Requests__VacancyRow *const *vacancies, const struct requests_act *act);

/* May this provider say this about the request? Only who was circulated to may, and
 * nobody else learns that there is such a request. */
enum requests_refusal requests_check_answering(const Requests__Request *request,
    enum requests_command command, const char *provider_id);

/*
 * May this provider offer this vacancy for the children it names, *children? An offer
 * after a decline takes the decline back. One offer of a vacancy for the same children
 * stands at a time.
 */
enum requests_refusal requests_check_offer(const Requests__Request *request,
    const Requests__Offer *call, const Requests__VacancyRow *vacancy,
    const struct requests_act *act, uint32_t *children);

/*
 * May this provider decline? The chosen one may until its yes is recorded, of several
 * places to each; *loses is then the place on its way that is lost by it, otherwise
 * NULL. What has begun with it, or was ordered to, stays.
 */
enum requests_refusal requests_check_decline(const Requests__Request *request,
    const Requests__Decline *call, const char *provider_id, Requests__Journey **loses);

/*
 * May the council open this level to this provider? *already is true where it is
 * open, and nothing is to be recorded.
 */
enum requests_refusal requests_check_open(
    const Requests__Request *request, const Requests__Open *call, bool *already);

#endif
