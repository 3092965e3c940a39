/* /account: whoever is signed in, about their own account. */
#include <string.h>

#include "base/message.h"
#include "base/str.h"
#include "gateway/arrival.h"
#include "gateway/directory.h"
#include "gateway/factor.h"
#include "gateway/fields.h"
#include "gateway/page_worker.h"
#include "gateway/pages.h"
#include "gateway/routes.h"
#include "gateway/say.h"
#include "gateway/site.h"
#include "gateway/worker.h"

#define CALL(name) MEMBERS__MEMBERS_CALL__CALL_##name

/* ---- what there is ---- */

/* The session as members has it; NULL: not yet, or the page is over. */
static const Members__SessionShown *
session_shown(struct page *p)
{
	Members__UseSession asked = MEMBERS__USE_SESSION__INIT;
	uint8_t digest[SESSION_DIGEST_BYTES];
	const Members__SessionShown *shown;
	enum page_state state;

	memcpy(digest, p->who->digest, sizeof digest);
	SET_BYTES(&asked, digest, ((struct bytes){digest, sizeof digest}));
	shown = page_ask_own(p, "members", CALL(SESSION), &asked.base, &state);
	if (shown == NULL)
		arrival_without_members(p, state);
	else if (shown->session == NULL)
		p->end = PAGE_SIGN_IN; /* it ended in this moment */
	return shown == NULL || shown->session == NULL ? NULL : shown;
}

static void
add_row(json_t *rows, const char *key, const char *value, const char *href)
{
	json_array_append_new(rows,
	    json_pack("{s:s, s:s, s:s*}", "key", key, "value", value, "href", href));
}

static const char *
via_words(Members__Via via)
{
	switch (via) {
	case MEMBERS__VIA__VIA_INVITATION: return "an invitation";
	case MEMBERS__VIA__VIA_LINK: return "a link";
	case MEMBERS__VIA__VIA_PASSWORD: return "password and app";
	case MEMBERS__VIA__VIA_RECOVERY: return "password and a recovery code";
	case MEMBERS__VIA__VIA_IDENTITY: return "your organisation\u2019s sign-in";
	case MEMBERS__VIA__VIA_API_KEY:
	case MEMBERS__VIA__VIA_UNSPECIFIED: break;
	}
	return "a way that is not known";
}

static void
add_proofs(struct page *p, json_t *rows, const Members__SessionShown *shown)
{
	if (!shown->has_recovery_left)
		return;
	add_row(rows, "Password", "Not shown", "/account/password");
	add_row(rows, "App for codes", "Set up", "/account/app");
	add_row(rows, "Recovery codes",
	    say_count(p->arena, shown->recovery_left, "left", "left"),
	    "/account/recovery");
}

void
page_account_view(struct page *p)
{
	const Members__SessionShown *shown = session_shown(p);
	json_t *rows;

	if (shown == NULL)
		return;
	rows = json_array();
	add_row(rows, "Name", p->who->person_name, NULL);
	if (shown->login != NULL)
		add_row(rows, "Email address", shown->login, NULL);
	add_row(rows, "Acting for",
	    directory_organisation_name(p->directory, p->who->organisation_id),
	    p->who->organisations_n > 1 ? "/account/organisation" : NULL);
	add_proofs(p, rows, shown);
	add_row(rows, "Signed in",
	    str_format(p->arena, "%s, by %s",
		say_time(p->arena, shown->session->opened_time, p->now_ms),
		via_words(shown->session->via)),
	    NULL);
	add_row(rows, "Signed out at the latest",
	    str_format(p->arena, "%s, or after 30 minutes in which nothing is done",
		say_time(p->arena, shown->session->expires_time, p->now_ms)),
	    NULL);
	page_put(p, "rows", rows);
	page_form(p, "sessions_token", "/account/sessions");
}

/* ---- for whom somebody acts ---- */

static void
put_back(struct page *p)
{
	page_put(p, "back",
	    json_pack("{s:s, s:s}", "href", "/account", "text", "Your account"));
}

void
page_organisation_view(struct page *p)
{
	struct field_option options[SESSION_ORGANISATIONS_MAX];
	const struct field field = {.name = "organisation",
	    .label = "Which organisation do you act for?",
	    .value = p->who->organisation_id,
	    .options = options,
	    .options_n = p->who->organisations_n};

	for (size_t i = 0; i < p->who->organisations_n; i++) {
		const char *id = p->who->organisations[i].organisation_id;

		options[i] = (struct field_option){
		    .value = id,
		    .label = directory_organisation_name(p->directory, id),
		};
	}
	put_back(p);
	page_put(p, "organisation", fields_radios(FIELDS_OF(p), &field));
}

void
page_organisation_act(struct page *p)
{
	const char *id = arrival_typed(p, "organisation");
	struct session acting = *p->who;

	session_act_for(&acting, id);
	if (!str_equal(acting.organisation_id, id)) {
		page_error(p, "organisation", "Choose one of your organisations.");
		return;
	}
	page_cookie(p, "organisation", str_copy(p->arena, id), 0);
	page_go(p, "%s", route_home(acting.roles));
}

/* ---- what is changed with the password that there is ---- */

/* The account's login and the key of the password in the form; NULL: not yet, or the
 * page says why not. */
struct owner {
	char *login;
	const uint8_t *key;
};

static bool
find_owner(struct page *p, struct owner *out)
{
	const Members__SessionShown *shown = session_shown(p);
	Members__CredentialAsked asked = MEMBERS__CREDENTIAL_ASKED__INIT;
	const Members__Credential *credential;
	enum page_state state;

	if (shown == NULL)
		return false;
	if (shown->login == NULL || !shown->has_recovery_left) {
		page_missing(p); /* who has no password changes none */
		return false;
	}
	if (!arrival_may_try(p, shown->login))
		return false;
	asked.login = out->login = shown->login;
	credential = page_ask_own(p, "members", CALL(CREDENTIAL), &asked.base, &state);
	if (credential == NULL || credential->derivation == NULL) {
		arrival_without_members(p, credential == NULL ? state : PAGE_DOWN);
		return false;
	}
	out->key = page_password_key(
	    p, arrival_typed(p, "current"), credential->derivation, &state);
	if (out->key == NULL)
		arrival_without_worker(p, state);
	return out->key != NULL;
}

static bool
has_current(struct page *p)
{
	if (arrival_typed(p, "current")[0] == '\0')
		page_error(p, "current", "Enter the password that you have now.");
	return !page_has_errors(p);
}

static void
put_current(struct page *p)
{
	factor_put_password(
	    p, "current", "The password you have now", NULL, "current-password");
}

/* Sends the command; true: members said yes. */
static bool
is_done(struct page *p, const struct owner *owner, uint32_t method,
    const ProtobufCMessage *body)
{
	struct bytes packed;

	if (message_pack(p->arena, body, &packed) != ERR_NONE) {
		p->end = PAGE_BROKEN;
		return false;
	}
	if (page_do(p, arrival_nth(packed), "members", method, body, NULL) != PAGE_YES)
		return false;
	arrival_was_right(p, owner->login);
	return true;
}

/* From the password `next`, whose key is made anew. */
static bool
change(struct page *p, const struct owner *owner, const char *next,
    Members__ChangePassword *asked)
{
	Members__Derivation *derivation = MESSAGE_NEW(p->arena, members__derivation);
	uint8_t *kept = arena_take(p->arena, SESSION_DIGEST_BYTES);
	enum page_state state;
	const uint8_t *key;

	if (derivation == NULL || kept == NULL ||
	    !factor_derivation(p, p->form_id.text, derivation))
		return false;
	key = page_password_key(p, next, derivation, &state);
	if (key == NULL) {
		arrival_without_worker(p, state);
		return false;
	}
	memcpy(kept, p->who->digest, SESSION_DIGEST_BYTES);
	asked->derivation = derivation;
	SET_BYTES(asked, password_key, ((struct bytes){owner->key, WORKER_KEY_BYTES}));
	SET_BYTES(asked, new_password_key, ((struct bytes){key, WORKER_KEY_BYTES}));
	SET_BYTES(asked, kept_digest, ((struct bytes){kept, SESSION_DIGEST_BYTES}));
	return is_done(p, owner, CALL(CHANGE_PASSWORD), &asked->base);
}

void
page_password_view(struct page *p)
{
	put_back(p);
	put_current(p);
	factor_put_password(p, "password", "New password",
	    "12 characters or more, for example three or four words that do not belong "
	    "together.",
	    "new-password");
	factor_put_password(
	    p, "password_again", "The new password again", NULL, "new-password");
}

void
page_password_act(struct page *p)
{
	Members__ChangePassword asked = MEMBERS__CHANGE_PASSWORD__INIT;
	struct owner owner;

	/* All that can be said at once is. */
	(void)factor_password_is_good(p, NULL);
	if (!has_current(p) || !find_owner(p, &owner) ||
	    !factor_password_is_good(p, owner.login))
		return;
	if (change(p, &owner, arrival_typed(p, "password"), &asked))
		page_go(p, "/account?done=password-changed");
}

/* ---- another app ---- */

/* The app that this page sets up. */
static const char *
app_id(struct page *p)
{
	char *hex = arena_take(p->arena, 2 * (size_t)SESSION_DIGEST_BYTES + 1);

	if (hex != NULL)
		bytes_to_hex((struct bytes){p->who->digest, SESSION_DIGEST_BYTES}, hex);
	return factor_app_id(p, hex == NULL ? "" : hex);
}

void
page_app_view(struct page *p)
{
	const Members__SessionShown *shown = session_shown(p);

	if (shown == NULL)
		return;
	if (shown->login == NULL) {
		page_missing(p);
		return;
	}
	put_back(p);
	factor_put_app(p, app_id(p), shown->login);
	put_current(p);
	factor_put_code(p, "Code that the new app shows now");
}

void
page_app_act(struct page *p)
{
	Members__ChangePassword asked = MEMBERS__CHANGE_PASSWORD__INIT;
	const char *app = app_id(p);
	const uint8_t *sealed;
	struct owner owner;
	uint64_t step;

	(void)factor_app_is_set_up(p, app, &step);
	if (!has_current(p) || !find_owner(p, &owner))
		return;
	sealed = factor_app_sealed(p, app, owner.login);
	SET_BYTES(&asked, totp_sealed, ((struct bytes){sealed, FACTOR_SEALED_BYTES}));
	SET(&asked, totp_step, step);
	if (change(p, &owner, arrival_typed(p, "current"), &asked))
		page_go(p, "/account?done=app-changed");
}

/* ---- new recovery codes ---- */

void
page_recovery_view(struct page *p)
{
	put_back(p);
	put_current(p);
}

void
page_recovery_act(struct page *p)
{
	Members__RenewRecovery asked = MEMBERS__RENEW_RECOVERY__INIT;
	struct owner owner;

	if (!has_current(p) || !find_owner(p, &owner))
		return;
	SET_BYTES(&asked, password_key, ((struct bytes){owner.key, WORKER_KEY_BYTES}));
	asked.recovery_digests =
	    factor_recovery_digests(p, p->form_id.text, owner.login);
	asked.n_recovery_digests = SECRETS_RECOVERY_CODES;
	if (!is_done(p, &owner, CALL(RENEW_RECOVERY), &asked.base))
		return;
	factor_put_recovery(p, p->form_id.text);
	page_put(p, "has_codes", json_true());
	p->is_answered = p->is_form_spent = true;
}

/* ---- sessions elsewhere ---- */

void
page_sessions_view(struct page *p)
{
	page_go(p, "/account");
}

void
page_sessions_act(struct page *p)
{
	Members__EndSessions asked = MEMBERS__END_SESSIONS__INIT;
	char person_id[ID_LEN + 1];
	uint8_t kept[SESSION_DIGEST_BYTES];

	memcpy(person_id, p->who->person_id, sizeof person_id);
	memcpy(kept, p->who->digest, sizeof kept);
	asked.person_id = person_id;
	SET_BYTES(&asked, kept_digest, ((struct bytes){kept, sizeof kept}));
	if (page_do(p, 0, "members", CALL(END_SESSIONS), &asked.base, NULL) == PAGE_YES)
		page_go(p, "/account?done=signed-out-elsewhere");
}
