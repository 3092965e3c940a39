/*
 * Whoever was answered before another asked stands before them in the journal: each
 * service decides one thing after the other, so this holds of all its clients and of
 * every place together, and a history that keeps to it is linearizable.
 */
#include "load/check/check.h"

#include <inttypes.h>
#include <stdlib.h>

struct moment {
	int64_t time_us;
	size_t op;
	bool is_answer;
};

/* Of two at the same time neither was first: then asking goes before. */
static int
compare(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;

	if (x->time_us != y->time_us)
		return x->time_us < y->time_us ? -1 : 1;
	return (int)x->is_answer - (int)y->is_answer;
}

/* The furthest entry that somebody had been told of, and by whom. */
struct told {
	uint64_t number;
	size_t op;
};

static void
check_answer(struct check *c, const struct check_op *op, const struct told *before)
{
	uint64_t number = op->is_question ? op->number : op->first;
	const struct check_op *other = &c->ops[before->op];

	if (number == 0 || number > before->number ||
	    (op->is_question && number == before->number))
		return;
	check_wrong(c,
	    "%s: client %u asked %s %s after client %u had heard of %s %s, and stands "
	    "at %" PRIu64 " before its %" PRIu64,
	    check_service_name(op->service), op->client, op->method, op->id,
	    other->client, other->method, other->id, number, before->number);
}

static size_t
list_moments(const struct check *c, struct moment *out)
{
	size_t n = 0;

	for (size_t i = 0; i < c->ops_n; i++) {
		if (c->ops[i].answered_us == 0)
			continue;
		out[n++] = (struct moment){c->ops[i].asked_us, i, false};
		out[n++] = (struct moment){c->ops[i].answered_us, i, true};
	}
	qsort(out, n, sizeof *out, compare);
	return n;
}

void
check_order(struct check *c)
{
	struct moment *moments = calloc(2 * c->ops_n + 1, sizeof *moments);
	struct told *before = calloc(c->ops_n + 1, sizeof *before);
	struct told furthest[CHECK_SERVICES] = {{0, 0}};
	size_t n;

	if (moments == NULL || before == NULL)
		abort();
	n = list_moments(c, moments);
	for (size_t i = 0; i < n; i++) {
		size_t at = moments[i].op;
		const struct check_op *op = &c->ops[at];
		struct told *t = &furthest[op->service];
		uint64_t number = op->is_question ? op->number : op->last;

		if (!moments[i].is_answer) {
			before[at] = *t;
			continue;
		}
		check_answer(c, op, &before[at]);
		if (number > t->number)
			*t = (struct told){number, at};
	}
	free(before);
	free(moments);
}
