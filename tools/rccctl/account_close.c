#include "account.h"
#include "verbs.h"

const struct verb verb_account_close = {
    .name = "account close",
    .takes = "PERSON",
    .summary = "sign a person out everywhere, and let them in no more",
    .text =
	"By an administrator. Roles and keys stay as they are: members.end_role and "
	"members.revoke_key end those. An account can be reopened.",
    .example = "rccctl account close a.byron@council.example",
    .words_min = 1,
    .words_max = 1,
    .call = "members.close_account",
    .fields = FIELDS("person_id"),
    .run = account_run,
    .done = "The account is closed, and the person is signed out everywhere.",
};
