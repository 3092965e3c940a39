#ifndef RCC_GATEWAY_ARRIVAL_H
#define RCC_GATEWAY_ARRIVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/page.h"
#include "gateway/secrets.h"

#include "members.pb-c.h"

/*
 * What all ways of signing in share. A page is run several times and a form may be sent
 * twice, so all that is made here is made of the form's id: the same each time.
 */

#define ARRIVAL_LOGIN_BYTES 121

/* The login of a form as members keeps it: without blanks around it, in small letters.
 */
struct arrival_login {
	char text[ARRIVAL_LOGIN_BYTES];
};
struct arrival_login arrival_login(const char *typed);

/* The session that begins if members says yes to this `proof` (a password's key, a
 * link's token): another proof in the same form is another session, and another
 * command. */
struct arrival {
	struct secrets_token token;
	uint8_t digest[SECRETS_DIGEST_BYTES];
	unsigned nth; /* of page_do_own */
};
struct arrival arrival_of(struct page *p, struct bytes proof);
/* Which command of a form one with this body is: another body, another command. Never
 * one of the first few. */
unsigned arrival_nth(struct bytes body);

/*
 * May they try? Counted once for each posted form, whatever `login` (NULL: none is
 * asked for) they give; if not, the page has the error that says until when.
 */
bool arrival_may_try(struct page *p, const char *login);
/* They were right: it is not counted after all. */
void arrival_was_right(struct page *p, const char *login);

/*
 * Members said yes. The browser gets its session, and (with a login) is known from now
 * on; another session that was open in it ends. False while that is being asked.
 */
bool arrival_opens(struct page *p, const struct arrival *a,
    const Members__SessionShown *shown, const char *login);

/* The link of this token; NULL: not yet, or the page says why it is none. One that is
 * shown has its person. */
const Members__LinkShown *arrival_link(struct page *p, const char *token);
/* Does the front sign people in with their organisations' accounts? */
bool arrival_has_identity(const struct page *p);

/* What was typed into the field of this name; never NULL. */
const char *arrival_typed(const struct page *p, const char *name);
/* What the page comes to where members, or the worker, gave no answer (or not yet). */
void arrival_without_members(struct page *p, enum page_state state);
void arrival_without_worker(struct page *p, enum page_state state);

/* Where they wanted to go ("next" of the form or the query), if that is a page of this
 * site; else where somebody with these roles begins. */
const char *arrival_next(struct page *p);

#endif
