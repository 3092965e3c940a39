#include "verbs.h"

static const struct flag flags[] = {
    {"--wishes-considered", NULL, "the child's wishes and feelings were heard",
	"grounds.wishes_considered", "true"},
    {"--most-appropriate", NULL, "it is the most appropriate placement available",
	"grounds.most_appropriate", "true"},
    {"--relatives-consulted", NULL, "the child's relatives were consulted",
	"grounds.relatives_consulted", "true"},
    {"--reviewing-officer-consulted", NULL, "the reviewing officer was consulted",
	"grounds.reviewing_officer_consulted", "true"},
    {"--area-authority-notified", NULL, "the council of the area was told",
	"grounds.area_authority_notified", "true"},
    {"--area-authority-consulted", NULL,
	"it was consulted and has the care plan (at a distance)",
	"grounds.area_authority_consulted", "true"},
    {"--placement", "PLACEMENT",
	"this one of several, or no other should it be lost (placement_id in request "
	"show)",
	"placement_id", NULL},
};

const struct verb verb_request_approve = {
    .name = "request approve",
    .takes = "REQUEST",
    .summary = "approve a placement outside the council's area",
    .text = "By the nominated officer, or the director where the area does not adjoin; "
	    "request show says which is waited for. Each option is a ground that the "
	    "approver is satisfied of; what is still owed in an emergency is said "
	    "there too.",
    .example =
	"rccctl request approve 4zr8qk --wishes-considered --most-appropriate \\\n"
	"    --relatives-consulted --reviewing-officer-consulted "
	"--area-authority-notified",
    FLAGS(flags),
    .words_min = 1,
    .words_max = 1,
    .call = "requests.approve",
    .fields = FIELDS("request_id"),
    .done = "The approval is recorded.",
};
