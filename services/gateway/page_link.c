/* /link/TOKEN: what an administrator, or the console, gave somebody to come in by. */
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

/* ---- what it is ---- */

static json_t *
roles_of(struct page *p, const Members__Person *person)
{
	json_t *list = json_array();

	for (size_t i = 0; i < person->n_grants; i++) {
		const Members__Grant *grant = person->grants[i];

		json_array_append_new(
		    list, json_pack("{s:s, s:s}", "role",
			      say_enum(p->arena, &members__role__descriptor,
				  (int)grant->role),
			      "organisation",
			      directory_organisation_name(
				  p->directory, grant->organisation_id)));
	}
	return list;
}

/* How the app is to name the account before anybody chose a login. */
static const char *
account_name(const Members__LinkShown *link)
{
	return link->login != NULL ? link->login : link->person->name;
}

static void
put_invitation(struct page *p, const Members__LinkShown *link)
{
	const struct field login = {.name = "login",
	    .label = "Email address at work",
	    .hint = "You will sign in with it.",
	    .value = link->login,
	    .kind = "email"};
	json_t *object = fields_text(FIELDS_OF(p), &login);

	json_object_set_new(object, "autocomplete", json_string("username"));
	page_put(p, "login", object);
	factor_put_password(p, "password", "Password",
	    "12 characters or more, for example three or four words that do not belong "
	    "together. You may paste it from a password manager.",
	    "new-password");
	factor_put_password(
	    p, "password_again", "The same password again", NULL, "new-password");
	factor_put_app(p, factor_app_id(p, page_param(p, "token")), account_name(link));
	factor_put_code(p, "Code that the app shows now");
	page_put(p, "has_identity", json_boolean(arrival_has_identity(p)));
	page_put(p, "token", json_string(page_param(p, "token")));
	page_put(p, "is_invitation", json_true());
	page_put(p, "is_anew", json_boolean(link->login != NULL));
}

void
page_link_view(struct page *p)
{
	const Members__LinkShown *link = arrival_link(p, page_param(p, "token"));

	if (link == NULL)
		return;
	page_put(p, "person", json_string(link->person->name));
	page_put(p, "roles", roles_of(p, link->person));
	if (p->who != NULL && !str_equal(p->who->person_id, link->person->person_id))
		page_put(p, "other", json_string(p->who->person_name));
	page_put(p, "until", say_when(p->arena, link->expires_time, p->now_ms));
	if (link->purpose == MEMBERS__LINK_PURPOSE__LINK_PURPOSE_INVITATION)
		put_invitation(p, link);
}

/* ---- using it ---- */

static void
sign_in(struct page *p)
{
	const char *token = page_param(p, "token");
	Members__UseLink use = MEMBERS__USE_LINK__INIT;
	struct arrival a = arrival_of(p, bytes_of_text(token));
	uint8_t digest[SECRETS_DIGEST_BYTES];
	const void *shown;

	secrets_digest(token, digest);
	SET_BYTES(&use, digest, ((struct bytes){digest, sizeof digest}));
	SET_BYTES(&use, session_digest, ((struct bytes){a.digest, sizeof a.digest}));
	if (page_do_own(p, a.nth, "members", CALL(SIGN_IN_BY_LINK), &use.base,
		&shown) == PAGE_YES &&
	    arrival_opens(p, &a, shown, NULL))
		page_go(p, "%s", route_home(p->who == NULL ? 0 : p->who->roles));
}

/* All that the form says, in the arena; NULL: not yet, or the page has its errors. */
static Members__TakeInvitation *
taken(struct page *p, char *login)
{
	const char *token = page_param(p, "token"), *app = factor_app_id(p, token);
	Members__TakeInvitation *take = MESSAGE_NEW(p->arena, members__take_invitation);
	Members__Derivation *derivation = MESSAGE_NEW(p->arena, members__derivation);
	uint64_t step = 0;
	const uint8_t *key, *sealed;
	enum page_state state;
	bool is_good = true;

	if (login[0] == '\0')
		page_error(p, "login", "Enter your email address at work.");
	is_good = factor_password_is_good(p, login);
	if (!factor_app_is_set_up(p, app, &step) || !is_good || page_has_errors(p))
		return NULL;
	if (take == NULL || derivation == NULL ||
	    !factor_derivation(p, token, derivation))
		return NULL;
	key = page_password_key(p, form_first(p->form, "password"), derivation, &state);
	sealed = factor_app_sealed(p, app, login);
	if (key == NULL) {
		arrival_without_worker(p, state);
		return NULL;
	}
	take->login = login;
	take->derivation = derivation;
	SET_BYTES(take, password_key, ((struct bytes){key, WORKER_KEY_BYTES}));
	SET_BYTES(take, totp_sealed, ((struct bytes){sealed, FACTOR_SEALED_BYTES}));
	SET(take, totp_step, step);
	take->recovery_digests = factor_recovery_digests(p, token, login);
	take->n_recovery_digests = SECRETS_RECOVERY_CODES;
	return take;
}

static void
open_account(struct page *p)
{
	const char *token = page_param(p, "token");
	struct arrival_login login = arrival_login(form_first(p->form, "login"));
	Members__TakeInvitation *take = taken(p, login.text);
	uint8_t digest[SECRETS_DIGEST_BYTES];
	struct arrival a;
	struct bytes proof;
	const void *shown;

	if (take == NULL || message_pack(p->arena, &take->base, &proof) != ERR_NONE)
		return;
	a = arrival_of(p, proof);
	secrets_digest(token, digest);
	SET_BYTES(take, digest, ((struct bytes){digest, sizeof digest}));
	SET_BYTES(take, session_digest, ((struct bytes){a.digest, sizeof a.digest}));
	if (page_do_own(p, a.nth, "members", CALL(OPEN_ACCOUNT), &take->base, &shown) !=
		PAGE_YES ||
	    !arrival_opens(p, &a, shown, login.text))
		return;
	p->is_form_spent = p->is_answered = true;
	site_begin_view(p);
	factor_put_recovery(p, token);
	page_put(
	    p, "go_on", json_string(route_home(p->who == NULL ? 0 : p->who->roles)));
}

void
page_link_act(struct page *p)
{
	const Members__LinkShown *link = arrival_link(p, page_param(p, "token"));

	if (link == NULL)
		return;
	switch (link->purpose) {
	case MEMBERS__LINK_PURPOSE__LINK_PURPOSE_SIGN_IN: sign_in(p); break;
	case MEMBERS__LINK_PURPOSE__LINK_PURPOSE_INVITATION: open_account(p); break;
	case MEMBERS__LINK_PURPOSE__LINK_PURPOSE_UNSPECIFIED: page_missing(p); break;
	}
}
