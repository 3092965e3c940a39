#include "plan.h"

#include <assert.h>
#include <sodium.h>

#include "base/bytes.h"
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

#include "names.h"
#include "take.h"

#define PLAN_SECTORS_MAX 400

/* Two that adjoin and have not joined: both share boundaries with several of the ten,
 * and each adjoins members that the other does not. */
static const char *const neighbours[PLAN_NEIGHBOURS] = {"E06000007", "E06000049"};

static void
choose_teams(struct arena *a, struct plan *p)
{
	const struct data *d = p->data;

	p->teams = TAKE_LIST(a, d->members_n + PLAN_NEIGHBOURS, size_t);
	for (size_t i = 0; i < d->members_n; i++)
		p->teams[p->teams_n++] = i;
	for (size_t n = 0; n < PLAN_NEIGHBOURS; n++) {
		for (size_t i = d->members_n; i < d->areas_n; i++) {
			if (str_equal(d->councils[i].code, neighbours[n]))
				p->teams[p->teams_n++] = i;
		}
	}
}

void
plan_make(struct arena *a, const struct data *d, const struct plan_options *o,
    struct plan *out)
{
	struct names names = names_of(a, o->seed + 1);

	*out = (struct plan){.options = *o, .data = d};
	choose_teams(a, out);
	providers_make(a, out, &names);
	residences_make(a, out, &names);
	people_make(a, out);
	homes_make(a, out);
	beds_make(a, out);
	mix_make(a, out);
	placing_make(a, out);
	terms_make(a, out);
	residents_make(a, out);
	carers_make(a, out);
	needs_make(a, out);
}

size_t
plan_full_households(const struct data *d)
{
	return d->scope == DATA_ENGLAND ? 45000 : 3250;
}

char *
plan_sector(struct arena *a, const struct plan *p, size_t council, struct chance *c)
{
	const struct data_council *in = &p->data->councils[council];
	uint32_t weights[PLAN_SECTORS_MAX];

	assert(in->sectors_n > 0 && in->sectors_n <= PLAN_SECTORS_MAX);
	for (size_t i = 0; i < in->sectors_n; i++)
		weights[i] = in->sectors[i].postcodes;
	return take_text(
	    a, in->sectors[chance_weighted(c, weights, in->sectors_n)].sector);
}

int32_t
plan_membership_day(void)
{
	return day_make(2025, 4, 1);
}

Members__Council *
plan_council(struct arena *a, const struct plan *p, size_t council)
{
	const struct data_council *c = &p->data->councils[council];
	Members__Council *row = TAKE_MESSAGE(a, members__council);

	row->council_id = take_text(a, c->code);
	row->name = take_text(a, c->name);
	row->adjoining_council_ids = TAKE_LIST(a, c->adjoining_n, char *);
	for (size_t i = 0; i < c->adjoining_n; i++)
		row->adjoining_council_ids[row->n_adjoining_council_ids++] =
		    take_text(a, c->adjoining[i]);
	if (c->ring != DATA_MEMBER)
		return row;
	row->memberships = TAKE_LIST(a, 1, Members__Membership *);
	row->memberships[0] = TAKE_MESSAGE(a, members__membership);
	SET(row->memberships[0], from_day, plan_membership_day());
	row->n_memberships = 1;
	return row;
}

/* ---- the digest ---- */

static void
add(crypto_generichash_state *state, struct arena *a, const ProtobufCMessage *m)
{
	size_t mark = a->used;
	struct bytes packed;

	if (m == NULL)
		return;
	if (message_pack(a, m, &packed) != ERR_NONE)
		fail("the invented region does not fit its contracts");
	(void)crypto_generichash_update(state, packed.data, packed.len);
	arena_release(a, mark);
}

#define ADD(message) add(&state, a, (message) ? &(message)->base : NULL)

static void
add_residence(
    crypto_generichash_state *state, struct arena *a, const struct plan_residence *home)
{
	add(state, a, &home->row->base);
	for (size_t i = 0; i < home->reserved_n; i++)
		add(state, a, &home->reserved[i]->base);
	for (size_t i = 0; i < home->occupants_n; i++)
		add(state, a, &home->occupants[i]->base);
	if (home->closed != NULL)
		add(state, a, &home->closed->base);
	for (size_t i = 0; i < home->vacancies_n; i++)
		add(state, a, &home->vacancies[i]->base);
}

void
plan_digest(struct arena *a, const struct plan *p, char out[PLAN_DIGEST_LEN + 1])
{
	crypto_generichash_state state;
	uint8_t digest[PLAN_DIGEST_LEN / 2];

	(void)crypto_generichash_init(&state, NULL, 0, sizeof digest);
	for (size_t i = 0; i < p->data->councils_n; i++)
		ADD(plan_council(a, p, i));
	for (size_t i = 0; i < p->providers_n; i++)
		ADD(p->providers[i].row);
	for (size_t i = 0; i < p->people_n; i++)
		(void)crypto_generichash_update(&state,
		    (const uint8_t *)p->people[i].name,
		    bytes_of_text(p->people[i].name).len);
	for (size_t i = 0; i < p->homes_n; i++) {
		const struct plan_home *home = &p->homes[i];
		ADD(home->row);
		for (size_t j = 0; j < home->occupants_n; j++)
			ADD(home->occupants[j]);
		ADD(home->withheld);
		ADD(home->exemption);
		ADD(home->vacancy);
	}
	for (size_t i = 0; i < p->residences_n; i++)
		add_residence(&state, a, &p->residences[i]);
	for (size_t i = 0; i < p->needs_n; i++)
		ADD(p->needs[i].row);
	(void)crypto_generichash_final(&state, digest, sizeof digest);
	bytes_to_hex((struct bytes){digest, sizeof digest}, out);
}
