#include "members/store_accounts.h"

#include <string.h>

#include "base/message.h"
#include "base/row.h"
#include "base/str.h"
#include "members/store.h"

#define EVENT(name) MEMBERS__MEMBERS_EVENT__EVENT_##name

static const char directory[] = "directory";

/* ---- rows, and what is found by ---- */

Members__Account *
members_account(struct kv_txn *txn, struct arena *a, const char *id)
{
	if (id == NULL)
		return NULL;
	return row_get(
	    txn, a, MEMBERS_ACCOUNTS, row_key(id), &members__account__descriptor);
}

const char *
members_login_owner(struct kv_txn *txn, struct arena *a, const char *login)
{
	struct bytes id;

	if (login == NULL || !kv_get(txn, MEMBERS_LOGINS, row_key(login), &id))
		return NULL;
	return row_text(txn, a, id);
}

Members__Link *
members_link(struct kv_txn *txn, struct arena *a, const char *id)
{
	if (id == NULL)
		return NULL;
	return row_get(txn, a, MEMBERS_LINKS, row_key(id), &members__link__descriptor);
}

Members__Session *
members_session(struct kv_txn *txn, struct arena *a, const char *id)
{
	if (id == NULL)
		return NULL;
	return row_get(
	    txn, a, MEMBERS_SESSIONS, row_key(id), &members__session__descriptor);
}

Members__ApiKey *
members_api_key(struct kv_txn *txn, struct arena *a, const char *id)
{
	if (id == NULL)
		return NULL;
	return row_get(
	    txn, a, MEMBERS_API_KEYS, row_key(id), &members__api_key__descriptor);
}

bool
members_digest_is_known(struct kv_txn *txn, struct bytes digest)
{
	return digest.len > 0 && digest.len <= KV_KEY_MAX &&
	       kv_has(txn, MEMBERS_DIGESTS, digest);
}

const char *
members_digest_owner(
    struct kv_txn *txn, struct arena *a, struct bytes digest, enum members_held kind)
{
	struct bytes found;

	if (digest.len == 0 || digest.len > KV_KEY_MAX ||
	    !kv_get(txn, MEMBERS_DIGESTS, digest, &found) || found.len == 0 ||
	    found.data[0] != (uint8_t)kind)
		return NULL;
	return row_text(txn, a, (struct bytes){found.data + 1, found.len - 1});
}

size_t
members_held(struct kv_txn *txn, struct arena *a, const char *person_id,
    enum members_held kind, const char **out, size_t max)
{
	struct kv_walk w;
	struct bytes prefix = row_part_key(txn, a, person_id, (char)kind, NULL);
	size_t n = 0;

	if (txn->err != ERR_NONE)
		return 0;
	kv_walk(txn, &w, MEMBERS_HELD, prefix, BYTES_NONE);
	while (n < max && kv_next(&w)) {
		out[n] = row_text(txn, a,
		    (struct bytes){w.key.data + prefix.len, w.key.len - prefix.len});
		if (out[n] == NULL)
			break;
		n++;
	}
	kv_walk_end(&w);
	return n;
}

void
members_accounts_changed(struct kv_txn *txn, const struct svc_event *e)
{
	uint8_t number[8];

	bytes_put_u64(number, e->number);
	kv_put(txn, MEMBERS_CHANGED, row_key(directory),
	    (struct bytes){number, sizeof number});
}

uint64_t
members_accounts_changed_number(struct kv_txn *txn)
{
	struct bytes number;

	if (!kv_get(txn, MEMBERS_CHANGED, row_key(directory), &number) ||
	    number.len != 8)
		return 0;
	return bytes_get_u64(number.data);
}

/* ---- what something held is found by ---- */

/* One link, session or API key. */
struct holding {
	enum members_held kind;
	const char *id;
	const char *person_id;
	struct bytes digest;
};

static void
hold(struct kv_txn *txn, struct arena *a, const struct holding *h)
{
	struct bytes value = row_part_key(txn, a, "", (char)h->kind, h->id);
	struct bytes key = row_part_key(txn, a, h->person_id, (char)h->kind, h->id);

	if (txn->err != ERR_NONE)
		return;
	kv_put(txn, MEMBERS_DIGESTS, h->digest, value);
	kv_put(txn, MEMBERS_HELD, key, BYTES_NONE);
}

static void
let_go(struct kv_txn *txn, struct arena *a, const struct holding *h)
{
	struct bytes key = row_part_key(txn, a, h->person_id, (char)h->kind, h->id);

	if (txn->err != ERR_NONE)
		return;
	kv_delete(txn, MEMBERS_DIGESTS, h->digest);
	kv_delete(txn, MEMBERS_HELD, key);
}

static struct holding
holding_of_link(const Members__Link *link)
{
	return (struct holding){
	    MEMBERS_HELD_LINK, link->link_id, link->person_id, BYTES_OF(link->digest)};
}

static struct holding
holding_of_session(const Members__Session *session)
{
	return (struct holding){MEMBERS_HELD_SESSION, session->session_id,
	    session->person_id, BYTES_OF(session->digest)};
}

/* ---- links ---- */

static enum err
link_offered(struct kv_txn *txn, struct arena *a, const Members__LinkOffered *offered)
{
	const Members__Link *link = offered->link;

	if (link == NULL || link->link_id == NULL || link->digest.len == 0)
		return ERR_CORRUPT;
	struct holding h = holding_of_link(link);
	row_put(txn, a, MEMBERS_LINKS, row_key(link->link_id), &link->base);
	hold(txn, a, &h);
	svc_timer_set(txn, a, link->expires_time, MEMBERS_TIMER_LINK, link->link_id);
	return txn->err;
}

static enum err
drop_link(struct kv_txn *txn, struct arena *a, const Members__Link *link)
{
	struct holding h = holding_of_link(link);

	svc_timer_clear(txn, link->expires_time, MEMBERS_TIMER_LINK, link->link_id);
	let_go(txn, a, &h);
	kv_delete(txn, MEMBERS_LINKS, row_key(link->link_id));
	return txn->err;
}

static enum err
link_ended(struct kv_txn *txn, struct arena *a, const Members__LinkEnded *ended)
{
	const Members__Link *link = members_link(txn, a, ended->link_id);

	if (txn->err != ERR_NONE)
		return txn->err;
	return link == NULL ? ERR_CORRUPT : drop_link(txn, a, link);
}

/* ---- accounts ---- */

static enum err
put_account(struct kv_txn *txn, struct arena *a, const Members__Account *account)
{
	row_put(txn, a, MEMBERS_ACCOUNTS, row_key(account->person_id), &account->base);
	return txn->err;
}

/* The row, to be changed and put back: a new one where there is none. */
static Members__Account *
take_account(struct kv_txn *txn, struct arena *a, const char *person_id, enum err *e)
{
	Members__Account *account = members_account(txn, a, person_id);

	*e = txn->err;
	if (*e != ERR_NONE || account != NULL)
		return account;
	*e = ERR_CORRUPT;
	if (person_id == NULL)
		return NULL;
	*e = ERR_MEMORY;
	account = MESSAGE_NEW(a, members__account);
	if (account == NULL)
		return NULL;
	account->person_id = str_copy(a, person_id);
	if (account->person_id == NULL)
		return NULL;
	*e = ERR_NONE;
	return account;
}

static enum err
account_opened(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	const Members__AccountOpened *opened = (const void *)e->message;
	enum err fault;
	Members__Account *account = take_account(txn, a, opened->person_id, &fault);

	if (account == NULL)
		return fault;
	if (opened->login == NULL)
		return ERR_CORRUPT;
	if (account->login != NULL)
		kv_delete(txn, MEMBERS_LOGINS, row_key(account->login));
	kv_put(txn, MEMBERS_LOGINS, row_key(opened->login),
	    bytes_of_text(account->person_id));
	account->login = opened->login;
	account->proof = opened->proof;
	SET(account, opened_time, e->time_ms);
	return put_account(txn, a, account);
}

static enum err
set_closed(struct kv_txn *txn, struct arena *a, const char *person_id, bool is_closed)
{
	enum err fault;
	Members__Account *account = take_account(txn, a, person_id, &fault);

	if (account == NULL)
		return fault;
	SET(account, is_closed, is_closed);
	return put_account(txn, a, account);
}

static enum err
password_changed(
    struct kv_txn *txn, struct arena *a, const Members__PasswordChanged *changed)
{
	enum err fault;
	Members__Account *account = take_account(txn, a, changed->person_id, &fault);

	if (account == NULL)
		return fault;
	account->proof = changed->proof;
	return put_account(txn, a, account);
}

static enum err
recovery_renewed(
    struct kv_txn *txn, struct arena *a, const Members__RecoveryRenewed *renewed)
{
	enum err fault;
	Members__Account *account = take_account(txn, a, renewed->person_id, &fault);

	if (account == NULL)
		return fault;
	if (account->proof == NULL)
		return ERR_CORRUPT;
	account->proof->recovery_digests = renewed->recovery_digests;
	account->proof->n_recovery_digests = renewed->n_recovery_digests;
	return put_account(txn, a, account);
}

/* ---- sessions ---- */

static void
drop_recovery(Members__Proof *proof, const ProtobufCBinaryData *digest)
{
	size_t n = 0;

	for (size_t i = 0; i < proof->n_recovery_digests; i++) {
		if (!bytes_equal(
			BYTES_OF(proof->recovery_digests[i]), BYTES_OF(*digest)))
			proof->recovery_digests[n++] = proof->recovery_digests[i];
	}
	proof->n_recovery_digests = n;
}

/* Whoever signed in, when and how; what was used for it is used up. */
static enum err
note_signed_in(
    struct kv_txn *txn, struct arena *a, const Members__SessionOpened *opened)
{
	const Members__Session *session = opened->session;
	enum err fault;
	Members__Account *account = take_account(txn, a, session->person_id, &fault);

	if (account == NULL)
		return fault;
	SET(account, signed_in_time, session->opened_time);
	SET(account, signed_in_via, session->via);
	if (opened->has_totp_step && account->proof != NULL)
		SET(account->proof, totp_step, opened->totp_step);
	if (opened->has_recovery_digest && account->proof != NULL)
		drop_recovery(account->proof, &opened->recovery_digest);
	return put_account(txn, a, account);
}

static enum err
session_opened(
    struct kv_txn *txn, struct arena *a, const Members__SessionOpened *opened)
{
	const Members__Session *session = opened->session;

	if (session == NULL || session->session_id == NULL || session->digest.len == 0)
		return ERR_CORRUPT;
	struct holding h = holding_of_session(session);
	row_put(txn, a, MEMBERS_SESSIONS, row_key(session->session_id), &session->base);
	hold(txn, a, &h);
	svc_timer_set(
	    txn, a, session->due_time, MEMBERS_TIMER_SESSION, session->session_id);
	return note_signed_in(txn, a, opened);
}

static enum err
session_used(struct kv_txn *txn, struct arena *a, const Members__SessionUsed *used)
{
	Members__Session *session = members_session(txn, a, used->session_id);

	if (txn->err != ERR_NONE)
		return txn->err;
	if (session == NULL)
		return ERR_CORRUPT;
	svc_timer_clear(
	    txn, session->due_time, MEMBERS_TIMER_SESSION, session->session_id);
	SET(session, used_time, used->used_time);
	SET(session, due_time, used->due_time);
	svc_timer_set(
	    txn, a, session->due_time, MEMBERS_TIMER_SESSION, session->session_id);
	row_put(txn, a, MEMBERS_SESSIONS, row_key(session->session_id), &session->base);
	return txn->err;
}

static enum err
drop_session(struct kv_txn *txn, struct arena *a, const Members__Session *session)
{
	struct holding h = holding_of_session(session);

	svc_timer_clear(
	    txn, session->due_time, MEMBERS_TIMER_SESSION, session->session_id);
	let_go(txn, a, &h);
	kv_delete(txn, MEMBERS_SESSIONS, row_key(session->session_id));
	return txn->err;
}

static enum err
session_ended(struct kv_txn *txn, struct arena *a, const Members__SessionEnded *ended)
{
	const Members__Session *session = members_session(txn, a, ended->session_id);

	if (txn->err != ERR_NONE)
		return txn->err;
	return session == NULL ? ERR_CORRUPT : drop_session(txn, a, session);
}

/* The first row of a table, in the arena; NULL where it is empty. */
static void *
first_row(struct kv_txn *txn, struct arena *a, unsigned table,
    const ProtobufCMessageDescriptor *type)
{
	struct kv_walk w;
	void *row = NULL;

	kv_walk(txn, &w, table, BYTES_NONE, BYTES_NONE);
	if (kv_next(&w))
		row = row_at(&w, a, type);
	kv_walk_end(&w);
	return row;
}

static enum err
all_sessions_ended(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	const Members__Session *session;
	const Members__Link *link;
	size_t mark = a->used;

	while ((session = first_row(
		    txn, a, MEMBERS_SESSIONS, &members__session__descriptor)) != NULL &&
	       drop_session(txn, a, session) == ERR_NONE)
		arena_release(a, mark);
	while ((link = first_row(txn, a, MEMBERS_LINKS, &members__link__descriptor)) !=
		   NULL &&
	       drop_link(txn, a, link) == ERR_NONE)
		arena_release(a, mark);
	svc_restored_clear(txn, e);
	return txn->err;
}

/* ---- API keys ---- */

static enum err
put_api_key(struct kv_txn *txn, struct arena *a, const Members__ApiKey *key)
{
	row_put(txn, a, MEMBERS_API_KEYS, row_key(key->api_key_id), &key->base);
	return txn->err;
}

static enum err
api_key_issued(struct kv_txn *txn, struct arena *a, const Members__ApiKeyIssued *issued)
{
	const Members__ApiKey *key = issued->api_key;

	if (key == NULL || key->api_key_id == NULL || key->digest.len == 0)
		return ERR_CORRUPT;
	struct holding h = {MEMBERS_HELD_API_KEY, key->api_key_id, key->person_id,
	    BYTES_OF(key->digest)};
	hold(txn, a, &h);
	return put_api_key(txn, a, key);
}

static enum err
api_key_used(struct kv_txn *txn, struct arena *a, const Members__ApiKeyUsed *used)
{
	Members__ApiKey *key = members_api_key(txn, a, used->api_key_id);

	if (txn->err != ERR_NONE)
		return txn->err;
	if (key == NULL)
		return ERR_CORRUPT;
	SET(key, used_day, used->used_day);
	return put_api_key(txn, a, key);
}

static enum err
api_key_revoked(
    struct kv_txn *txn, struct arena *a, const Members__ApiKeyRevoked *revoked)
{
	Members__ApiKey *key = members_api_key(txn, a, revoked->api_key_id);

	if (txn->err != ERR_NONE)
		return txn->err;
	if (key == NULL)
		return ERR_CORRUPT;
	SET(key, is_revoked, true);
	return put_api_key(txn, a, key);
}

/* ---- apply ---- */

/* The number of a oneof's member is an int to the compiler, as in base/access.c. */
bool
members_accounts_apply(
    struct kv_txn *txn, struct arena *a, const struct svc_event *e, enum err *out)
{
	const void *message = e->message;

	if (e->type == EVENT(LINK_OFFERED))
		*out = link_offered(txn, a, message);
	else if (e->type == EVENT(LINK_ENDED))
		*out = link_ended(txn, a, message);
	else if (e->type == EVENT(ACCOUNT_OPENED))
		*out = account_opened(txn, a, e);
	else if (e->type == EVENT(ACCOUNT_CLOSED))
		*out = set_closed(
		    txn, a, ((const Members__AccountClosed *)message)->person_id, true);
	else if (e->type == EVENT(ACCOUNT_REOPENED))
		*out = set_closed(txn, a,
		    ((const Members__AccountReopened *)message)->person_id, false);
	else if (e->type == EVENT(PASSWORD_CHANGED))
		*out = password_changed(txn, a, message);
	else if (e->type == EVENT(RECOVERY_RENEWED))
		*out = recovery_renewed(txn, a, message);
	else if (e->type == EVENT(SESSION_OPENED))
		*out = session_opened(txn, a, message);
	else if (e->type == EVENT(SESSION_USED))
		*out = session_used(txn, a, message);
	else if (e->type == EVENT(SESSION_ENDED))
		*out = session_ended(txn, a, message);
	else if (e->type == EVENT(ALL_SESSIONS_ENDED))
		*out = all_sessions_ended(txn, a, e);
	else if (e->type == EVENT(API_KEY_ISSUED))
		*out = api_key_issued(txn, a, message);
	else if (e->type == EVENT(API_KEY_USED))
		*out = api_key_used(txn, a, message);
	else if (e->type == EVENT(API_KEY_REVOKED))
		*out = api_key_revoked(txn, a, message);
	else
		return false;
	return true;
}
