/* The journals of released builds of rcc-members; and the next one's. */
#include "members/members.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/message.h"
#include "base/str.h"
#include "members/wire.h"
#include "support/golden.h"
#include "support/machine.h"

#define CALL(name) MEMBERS__MEMBERS_CALL__CALL_##name
#define ADMINISTRATOR 100
#define TODAY 20778

static void
every_release_is_read(void **state)
{
	(void)state;
	golden_check(&members_service);
}

/* ---- the next one ---- */

struct region {
	struct machines m;
	uint64_t chance;
	unsigned keys;
	char *councils[4], *providers[3];
};

static void
add_first(struct region *r)
{
	struct members_first first = {.name = "Ada"};
	uint8_t seed[32] = {1};

	machine_key(ADMINISTRATOR, first.public_key);
	assert_int_equal(svc_first(machines_svc(&r->m, "members"), r->m.now_ms, seed,
			     members_first, &first),
	    ERR_NONE);
	assert_null(first.no);
}

static struct machine_call
call_of(uint32_t method, const ProtobufCMessage *body)
{
	struct machine_call call = {
	    .service = "members", .method = method, .body = body};

	machine_key(ADMINISTRATOR, call.key);
	return call;
}

/* What it made; time goes on by up to an hour. */
static char *
does(struct region *r, uint32_t method, const ProtobufCMessage *body)
{
	struct machine_call call = call_of(method, body);
	Common__Done *done = machines_ask(&r->m, &call, &common__done__descriptor);

	r->m.now_ms += golden_draw(&r->chance, 3600000);
	return done->id;
}

static void
add_councils(struct region *r)
{
	static const char *const codes[] = {
	    "E08000003", "E08000006", "E08000009", "E06000007"};

	for (unsigned i = 0; i < 4; i++) {
		Members__RegisterCouncil body = MEMBERS__REGISTER_COUNCIL__INIT;
		Members__Council council = MEMBERS__COUNCIL__INIT;
		Members__Membership membership = MEMBERS__MEMBERSHIP__INIT;
		Members__Membership *memberships[] = {&membership};
		char *adjoining[] = {str_copy(&r->m.arena, codes[(i + 1) % 4])};

		r->councils[i] = str_copy(&r->m.arena, codes[i]);
		council.council_id = r->councils[i];
		council.name = str_format(&r->m.arena, "Council %u", i);
		council.adjoining_council_ids = adjoining;
		council.n_adjoining_council_ids = 1;
		SET(&membership, from_day,
		    TODAY - 1 - (int32_t)golden_draw(&r->chance, 900));
		council.memberships = memberships;
		council.n_memberships = i < 3;
		body.council = &council;
		does(r, CALL(REGISTER_COUNCIL), &body.base);
	}
}

static void
add_providers(struct region *r)
{
	static const Members__ProviderKind kinds[] = {
	    MEMBERS__PROVIDER_KIND__PROVIDER_KIND_FOSTERING_AGENCY,
	    MEMBERS__PROVIDER_KIND__PROVIDER_KIND_FOSTERING_AGENCY,
	    MEMBERS__PROVIDER_KIND__PROVIDER_KIND_COUNCIL_FOSTERING};

	for (unsigned i = 0; i < 3; i++) {
		Members__RegisterProvider body = MEMBERS__REGISTER_PROVIDER__INIT;
		Members__Provider provider = MEMBERS__PROVIDER__INIT;

		provider.name = str_format(&r->m.arena, "Invented agency %u", i);
		provider.owner_name = str_copy(&r->m.arena, "Invented owner");
		provider.urn =
		    str_format(&r->m.arena, "SC%06u", golden_draw(&r->chance, 1000000));
		SET(&provider, kind, kinds[i]);
		SET(&provider, sector,
		    i == 2 ? MEMBERS__SECTOR__SECTOR_LOCAL_AUTHORITY
			   : MEMBERS__SECTOR__SECTOR_PRIVATE);
		if (i == 2)
			provider.council_id = r->councils[0];
		body.provider = &provider;
		r->providers[i] = does(r, CALL(REGISTER_PROVIDER), &body.base);
		provider.provider_id = r->providers[i];
		SET(&provider, grade, (Members__Grade)(1 + golden_draw(&r->chance, 4)));
		SET(&provider, grade_day, TODAY - 30);
		does(r, CALL(REGISTER_PROVIDER), &body.base); /* amended */
	}
}

static char *
add_person(struct region *r, Members__Role role, char *organisation_id)
{
	Members__RegisterPerson body = MEMBERS__REGISTER_PERSON__INIT;
	Members__Grant grant = MEMBERS__GRANT__INIT;
	Members__Grant *grants[] = {&grant};
	uint8_t key[32];

	machine_key(ADMINISTRATOR + ++r->keys, key);
	SET(&grant, role, role);
	SET(&grant, from_day, TODAY);
	grant.organisation_id = organisation_id;
	body.name = str_format(&r->m.arena, "Person %u", r->keys);
	body.grants = grants;
	body.n_grants = 1;
	SET_BYTES(&body, public_key, ((struct bytes){key, sizeof key}));
	return does(r, CALL(REGISTER_PERSON), &body.base);
}

static void
change_roles(struct region *r, char *person_id, char *organisation_id)
{
	Members__GrantRole grant = MEMBERS__GRANT_ROLE__INIT;
	Members__EndRole end = MEMBERS__END_ROLE__INIT;
	Members__Grant row = MEMBERS__GRANT__INIT;

	SET(&row, role, MEMBERS__ROLE__ROLE_DIRECTOR);
	SET(&row, from_day, TODAY);
	row.organisation_id = organisation_id;
	grant.person_id = person_id;
	grant.grant = &row;
	does(r, CALL(GRANT_ROLE), &grant.base);
	end.person_id = person_id;
	end.organisation_id = organisation_id;
	SET(&end, role, MEMBERS__ROLE__ROLE_COMMISSIONER);
	SET(&end, until_day, TODAY + 1 + (int32_t)golden_draw(&r->chance, 30));
	does(r, CALL(END_ROLE), &end.base);
}

static void
change_keys(struct region *r, char *person_id)
{
	Members__RegisterKey add = MEMBERS__REGISTER_KEY__INIT;
	Members__RevokeKey revoke = MEMBERS__REVOKE_KEY__INIT;
	uint8_t key[32];

	machine_key(ADMINISTRATOR + ++r->keys, key);
	add.person_id = person_id;
	SET_BYTES(&add, public_key, ((struct bytes){key, sizeof key}));
	does(r, CALL(REGISTER_KEY), &add.base);
	SET_BYTES(&revoke, public_key, ((struct bytes){key, sizeof key}));
	does(r, CALL(REVOKE_KEY), &revoke.base);
}

static void
the_next_release_is_written(void **state)
{
	static struct region r = {.chance = 1};
	Members__EndRole nobody = MEMBERS__END_ROLE__INIT;
	struct machine_call no = call_of(CALL(END_ROLE), &nobody.base);

	(void)state;
	machines_open(&r.m);
	machines_add(&r.m, &members_service, NULL);
	add_first(&r);
	add_councils(&r);
	add_providers(&r);
	for (unsigned i = 0; i < 3; i++) {
		char *person =
		    add_person(&r, MEMBERS__ROLE__ROLE_COMMISSIONER, r.councils[i]);
		add_person(&r, MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER, r.providers[i]);
		change_roles(&r, person, r.councils[i]);
		change_keys(&r, person);
	}
	machines_refused(&r.m, &no);
	machines_check_rebuild(&r.m, "members");
	golden_write(machines_svc(&r.m, "members"), &members_service, golden_folder());
	machines_close(&r.m);
}

int
main(void)
{
	const struct CMUnitTest check[] = {cmocka_unit_test(every_release_is_read)};
	const struct CMUnitTest next[] = {
	    cmocka_unit_test(the_next_release_is_written)};

	if (golden_folder() != NULL)
		return cmocka_run_group_tests(next, NULL, NULL);
	return cmocka_run_group_tests(check, NULL, NULL);
}
