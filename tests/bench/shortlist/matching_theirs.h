#ifndef RCC_BENCH_SHORTLIST_THEIRS_H
#define RCC_BENCH_SHORTLIST_THEIRS_H

#include <libpq-fe.h>

#include "bench/support/postgres.h"
#include "matching/policy.h"
#include "matching/shortlist.h"

/*
 * The same job by PostgreSQL: the vacancies as the very numbers that matching judges,
 * a row each, integers throughout; two prepared statements, one for the best 50 with
 * their points, one for how many vacancies each set of rules removes (its counts are
 * added up here, which is cheaper for it than 28 sums).
 */
struct theirs {
	struct postgres server;
	PGconn *connection;
};

struct theirs_answer {
	uint32_t removed[MATCHING_RULES], only[MATCHING_RULES];
	size_t n;
	struct {
		char vacancy_id[ID_LEN + 1];
		uint32_t points;
	} best[SHORTLIST_MAX];
};

void theirs_open(struct theirs *t, const struct policy *policy);
void theirs_close(struct theirs *t);
/* All rows anew, with every index that helps, analysed. */
void theirs_load(struct theirs *t, const struct homes homes[MATCHING_OWNERS]);
void theirs_ask(
    struct theirs *t, const struct matching_need *need, struct theirs_answer *out);

#endif
