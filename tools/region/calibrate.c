#include "calibrate.h"

#include <assert.h>
#include <inttypes.h>

#include "base/day.h"
#include "base/str.h"

#include "ages.h"
#include "take.h"

#define TENTHS 10

/* Sources, as the table names them. */
#define OFSTED_2024 "Ofsted, fostering 2023-24"
#define DFE_2025 "DfE, looked after 2025"
#define LAIT_2025 "DfE LAIT, 2025"

void
calibrate_add(struct calibration *t, const char *figure, const char *unit,
    int64_t published, int64_t invented, const char *source)
{
	assert(t->n < CALIBRATE_ROWS_MAX);
	t->rows[t->n++] = (struct calibrate_row){
	    .figure = figure,
	    .unit = unit,
	    .published = published,
	    .invented = invented,
	    .source = source,
	};
}

int64_t
calibrate_ratio(int64_t part, int64_t all, int64_t scale)
{
	return all == 0 ? 0 : (part * scale * TENTHS + all / 2) / all;
}

int64_t
calibrate_share(int64_t part, int64_t all)
{
	return calibrate_ratio(part, all, 100);
}

/* ---- what the plan holds ---- */

struct count {
	int64_t homes, places, filled, vacant, not_available, staying_put;
	int64_t fee_pence_filled; /* each home's fee once a child */
	int64_t white, fee_pence_homes;
};

static struct count
count_homes(const struct plan *p, bool is_agency, bool is_kinship)
{
	struct count n = {0};

	for (size_t i = 0; i < p->homes_n; i++) {
		const struct plan_home *home = &p->homes[i];
		if (home->is_kinship != is_kinship ||
		    p->providers[home->provider].is_agency != is_agency)
			continue;
		n.homes++;
		n.places += home->places;
		n.filled += home->filled;
		n.vacant += home->vacant;
		n.not_available += home->not_available;
		n.staying_put += home->has_staying_put;
		n.fee_pence_filled += home->row->fee_pence_week * home->filled;
		n.fee_pence_homes += home->row->fee_pence_week;
		n.white += home->row->ethnicity == COMMON__ETHNICITY__ETHNICITY_WHITE;
	}
	return n;
}

struct counts {
	struct count in_house, agency, kinship;
};

static void
calibrate_places(const struct counts *n, struct calibration *t)
{
	int64_t homes = n->in_house.homes + n->agency.homes;
	int64_t places = n->in_house.places + n->agency.places;
	int64_t filled = n->in_house.filled + n->agency.filled;
	int64_t staying_put = n->in_house.staying_put + n->agency.staying_put;

	calibrate_add(t, "mainstream places to a household of any kind", "",
	    calibrate_ratio(70465, 42615, 1),
	    calibrate_ratio(places, homes + n->kinship.homes, 1), OFSTED_2024);
	calibrate_add(t, "kinship households, of all", "%", 210,
	    calibrate_share(n->kinship.homes, homes + n->kinship.homes), OFSTED_2024);
	calibrate_add(t, "children in kinship care, of all fostered", "%",
	    calibrate_share(15, 71),
	    calibrate_share(n->kinship.filled, filled + n->kinship.filled),
	    "Commons Library CDP 2022/80");
	calibrate_add(t, "in-house places filled", "%", 600,
	    calibrate_share(n->in_house.filled, n->in_house.places), OFSTED_2024);
	calibrate_add(t, "agencies' places filled", "%", 620,
	    calibrate_share(n->agency.filled, n->agency.places), OFSTED_2024);
	calibrate_add(t, "places vacant", "%", 160,
	    calibrate_share(n->in_house.vacant + n->agency.vacant, places),
	    OFSTED_2024);
	calibrate_add(t, "places not available (what is left)", "%", 230,
	    calibrate_share(
		n->in_house.not_available + n->agency.not_available, places),
	    OFSTED_2024 ", derived");
	calibrate_add(t, "agencies' share of filled places", "%", 470,
	    calibrate_share(n->agency.filled, filled), "Ofsted 2023, CYP Now");
	calibrate_add(t, "staying put, to 100 mainstream places", "",
	    calibrate_ratio(1695, 70465, 100),
	    calibrate_ratio(staying_put, places, 100), "Ofsted 2017-18 and 2024");
}

static void
calibrate_money(const struct plan *p, const struct counts *n, struct calibration *t)
{
	int64_t fee = n->in_house.fee_pence_filled + n->agency.fee_pence_filled +
	              n->kinship.fee_pence_filled;
	int64_t filled = n->in_house.filled + n->agency.filled + n->kinship.filled;
	int64_t north_west = data_figure(p->data, "places_and_costs",
	    DATA_NORTH_WEST_CODE, "unit_cost_week_fostering", "2024-25");

	calibrate_add(t, "in-house price, mean", "£ a week", 5500,
	    calibrate_ratio(n->in_house.fee_pence_filled, n->in_house.filled * 100, 1),
	    "450 to 650, see README");
	calibrate_add(t, "agencies' price, mean", "£ a week", 9500,
	    calibrate_ratio(n->agency.fee_pence_filled, n->agency.filled * 100, 1),
	    "550 to 1,400, see README");
	if (p->data->scope == DATA_REGION)
		calibrate_add(t, "all foster care, kinship too, mean", "£ a week",
		    north_west * TENTHS, calibrate_ratio(fee, filled * 100, 1),
		    "DfE s251 2024-25, North West");
}

/* ---- whose places, whose children ---- */

/* By council; of many councils by the parts of England that they lie in. */
static void
calibrate_councils(struct arena *a, const struct plan *p, struct calibration *t)
{
	const struct data *d = p->data;
	int64_t published[DATA_COUNCILS_MAX] = {0}, places[DATA_COUNCILS_MAX] = {0};
	int64_t all =
	    data_members(d, "places_and_costs", "approved_foster_places", "2025");
	int64_t sum = 0;
	size_t part[DATA_COUNCILS_MAX];

	for (size_t i = 0; i < d->members_n; i++) {
		const struct data_council *c = &d->councils[i];
		for (part[i] = d->scope == DATA_ENGLAND ? 0 : i;
		     !str_equal(d->councils[part[i]].region, c->region); part[i]++)
			continue;
		published[part[i]] += data_figure(
		    d, "places_and_costs", c->code, "approved_foster_places", "2025");
	}
	for (size_t i = 0; i < p->mainstream_n; i++) {
		const struct plan_home *home = &p->homes[i];
		if (home->provider >= d->members_n)
			continue;
		places[part[home->provider]] += home->places;
		sum += home->places;
	}
	for (size_t i = 0; i < d->members_n; i++) {
		const struct data_council *c = &d->councils[i];
		if (part[i] != i)
			continue;
		calibrate_add(t,
		    take_format(a, "%s, of all own places",
			d->scope == DATA_ENGLAND ? c->region : c->name),
		    "%", calibrate_share(published[i], all),
		    calibrate_share(places[i], sum), LAIT_2025);
	}
}

struct children {
	int64_t n, bands[AGES_BANDS], boys, of_members, inside;
};

static struct children
count_children(const struct plan *p)
{
	struct children n = {0};

	for (size_t i = 0; i < p->homes_n; i++) {
		const struct plan_home *home = &p->homes[i];
		for (size_t j = 0; j < home->filled; j++) {
			const Foster__Occupant *o = home->occupants[j];
			n.n++;
			n.bands[ages_band(o->age_years)]++;
			n.boys += o->sex == COMMON__SEX__SEX_MALE;
			for (size_t k = 0; k < p->data->members_n; k++)
				n.of_members += str_equal(
				    o->placing_council_id, p->data->councils[k].code);
			n.inside += home->council < p->data->members_n &&
			            str_equal(o->placing_council_id,
					p->data->councils[home->council].code);
		}
	}
	return n;
}

static void
calibrate_children(struct arena *a, const struct plan *p, struct calibration *t)
{
	static const char *const inside[] = {
	    "1_placed_inside_the_la_boundary_20_miles_or_less",
	    "3_placed_inside_the_la_boundary_more_than_20_mil",
	    "5_placed_inside_the_la_boundary_distance_not_kno", NULL};
	static const char *const outside[] = {
	    "2_placed_outside_the_la_boundary_20_miles_or_les",
	    "4_placed_outside_the_la_boundary_more_than_20_mi",
	    "6_placed_outside_the_la_boundary_distance_not_kn", NULL};
	struct children n = count_children(p);
	uint32_t bands[AGES_BANDS];
	int64_t sum = 0;
	int64_t in = data_items(p->data, "looked_after", "distance_locality", inside);
	int64_t out = data_items(p->data, "looked_after", "distance_locality", outside);

	ages_fostered(p->data, bands);
	for (size_t i = 0; i < AGES_BANDS; i++)
		sum += bands[i];
	for (size_t i = 0; i < AGES_BANDS; i++)
		calibrate_add(t,
		    take_format(a, "fostered children aged %s", ages_words[i]), "%",
		    calibrate_share(bands[i], sum), calibrate_share(n.bands[i], n.n),
		    DFE_2025 ", derived");
	calibrate_add(t, "fostered children, boys", "%",
	    calibrate_share(data_members(p->data, "looked_after", "sex", "male"),
		data_members(p->data, "looked_after", "sex", "total")),
	    calibrate_share(n.boys, n.n), DFE_2025);
	calibrate_add(t, "members' children outside their own area", "%",
	    calibrate_share(out, in + out),
	    calibrate_share(n.of_members - n.inside, n.of_members),
	    DFE_2025 ", all care");
}

/* ---- the requests, the carers, the agencies ---- */

static void
calibrate_needs(struct arena *a, const struct plan *p, struct calibration *t)
{
	static const char group[] = "unaccompanied_asylum_seeking_children";
	int64_t emergencies = 0, groups = 0, n = 0, boys = 0, seeking = 0;
	int64_t bands[AGES_BANDS] = {0}, sum = 0;
	uint32_t published[AGES_BANDS];

	for (size_t i = 0; i < p->needs_n; i++) {
		const Requests__Submit *row = p->needs[i].row;
		emergencies += row->urgency == REQUESTS__URGENCY__URGENCY_EMERGENCY;
		groups += row->n_children > 1;
		seeking += p->needs[i].is_of_asylum_seeker;
		for (size_t j = 0; j < row->n_children; j++, n++) {
			bands[ages_band(row->children[j]->age_years)]++;
			boys += row->children[j]->sex == COMMON__SEX__SEX_MALE;
		}
	}
	ages_starting(p->data, published);
	for (size_t i = 0; i < AGES_BANDS; i++)
		sum += published[i];
	for (size_t i = 0; i < AGES_BANDS; i++)
		calibrate_add(t,
		    take_format(a, "children in requests aged %s", ages_words[i]), "%",
		    calibrate_share(published[i], sum), calibrate_share(bands[i], n),
		    DFE_2025 ", starting");
	calibrate_add(t, "children in requests, boys", "%",
	    calibrate_share(data_members(p->data, "started", "sex", "male"),
		data_members(p->data, "started", "sex", "total")),
	    calibrate_share(boys, n), DFE_2025 ", starting");
	calibrate_add(t, "seeking asylum alone", "%",
	    calibrate_share(data_members(p->data, "started", group, group),
		data_members(p->data, "started", group, "total")),
	    calibrate_share(seeking, n), DFE_2025 ", starting");
	calibrate_add(t, "requests for brothers and sisters", "%", 200,
	    calibrate_share(groups, (int64_t)p->needs_n), "ours, no figure");
	calibrate_add(t, "requests that are emergencies", "%", 200,
	    calibrate_share(emergencies, (int64_t)p->needs_n), "ours, no figure");
}

/* Among the looked-after children of the areas in which the homes lie, in tenths of a
 * per cent: no figure of carers is published by area. */
static int64_t
white_of_areas(const struct plan *p)
{
	int64_t sum = 0;

	for (size_t i = 0; i < p->homes_n; i++) {
		const char *code = p->data->councils[p->homes[i].council].code;
		int64_t all =
		    data_figure(p->data, "looked_after", code, "ethnicity", "total");
		int64_t unknown = data_figure(p->data, "looked_after", code,
		    "ethnicity", "refused_or_information_not_yet_available");
		sum += calibrate_share(
		    data_figure(p->data, "looked_after", code, "ethnicity", "white"),
		    all - unknown);
	}
	return p->homes_n == 0 ? 0 : sum / (int64_t)p->homes_n;
}

static void
calibrate_carers(const struct plan *p, const struct counts *n, struct calibration *t)
{
	int64_t white = n->in_house.white + n->agency.white + n->kinship.white;
	int64_t good = 0, voluntary = 0, agencies = (int64_t)p->agencies_n;
	static const char *const ratings[] = {"Outstanding", "Good",
	    "Requires improvement to be good", "Inadequate", "None"};
	int64_t england = 0;
	int64_t areas_voluntary = 0;

	for (size_t i = 0; i < sizeof ratings / sizeof ratings[0]; i++)
		england += data_figure(
		    p->data, "agencies", DATA_ENGLAND_CODE, "rating", ratings[i]);
	for (size_t i = p->teams_n; i < p->teams_n + p->agencies_n; i++) {
		const Members__Provider *row = p->providers[i].row;
		good += row->grade == MEMBERS__GRADE__GRADE_OUTSTANDING ||
		        row->grade == MEMBERS__GRADE__GRADE_GOOD;
		voluntary += row->sector == MEMBERS__SECTOR__SECTOR_VOLUNTARY;
	}
	for (size_t i = 0; i < p->data->provided_n; i++)
		areas_voluntary +=
		    !p->data->provided[i].is_home && p->data->provided[i].sector == 'V';
	calibrate_add(t, "white households (as the areas' children)", "%",
	    white_of_areas(p), calibrate_share(white, (int64_t)p->homes_n), DFE_2025);
	calibrate_add(t, "agencies good or outstanding", "%",
	    calibrate_share(
		data_figure(p->data, "agencies", DATA_ENGLAND_CODE, "rating", "Good") +
		    data_figure(p->data, "agencies", DATA_ENGLAND_CODE, "rating",
			"Outstanding"),
		england),
	    calibrate_share(good, agencies), "Ofsted 2023, England");
	calibrate_add(t, "agencies of the voluntary sector", "%",
	    calibrate_share(areas_voluntary, agencies),
	    calibrate_share(voluntary, agencies), "Ofsted 2023, these areas");
}

void
calibrate(struct arena *a, const struct plan *p, struct calibration *out)
{
	struct counts n = {
	    .in_house = count_homes(p, false, false),
	    .agency = count_homes(p, true, false),
	    .kinship = count_homes(p, false, true),
	};

	*out = (struct calibration){0};
	calibrate_places(&n, out);
	calibrate_money(p, &n, out);
	calibrate_councils(a, p, out);
	calibrate_children(a, p, out);
	calibrate_carers(p, &n, out);
	calibrate_homes(a, p, out);
	if (p->needs_n > 0)
		calibrate_needs(a, p, out);
}

/* ---- in print ---- */

static const char *
tenths(struct arena *a, int64_t n)
{
	int64_t whole = n < 0 ? -n : n;

	return take_format(a, "%s%" PRId64 ".%" PRId64, n < 0 ? "-" : "",
	    whole / TENTHS, whole % TENTHS);
}

static void
print_holdings(FILE *f, struct arena *a, const struct plan *p)
{
	int64_t places = 0, own = 0, open = 0, children = 0, beds = 0, residents = 0;
	int64_t published =
	    data_members(p->data, "places_and_costs", "approved_foster_places", "2025");
	char day[DAY_TEXT_LEN + 1];

	for (size_t i = 0; i < p->homes_n; i++) {
		const struct plan_home *home = &p->homes[i];
		children += home->filled;
		open += home->vacancy != NULL;
		places += home->is_kinship ? 0 : home->places;
		own += !home->is_kinship && home->provider < p->data->members_n
		           ? home->places
		           : 0;
	}
	for (size_t i = 0; i < p->residences_n; i++) {
		beds += p->residences[i].places;
		residents += p->residences[i].filled;
		open += (int64_t)p->residences[i].vacancies_n;
	}
	day_format(plan_membership_day(), day);
	(void)fprintf(
	    f, "Invented region: no real child, carer, household or agency\n\n");
	(void)fprintf(f,
	    "%zu councils are members from %s, %zu adjoin and are not, %zu more are "
	    "areas only.\n",
	    p->data->members_n, day, p->teams_n - p->data->members_n,
	    p->data->councils_n - p->teams_n);
	(void)fprintf(f,
	    "%zu households (%zu of them kinship) of %zu providers, %" PRId64
	    " mainstream places, %" PRId64 " children.\n",
	    p->homes_n, p->homes_n - p->mainstream_n, p->teams_n + p->agencies_n,
	    places, children);
	(void)fprintf(f,
	    "%zu children's homes and %zu settings of supported accommodation of %zu "
	    "providers, %" PRId64 " beds, %" PRId64 " residents.\n",
	    p->childrens_n, p->residences_n - p->childrens_n, p->owners_n, beds,
	    residents);
	(void)fprintf(f, "%" PRId64 " vacancies, %zu requests.\n", open, p->needs_n);
	(void)fprintf(f,
	    "Size: the councils that joined have %" PRId64
	    " places of their own (" LAIT_2025 "), here %" PRId64
	    ": one place stands for %s.\n\n",
	    published, own, tenths(a, calibrate_ratio(published, own, 1)));
}

/* What homes cost, beside what was spent; not compared, for the spend is of a later
 * year than the prices, and of all residential care. */
static void
print_bill(FILE *f, struct arena *a, const struct plan *p)
{
	const char *area =
	    p->data->scope == DATA_ENGLAND ? DATA_ENGLAND_CODE : DATA_NORTH_WEST_CODE;
	int64_t bill = 0, spent = data_members(
			      p->data, "spend", "residential_thousand", "2024-25");

	for (size_t i = 0; i < p->childrens_n; i++)
		bill += p->residences[i].row->fee_pence_week * p->residences[i].filled;
	(void)fprintf(f,
	    "Homes cost £%s million a week here; the councils that joined spent £%s "
	    "million a week on residential care (RO3 2024-25), £%" PRId64
	    " a child there (s251 2024-25).\n",
	    tenths(a, calibrate_ratio(bill, 100000000, 1)),
	    tenths(a, calibrate_ratio(spent, INT64_C(52000), 1)),
	    data_figure(p->data, "places_and_costs", area, "unit_cost_week_residential",
		"2024-25"));
}

void
calibrate_print(FILE *f, struct arena *a, const struct plan *p)
{
	struct calibration t;

	calibrate(a, p, &t);
	print_holdings(f, a, p);
	(void)fprintf(f, "%-46s %9s %9s %10s  %-8s  %s\n", "figure", "published",
	    "invented", "difference", "unit", "source");
	for (size_t i = 0; i < t.n; i++) {
		const struct calibrate_row *r = &t.rows[i];
		/* The pound sign is two bytes and one column. */
		int pound = r->unit[0] == '\xC2';
		(void)fprintf(f, "%-46s %9s %9s %10s  %-*s  %s\n", r->figure,
		    tenths(a, r->published), tenths(a, r->invented),
		    tenths(a, r->invented - r->published), 8 + pound, r->unit,
		    r->source);
	}
	(void)fputc('\n', f);
	print_bill(f, a, p);
	(void)fprintf(f,
	    "Source: Department for Education, Ofsted and MHCLG statistics, "
	    "Open Government Licence v3.0; see tools/region/README.md.\n");
}
