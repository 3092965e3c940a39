/* /sign-in/identity: single sign-on, where the web server in front says who it is. */
#include <string.h>

#include "base/message.h"
#include "base/str.h"
#include "gateway/arrival.h"
#include "gateway/pages.h"
#include "gateway/routes.h"
#include "gateway/site.h"

#define CALL(name) MEMBERS__MEMBERS_CALL__CALL_##name

/* NULL: the front says nothing, or it is not the front that says so. */
static const char *
identity_of(const struct page *p)
{
	const char *identity = p->request->is_from_front
	                           ? gateway_http_header(p->request, "X-Rcc-Identity")
	                           : NULL;

	return identity == NULL || identity[0] == '\0' ? NULL : identity;
}

/* The token of the invitation that is taken with this identity; NULL: none is. */
static const char *
invitation_of(const struct page *p)
{
	return page_query(p, "link");
}

void
page_identity_view(struct page *p)
{
	const char *identity = identity_of(p), *token = invitation_of(p);
	const Members__LinkShown *link;

	if (identity == NULL) {
		page_missing(p);
		return;
	}
	page_put(p, "identity", json_string(identity));
	page_put(p, "next", json_string(arrival_next(p)));
	if (token == NULL)
		return;
	link = arrival_link(p, token);
	if (link == NULL)
		return;
	page_put(p, "link", json_string(token));
	page_put(p, "person", json_string(link->person->name));
}

/* The account is opened for single sign-on alone: it has no password. */
static enum page_state
open_account(struct page *p, const struct arrival *a, char *login, const void **shown)
{
	Members__TakeInvitation take = MEMBERS__TAKE_INVITATION__INIT;
	uint8_t digest[SECRETS_DIGEST_BYTES], session[SECRETS_DIGEST_BYTES];

	secrets_digest(invitation_of(p), digest);
	memcpy(session, a->digest, sizeof session);
	take.login = login;
	SET_BYTES(&take, digest, ((struct bytes){digest, sizeof digest}));
	SET_BYTES(&take, session_digest, ((struct bytes){session, sizeof session}));
	return page_do_own(p, a->nth, "members", CALL(OPEN_ACCOUNT), &take.base, shown);
}

static enum page_state
sign_in(struct page *p, const struct arrival *a, char *login, const void **shown)
{
	Members__SignInByIdentity in = MEMBERS__SIGN_IN_BY_IDENTITY__INIT;
	uint8_t session[SECRETS_DIGEST_BYTES];

	memcpy(session, a->digest, sizeof session);
	in.login = login;
	SET_BYTES(&in, session_digest, ((struct bytes){session, sizeof session}));
	return page_do_own(
	    p, a->nth, "members", CALL(SIGN_IN_BY_IDENTITY), &in.base, shown);
}

void
page_identity_act(struct page *p)
{
	struct arrival_login login = arrival_login(identity_of(p));
	struct arrival a =
	    arrival_of(p, bytes_of_text(str_format(p->arena, "%s %s", login.text,
			      invitation_of(p) == NULL ? "" : invitation_of(p))));
	const void *shown;
	enum page_state state;

	if (login.text[0] == '\0') {
		page_missing(p);
		return;
	}
	state = invitation_of(p) == NULL ? sign_in(p, &a, login.text, &shown)
	                                 : open_account(p, &a, login.text, &shown);
	if (state == PAGE_YES && arrival_opens(p, &a, shown, login.text))
		page_go(p, "%s", arrival_next(p));
}
