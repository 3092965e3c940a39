#ifndef RCC_REQUESTS_GROUP_H
#define RCC_REQUESTS_GROUP_H

#include "base/arena.h"
#include "requests/requests.h"

/*
 * Which of the children: a sibling group and its parts, the ways in which it may live
 * apart, and what kind of home is lawful for whom. A set of children is a mask of bits,
 * the first child's (letter A) the lowest; REQUESTS_CHILDREN_MAX of them fit easily.
 */

/* The children of these letters, all of them where there are none. False for a letter
 * that the request does not have, or one given twice. */
bool requests_children(
    size_t n_children, char *const *refs, size_t n_refs, uint32_t *out);
uint32_t requests_children_all(size_t n_children);
/* Their letters, in the arena; NULL when it is full. */
char **requests_children_refs(struct arena *a, uint32_t children, size_t *n);

/* The children that stored letters mean. */
uint32_t requests_children_in(
    const Requests__NeedCirculation *need, char *const *refs, size_t n_refs);
/* Those whose placement has begun, and those for whom none has, nor is on its way. */
uint32_t requests_children_begun(const Requests__Request *request);
uint32_t requests_children_waiting(const Requests__Request *request);
/* For whom a list of homes is made, where the council names none: those who wait, or,
 * where nobody does, those on their way, whose places may yet be lost. */
uint32_t requests_children_listed(const Requests__Request *request);

/* Those for whom a place of this provider is held, or who live there: who they are may
 * be opened to it. And those of them of whom it was: another's is not open with them.
 */
uint32_t requests_children_with(
    const Requests__Request *request, const char *provider_id);
uint32_t requests_children_known(
    const Requests__Request *request, const Requests__Bid *bid);

/* Is every split one that siblings may live in: two parts or more, every child in just
 * one of them, none of the splits given twice? */
enum requests_refusal requests_check_splits(
    Requests__Split *const *splits, size_t n, size_t n_children);

/* Is this one of the parts of a split that the council permits? */
bool requests_is_part(const Requests__NeedCirculation *need, uint32_t children);
/* Do these sets divide those who wait as a split does that the council permits, none of
 * whose other parts they cut through? */
bool requests_is_split(const Requests__NeedCirculation *need, uint32_t waiting,
    const uint32_t *parts, size_t n);

/* The splits that are still possible, as placements stand, for the children who wait;
 * with the offers that stand for exactly each part. NULL when the arena is full. */
Requests__SplitShown **requests_splits_shown(
    struct arena *a, const Requests__Request *request, size_t *n);

/*
 * May these children live in this kind of home, as the council would have it and as
 * old as they are that day?
 * Source: Care Planning Regulations 2010, regs 27A and 27C, quoted in group.c; the
 * council's own wish.
 */
enum requests_refusal requests_check_care_type(const Requests__NeedCirculation *need,
    uint32_t children, Common__CareType care_type, int32_t today);
/* Those of them who may; none where the council does not consider that kind. */
uint32_t requests_children_for(
    const Requests__NeedCirculation *need, Common__CareType care_type, int32_t today);

#endif
