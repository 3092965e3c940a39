/*
 * The gateway's key, with an administrator at it and no browser: it hands out links,
 * opens accounts and sessions with tokens of its own, asks about a session with each
 * page that somebody reads, and closes accounts. Now and then it comes with a token
 * that nobody ever drew, that was used, or that is over, and must hear no.
 */
#include "sim/portal.h"

#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/message.h"
#include "base/str.h"

#include "members.pb-c.h"

#define CALL(name) MEMBERS__MEMBERS_CALL__CALL_##name
#define PURPOSE(name) MEMBERS__LINK_PURPOSE__LINK_PURPOSE_##name
#define FORGED 0x80000000U /* tokens that nobody draws */
#define FORGED_ONE_IN 16
#define CODES 4 /* recovery codes of an account */
#define STEP_MS 30000
#define ROUNDS 13

static const char by_invitation[] = "invitation";
static const char by_link[] = "link";

/* ---- tokens ---- */

/* What members keeps of the n-th token; secrets of other kinds are the same thing. */
static ProtobufCBinaryData
digest_of_token(struct actors *a, char kind, unsigned n)
{
	ProtobufCBinaryData data = {32, arena_take(&a->arena, 32)};

	memset(data.data, kind, 32);
	bytes_put_u32(data.data, n);
	return data;
}

static const char *
token_text(struct actors *a, unsigned n)
{
	return str_format(&a->arena, "token %u", n);
}

ProtobufCBinaryData
doorkeeper_token(struct actors *a, const struct known *k)
{
	return digest_of_token(
	    a, 'T', (unsigned)strtoul(k->id + sizeof "token", NULL, 10));
}

/* That, or now and then one that nobody drew. */
static ProtobufCBinaryData
token_of(struct actors *a, const struct known *k)
{
	a->is_forged = random_one_in(actors_dice(a), FORGED_ONE_IN);
	if (!a->is_forged)
		return doorkeeper_token(a, k);
	return digest_of_token(a, 'T', FORGED + random_below(actors_dice(a), 1000));
}

/* ---- somebody ---- */

/* Of those who do not read in a browser: they are signed in and out by reader.c. */
static const struct actor *
somebody(struct actors *a)
{
	for (;;) {
		const struct actor *c =
		    &a->list[1 + random_below(actors_dice(a), (uint32_t)a->n - 1)];
		if (c->person[0] != '\0' && c->persona < PERSONA_GHOST &&
		    !readers_have(c->person))
			return c;
	}
}

static char *
login_of(struct actors *a, const char *person)
{
	return str_format(&a->arena, "%s@work.example", person);
}

/* A command of the administrator who sits there. */
static void
administer(struct actors *a, unsigned client, uint32_t method, const void *message)
{
	struct actors_forged f = {.user = a->list[client].person};

	if (message_pack(&a->arena, message, &f.body) != ERR_NONE)
		abort();
	actors_forge(a, client, NODE_MEMBERS, method, &f);
}

static void
about(struct actors *a, unsigned client, const char *person)
{
	model_keep(a->list[client].about, person);
}

/* ---- links ---- */

static void
offer(struct actors *a, unsigned client)
{
	Members__OfferLink *o = MESSAGE_NEW(&a->arena, members__offer_link);
	const struct actor *who = somebody(a);
	bool is_invitation = random_one_in(actors_dice(a), 2);

	o->person_id = TEXT(who->person);
	SET(o, purpose, is_invitation ? PURPOSE(INVITATION) : PURPOSE(SIGN_IN));
	SET(o, digest, digest_of_token(a, 'T', ++a->tokens));
	SET(o, expires_time,
	    a->world->now_ms +
		1000 * (60 + (int64_t)random_below(actors_dice(a), 20000)));
	a->is_invitation = is_invitation;
	about(a, client, who->person);
	administer(a, client, CALL(OFFER_LINK), o);
}

static Members__TakeInvitation *
taking(struct actors *a, const struct known *link)
{
	Members__TakeInvitation *t = MESSAGE_NEW(&a->arena, members__take_invitation);
	Members__Derivation *d = MESSAGE_NEW(&a->arena, members__derivation);

	t->login = login_of(a, link->owner);
	t->derivation = d;
	SET(d, salt, ((ProtobufCBinaryData){16, digest_of_token(a, 's', 1).data}));
	SET(d, memory_kib, 65536);
	SET(d, passes, 2);
	SET(t, password_key, digest_of_token(a, 'p', 1));
	SET(t, totp_sealed, digest_of_token(a, 'f', 1));
	SET(t, totp_step, (uint64_t)(a->world->now_ms / STEP_MS));
	t->recovery_digests = LIST_NEW(&a->arena, CODES, ProtobufCBinaryData);
	for (; t->n_recovery_digests < CODES; t->n_recovery_digests++)
		t->recovery_digests[t->n_recovery_digests] =
		    digest_of_token(a, 'r', (unsigned)t->n_recovery_digests);
	return t;
}

/* A link that is known, perhaps used before, perhaps by its other door. */
static void
follow(struct actors *a, unsigned client)
{
	const struct known *link = actors_pick(a, &a->links, NULL);
	Members__UseLink *use = MESSAGE_NEW(&a->arena, members__use_link);

	if (link == NULL)
		return;
	bool is_invitation = str_equal(link->parent, by_invitation);
	if (random_one_in(actors_dice(a), FORGED_ONE_IN))
		is_invitation = !is_invitation;
	about(a, client, link->owner);
	if (is_invitation) {
		Members__TakeInvitation *t = taking(a, link);
		SET(t, digest, token_of(a, link));
		SET(t, session_digest, digest_of_token(a, 'T', ++a->tokens));
		actors_call(a, client, NODE_MEMBERS, CALL(OPEN_ACCOUNT), &t->base);
		return;
	}
	SET(use, digest, token_of(a, link));
	SET(use, session_digest, digest_of_token(a, 'T', ++a->tokens));
	actors_call(a, client, NODE_MEMBERS, CALL(SIGN_IN_BY_LINK), &use->base);
}

/* ---- signing in ---- */

static void
sign_in(struct actors *a, unsigned client)
{
	const struct known *account = actors_pick(a, &a->accounts, NULL);
	Members__SignIn *s = MESSAGE_NEW(&a->arena, members__sign_in);
	uint32_t how = random_below(actors_dice(a), 8);

	if (account == NULL)
		return;
	s->login = login_of(a, account->id);
	SET(s, password_key, digest_of_token(a, 'p', how == 0 ? 2 : 1));
	if (how < 3)
		SET(s, recovery_digest,
		    digest_of_token(a, 'r', random_below(actors_dice(a), CODES + 1)));
	else
		SET(s, totp_step,
		    (uint64_t)(a->world->now_ms / STEP_MS) -
			random_below(actors_dice(a), 2));
	a->is_forged = how == 0;
	about(a, client, account->id);
	SET(s, session_digest, digest_of_token(a, 'T', ++a->tokens));
	actors_call(a, client, NODE_MEMBERS, CALL(SIGN_IN), &s->base);
}

static void
read_page(struct actors *a, unsigned client)
{
	const struct known *session = actors_pick(a, &a->sessions, NULL);
	Members__UseSession *use = MESSAGE_NEW(&a->arena, members__use_session);

	if (session == NULL)
		return;
	about(a, client, session->owner);
	SET(use, digest, token_of(a, session));
	actors_call(a, client, NODE_MEMBERS, CALL(SESSION), &use->base);
}

/* ---- ending ---- */

static void
sign_out(struct actors *a, unsigned client)
{
	const struct known *session = actors_pick(a, &a->sessions, NULL);
	Members__EndSession *end = MESSAGE_NEW(&a->arena, members__end_session);

	if (session == NULL)
		return;
	SET(end, digest, token_of(a, session));
	actors_call(a, client, NODE_MEMBERS, CALL(END_SESSION), &end->base);
}

/* Somebody is signed out everywhere, shut out, or let in again. */
static void
turn_out(struct actors *a, unsigned client)
{
	const struct actor *who = somebody(a);
	const struct known *closed = actors_pick(a, &a->closed, NULL);
	Members__EndSessions *end = MESSAGE_NEW(&a->arena, members__end_sessions);
	Members__CloseAccount *close = MESSAGE_NEW(&a->arena, members__close_account);
	Members__ReopenAccount *open = MESSAGE_NEW(&a->arena, members__reopen_account);

	end->person_id = close->person_id = TEXT(who->person);
	switch (random_below(actors_dice(a), 4)) {
	case 0: administer(a, client, CALL(END_SESSIONS), end); break;
	case 1:
		about(a, client, who->person);
		administer(a, client, CALL(CLOSE_ACCOUNT), close);
		break;
	default:
		if (closed == NULL)
			return;
		open->person_id = TEXT(closed->id);
		administer(a, client, CALL(REOPEN_ACCOUNT), open);
	}
}

void
doorkeeper_acts(struct actors *a, unsigned client)
{
	uint32_t what = random_below(actors_dice(a), ROUNDS);

	a->is_forged = false;
	if (what < 2)
		offer(a, client);
	else if (what < 5)
		follow(a, client);
	else if (what < 6)
		sign_in(a, client);
	else if (what < 11)
		read_page(a, client);
	else if (what < 12)
		sign_out(a, client);
	else
		turn_out(a, client);
}

/* ---- what it hears ---- */

static void
hear_session(struct actors *a, struct actor *c, struct bytes body)
{
	const Members__SessionShown *shown;
	ProtobufCMessage *m;

	if (message_unpack(&a->arena, &members__session_shown__descriptor, body, &m) !=
	    ERR_NONE) {
		world_fail(a->world, "a session cannot be read");
		return;
	}
	shown = (const Members__SessionShown *)m;
	a->world->tally.n[TALLY_PAGES_READ] += shown->person != NULL;
	a->world->tally.n[TALLY_PAGES_KEPT] += shown->person == NULL;
	if (shown->person == NULL)
		return;
	if (a->is_forged)
		world_fail(a->world, "a token that nobody drew was honoured");
	if (shown->session == NULL || shown->session->has_digest)
		world_fail(
		    a->world, "a session was shown without itself, or with its digest");
	else
		model_check_honoured(a->model, shown->session->session_id,
		    shown->person->person_id, c->asked_ms);
	if (c->about[0] != '\0' && !str_equal(shown->person->person_id, c->about))
		world_fail(a->world, "%s is signed in as somebody else", c->about);
	if (c->method == CALL(SESSION))
		return;
	actors_learn(&a->sessions, token_text(a, a->tokens), NULL, c->about);
	if (c->method == CALL(OPEN_ACCOUNT))
		actors_learn(&a->accounts, c->about, NULL, NULL);
}

void
doorkeeper_hears(struct actors *a, struct actor *c, struct bytes body)
{
	switch (c->method) {
	case CALL(OFFER_LINK):
		actors_learn(&a->links, token_text(a, a->tokens),
		    a->is_invitation ? by_invitation : by_link, c->about);
		break;
	case CALL(CLOSE_ACCOUNT): actors_learn(&a->closed, c->about, NULL, NULL); break;
	case CALL(OPEN_ACCOUNT):
	case CALL(SIGN_IN_BY_LINK):
	case CALL(SIGN_IN):
	case CALL(SESSION): hear_session(a, c, body); break;
	default: break;
	}
}
