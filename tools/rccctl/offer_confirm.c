#include "verbs.h"

const struct verb verb_offer_confirm = {
    .name = "offer confirm",
    .takes = "OFFER",
    .summary = "the provider's yes to an offer that was chosen and is held",
    .text =
	"By a placement officer of the chosen provider. The offer's whole id: request "
	"show has it.",
    .example = "rccctl offer confirm 01k9j3v5x2m8q4r7t6p2weh0ab",
    .words_min = 1,
    .words_max = 1,
    .call = "requests.confirm_offer",
    .fields = FIELDS("offer_id"),
    .done = "Your yes is recorded. The place is confirmed once all who were chosen "
	    "have said yes.",
};
