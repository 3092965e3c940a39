#ifndef RCC_RCCCTL_CHILD_H
#define RCC_RCCCTL_CHILD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/check.h"

#include "requests.pb-c.h"

/*
 * What a person says of one child on one line:
 *   age=7,sex=female,needs=trauma:medium+autism:low,not-safe-with=boys,language=en
 * The age is that of `today`. False with the part and the reason; where the arena
 * is full the reason is empty. `text` is borrowed for nothing: all is copied.
 */
bool child_read(struct arena *a, const char *text, int32_t today,
    Requests__ChildNeed *out, struct check_problem *why);

/* "girl of 7 (age on 21 Nov 2026): trauma medium, autism low; not safe with boys" */
const char *child_say(struct arena *a, const Requests__ChildNeed *child);

#endif
