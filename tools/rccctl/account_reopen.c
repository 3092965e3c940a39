#include "account.h"
#include "verbs.h"

const struct verb verb_account_reopen = {
    .name = "account reopen",
    .takes = "PERSON",
    .summary = "let a person sign in again whose account was closed",
    .text =
	"By an administrator. They sign in as before, and are signed in nowhere yet.",
    .example = "rccctl account reopen a.byron@council.example",
    .words_min = 1,
    .words_max = 1,
    .call = "members.reopen_account",
    .fields = FIELDS("person_id"),
    .run = account_run,
    .done = "The account is open again.",
};
