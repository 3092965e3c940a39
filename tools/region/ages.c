#include "ages.h"

const char *const ages_words[AGES_BANDS] = {
    "under 1", "1 to 4", "5 to 9", "10 to 15", "16 and 17"};

static const char *const items[AGES_BANDS] = {"under_1_year", "1_to_4_years",
    "5_to_9_years", "10_to_15_years", "16_years_and_over"};
static const uint32_t first_years[AGES_BANDS + 1] = {0, 1, 5, 10, 16, 18};

uint32_t
ages_band(uint32_t years)
{
	uint32_t band = 0;

	while (band + 1 < AGES_BANDS && years >= first_years[band + 1])
		band++;
	return band;
}

uint32_t
ages_in_band(struct chance *c, uint32_t band)
{
	return first_years[band] +
	       chance_below(c, first_years[band + 1] - first_years[band]);
}

const uint32_t ages_in_homes[AGES_BANDS] = {0, 5, 90, 580, 325};

void
ages_fostered(const struct data *d, uint32_t out[AGES_BANDS])
{
	int64_t supported = data_members(d, "looked_after", "placement",
	    "independent_and_semi_independent_living_arrangem");
	int64_t adoption =
	    data_members(d, "looked_after", "placement", "placed_for_adoption");
	int64_t in_homes = data_members(
	    d, "looked_after", "placement", "secure_homes_and_childrens_homes");

	for (size_t i = 0; i < AGES_BANDS; i++)
		out[i] = (uint32_t)(data_members(d, "looked_after", "age", items[i]) -
				    in_homes * ages_in_homes[i] / 1000);
	out[1] -= (uint32_t)adoption;
	out[4] -= (uint32_t)supported;
}

void
ages_starting(const struct data *d, uint32_t out[AGES_BANDS])
{
	for (size_t i = 0; i < AGES_BANDS; i++)
		out[i] =
		    (uint32_t)data_members(d, "started", "age_on_starting", items[i]);
}
