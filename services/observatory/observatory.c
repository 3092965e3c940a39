#include "observatory/observatory.h"

#include <assert.h>
#include <stddef.h>

#include "base/str.h"

static const struct refusal observatory_refusals[] = {
    {OBSERVATORY_OTHER_COUNCIL,
	"These are another council's figures. They are shown beside all others', with "
	"small counts hidden: ask without a council.",
	NULL, "council_id"},
    {OBSERVATORY_NARROWED,
	"Figures of several councils, and figures for print, are not narrowed to one "
	"council, type of care or age band: small counts could be worked out from the "
	"difference. Your own council's figures may be narrowed.",
	NULL, NULL},
    {OBSERVATORY_PERIOD_FIXED,
	"Figures of several councils, and figures for print, are of the last 365 days: "
	"small counts could be worked out from two periods. Your own council's figures "
	"may be of any period.",
	NULL, "from_day"},
    {OBSERVATORY_PERIOD,
	"The period has to begin in the last five years, today at the latest.", NULL,
	"from_day"},
    {OBSERVATORY_COUNCIL_UNKNOWN,
	"No council with this code is known here: it is written as E08000003.", NULL,
	"council_id"},
};

const struct refusal *
observatory_refusal(enum observatory_refusal no)
{
	size_t i = (size_t)no - OBSERVATORY_OTHER_COUNCIL;

	assert(i < sizeof(observatory_refusals) / sizeof(observatory_refusals[0]));
	return &observatory_refusals[i];
}

enum observatory_refusal
observatory_may_ask(const struct observatory_asker *asker,
    const Observatory__SufficiencyAsked *asked, struct observatory_view *out)
{
	bool is_own = str_equal(asked->council_id, asker->council_id);
	bool is_print = asked->has_for_print && asked->for_print;
	bool is_exact = !is_print && (asker->is_cooperative ||
					 (asked->council_id != NULL && is_own));

	*out = (struct observatory_view){
	    .council_id = asked->council_id,
	    .own_id = is_print ? NULL : asker->council_id,
	    .care_type = asked->care_type,
	    .age_band = asked->age_band,
	    .from_day = asked->has_from_day ? asked->from_day
	                                    : asker->today - OBSERVATORY_PERIOD_DAYS,
	    .is_suppressed = !is_exact,
	};
	if (!is_exact && asked->council_id != NULL && !is_own && !asker->is_cooperative)
		return OBSERVATORY_OTHER_COUNCIL;
	if (!is_exact &&
	    (asked->council_id != NULL || out->care_type != 0 || out->age_band != 0))
		return OBSERVATORY_NARROWED;
	if (!is_exact && asked->has_from_day)
		return OBSERVATORY_PERIOD_FIXED;
	if (out->from_day > asker->today ||
	    out->from_day < asker->today - OBSERVATORY_FROM_DAYS_BACK_MAX)
		return OBSERVATORY_PERIOD;
	return OBSERVATORY_OK;
}
