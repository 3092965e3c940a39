#include "members/wire_inside.h"

#include <assert.h>

#include "base/access.h"
#include "base/day.h"
#include "base/digest.h"
#include "base/message.h"
#include "base/str.h"

/* ---- what all share ---- */

char *
members_wire_by(struct svc_ask *ask)
{
	return str_copy(ask->arena, ask->caller.person_id);
}

char *
members_wire_id(struct svc_ask *ask)
{
	return str_copy(ask->arena, svc_new_id(ask));
}

struct members_standing
members_wire_standing(struct svc_ask *ask, const char *person_id)
{
	const char *key_id;
	struct members_standing who = {.today = day_in_london(ask->now_ms)};

	if (person_id == NULL)
		return who;
	who.person = access_person(ask->txn, ask->arena, person_id);
	who.account = members_account(ask->txn, ask->arena, person_id);
	who.is_system = members_held(ask->txn, ask->arena, person_id,
			    MEMBERS_HELD_API_KEY, &key_id, 1) > 0;
	return who;
}

void
members_wire_end_link(
    struct svc_ask *ask, const Members__Link *link, struct members_ending why)
{
	Members__LinkEnded event = MEMBERS__LINK_ENDED__INIT;

	event.link_id = link->link_id;
	event.by_id = why.by_id;
	SET(&event, over, why.over);
	svc_decide(ask, EVENT(LINK_ENDED), &event.base);
}

/* A person's links of a purpose (UNSPECIFIED: any), oldest first; how many. */
static size_t
links_of(struct svc_ask *ask, const char *person_id, Members__LinkPurpose purpose,
    Members__Link *out[MEMBERS_LINKS_MAX])
{
	const char *ids[MEMBERS_LINKS_MAX];
	size_t n = 0, held = members_held(ask->txn, ask->arena, person_id,
			  MEMBERS_HELD_LINK, ids, MEMBERS_LINKS_MAX);

	for (size_t i = 0; i < held; i++) {
		Members__Link *link = members_link(ask->txn, ask->arena, ids[i]);
		if (link == NULL)
			continue;
		if (purpose == MEMBERS__LINK_PURPOSE__LINK_PURPOSE_UNSPECIFIED ||
		    link->purpose == purpose)
			out[n++] = link;
	}
	return n;
}

/* ---- links ---- */

/* The newest `left` of the person's links of this purpose remain. */
static void
end_links(struct svc_ask *ask, const char *person_id, Members__LinkPurpose purpose,
    size_t left, struct members_ending why)
{
	Members__Link *links[MEMBERS_LINKS_MAX];
	size_t n = links_of(ask, person_id, purpose, links);

	for (size_t i = 0; i + left < n; i++)
		members_wire_end_link(ask, links[i], why);
}

static bool
may_sign_in(const struct svc_ask *ask)
{
	return svc_context(ask->svc) != NULL;
}

enum err
members_on_offer_link(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__OfferLink *asked = (const void *)call;
	struct members_offer_facts known = {
	    .who = members_wire_standing(ask, asked->person_id),
	    .is_digest_known =
		members_digest_is_known(ask->txn, BYTES_OF(asked->digest)),
	    .may_sign_in = may_sign_in(ask),
	    .now_ms = ask->now_ms,
	};
	struct members_ending replaced = {
	    MEMBERS__OVER__OVER_REPLACED, members_wire_by(ask)};
	Members__Link link = MEMBERS__LINK__INIT;
	Members__LinkOffered event = MEMBERS__LINK_OFFERED__INIT;

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum members_refusal no = members_check_offer(asked, &known);
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	end_links(ask, asked->person_id, asked->purpose,
	    members_links_left_max(asked->purpose), replaced);
	link.link_id = members_wire_id(ask);
	link.person_id = asked->person_id;
	link.offered_by_id = replaced.by_id;
	if (ask->arena->is_full)
		return ERR_MEMORY;
	SET(&link, digest, asked->digest);
	SET(&link, purpose, asked->purpose);
	SET(&link, expires_time, members_link_expires_ms(asked, ask->now_ms));
	event.link = &link;
	uint64_t number = svc_next_number(ask);
	svc_decide(ask, EVENT(LINK_OFFERED), &event.base);
	return members_wire_done(ask, link.link_id, number);
}

enum err
members_on_link(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__LinkAsked *asked = (const void *)call;
	Members__LinkShown *shown = MESSAGE_NEW(ask->arena, members__link_shown);
	const Members__Link *link = members_link(ask->txn, ask->arena,
	    members_digest_owner(
		ask->txn, ask->arena, BYTES_OF(asked->digest), MEMBERS_HELD_LINK));

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	if (shown == NULL)
		return ERR_MEMORY;
	enum members_refusal no = members_check_link(
	    link, MEMBERS__LINK_PURPOSE__LINK_PURPOSE_UNSPECIFIED, ask->now_ms);
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	struct members_standing who = members_wire_standing(ask, link->person_id);
	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	no = members_check_standing(&who);
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	shown->person = message_copy(ask->arena, &who.person->base);
	if (shown->person == NULL)
		return ERR_MEMORY;
	SET_FROM(shown, purpose, link, purpose);
	SET_FROM(shown, expires_time, link, expires_time);
	if (who.account != NULL)
		shown->login = who.account->login;
	svc_answer(ask, &shown->base);
	return ERR_NONE;
}

/* ---- passwords ---- */

/* The proof there is, with the new password in it; NULL latches nothing: no room. */
static Members__Proof *
changed_proof(struct svc_ask *ask, const Members__ChangePassword *asked,
    const Members__Proof *proof)
{
	Members__Proof *changed = message_copy(ask->arena, &proof->base);
	uint8_t *verifier = arena_take(ask->arena, DIGEST_BYTES);

	if (changed == NULL || verifier == NULL)
		return NULL;
	digest_of(BYTES_OF(asked->new_password_key), verifier);
	SET_BYTES(changed, verifier, ((struct bytes){verifier, DIGEST_BYTES}));
	changed->derivation = asked->derivation;
	if (asked->has_totp_sealed) {
		SET_FROM(changed, totp_sealed, asked, totp_sealed);
		SET_FROM(changed, totp_step, asked, totp_step);
	}
	return changed;
}

enum err
members_on_change_password(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__ChangePassword *asked = (const void *)call;
	struct members_standing who = members_wire_standing(ask, ask->caller.person_id);
	struct members_ending replaced = {
	    MEMBERS__OVER__OVER_REPLACED, members_wire_by(ask)};
	Members__PasswordChanged event = MEMBERS__PASSWORD_CHANGED__INIT;
	uint64_t number = svc_next_number(ask);

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum members_refusal no = members_check_change(asked, who.account, ask->now_ms);
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	assert(who.account != NULL && "whose password it is has an account");
	event.person_id = replaced.by_id;
	event.proof = changed_proof(ask, asked, who.account->proof);
	if (event.proof == NULL)
		return ERR_MEMORY;
	svc_decide(ask, EVENT(PASSWORD_CHANGED), &event.base);
	members_wire_end_sessions(
	    ask, event.person_id, BYTES_OF(asked->kept_digest), replaced);
	return members_wire_done(ask, event.person_id, number);
}

enum err
members_on_renew_recovery(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__RenewRecovery *asked = (const void *)call;
	struct members_standing who = members_wire_standing(ask, ask->caller.person_id);
	Members__RecoveryRenewed event = MEMBERS__RECOVERY_RENEWED__INIT;
	uint64_t number = svc_next_number(ask);

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum members_refusal no = members_check_renew(asked, who.account);
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	event.person_id = members_wire_by(ask);
	if (event.person_id == NULL)
		return ERR_MEMORY;
	event.recovery_digests = asked->recovery_digests;
	event.n_recovery_digests = asked->n_recovery_digests;
	svc_decide(ask, EVENT(RECOVERY_RENEWED), &event.base);
	return members_wire_done(ask, event.person_id, number);
}

/* ---- closing ---- */

static bool
can_get_in(struct svc_ask *ask, const char *person_id)
{
	const Members__Account *account =
	    members_account(ask->txn, ask->arena, person_id);

	if (account != NULL && account->login != NULL && !account->is_closed)
		return true;
	return members_store_has_key(ask->txn, ask->arena, person_id, BYTES_NONE);
}

/* Would another administrator without an end remain, who has an account or a key? */
static bool
others_remain(struct svc_ask *ask, const char *but_person_id)
{
	const Members__Person **people;
	size_t n = members_store_administrators(ask->txn, ask->arena, &people);
	int32_t today = day_in_london(ask->now_ms);

	for (size_t i = 0; i < n; i++) {
		if (!str_equal(people[i]->person_id, but_person_id) &&
		    members_is_lasting_administrator(people[i], today) &&
		    can_get_in(ask, people[i]->person_id))
			return true;
	}
	return false;
}

enum err
members_on_close_account(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__CloseAccount *asked = (const void *)call;
	struct members_standing who = members_wire_standing(ask, asked->person_id);
	bool others = others_remain(ask, asked->person_id);
	struct members_ending closed = {
	    MEMBERS__OVER__OVER_CLOSED, members_wire_by(ask)};
	Members__AccountClosed event = MEMBERS__ACCOUNT_CLOSED__INIT;
	uint64_t number = svc_next_number(ask);

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum members_refusal no = members_check_close(&who, others);
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	event.person_id = asked->person_id;
	event.by_id = closed.by_id;
	svc_decide(ask, EVENT(ACCOUNT_CLOSED), &event.base);
	members_wire_end_sessions(ask, asked->person_id, BYTES_NONE, closed);
	end_links(ask, asked->person_id,
	    MEMBERS__LINK_PURPOSE__LINK_PURPOSE_UNSPECIFIED, 0, closed);
	return members_wire_done(ask, asked->person_id, number);
}

enum err
members_on_reopen_account(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__ReopenAccount *asked = (const void *)call;
	struct members_standing who = members_wire_standing(ask, asked->person_id);
	Members__AccountReopened event = MEMBERS__ACCOUNT_REOPENED__INIT;
	uint64_t number = svc_next_number(ask);

	if (ask->txn->err != ERR_NONE)
		return ask->txn->err;
	enum members_refusal no = members_check_reopen(&who);
	if (no != MEMBERS_OK)
		return members_wire_refuse(ask, no);
	event.person_id = asked->person_id;
	event.by_id = members_wire_by(ask);
	svc_decide(ask, EVENT(ACCOUNT_REOPENED), &event.base);
	return members_wire_done(ask, asked->person_id, number);
}

/* ---- passing time, and being restored ---- */

static enum err
session_is_due(struct svc_ask *ask, char *session_id)
{
	const Members__Session *session =
	    members_session(ask->txn, ask->arena, session_id);
	Members__SessionEnded event = MEMBERS__SESSION_ENDED__INIT;

	if (session == NULL)
		return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_CORRUPT;
	event.session_id = session_id;
	SET(&event, over,
	    session->due_time < session->expires_time ? MEMBERS__OVER__OVER_IDLE
						      : MEMBERS__OVER__OVER_EXPIRED);
	svc_decide(ask, EVENT(SESSION_ENDED), &event.base);
	return ask->txn->err;
}

static enum err
link_is_due(struct svc_ask *ask, const char *link_id)
{
	const Members__Link *link = members_link(ask->txn, ask->arena, link_id);
	struct members_ending expired = {MEMBERS__OVER__OVER_EXPIRED, NULL};

	if (link == NULL)
		return ask->txn->err != ERR_NONE ? ask->txn->err : ERR_CORRUPT;
	members_wire_end_link(ask, link, expired);
	return ask->txn->err;
}

enum err
members_on_timer(struct svc_ask *ask, const Journal__Timer *timer)
{
	if (timer->kind == MEMBERS_TIMER_SESSION)
		return session_is_due(ask, timer->subject_id);
	if (timer->kind == MEMBERS_TIMER_LINK)
		return link_is_due(ask, timer->subject_id);
	return ERR_CORRUPT;
}

enum err
members_on_restored(struct svc_ask *ask, const struct journal_head *head)
{
	Members__AllSessionsEnded event = MEMBERS__ALL_SESSIONS_ENDED__INIT;

	(void)head;
	SET(&event, sessions, kv_count(ask->txn, MEMBERS_SESSIONS));
	SET(&event, links, kv_count(ask->txn, MEMBERS_LINKS));
	svc_decide(ask, EVENT(ALL_SESSIONS_ENDED), &event.base);
	return ask->txn->err;
}
