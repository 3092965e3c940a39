#include <stdio.h>

#include "base/str.h"

#include "candidate.h"
#include "verbs.h"
#include "words.h"

#include "matching.pb-c.h"

static void
print(struct tool *t, const ProtobufCMessage *answer)
{
	const Matching__Why *w = (const void *)answer;
	struct arena *a = &t->arena;

	if (w->suitable) {
		(void)printf("Vacancy %s suits request %s",
		    words_safe(a, w->vacancy_id), words_safe(a, w->request_id));
		if (w->has_rank)
			(void)printf(": rank %u", w->rank);
		if (w->candidate)
			(void)printf(", %s points of 100",
			    words_tenths(a, w->candidate->points));
		(void)puts(".");
		if (w->candidate) {
			candidate_print_home(t, w->candidate);
			candidate_print_points(t, w->candidate);
		}
	} else {
		(void)printf("Vacancy %s is not on the list of request %s, because:\n",
		    words_safe(a, w->vacancy_id), words_safe(a, w->request_id));
	}
	for (size_t i = 0; i < w->n_failures; i++) {
		const Matching__Failure *f = w->failures[i];
		const char *text = str_format(a, "- %s: %s%s%s%s",
		    rule_word(a, f->rule), words_safe(a, f->fact),
		    f->source ? " (" : "", f->source ? words_safe(a, f->source) : "",
		    f->source ? ")" : "");
		words_wrap(stdout, text ? text : "?", 0, 2);
	}
	(void)puts(NOTICE);
}

static const struct flag flags[] = {
    {"--children", "A,B", "only for these of the siblings; all unless told",
	"child_refs", NULL},
};

const struct verb verb_request_why = {
    .name = "request why",
    .takes = "REQUEST VACANCY",
    .summary = "why this vacancy is on the shortlist, or which rules removed it",
    .text = "By a commissioner of the child's council.",
    .example = "rccctl request why 4zr8qk 9m2c7t",
    FLAGS(flags),
    .words_min = 2,
    .words_max = 2,
    .call = "requests.why",
    .fields = FIELDS("request_id", "vacancy_id"),
    .print = print,
};
