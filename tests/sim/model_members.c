#include "sim/model.h"

#include <string.h>

#include "base/str.h"

#include "members.pb-c.h"
#include "requests.pb-c.h"

#define EVENT(name) MEMBERS__MEMBERS_EVENT__EVENT_##name

static void
see_council(struct model *m, const Members__Council *row)
{
	struct model_council *c =
	    MODEL_ADD(m, m->councils, m->councils_n, row->council_id);

	for (size_t i = 0; i < row->n_adjoining_council_ids; i++)
		model_keep(
		    c->adjoining[c->adjoining_n++], row->adjoining_council_ids[i]);
}

static void
see_provider(struct model *m, const Members__Provider *row)
{
	struct model_provider *p =
	    MODEL_ADD(m, m->providers, m->providers_n, row->provider_id);

	p->kind = (unsigned)row->kind;
	if (row->kind == MEMBERS__PROVIDER_KIND__PROVIDER_KIND_COUNCIL_FOSTERING)
		model_keep(p->council, row->council_id);
}

static void
see_person(struct model *m, const Members__Person *row)
{
	struct model_person *p = MODEL_ADD(m, m->people, m->people_n, row->person_id);

	for (size_t i = 0; i < row->n_grants; i++) {
		model_keep(p->organisation, row->grants[i]->organisation_id);
		p->roles |= 1U << (unsigned)row->grants[i]->role;
	}
}

/* The sim appoints everybody once and for all, each for one organisation. */
void
model_see_members(struct model *m, const struct model_entry *e)
{
	if (e->type == EVENT(COUNCIL_REGISTERED))
		see_council(m, ((const Members__CouncilRegistered *)e->event)->council);
	else if (e->type == EVENT(PROVIDER_REGISTERED))
		see_provider(
		    m, ((const Members__ProviderRegistered *)e->event)->provider);
	else if (e->type == EVENT(PERSON_REGISTERED))
		see_person(m, ((const Members__PersonRegistered *)e->event)->person);
}

bool
model_may(
    const struct model *m, const char *person, const char *organisation, unsigned roles)
{
	const struct model_person *p = MODEL_FIND(m->people, m->people_n, person);

	return p != NULL && str_equal(p->organisation, organisation) &&
	       (p->roles & roles) != 0;
}

unsigned
model_approver(
    const struct model *m, const char *council, const char *area, const char *provider)
{
	const struct model_council *c = MODEL_FIND(m->councils, m->councils_n, council);
	const struct model_provider *p =
	    MODEL_FIND(m->providers, m->providers_n, provider);

	if (str_equal(council, area) || (p != NULL && str_equal(p->council, council)))
		return REQUESTS__APPROVER__APPROVER_NONE;
	for (unsigned i = 0; c != NULL && i < c->adjoining_n; i++)
		if (str_equal(c->adjoining[i], area))
			return REQUESTS__APPROVER__APPROVER_NOMINATED_OFFICER;
	return REQUESTS__APPROVER__APPROVER_DIRECTOR;
}
