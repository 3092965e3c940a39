#include "gateway/arrival.h"

#include <string.h>

#include <sodium.h>

#include "base/message.h"
#include "base/str.h"
#include "gateway/limits.h"
#include "gateway/routes.h"
#include "gateway/say.h"
#include "gateway/site.h"

#define CALL(name) MEMBERS__MEMBERS_CALL__CALL_##name
#define DAY_S (24 * 60 * 60)
#define MINUTE_MS 60000
#define NEXT_BYTES_MAX 512
#define NTH_END_OTHER 1u /* of the form's commands */
#define NTH_FIRST 16u

/* ---- names ---- */

struct arrival_login
arrival_login(const char *typed)
{
	struct arrival_login login = {""};
	size_t n = 0;

	if (typed == NULL)
		return login;
	typed += strspn(typed, " \t");
	for (; typed[n] != '\0' && n + 1 < sizeof login.text; n++) {
		char c = typed[n];

		login.text[n] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	while (n > 0 && (login.text[n - 1] == ' ' || login.text[n - 1] == '\t'))
		login.text[--n] = '\0';
	return login;
}

static const char *
device_cookie(const struct page *p)
{
	return p->request->is_from_front ? "__Host-device" : "device";
}

/* ---- what begins ---- */

unsigned
arrival_nth(struct bytes body)
{
	uint8_t digest[crypto_generichash_BYTES_MIN];

	crypto_generichash(digest, sizeof digest, body.data, body.len, NULL, 0);
	return bytes_get_u32(digest) | NTH_FIRST;
}

struct arrival
arrival_of(struct page *p, struct bytes proof)
{
	uint8_t digest[SECRETS_DIGEST_BYTES];
	char hex[2 * SECRETS_DIGEST_BYTES + 1];
	struct arrival a;

	crypto_generichash(digest, sizeof digest, proof.data, proof.len, NULL, 0);
	bytes_to_hex((struct bytes){digest, sizeof digest}, hex);
	a.token = secrets_token(&p->site->secrets, "", "session",
	    str_format(p->arena, "%s/%s", p->form_id.text, hex));
	secrets_digest(a.token.text, a.digest);
	a.nth = arrival_nth(proof);
	return a;
}

/* ---- how often ---- */

static struct limits_who
who_tries(struct page *p, const char *login, struct id *device)
{
	struct limits_who who = {.address = p->request->address, .account = login};
	const char *cookie = site_cookie(p, device_cookie(p));

	if (login != NULL &&
	    secrets_device_knows(&p->site->secrets, cookie, login, p->now_ms, device))
		who.device = device->text;
	/* Who is signed in already is known by that. */
	if (p->who != NULL)
		who.device = p->who->person_id;
	return who;
}

bool
arrival_may_try(struct page *p, const char *login)
{
	struct id device;
	struct limits_who who = who_tries(p, login, &device);
	int64_t minutes;

	if (!p->trial.is_made) {
		p->trial.is_made = true;
		p->trial.is_known = who.device != NULL;
		p->trial.is_allowed =
		    limits_take(&p->site->limits, &who, p->now_ms, &p->trial.wait_ms);
	}
	if (p->trial.is_allowed)
		return true;
	minutes = (p->trial.wait_ms + MINUTE_MS - 1) / MINUTE_MS;
	p->status = 429;
	page_error(p, NULL,
	    "That was tried too often from here. Try again in %s. If you cannot wait, "
	    "sign in where you usually do, or ask an administrator for a link.",
	    say_count(p->arena, (uint64_t)minutes, "minute", "minutes"));
	return false;
}

void
arrival_was_right(struct page *p, const char *login)
{
	struct id device;
	struct limits_who who = who_tries(p, login, &device);

	if (!p->trial.is_made || !p->trial.is_allowed || p->trial.is_given_back)
		return;
	p->trial.is_given_back = true;
	limits_give_back(&p->site->limits, &who, p->now_ms);
}

/* ---- it begins ---- */

/* The session that was open in this browser: false while it is being ended. */
static bool
end_other(struct page *p, const struct arrival *a)
{
	Members__EndSession end = MEMBERS__END_SESSION__INIT;
	uint8_t digest[SESSION_DIGEST_BYTES];

	if (p->who == NULL || memcmp(p->who->digest, a->digest, sizeof digest) == 0)
		return true;
	memcpy(digest, p->who->digest, sizeof digest);
	sessions_drop(&p->site->sessions, digest);
	SET_BYTES(&end, digest, ((struct bytes){digest, sizeof digest}));
	return page_do_own(p, NTH_END_OTHER, "members", CALL(END_SESSION), &end.base,
		   NULL) != PAGE_WAITS;
}

bool
arrival_opens(struct page *p, const struct arrival *a,
    const Members__SessionShown *shown, const char *login)
{
	struct secrets_device device;

	if (!end_other(p, a))
		return false;
	page_cookie(p, site_session_cookie(p), str_copy(p->arena, a->token.text), 0);
	if (login != NULL) {
		device = secrets_device_with(&p->site->secrets,
		    site_cookie(p, device_cookie(p)), login, &p->form_id);
		page_cookie(p, device_cookie(p), str_copy(p->arena, device.text),
		    (int)(SECRETS_DEVICE_MS_MAX / 1000));
	}
	if (session_from(shown, a->digest, p->now_ms, &p->session)) {
		session_act_for(&p->session, site_cookie(p, "organisation"));
		p->who = &p->session;
	}
	return true;
}

/* ---- what somebody was given ---- */

const Members__LinkShown *
arrival_link(struct page *p, const char *token)
{
	Members__LinkAsked asked = MEMBERS__LINK_ASKED__INIT;
	uint8_t digest[SECRETS_DIGEST_BYTES];
	const Members__LinkShown *link;
	enum page_state state;

	if (!secrets_is_token(token, "")) {
		page_missing(p);
		return NULL;
	}
	secrets_digest(token, digest);
	SET_BYTES(&asked, digest, ((struct bytes){digest, sizeof digest}));
	link = page_ask_own(p, "members", CALL(LINK), &asked.base, &state);
	if (state == PAGE_DOWN || (link != NULL && link->person == NULL))
		arrival_without_members(p, PAGE_DOWN);
	if (state == PAGE_NO) {
		p->end = PAGE_REFUSED;
		p->sentence = page_no(p)->sentence;
	}
	return p->end == PAGE_MADE ? link : NULL;
}

bool
arrival_has_identity(const struct page *p)
{
	return gateway_http_header(p->request, "X-Rcc-Single-Sign-On") != NULL;
}

/* ---- it does not ---- */

const char *
arrival_typed(const struct page *p, const char *name)
{
	const char *typed = form_first(p->form, name);

	return typed == NULL ? "" : typed;
}

void
arrival_without_members(struct page *p, enum page_state state)
{
	if (state == PAGE_WAITS)
		return;
	p->end = PAGE_SERVICE_DOWN;
	p->down_service = "members";
}

void
arrival_without_worker(struct page *p, enum page_state state)
{
	if (state == PAGE_WAITS)
		return;
	p->status = 503;
	page_error(p, NULL,
	    "Too many people are signing in at this moment. Try again in a few "
	    "seconds.");
}

/* ---- where to ---- */

const char *
arrival_next(struct page *p)
{
	const char *next = form_first(p->form, "next");

	if (page_is_path(next) && strlen(next) <= NEXT_BYTES_MAX &&
	    !str_starts(next, "/sign-") && !str_starts(next, "/link/"))
		return next;
	return p->who == NULL ? "/" : route_home(p->who->roles);
}
