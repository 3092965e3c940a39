#ifndef RCC_REQUESTS_CLOCKS_H
#define RCC_REQUESTS_CLOCKS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How long everybody has. Instants are milliseconds since 1970 UTC, days London
 * days; "working days" end at 17:00 in London.
 */

/* From the decision until the owner's hold must have come to a yes by the provider.
 * The owner counts the same minutes again from its grant, and its clock alone ends
 * the hold. */
#define REQUESTS_HOLD_MINUTES_EMERGENCY 120
#define REQUESTS_HOLD_WORKING_DAYS_PLANNED 2

/* For providers to answer, where the council does not say. */
#define REQUESTS_ANSWER_MINUTES_EMERGENCY 60
#define REQUESTS_ANSWER_WORKING_DAYS_PLANNED 2
#define REQUESTS_ANSWER_MINUTES_MIN 15
#define REQUESTS_ANSWER_MINUTES_MAX (28 * 24 * 60)

/* From the provider's yes, or the earliest start it offered if that is later, until
 * the owner gives a confirmed place to others. */
#define REQUESTS_LATEST_START_HOURS_EMERGENCY 24
#define REQUESTS_LATEST_START_DAYS_PLANNED 28

/* Law: Care Planning Regulations 2010, reg 11(3): "within five working days of
 * approval of the decision under paragraph (1)". Of what is still owed after an
 * emergency; the words are not yet compared with a published text. */
#define REQUESTS_GROUNDS_WORKING_DAYS 5

/* A draft that nobody changed is dropped. */
#define REQUESTS_DRAFT_DAYS 7

/* How many minutes the owner is asked to hold a place decided on now. */
uint32_t requests_hold_minutes(bool is_emergency, int64_t now_ms);
/* By when providers circulated to now are to answer; `minutes` 0: the usual. */
int64_t requests_answer_by(bool is_emergency, uint32_t minutes, int64_t now_ms);
/* The last instant at which a place confirmed now may be started. */
int64_t requests_latest_start(
    bool is_emergency, int64_t now_ms, int32_t earliest_start_day);
/* By when what an emergency's approval still owes must be there. */
int64_t requests_grounds_due(int64_t now_ms);
/* When a draft kept now is dropped, unless it is changed before. */
int64_t requests_draft_drops(int64_t now_ms);
/* When a request needed by the end of that day is overdue. */
int64_t requests_overdue(int32_t needed_by_day);

#endif
