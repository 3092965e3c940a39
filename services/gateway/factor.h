#ifndef RCC_GATEWAY_FACTOR_H
#define RCC_GATEWAY_FACTOR_H

#include <stdint.h>

#include "gateway/page.h"
#include "gateway/secrets.h"

#include "members.pb-c.h"

/*
 * What an account is opened with, or gets anew: a password, an app, recovery codes. All
 * is made of an id that has chance in it (a link's token, a form's id), so that running
 * the page again changes nothing.
 */

/* Checks "password" and "password_again" of the form. False: the page has its errors.
 */
bool factor_password_is_good(struct page *p, const char *login);

/* How to make the key of a new password; its salt lies in the arena. */
bool factor_derivation(struct page *p, const char *id, Members__Derivation *out);

/*
 * Which app a page sets up: of a link or a session, and of the page as it was drawn,
 * whose form brings "app" back. So nobody is shown the key of an app that another page
 * set up, by the same link or in the same session.
 */
const char *factor_app_id(struct page *p, const char *of);
/*
 * Puts into the view what sets up an app: "qr" (SVG), "secret" (text), "app_link" (for
 * the telephone itself). `account` is how the app names it.
 */
void factor_put_app(struct page *p, const char *id, const char *account);
/* Is "code" of the form what that app shows now? *step says which. False: the page has
 * its error. */
bool factor_app_is_set_up(struct page *p, const char *id, uint64_t *step);
/* The app's secret, sealed for this login; NULL: no memory. */
#define FACTOR_SEALED_BYTES 60
const uint8_t *factor_app_sealed(struct page *p, const char *id, const char *login);

/* The digests of the recovery codes, for a message; NULL: no memory. */
ProtobufCBinaryData *factor_recovery_digests(
    struct page *p, const char *id, const char *login);
/* Puts the codes themselves into the view, to be shown this once. */
void factor_put_recovery(struct page *p, const char *id);

/* A field for a password that is entered anew; it never shows what was typed. */
void factor_put_password(struct page *p, const char *name, const char *label,
    const char *hint, const char *autocomplete);
/* The field for the code of an app. */
void factor_put_code(struct page *p, const char *label);

#endif
