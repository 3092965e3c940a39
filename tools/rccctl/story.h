#ifndef RCC_RCCCTL_STORY_H
#define RCC_RCCCTL_STORY_H

#include "tool.h"

#include "requests.pb-c.h"

/*
 * A request told in sentences, on stdout: to its council (or, with codes only, the
 * co-operative), or to a provider as far as it was opened to it.
 */
void story_request(struct tool *t, const Requests__Request *r);
void story_referral(struct tool *t, const Requests__Referral *r);

#endif
