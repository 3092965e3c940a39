#ifndef RCC_GATEWAY_SECRETS_H
#define RCC_GATEWAY_SECRETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/id.h"

#define SECRETS_KEY_BYTES 32
#define SECRETS_DIGEST_BYTES 32
#define SECRETS_SALT_BYTES 16

/* What a key is for. Each has its own, so that nothing made for one passes for another.
 */
enum secrets_purpose {
	SECRETS_FORM,
	SECRETS_SEAL,
	SECRETS_DEVICE,
	SECRETS_SALT,
	SECRETS_RECOVERY,
	SECRETS_MADE,
	SECRETS_NONCE,
	SECRETS_PURPOSES,
};

/* All are made from the gateway's own secret key, so what it made before a restart it
 * knows again. With a new key every form, every second factor and every device is void.
 */
struct secrets {
	uint8_t keys[SECRETS_PURPOSES][SECRETS_KEY_BYTES];
};

void secrets_open(struct secrets *s, const uint8_t secret_key[32]);
void secrets_close(struct secrets *s);

/* ---- what is made for an id: always the same, and only here ---- */

#define SECRETS_MADE_BYTES 32
/*
 * As good as chance, and yet the same whenever it is made again: a page is run several
 * times, and a form may be sent twice. `what` is one of few words in the code ("salt"),
 * `id` has chance in it (a form's id, a link's token).
 */
void secrets_make(const struct secrets *s, const char *what, const char *id,
    uint8_t out[SECRETS_MADE_BYTES]);

/* ---- tokens that somebody is given: a session, a link, a key of the API ---- */

#define SECRETS_API_KEY "rcck_"
#define SECRETS_TOKEN_LEN 64 /* 32 bytes as hexadecimal digits in lower case */
struct secrets_token {
	char text[sizeof SECRETS_API_KEY + SECRETS_TOKEN_LEN];
};

/* The one that is made for this id (secrets_make); `prefix` is "" or SECRETS_API_KEY.
 */
struct secrets_token secrets_token(
    const struct secrets *s, const char *prefix, const char *what, const char *id);
/* Could it be one with this prefix? */
bool secrets_is_token(const char *text, const char *prefix);
/* BLAKE2b-256 of the text as it was given: all that anybody keeps of a token. */
void secrets_digest(const char *text, uint8_t out[SECRETS_DIGEST_BYTES]);
/* An id now, for a form or a command. */
struct id secrets_new_id(int64_t now_ms);

/* ---- forms ---- */

#define SECRETS_FORM_MS_MAX (INT64_C(24) * 60 * 60 * 1000)
#define SECRETS_MAC_BYTES 16
#define SECRETS_MARK_LEN (ID_LEN + 2 * SECRETS_MAC_BYTES)
/* An id, and the proof that the gateway made it. */
struct secrets_mark {
	char text[SECRETS_MARK_LEN + 1];
};

/*
 * The token of a form that is posted to `path` in the session whose token has this
 * digest (NULL: nobody is signed in). `id` is made when the page is drawn; the commands
 * of the form take their ids from it, so that sending it twice is sending it once.
 */
struct secrets_mark secrets_form_token(const struct secrets *s, const struct id *id,
    const uint8_t session[SECRETS_DIGEST_BYTES], const char *path);

enum secrets_form { SECRETS_FORM_GENUINE, SECRETS_FORM_OLD, SECRETS_FORM_FORGED };
/*
 * Was this token given to that session for that path, in the last 24 hours? `text` may
 * be anything, or NULL. Old only if it is genuine otherwise; one that is more than five
 * minutes ahead is old as well, for no service would take its commands.
 */
enum secrets_form secrets_form_check(const struct secrets *s, const char *text,
    const uint8_t session[SECRETS_DIGEST_BYTES], const char *path, int64_t now_ms);
/* The id in a token that is not forged. */
struct id secrets_form_id(const char *text);

/* ---- sealing ---- */

#define SECRETS_SEAL_BYTES 40 /* that a seal adds */

/* `plain` so that only the gateway can read it, and only as what it is `about`; into
 * plain.len + SECRETS_SEAL_BYTES bytes, the same each time. */
void secrets_seal(
    const struct secrets *s, const char *about, struct bytes plain, uint8_t *out);
/* Back into sealed.len - SECRETS_SEAL_BYTES bytes. False, and nothing is written, where
 * it was not sealed so: any bytes may be given. */
bool secrets_unseal(
    const struct secrets *s, const char *about, struct bytes sealed, uint8_t *out);

/* ---- devices ---- */

#define SECRETS_DEVICE_MS_MAX (INT64_C(180) * 24 * 60 * 60 * 1000)
#define SECRETS_DEVICE_ACCOUNTS_MAX 4
/* The cookie of a browser: who has signed in with it, newest first. It names nobody. */
struct secrets_device {
	char text[SECRETS_DEVICE_ACCOUNTS_MAX * (SECRETS_MARK_LEN + 1)];
};

/*
 * Has this login signed in with the browser that sent this cookie (anything, or NULL)
 * in the last 180 days? Then the id of that, which is the same until it signs in again.
 */
bool secrets_device_knows(const struct secrets *s, const char *cookie,
    const char *login, int64_t now_ms, struct id *out);
/* The cookie after it has signed in: with `id` for this login, and up to three others
 * that were there. */
struct secrets_device secrets_device_with(const struct secrets *s, const char *cookie,
    const char *login, const struct id *id);

/* ---- what nobody may be able to tell ---- */

/* A salt for a login that there is none of: always the same for the same login. */
void secrets_made_up_salt(
    const struct secrets *s, const char *login, uint8_t out[SECRETS_SALT_BYTES]);

/* ---- recovery codes ---- */

#define SECRETS_RECOVERY_CODES 10
#define SECRETS_RECOVERY_LEN 14 /* "k7m2-9xqp-4ftd": 60 random bits */
struct secrets_recovery {
	char text[SECRETS_RECOVERY_LEN + 1];
};

/* The i-th of those that are made for this id. */
struct secrets_recovery secrets_recovery_code(
    const struct secrets *s, const char *id, unsigned i);
/*
 * The digest that is kept of one, as anybody may type it: in either case, with blanks
 * or without dashes, o for 0, i and l for 1. Keyed, and for this login alone: who reads
 * the store of members cannot guess them. False where the text can be no code.
 */
bool secrets_recovery_digest(const struct secrets *s, const char *login,
    const char *text, uint8_t out[SECRETS_DIGEST_BYTES]);

#endif
