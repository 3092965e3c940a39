#ifndef RCC_LOG_H
#define RCC_LOG_H

#include <stdint.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* The svc= of every line, and the least urgent level that is written. */
void log_open(const char *service, enum log_level least);

/*
 * One logfmt line to stderr: lvl= svc= ev= and then pairs of key and value, ended
 * by NULL. `event` is a constant noun.verb ("bed.offered"). Values are escaped.
 * Never a name, a date of birth, an address, a health note, a key or a body.
 *   log_line(LOG_LEVEL_INFO, "store.opened", "entries", log_number(n), NULL);
 */
void log_line(enum log_level level, const char *event, ...) __attribute__((sentinel));

/* Decimal text, good until eight more were asked for. */
const char *log_number(int64_t n);

#endif
