#ifndef RCC_REQUESTS_NEED_H
#define RCC_REQUESTS_NEED_H

#include "base/arena.h"
#include "requests/requests.h"

/*
 * Is this need complete enough to be recorded on act->today? What an emergency may
 * still owe, a planned request must say. Answers the first thing wrong, in the
 * order of the form; *child is then the child it is about (0 is the first), where
 * it is about one.
 * Source: Children Act 1989, s22C, quoted in need.c.
 */
enum requests_refusal requests_check_need(const Requests__Submit *need,
    const struct requests_act *act, bool is_member, size_t *child);

/*
 * What providers may read of a need as it stands (children get their letters here), and
 * what the council may open; both are given this id, and borrow from `need`. NULL when
 * the arena is full.
 */
Requests__NeedCirculation *requests_need_circulation(struct arena *a,
    const Requests__Submit *need, const struct requests_act *act, char *id);
Requests__NeedDetail *requests_need_detail(
    struct arena *a, const Requests__Submit *need, char *id);

/*
 * What is recorded of a need that passed: child letters and, where none were given,
 * references come from here. It borrows from `need`. NULL when the arena is full.
 */
Requests__RequestSubmitted *requests_submitted(struct arena *a,
    const Requests__Submit *need, const struct requests_act *act,
    const char *request_id, const char *const child_ids[REQUESTS_CHILDREN_MAX]);

#endif
