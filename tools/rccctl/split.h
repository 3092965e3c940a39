#ifndef RCC_RCCCTL_SPLIT_H
#define RCC_RCCCTL_SPLIT_H

#include <stdbool.h>

#include "base/arena.h"

#include "requests.pb-c.h"

/*
 * How siblings may live apart, as a person types it: "A,B/C", or "AB/C", is A and B in
 * one home and C in another. False where it is not like that, or the arena is full;
 * whether the letters are the request's is the service's to say.
 */
bool split_read(struct arena *a, const char *text, Requests__Split *out);

#endif
