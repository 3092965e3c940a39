#ifndef RCC_GATEWAY_NEED_H
#define RCC_GATEWAY_NEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "gateway/page.h"

#include "matching.pb-c.h"
#include "requests.pb-c.h"

/* What the pages about one need share: the request, what is said of it, and of a place
 * that is offered for it. Objects are new; texts are in the page's arena. */

/* The request that the path names, as its own council reads it; puts "need" into the
 * view: {id, reference, children, council, urgency, state}. NULL: it is not there yet,
 * or the page is over. */
const Requests__Request *need_ask(struct page *p);

/* The page's title, and the way back to the need. */
void need_title(struct page *p, const Requests__Request *r, const char *title);

/* Who the children are, all or those of these letters: "girl, 9", "girl 9 and boy 7".
 */
const char *need_children(
    struct page *p, const Requests__Request *r, char *const *refs, size_t n);
const char *need_children_of(
    struct page *p, const Requests__NeedCirculation *need, char *const *refs, size_t n);
/* How many they are. */
size_t need_children_n(const Requests__Request *r, size_t n_refs);

/* NULL: no such offer, placement or bid. */
const Requests__OfferRow *need_offer(const Requests__Request *r, const char *offer_id);
const Requests__Journey *need_placement(
    const Requests__Request *r, const char *placement_id);
const Requests__Bid *need_bid(const Requests__Request *r, const char *provider_id);

/* Is it on its way, begun, or over after it had begun: not lost? */
bool need_is_chosen(const Requests__Journey *journey);
/* Is an approval due that nobody has given? Or are its grounds still owed? */
bool need_awaits_approval(const Requests__Journey *journey);
/* Is this offer one of those that were chosen? */
bool need_is_taken(const Requests__Request *r, const char *offer_id);
/* The control that asks how long providers have to answer. */
json_t *need_time_to_answer(struct page *p, Requests__Urgency urgency);
/* Is nothing to be chosen for it any more: placed, ended or withdrawn? */
bool need_is_over(const Requests__Request *r);
/* How many offers stand. */
size_t need_standing(const Requests__Request *r);
/* "2 offers stand"; once it is over, "2 offers were made". */
const char *need_offers_words(struct page *p, const Requests__Request *r);

/* "In your own area", "in an adjoining area", "at a distance", "not known"; seen from
 * the child's council. */
enum need_area { NEED_AREA_UNKNOWN, NEED_AREA_OWN, NEED_AREA_ADJOINING, NEED_AREA_FAR };
enum need_area need_area(
    const struct page *p, const Requests__Request *r, const char *council_id);
/* A tag of it: {text, colour}. */
json_t *need_area_tag(enum need_area area);

/* What matching says of a vacancy for these children; NULL while it is not there, or
 * with *is_down where matching cannot say. */
const Matching__Why *need_why(struct page *p, const Requests__Request *r,
    const char *vacancy_id, char *const *refs, size_t n, bool *is_down);

/* "Good, 1 March 2025" of matching's "good on 2025-03-01". */
const char *need_grade(struct page *p, const char *grade);
/* How to tell vacancies apart that have no name: "place 7K2M". */
const char *need_place_name(struct page *p, const char *vacancy_id);
/* {text, colour} of a tag. */
json_t *need_tag(const char *text, const char *colour);
/* The reasons for a place among others, best first: [{words, points, most, evidence}].
 */
json_t *need_points(struct page *p, const Matching__Candidate *candidate);

#endif
