#ifndef RCC_TESTS_FUZZ_TURN_H
#define RCC_TESTS_FUZZ_TURN_H

#include "base/bytes.h"
#include "base/svc.h"

/*
 * A whole service, on a real store, given whatever the input says: calls of people and
 * of services, answers to what it asked, pages of journals it follows, time, restarts.
 * It begins each input in the same state: its golden journal, and those it follows.
 *
 * Asserted of every turn: it ends well; each call is answered once, or passed on; what
 * is sent would pass the check of whoever hears it; nobody hears of a programming fault
 * unless somebody lied to the service. At the end its journal holds, and now and then
 * its tables are made anew and are the same.
 */
void turn_open(const struct service *service, const char *option);
void turn_one(struct bytes input);
void turn_close(void);

#endif
