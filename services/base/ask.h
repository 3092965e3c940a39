#ifndef RCC_ASK_H
#define RCC_ASK_H

#include <stdint.h>

#include "base/svc.h"

/* What the handlers of every service share. */

/* A copy that a message may hold; NULL of NULL. Latches ERR_MEMORY. */
char *ask_text(struct svc_ask *ask, const char *text);
/* A fresh id that a message may hold. Latches ERR_MEMORY. */
char *ask_new_id(struct svc_ask *ask);
/* The London day of now. */
int32_t ask_today(const struct svc_ask *ask);
/* The answer to a write: what it made or changed, and the journal number it is
 * recorded under (0: it was so already). */
enum err ask_done(struct svc_ask *ask, const char *id, uint64_t number) MUST_CHECK;
/* How many rows a page has for which this many were asked: 50 of 0, never over 200. */
uint32_t ask_page_rows(uint32_t asked);

#endif
