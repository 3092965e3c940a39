#include "members/wire_inside.h"

#include "base/digest.h"
#include "base/message.h"
#include "base/str.h"

#define ADMINISTRATOR (1u << MEMBERS__ROLE__ROLE_ADMINISTRATOR)

/* ---- sessions of a person ---- */

static size_t
sessions_of(struct svc_ask *ask, const char *person_id,
    Members__Session *out[MEMBERS_SESSIONS_MAX])
{
	const char *ids[MEMBERS_SESSIONS_MAX];
	size_t n = 0, held = members_held(ask->txn, ask->arena, person_id,
			  MEMBERS_HELD_SESSION, ids, MEMBERS_SESSIONS_MAX);

	for (size_t i = 0; i < held; i++) {
		out[n] = members_session(ask->txn, ask->arena, ids[i]);
		if (out[n] != NULL)
			n++;
	}
	return n;
}

static void
end_session(
    struct svc_ask *ask, const Members__Session *session, struct members_ending why)
{
	Members__SessionEnded event = MEMBERS__SESSION_ENDED__INIT;

	event.session_id = session->session_id;
	event.by_id = why.by_id;
	SET(&event, over, why.over);
	svc_decide(ask, EVENT(SESSION_ENDED), &event.base);
}

size_t
members_wire_end_sessions(struct svc_ask *ask, const char *person_id, struct bytes kept,
    struct members_ending why)
{
	Members__Session *sessions[MEMBERS_SESSIONS_MAX];
	size_t n = sessions_of(ask, person_id, sessions), ended = 0;

	for (size_t i = 0; i < n; i++) {
		if (bytes_equal(BYTES_OF(sessions[i]->digest), kept))
			continue;
		end_session(ask, sessions[i], why);
		ended++;
	}
	return ended;
}

/* Where the person has as many as there may be, that used longest ago ends. */
static void
make_room(struct svc_ask *ask, const char *person_id)
{
	Members__Session *sessions[MEMBERS_SESSIONS_MAX], *oldest;
	size_t n = sessions_of(ask, person_id, sessions);

	if (n < MEMBERS_SESSIONS_MAX)
		return;
	oldest = sessions[0];
	for (size_t i = 1; i < n; i++) {
		if (sessions[i]->used_time < oldest->used_time)
			oldest = sessions[i];
	}
	end_session(
	    ask, oldest, (struct members_ending){MEMBERS__OVER__OVER_REPLACED, NULL});
}

/* ---- showing one ---- */

static enum err
show(struct svc_ask *ask, const struct members_standing *who,
    const Members__Session *session)
{
	Members__SessionShown *shown = MESSAGE_NEW(ask->arena, members__session_shown);

	if (shown == NULL)
		return ERR_MEMORY;
	shown->person = message_copy(ask->arena, &who->person->base);
	shown->session = message_copy(ask->arena, &session->base);
	if (shown->person == NULL || shown->session == NULL)
		return ERR_MEMORY;
	shown->session->has_digest = 0;
	shown->session->digest = (ProtobufCBinaryData){0};
	if (who->account != NULL)
		shown->login = who->account->login;
	if (who->account != NULL && who->account->proof != NULL)
		SET(shown, recovery_left,
		    (uint32_t)who->account->proof->n_recovery_digests);
	svc_answer(ask, &shown->base);
	return ask->txn->err;
}

static enum err
show_over(struct svc_ask *ask, Members__Over over)
{
	Members__SessionShown *shown = MESSAGE_NEW(ask->arena, members__session_shown);

	if (shown == NULL)
		return ERR_MEMORY;
	SET(shown, over, over);
	svc_answer(ask, &shown->base);
	return ask->txn->err;
}

/* ---- opening one ---- */

/* Somebody who was found to be themselves; what they used for it is used up. */
struct arrival {
	const char *person_id;
	Members__Via via;
	const ProtobufCBinaryData *session_digest;
	const Members__SignIn *asked; /* by password; NULL: by something else */
};

static enum members_refusal
check_session_digest(struct svc_ask *ask, const ProtobufCBinaryData *digest)
{
	return members_check_digest(
	    digest, members_digest_is_known(ask->txn, BYTES_OF(*digest)));
}

/* Decides the session and answers with it; everything was checked. */
static enum err
open_session(struct svc_ask *ask, const struct arrival *arrival)
{
	Members__SessionOpened event = MEMBERS__SESSION_OPENED__INIT;
	Members__Session session = MEMBERS__SESSION__INIT;
	int64_t expires_ms = ask->now_ms + MEMBERS_SESSION_MS_MAX;

	make_room(ask, arrival->person_id);
	session.session_id = members_wire_id(ask);
	session.person_id = str_copy(ask->arena, arrival->person_id);
	if (session.session_id == NULL || session.person_id == NULL)
		return ERR_MEMORY;
	SET(&session, digest, *arrival->session_digest);
	SET(&session, via, arrival->via);
	SET(&session, opened_time, ask->now_ms);
	SET(&session, used_time, ask->now_ms);
	SET(&session, expires_time, expires_ms);
	SET(&session, due_time, members_session_due_ms(ask->now_ms, expires_ms));
	event.session = &session;
	if (arrival->asked != NULL) {
		SET_FROM(&event, totp_step, arrival->asked, totp_step);
		SET_FROM(&event, recovery_digest, arrival->asked, recovery_digest);
	}
	svc_decide(ask, EVENT(SESSION_OPENED), &event.base);
	struct members_standing who = members_wire_standing(ask, session.person_id);
	return ask->txn->err != ERR_NONE ? ask->txn->err : show(ask, &who, &session);
}

/* ---- by a link ---- */

/* A link that is followed: what it is, and whose. */
struct followed {
	const Members__Link *link;
	struct members_standing who;
};

static enum members_refusal
follow_link(struct svc_ask *ask, const ProtobufCBinaryData *digest,
    Members__LinkPurpose purpose, struct followed *out)
{
	out->link = members_link(ask->txn, ask->arena,
	    members_digest_owner(
		ask->txn, ask->arena, BYTES_OF(*digest), MEMBERS_HELD_LINK));
	enum members_refusal no = members_check_link(out->link, purpose, ask->now_ms);
	if (no != MEMBERS_OK)
		return no;
	out->who = members_wire_standing(ask, out->link->person_id);
	return members_check_standing(&out->who);
}

enum err
members_on_sign_in_by_link(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__UseLink *asked = (const void *)call;
	struct members_ending used = {MEMBERS__OVER__OVER_USED, NULL};
	struct followed f;

	enum members_refusal no = follow_link(
	    ask, &asked->digest, MEMBERS__LINK_PURPOSE__LINK_PURPOSE_SIGN_IN, &f);
	if (no == MEMBERS_OK && svc_context(ask->svc) == NULL)
		no = MEMBERS_LINK_SIGN_IN_OFF;
	if (no == MEMBERS_OK)
		no = check_session_digest(ask, &asked->session_digest);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	members_wire_end_link(ask, f.link, used);
	struct arrival arrival = {
	    .person_id = f.link->person_id,
	    .via = MEMBERS__VIA__VIA_LINK,
	    .session_digest = &asked->session_digest,
	};
	return open_session(ask, &arrival);
}

static enum members_refusal
check_login_free(
    struct svc_ask *ask, const char *login, const char *person_id, char *kept)
{
	enum members_refusal no = members_check_login(login, kept);

	if (no != MEMBERS_OK)
		return no;
	const char *owner = members_login_owner(ask->txn, ask->arena, kept);
	return owner != NULL && !str_equal(owner, person_id) ? MEMBERS_LOGIN_TAKEN
	                                                     : MEMBERS_OK;
}

static Members__Proof *
proof_of(struct svc_ask *ask, const Members__TakeInvitation *asked)
{
	Members__Proof *proof = MESSAGE_NEW(ask->arena, members__proof);
	uint8_t *verifier = arena_take(ask->arena, DIGEST_BYTES);

	if (proof == NULL || verifier == NULL)
		return NULL;
	digest_of(BYTES_OF(asked->password_key), verifier);
	SET_BYTES(proof, verifier, ((struct bytes){verifier, DIGEST_BYTES}));
	proof->derivation = asked->derivation;
	SET_FROM(proof, totp_sealed, asked, totp_sealed);
	SET_FROM(proof, totp_step, asked, totp_step);
	proof->recovery_digests = asked->recovery_digests;
	proof->n_recovery_digests = asked->n_recovery_digests;
	return proof;
}

/* The account, the end of the link and of what was open before, and a session. */
static enum err
open_account(struct svc_ask *ask, const Members__TakeInvitation *asked,
    const Members__Link *link, char *login)
{
	struct members_ending used = {MEMBERS__OVER__OVER_USED, NULL};
	struct members_ending replaced = {MEMBERS__OVER__OVER_REPLACED, NULL};
	Members__AccountOpened event = MEMBERS__ACCOUNT_OPENED__INIT;

	event.person_id = link->person_id;
	event.link_id = link->link_id;
	event.login = login;
	if (members_has_proofs(asked) && (event.proof = proof_of(ask, asked)) == NULL)
		return ERR_MEMORY;
	svc_decide(ask, EVENT(ACCOUNT_OPENED), &event.base);
	members_wire_end_link(ask, link, used);
	members_wire_end_sessions(ask, link->person_id, BYTES_NONE, replaced);
	struct arrival arrival = {
	    .person_id = link->person_id,
	    .via = MEMBERS__VIA__VIA_INVITATION,
	    .session_digest = &asked->session_digest,
	};
	return open_session(ask, &arrival);
}

enum err
members_on_open_account(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__TakeInvitation *asked = (const void *)call;
	char login[MEMBERS_LOGIN_BYTES_MAX + 1];
	struct followed f;

	enum members_refusal no = follow_link(
	    ask, &asked->digest, MEMBERS__LINK_PURPOSE__LINK_PURPOSE_INVITATION, &f);
	if (no == MEMBERS_OK)
		no = check_login_free(ask, asked->login, f.link->person_id, login);
	if (no == MEMBERS_OK)
		no = members_check_proofs(asked, ask->now_ms);
	if (no == MEMBERS_OK)
		no = check_session_digest(ask, &asked->session_digest);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	return open_account(ask, asked, f.link, login);
}

/* ---- by an account ---- */

/* Whose login this is; somebody without a person where it is nobody's. */
static struct members_standing
standing_of_login(struct svc_ask *ask, const char *login)
{
	char kept[MEMBERS_LOGIN_BYTES_MAX + 1];
	const char *owner = NULL;

	if (members_check_login(login, kept) == MEMBERS_OK)
		owner = members_login_owner(ask->txn, ask->arena, kept);
	return members_wire_standing(ask, owner);
}

enum err
members_on_credential(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__CredentialAsked *asked = (const void *)call;
	Members__Credential *shown = MESSAGE_NEW(ask->arena, members__credential);
	struct members_standing who = standing_of_login(ask, asked->login);

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (shown == NULL)
		return ERR_MEMORY;
	if (who.account != NULL && who.account->proof != NULL) {
		shown->derivation = who.account->proof->derivation;
		SET_FROM(shown, totp_sealed, who.account->proof, totp_sealed);
		SET_FROM(shown, is_closed, who.account, is_closed);
	}
	svc_answer(ask, &shown->base);
	return ERR_NONE;
}

enum err
members_on_sign_in(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__SignIn *asked = (const void *)call;
	struct members_standing who = standing_of_login(ask, asked->login);

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum members_refusal no = members_check_sign_in(asked, &who, ask->now_ms);
	if (no == MEMBERS_OK)
		no = check_session_digest(ask, &asked->session_digest);
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	struct arrival arrival = {
	    .person_id = who.person->person_id,
	    .via = asked->has_totp_step ? MEMBERS__VIA__VIA_PASSWORD
	                                : MEMBERS__VIA__VIA_RECOVERY,
	    .session_digest = &asked->session_digest,
	    .asked = asked,
	};
	return open_session(ask, &arrival);
}

enum err
members_on_sign_in_by_identity(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__SignInByIdentity *asked = (const void *)call;
	struct members_standing who = standing_of_login(ask, asked->login);

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum members_refusal no = members_check_identity(&who);
	if (no == MEMBERS_OK)
		no = check_session_digest(ask, &asked->session_digest);
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	struct arrival arrival = {
	    .person_id = who.person->person_id,
	    .via = MEMBERS__VIA__VIA_IDENTITY,
	    .session_digest = &asked->session_digest,
	};
	return open_session(ask, &arrival);
}

/* ---- using and ending one ---- */

static Members__Session *
session_of_digest(struct svc_ask *ask, struct bytes digest)
{
	return members_session(ask->txn, ask->arena,
	    members_digest_owner(ask->txn, ask->arena, digest, MEMBERS_HELD_SESSION));
}

static void
note_used(struct svc_ask *ask, Members__Session *session)
{
	Members__SessionUsed event = MEMBERS__SESSION_USED__INIT;

	SET(session, used_time, ask->now_ms);
	SET(session, due_time,
	    members_session_due_ms(ask->now_ms, session->expires_time));
	event.session_id = session->session_id;
	SET_FROM(&event, used_time, session, used_time);
	SET_FROM(&event, due_time, session, due_time);
	svc_decide(ask, EVENT(SESSION_USED), &event.base);
}

enum err
members_on_session(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__UseSession *asked = (const void *)call;
	Members__Session *session = session_of_digest(ask, BYTES_OF(asked->digest));
	struct members_standing who =
	    members_wire_standing(ask, session != NULL ? session->person_id : NULL);

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	Members__Over over = members_session_over(session, &who, ask->now_ms);
	if (session == NULL)
		return show_over(ask, over);
	if (over != MEMBERS__OVER__OVER_UNSPECIFIED) {
		end_session(ask, session, (struct members_ending){over, NULL});
		return show_over(ask, over);
	}
	if (!asked->is_watching && members_session_is_to_note(session, ask->now_ms))
		note_used(ask, session);
	return show(ask, &who, session);
}

enum err
members_on_end_session(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__EndSession *asked = (const void *)call;
	const Members__Session *session =
	    session_of_digest(ask, BYTES_OF(asked->digest));
	uint64_t number = svc_next_number(ask);

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (session == NULL)
		return members_wire_done(ask, NULL, 0);
	end_session(ask, session,
	    (struct members_ending){MEMBERS__OVER__OVER_SIGNED_OUT, NULL});
	return members_wire_done(ask, session->session_id, number);
}

enum err
members_on_end_sessions(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__EndSessions *asked = (const void *)call;
	bool is_own = str_equal(asked->person_id, ask->caller.person_id);
	struct members_standing who = members_wire_standing(ask, asked->person_id);
	struct members_ending ended = {MEMBERS__OVER__OVER_ENDED, members_wire_by(ask)};
	uint64_t number = svc_next_number(ask);

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (!is_own && (ask->caller.roles & ADMINISTRATOR) == 0)
		return members_wire_refuse(ask, MEMBERS_SESSIONS_OF_OTHERS);
	if (who.person == NULL)
		return members_wire_refuse(ask, MEMBERS_PERSON_UNKNOWN);
	size_t n = members_wire_end_sessions(
	    ask, asked->person_id, BYTES_OF(asked->kept_digest), ended);
	return members_wire_done(ask, asked->person_id, n > 0 ? number : 0);
}
