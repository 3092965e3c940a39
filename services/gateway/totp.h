#ifndef RCC_GATEWAY_TOTP_H
#define RCC_GATEWAY_TOTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * The code that an app shows (RFC 6238): six digits, a new one every 30 seconds, by
 * HMAC-SHA1, which is all that every app knows.
 */
#define TOTP_SECRET_BYTES 20
#define TOTP_CODE_LEN 6
#define TOTP_STEP_MS 30000
#define TOTP_SECRET_LEN 32 /* as text, in base 32 */

struct totp_secret {
	uint8_t bytes[TOTP_SECRET_BYTES];
};
struct totp_code {
	char text[TOTP_CODE_LEN + 1];
};

/* The code of a step: milliseconds since 1970 by TOTP_STEP_MS. */
struct totp_code totp_code_at(const struct totp_secret *secret, int64_t step);

/*
 * Is this the code of now, or of the step before or behind (a clock may be half a
 * minute wrong)? Then *step is the step that it is of, which may be used once. `text`
 * is as somebody typed it, with blanks, or NULL.
 */
bool totp_check(
    const struct totp_secret *secret, const char *text, int64_t now_ms, int64_t *step);

/* The secret in base 32 and groups of four, to be typed. NULL: the arena is full. */
const char *totp_secret_text(struct arena *a, const struct totp_secret *secret);
/* What an app scans: "otpauth://totp/...". `issuer` and `account` may be any UTF-8. */
const char *totp_uri(struct arena *a, const struct totp_secret *secret,
    const char *issuer, const char *account);
/*
 * Any text as a QR code: an SVG that fills the width it is given, black on white in
 * every theme, called `label` (plain words). ERR_MALFORMED where the text is too long.
 */
enum err totp_qr_svg(
    struct arena *a, const char *text, const char *label, const char **out) MUST_CHECK;

#endif
