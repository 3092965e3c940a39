#include "loading.h"

#include "base/bytes.h"
#include "base/message.h"

#include "take.h"

#include "common.pb-c.h"

#define CALL(name) MEMBERS__MEMBERS_CALL__CALL_##name

static void
send_councils(struct loading *l)
{
	const struct data *d = l->plan->data;
	struct batch b = batch_of(l, "councils", "members", d->councils_n);

	for (size_t i = 0; i < d->councils_n; i++) {
		Members__RegisterCouncil *call =
		    TAKE_MESSAGE(l->arena, members__register_council);
		call->council = plan_council(l->arena, l->plan, i);
		(void)batch_add(l, &b, 0, CALL(REGISTER_COUNCIL), &call->base,
		    &common__done__descriptor);
	}
	batch_send(l, &b, l->administrator);
}

static void
send_providers(struct loading *l)
{
	const struct plan *p = l->plan;
	struct batch b = batch_of(l, "providers", "members", p->providers_n);

	for (size_t i = 0; i < p->providers_n; i++) {
		Members__RegisterProvider *call =
		    TAKE_MESSAGE(l->arena, members__register_provider);
		call->provider = p->providers[i].row;
		batch_add(l, &b, 0, CALL(REGISTER_PROVIDER), &call->base,
		    &common__done__descriptor)
		    ->made_id = &l->provider_ids[i];
	}
	batch_send(l, &b, l->administrator);
}

static Members__RegisterPerson *
registration(struct loading *l, size_t person)
{
	const struct plan *p = l->plan;
	const struct plan_person *who = &p->people[person];
	Members__RegisterPerson *call =
	    TAKE_MESSAGE(l->arena, members__register_person);
	Members__Grant *grant = TAKE_MESSAGE(l->arena, members__grant);

	SET(grant, role, who->role);
	SET(grant, from_day, p->options.day);
	grant->organisation_id = take_text(
	    l->arena, who->council != SIZE_MAX    ? p->data->councils[who->council].code
		      : who->provider != SIZE_MAX ? l->provider_ids[who->provider]
						  : "co-operative");
	call->name = take_text(l->arena, who->name);
	call->grants = TAKE_LIST(l->arena, 1, Members__Grant *);
	call->grants[0] = grant;
	call->n_grants = 1;
	SET_BYTES(call, public_key,
	    ((struct bytes){
		l->keys[person].public_key, sizeof l->keys[person].public_key}));
	return call;
}

static void
send_people(struct loading *l)
{
	struct batch b =
	    batch_of(l, "people and their keys", "members", l->plan->people_n);

	for (size_t i = 0; i < l->plan->people_n; i++)
		(void)batch_add(l, &b, 0, CALL(REGISTER_PERSON),
		    &registration(l, i)->base, &common__done__descriptor);
	batch_send(l, &b, l->administrator);
}

static void
write_readme(struct loading *l)
{
	Members__SelfAsked ask = MEMBERS__SELF_ASKED__INIT;
	const Members__Self *self = post_one(l->administrator, "members", l->arena,
	    CALL(SELF), &ask.base, &members__self__descriptor);

	if (self->person == NULL || self->person->name == NULL)
		fail("members does not know the administrator's key");
	keys_write_readme(l->run, l->plan, l->provider_ids, self->person->name);
}

void
loading_members(struct loading *l)
{
	send_councils(l);
	send_providers(l);
	send_people(l);
	write_readme(l);
	loading_wait(l, "members");
}
