#ifndef RCC_TESTS_INTEGRATION_MEMBERS_WORLD_H
#define RCC_TESTS_INTEGRATION_MEMBERS_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/access.h"
#include "base/message.h"
#include "base/str.h"
#include "members/members.h"
#include "members/wire.h"
#include "support/machine.h"

#include "common.pb-c.h"

/* rcc-members alone, as a machine, with whoever registered whom. */

#define TODAY 20778
#define DAY_MS INT64_C(86400000)
#define CALL(name) MEMBERS__MEMBERS_CALL__CALL_##name
#define ROLE(name) MEMBERS__ROLE__ROLE_##name
#define ADA 100 /* keys of people; those of peers are below */
#define BEA 101
#define CLEO 102

/* ---- a service of members with its first administrator ---- */

static inline const struct refusal *
add_first(struct machines *m, unsigned key, const char *name)
{
	struct members_first first = {.name = name};
	uint8_t seed[32] = {1};

	machine_key(key, first.public_key);
	assert_int_equal(svc_first(machines_svc(m, "members"), m->now_ms, seed,
			     members_first, &first),
	    ERR_NONE);
	return first.no;
}

static inline int
make_with_option(void **state, const char *option)
{
	struct machines *m = calloc(1, sizeof *m);

	assert_non_null(m);
	machines_open(m);
	machines_add(m, &members_service, option);
	*state = m;
	return 0;
}

static inline int
make(void **state)
{
	return make_with_option(state, NULL);
}

static inline int
make_with_first(void **state)
{
	make(state);
	assert_null(add_first(*state, ADA, "Ada"));
	return 0;
}

static inline int
clear(void **state)
{
	machines_close(*state);
	free(*state);
	return 0;
}

static inline struct machine_call
call_by(unsigned key, uint32_t method, const void *body)
{
	struct machine_call call = {
	    .service = "members", .method = method, .body = body};

	machine_key(key, call.key);
	return call;
}

static inline Common__Done *
do_it(struct machines *m, unsigned key, uint32_t method, const void *body)
{
	struct machine_call call = call_by(key, method, body);

	return machines_ask(m, &call, &common__done__descriptor);
}

static inline uint32_t
is_refused(struct machines *m, unsigned key, uint32_t method, const void *body)
{
	struct machine_call call = call_by(key, method, body);

	return machines_refused(m, &call);
}

static inline Envelope__Fault
faults(struct machines *m, unsigned key, uint32_t method, const void *body)
{
	struct machine_call call = call_by(key, method, body);

	return machines_fault(m, &call);
}

/* The gateway, in its own name or a person's. */
static inline struct machine_call
call_by_gateway(
    struct machines *m, const char *user_id, uint32_t method, const void *body)
{
	struct machine_call call = {
	    .service = "members", .user_id = user_id, .method = method, .body = body};

	machine_peer_key(m, "gateway", call.key);
	return call;
}

static inline void
add_council(struct machines *m, char *council_id)
{
	char name[] = "A council";
	Members__Council council = MEMBERS__COUNCIL__INIT;
	Members__RegisterCouncil body = MEMBERS__REGISTER_COUNCIL__INIT;

	council.council_id = council_id;
	council.name = name;
	body.council = &council;
	const Common__Done *done = do_it(m, ADA, CALL(REGISTER_COUNCIL), &body);
	assert_string_equal(done->id, council_id);
}

static inline Members__Grant
grant_of(Members__Role role, char *organisation_id)
{
	Members__Grant grant = MEMBERS__GRANT__INIT;

	grant.organisation_id = organisation_id;
	SET(&grant, role, role);
	SET(&grant, from_day, TODAY);
	return grant;
}

static char *
add_person(struct machines *m, unsigned key, Members__Role role, char *organisation_id)
{
	char name[] = "Somebody";
	uint8_t bytes[32];
	Members__Grant grant = grant_of(role, organisation_id), *list[] = {&grant};
	Members__RegisterPerson body = MEMBERS__REGISTER_PERSON__INIT;

	machine_key(key, bytes);
	body.name = name;
	body.grants = list;
	body.n_grants = 1;
	SET_BYTES(&body, public_key, ((struct bytes){bytes, sizeof bytes}));
	return do_it(m, ADA, CALL(REGISTER_PERSON), &body)->id;
}

static inline Members__Self *
self(struct machines *m, unsigned key)
{
	Members__SelfAsked body = MEMBERS__SELF_ASKED__INIT;
	struct machine_call call = call_by(key, CALL(SELF), &body);

	return machines_ask(m, &call, &members__self__descriptor);
}

/* ---- signing in ---- */

/* The digest of the n-th token; secrets are the same thing here. */
static inline ProtobufCBinaryData
digest(struct machines *m, uint8_t n)
{
	ProtobufCBinaryData data = {32, arena_take(&m->arena, 32)};

	assert_non_null(data.data);
	memset(data.data, n, 32);
	return data;
}

static inline Common__Done *
offer(struct machines *m, char *person_id, Members__LinkPurpose purpose, uint8_t n)
{
	Members__OfferLink body = MEMBERS__OFFER_LINK__INIT;

	body.person_id = person_id;
	SET(&body, purpose, purpose);
	SET(&body, digest, digest(m, n));
	return do_it(m, ADA, CALL(OFFER_LINK), &body);
}

#define INVITATION MEMBERS__LINK_PURPOSE__LINK_PURPOSE_INVITATION
#define SIGN_IN_LINK MEMBERS__LINK_PURPOSE__LINK_PURPOSE_SIGN_IN

/* The step of the codes of now. */
static inline uint64_t
step_now(const struct machines *m)
{
	return (uint64_t)m->now_ms / 30000;
}

/* Taking the invitation `n` with password 200, recovery codes 201 and 202. */
static inline Members__TakeInvitation
taking(struct machines *m, uint8_t n, const char *login, uint8_t session)
{
	Members__TakeInvitation body = MEMBERS__TAKE_INVITATION__INIT;
	Members__Derivation *derivation = MESSAGE_NEW(&m->arena, members__derivation);
	ProtobufCBinaryData *codes = LIST_NEW(&m->arena, 2, ProtobufCBinaryData);

	assert_non_null(derivation);
	assert_non_null(codes);
	SET(derivation, salt, ((ProtobufCBinaryData){16, digest(m, 9).data}));
	SET(derivation, memory_kib, 65536);
	SET(derivation, passes, 2);
	codes[0] = digest(m, 201);
	codes[1] = digest(m, 202);
	body.login = str_copy(&m->arena, login);
	body.derivation = derivation;
	body.recovery_digests = codes;
	body.n_recovery_digests = 2;
	SET(&body, digest, digest(m, n));
	SET(&body, password_key, digest(m, 200));
	SET(&body, totp_sealed, ((ProtobufCBinaryData){20, digest(m, 8).data}));
	SET(&body, totp_step, step_now(m));
	SET(&body, session_digest, digest(m, session));
	return body;
}

/* What the gateway hears where it is a yes. */
static inline Members__SessionShown *
shown(struct machines *m, uint32_t method, const void *body)
{
	struct machine_call call = call_by_gateway(m, NULL, method, body);

	return machines_ask(m, &call, &members__session_shown__descriptor);
}

static inline uint32_t
gateway_is_refused(struct machines *m, uint32_t method, const void *body)
{
	struct machine_call call = call_by_gateway(m, NULL, method, body);

	return machines_refused(m, &call);
}

/* Why the n-th session is not honoured; UNSPECIFIED where it is. */
static inline Members__Over
over(struct machines *m, uint8_t n)
{
	Members__UseSession body = MEMBERS__USE_SESSION__INIT;

	SET(&body, digest, digest(m, n));
	const Members__SessionShown *answer = shown(m, CALL(SESSION), &body);
	assert_int_equal(answer->person == NULL, answer->has_over);
	return answer->over;
}

/* The same, asked by a page that looks for news by itself. */
static inline Members__Over
over_watching(struct machines *m, uint8_t n)
{
	Members__UseSession body = MEMBERS__USE_SESSION__INIT;

	SET(&body, digest, digest(m, n));
	SET(&body, is_watching, true);
	return shown(m, CALL(SESSION), &body)->over;
}

/* A commissioner who signs in with `login`, and is signed in as session `n`. */
static inline char *
add_account(struct machines *m, unsigned key, char *login, uint8_t n)
{
	static char council[] = "E08000003";
	char *person_id = add_person(m, key, ROLE(COMMISSIONER), council);

	offer(m, person_id, INVITATION, 199);
	Members__TakeInvitation body = taking(m, 199, login, n);
	assert_non_null(shown(m, CALL(OPEN_ACCOUNT), &body)->person);
	return person_id;
}

static inline Members__SignIn
signing_in(struct machines *m, const char *login, uint8_t session)
{
	Members__SignIn body = MEMBERS__SIGN_IN__INIT;

	body.login = str_copy(&m->arena, login);
	SET(&body, password_key, digest(m, 200));
	SET(&body, totp_step, step_now(m));
	SET(&body, session_digest, digest(m, session));
	return body;
}

#define OVER(name) MEMBERS__OVER__OVER_##name

#endif
