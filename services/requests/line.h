#ifndef RCC_REQUESTS_LINE_H
#define RCC_REQUESTS_LINE_H

#include "base/arena.h"
#include "requests/disclosure.h"

/*
 * One line of a list: all that a board, or a provider's list of its offers, says of a
 * request, so that it takes one question. Each reader's line says no more than the
 * request itself would show that reader (disclosure.h).
 */

/* NULL when the arena is full. */
Requests__RequestLine *requests_line(struct arena *a, const Requests__Request *request,
    enum requests_view view, const struct requests_reader *reader);

/* The children as a line names them; NULL when the arena is full. */
Requests__ChildLine **requests_child_lines(
    struct arena *a, const Requests__NeedCirculation *need, size_t *n);

#endif
