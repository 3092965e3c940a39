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

/* ---- accounts ---- */

static ProtobufCBinaryData
digest(struct region *r, unsigned n)
{
	ProtobufCBinaryData data = {32, arena_take(&r->m.arena, 32)};

	assert_non_null(data.data);
	machine_key(1000 + n, data.data);
	return data;
}

static void
gateway_does(struct region *r, char *user_id, uint32_t method, const void *body)
{
	struct machine_call call = {
	    .service = "members", .user_id = user_id, .method = method, .body = body};

	machine_peer_key(&r->m, "gateway", call.key);
	Envelope__Envelope *answer = machines_call(&r->m, &call);
	assert_false(answer->has_fault);
	assert_null(answer->refusal);
	r->m.now_ms += golden_draw(&r->chance, 60000);
}

static void
offer_link(struct region *r, char *person_id, unsigned n)
{
	Members__OfferLink body = MEMBERS__OFFER_LINK__INIT;

	body.person_id = person_id;
	SET(&body, purpose, MEMBERS__LINK_PURPOSE__LINK_PURPOSE_INVITATION);
	SET(&body, digest, digest(r, n));
	does(r, CALL(OFFER_LINK), &body.base);
}

static void
open_account(struct region *r, unsigned n, const char *login)
{
	Members__TakeInvitation body = MEMBERS__TAKE_INVITATION__INIT;
	Members__Derivation derivation = MEMBERS__DERIVATION__INIT;
	ProtobufCBinaryData codes[] = {digest(r, n + 1), digest(r, n + 2)};

	SET(&derivation, salt, ((ProtobufCBinaryData){16, digest(r, n + 3).data}));
	SET(&derivation, memory_kib, 65536);
	SET(&derivation, passes, 2);
	body.login = str_copy(&r->m.arena, login);
	body.derivation = &derivation;
	body.recovery_digests = codes;
	body.n_recovery_digests = 2;
	SET(&body, digest, digest(r, n));
	SET(&body, password_key, digest(r, n + 4));
	SET(&body, totp_sealed, digest(r, n + 5));
	SET(&body, totp_step, (uint64_t)r->m.now_ms / 30000);
	SET(&body, session_digest, digest(r, n + 6));
	gateway_does(r, NULL, CALL(OPEN_ACCOUNT), &body);
}

/* In with a recovery code; used ten minutes later; the password and the codes renewed.
 */
static void
use_account(struct region *r, char *person_id, unsigned n, const char *login)
{
	Members__SignIn in = MEMBERS__SIGN_IN__INIT;
	Members__UseSession use = MEMBERS__USE_SESSION__INIT;
	Members__ChangePassword change = MEMBERS__CHANGE_PASSWORD__INIT;
	Members__RenewRecovery renew = MEMBERS__RENEW_RECOVERY__INIT;
	Members__Derivation derivation = MEMBERS__DERIVATION__INIT;
	ProtobufCBinaryData codes[] = {digest(r, n + 10)};

	in.login = str_copy(&r->m.arena, login);
	SET(&in, password_key, digest(r, n + 4));
	SET(&in, recovery_digest, digest(r, n + 1));
	SET(&in, session_digest, digest(r, n + 7));
	gateway_does(r, NULL, CALL(SIGN_IN), &in);
	r->m.now_ms += 600000;
	SET(&use, digest, digest(r, n + 7));
	gateway_does(r, NULL, CALL(SESSION), &use);
	SET(&derivation, salt, ((ProtobufCBinaryData){16, digest(r, n + 8).data}));
	SET(&derivation, memory_kib, 65536);
	SET(&derivation, passes, 2);
	change.derivation = &derivation;
	SET(&change, password_key, digest(r, n + 4));
	SET(&change, new_password_key, digest(r, n + 9));
	SET(&change, kept_digest, digest(r, n + 7));
	gateway_does(r, person_id, CALL(CHANGE_PASSWORD), &change);
	renew.recovery_digests = codes;
	renew.n_recovery_digests = 1;
	SET(&renew, password_key, digest(r, n + 9));
	gateway_does(r, person_id, CALL(RENEW_RECOVERY), &renew);
}

static void
add_api_key(struct region *r, unsigned n)
{
	Members__IssueApiKey issue = MEMBERS__ISSUE_API_KEY__INIT;
	Members__UseApiKey use = MEMBERS__USE_API_KEY__INIT;
	Members__RevokeApiKey revoke = MEMBERS__REVOKE_API_KEY__INIT;

	issue.label = str_format(&r->m.arena, "Invented system %u", n);
	issue.organisation_id = r->councils[0];
	SET(&issue, role, MEMBERS__ROLE__ROLE_COMMISSIONER);
	SET(&issue, digest, digest(r, n));
	revoke.api_key_id = does(r, CALL(ISSUE_API_KEY), &issue.base);
	SET(&use, digest, digest(r, n));
	gateway_does(r, NULL, CALL(API_KEY), &use);
	if (golden_draw(&r->chance, 2) == 0)
		does(r, CALL(REVOKE_API_KEY), &revoke.base);
}

static void
tell_accounts(struct region *r)
{
	Members__CloseAccount close = MEMBERS__CLOSE_ACCOUNT__INIT;
	Members__ReopenAccount reopen = MEMBERS__REOPEN_ACCOUNT__INIT;

	for (unsigned i = 0; i < 3; i++) {
		char *person =
		    add_person(r, MEMBERS__ROLE__ROLE_COMMISSIONER, r->councils[i]);
		const char *login =
		    str_format(&r->m.arena, "person.%u@council.example", i);

		offer_link(r, person, 20 * i);
		open_account(r, 20 * i, login);
		use_account(r, person, 20 * i, login);
		offer_link(r, person, 20 * i + 11);
		close.person_id = reopen.person_id = person;
		if (i == 0)
			does(r, CALL(CLOSE_ACCOUNT), &close.base);
		if (i == 0)
			does(r, CALL(REOPEN_ACCOUNT), &reopen.base);
		add_api_key(r, 20 * i + 12);
	}
	machines_copy(&r->m, "members");
	machines_restore(&r->m, "members");
	add_person(r, MEMBERS__ROLE__ROLE_DIRECTOR, r->councils[0]);
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
	tell_accounts(&r);
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
