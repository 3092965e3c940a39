/* /sign-in, /sign-out */
#include <string.h>

#include <sodium.h>

#include "base/message.h"
#include "base/str.h"
#include "gateway/arrival.h"
#include "gateway/fields.h"
#include "gateway/page_worker.h"
#include "gateway/pages.h"
#include "gateway/routes.h"
#include "gateway/site.h"
#include "gateway/totp.h"
#include "gateway/worker.h"

#define CALL(name) MEMBERS__MEMBERS_CALL__CALL_##name
#define KEPT "kept."

/* ---- the page ---- */

static const struct form nothing;

/* Why nobody is signed in any more, as the address says ("?over=idle"). */
static const char *
over_sentence(const char *code)
{
	static const struct {
		const char *code, *sentence;
	} sentences[] = {
	    {"idle", "You were signed out because nothing was done for 30 minutes."},
	    {"expired",
		"You were signed out: nobody stays signed in for longer than 12 "
		"hours."},
	    {"closed", "This account is closed. An administrator can open it again."},
	    {"no-role",
		"You have no role here any more. An administrator gives roles."},
	    {"ended",
		"You are not signed in any more: nothing was done for 30 minutes, you "
		"signed out in another tab, or the session was ended from elsewhere."},
	};

	for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
		if (str_equal(sentences[i].code, code))
			return sentences[i].sentence;
	return NULL;
}

const char *
page_sign_in_over(Members__Over over)
{
	switch (over) {
	case MEMBERS__OVER__OVER_IDLE: return "idle";
	case MEMBERS__OVER__OVER_EXPIRED: return "expired";
	case MEMBERS__OVER__OVER_CLOSED: return "closed";
	case MEMBERS__OVER__OVER_NO_ROLE: return "no-role";
	/* Of a session that has ended members remembers nothing. */
	case MEMBERS__OVER__OVER_UNKNOWN:
	case MEMBERS__OVER__OVER_SIGNED_OUT:
	case MEMBERS__OVER__OVER_ENDED:
	case MEMBERS__OVER__OVER_REPLACED:
	case MEMBERS__OVER__OVER_RESTORED: return "ended";
	case MEMBERS__OVER__OVER_UNSPECIFIED:
	case MEMBERS__OVER__OVER_USED:
	case MEMBERS__OVER__OVER_REVOKED: break;
	}
	return NULL;
}

/* The one field of this name, as the partial field_text wants it. */
static void
put_field(struct page *p, const struct fields *fields, const struct field *field,
    const char *autocomplete)
{
	json_t *object = fields_text(fields, field);

	json_object_set_new(object, "autocomplete", json_string(autocomplete));
	page_put(p, field->name, object);
}

static void
put_fields(struct page *p)
{
	static const struct field login = {
	    .name = "login", .label = "Email address at work", .kind = "email"};
	static const struct field password = {
	    .name = "password", .label = "Password", .kind = "password"};
	static const struct field code = {.name = "code",
	    .label = "Code from your app",
	    .hint = "Six digits. Each code works once.",
	    .inputmode = "numeric",
	    .width = 10};
	static const struct field recovery = {.name = "recovery",
	    .label = "Recovery code",
	    .hint = "One of the ten you were given, for example k7m2-9xqp-4ftd. It "
		    "works once.",
	    .width = 20};
	const struct fields fresh = {p->arena, &nothing, p->errors};

	put_field(p, FIELDS_OF(p), &login, "username");
	put_field(p, &fresh, &password, "current-password");
	put_field(p, &fresh, &code, "one-time-code");
	put_field(p, &fresh, &recovery, "off");
}

/* ---- what was entered in a form that nobody was signed in for any more ---- */

static bool
is_kept(const char *name)
{
	static const char *const never[] = {
	    "token", "button", "next", "password", "current", "code", "recovery"};

	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
		if (str_starts(name, never[i]))
			return false;
	return true;
}

/* The pairs of the form whose names begin with `from`, with `to` there instead. */
static json_t *
kept_of(struct page *p, const char *from, const char *to)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->form->n; i++) {
		const struct form_pair *pair = &p->form->pairs[i];
		const char *name = pair->name + strlen(from);

		if (str_starts(pair->name, from) && is_kept(name))
			json_array_append_new(
			    list, json_pack("{s:s*, s:s}", "name",
				      str_format(p->arena, "%s%s", to, name), "value",
				      pair->value));
	}
	return list;
}

static void
show(struct page *p, const char *next, json_t *kept)
{
	const char *over = over_sentence(page_query(p, "over"));
	bool has_kept = json_array_size(kept) > 0;

	if (has_kept)
		over = "You are not signed in any more. What you entered is kept: sign "
		       "in, and it is shown again. Nothing was sent.";
	put_fields(p);
	page_put(p, "kept", kept);
	page_put(p, "next", json_string(next));
	if (over != NULL)
		page_put(p, "over", json_string(over));
	page_put(p, "has_identity", json_boolean(arrival_has_identity(p)));
	page_form(p, "token", "/sign-in");
}

void
page_sign_in_view(struct page *p)
{
	const char *next = arrival_next(p);

	if (p->who != NULL && !p->is_post)
		page_go(p, "%s", next);
	else
		show(p, next, kept_of(p, KEPT, KEPT));
}

void
page_sign_in_instead(struct page *p)
{
	const char *next = p->path;

	if (str_equal(next, "/sign-out")) {
		page_go(p, "/sign-in?done=signed-out");
		return;
	}
	p->route = route_find(p, "/sign-in");
	p->is_form_spent = true;
	p->end = PAGE_MADE;
	p->status = 401;
	site_begin_view(p);
	show(p, next, kept_of(p, "", KEPT));
}

/* Signed in: what was entered before is shown again when they say so. */
static void
show_again(struct page *p, json_t *kept)
{
	const char *next = arrival_next(p);

	p->is_form_spent = p->is_answered = true;
	site_begin_view(p);
	page_put(p, "kept", kept);
	page_put(p, "again", json_string(next));
	page_form(p, "token", next);
}

/* ---- signing in ---- */

/* Both are what somebody typed; either may be "". */
struct factors {
	const char *code, *recovery;
};

/* The second factor, if it is right; without one members says no. */
static void
add_factor(struct page *p, const Members__Credential *credential, struct factors typed,
    Members__SignIn *in)
{
	uint8_t *digest = arena_take(p->arena, SECRETS_DIGEST_BYTES);
	struct totp_secret secret;
	int64_t step;

	if (digest != NULL && typed.recovery[0] != '\0' &&
	    secrets_recovery_digest(
		&p->site->secrets, in->login, typed.recovery, digest)) {
		SET_BYTES(in, recovery_digest,
		    ((struct bytes){digest, SECRETS_DIGEST_BYTES}));
		return;
	}
	if (credential->totp_sealed.len != TOTP_SECRET_BYTES + SECRETS_SEAL_BYTES ||
	    !secrets_unseal(&p->site->secrets, in->login,
		BYTES_OF(credential->totp_sealed), secret.bytes))
		return;
	if (totp_check(&secret, typed.code, p->now_ms, &step))
		SET(in, totp_step, (uint64_t)step);
	sodium_memzero(&secret, sizeof secret);
}

/* How to make the key of the password; for a login that nobody has, all the same. */
static void
derivation_for(struct page *p, const Members__Credential *credential, const char *login,
    Members__Derivation *out)
{
	uint8_t *salt = arena_take(p->arena, SECRETS_SALT_BYTES);

	if (credential->derivation != NULL || salt == NULL) {
		if (credential->derivation != NULL)
			*out = *credential->derivation;
		return;
	}
	secrets_made_up_salt(&p->site->secrets, login, salt);
	SET_BYTES(out, salt, ((struct bytes){salt, SECRETS_SALT_BYTES}));
	SET(out, memory_kib, WORKER_MEMORY_KIB);
	SET(out, passes, WORKER_PASSES);
}

static bool
is_complete(
    struct page *p, const char *login, const char *password, struct factors typed)
{
	if (login[0] == '\0')
		page_error(p, "login", "Enter your email address at work.");
	if (password[0] == '\0')
		page_error(p, "password", "Enter your password.");
	if (str_is_blank(typed.code) && str_is_blank(typed.recovery))
		page_error(p, "code",
		    "Enter the code that your app shows, or one of "
		    "your recovery codes.");
	return !page_has_errors(p);
}

/* The question to members, in the arena; NULL: not yet, or the page is over. */
static Members__SignIn *
question(struct page *p, char *login, struct factors typed)
{
	Members__CredentialAsked asked = MEMBERS__CREDENTIAL_ASKED__INIT;
	Members__Derivation derivation = MEMBERS__DERIVATION__INIT;
	Members__SignIn *in = MESSAGE_NEW(p->arena, members__sign_in);
	const Members__Credential *credential;
	const uint8_t *key;
	enum page_state state;

	asked.login = login;
	credential = page_ask_own(p, "members", CALL(CREDENTIAL), &asked.base, &state);
	if (credential == NULL || in == NULL) {
		arrival_without_members(p, state);
		return NULL;
	}
	derivation_for(p, credential, login, &derivation);
	key =
	    page_password_key(p, form_first(p->form, "password"), &derivation, &state);
	if (key == NULL) {
		arrival_without_worker(p, state);
		return NULL;
	}
	in->login = login;
	SET_BYTES(in, password_key, ((struct bytes){key, WORKER_KEY_BYTES}));
	add_factor(p, credential, typed, in);
	return in;
}

void
page_sign_in_act(struct page *p)
{
	struct arrival_login login = arrival_login(form_first(p->form, "login"));
	struct factors typed = {arrival_typed(p, "code"), arrival_typed(p, "recovery")};
	Members__SignIn *in;
	struct arrival a;
	struct bytes proof;
	const void *shown;
	json_t *kept;

	if (!is_complete(p, login.text, arrival_typed(p, "password"), typed) ||
	    !arrival_may_try(p, login.text))
		return;
	in = question(p, login.text, typed);
	if (in == NULL || message_pack(p->arena, &in->base, &proof) != ERR_NONE)
		return;
	a = arrival_of(p, proof);
	SET_BYTES(in, session_digest, ((struct bytes){a.digest, sizeof a.digest}));
	if (page_do_own(p, a.nth, "members", CALL(SIGN_IN), &in->base, &shown) !=
	    PAGE_YES)
		return;
	arrival_was_right(p, login.text);
	if (!arrival_opens(p, &a, shown, login.text))
		return;
	kept = kept_of(p, KEPT, "");
	if (json_array_size(kept) > 0) {
		show_again(p, kept);
		return;
	}
	json_decref(kept);
	page_go(p, "%s", arrival_next(p));
}

/* ---- signing out ---- */

void
page_sign_out_view(struct page *p)
{
	page_put(p, "name", json_string(p->who->person_name));
}

void
page_sign_out_act(struct page *p)
{
	Members__EndSession end = MEMBERS__END_SESSION__INIT;
	uint8_t digest[SESSION_DIGEST_BYTES];

	memcpy(digest, p->who->digest, sizeof digest);
	SET_BYTES(&end, digest, ((struct bytes){digest, sizeof digest}));
	if (page_do_own(p, 0, "members", CALL(END_SESSION), &end.base, NULL) ==
	    PAGE_WAITS)
		return;
	/* Members down or not: this browser has no session any more. */
	sessions_drop(&p->site->sessions, digest);
	page_cookie(p, site_session_cookie(p), "", 0);
	if (site_cookie(p, "organisation") != NULL)
		page_cookie(p, "organisation", "", 0);
	page_go(p, "/sign-in?done=signed-out");
}
