/*
 * What a browser or the worker's other end may send to the gateway's secrets: a form's
 * token, the cookie of a device, a code, a sealed text, a question to a worker. The
 * first byte says which.
 */
#include "fuzz/support/fuzz.h"

#include <string.h>

#include "base/str.h"
#include "gateway/secrets.h"
#include "gateway/totp.h"
#include "gateway/worker.h"

#define NOW_MS INT64_C(1795262400000)

static const uint8_t key[32] = {1}, session[32] = {2};
static struct secrets secrets;

static void
open(void)
{
	secrets_open(&secrets, key);
}

/* Whatever is taken for genuine, the gateway made. */
static void
a_form(const char *text)
{
	enum secrets_form is =
	    secrets_form_check(&secrets, text, session, "/needs", NOW_MS);
	struct secrets_mark made;
	struct id id;

	if (is == SECRETS_FORM_FORGED)
		return;
	id = secrets_form_id(text);
	made = secrets_form_token(&secrets, &id, session, "/needs");
	FUZZ_CHECK(str_equal(made.text, text), "'%s' is no token of ours", text);
}

static void
a_device(const char *text)
{
	struct id now = secrets_new_id(NOW_MS), found;
	struct secrets_device with = secrets_device_with(&secrets, text, "ann", &now);

	FUZZ_CHECK(secrets_device_knows(&secrets, with.text, "ann", NOW_MS, &found) &&
		       str_equal(found.text, now.text),
	    "just signed in, and not known: %s", with.text);
	FUZZ_CHECK(
	    strspn(with.text, "0123456789abcdefghjkmnpqrstvwxyz.") == strlen(with.text),
	    "what was sent stands in a cookie of ours: %s", with.text);
}

static void
a_code(const char *text)
{
	static const struct totp_secret secret;
	uint8_t digest[SECRETS_DIGEST_BYTES];
	int64_t step = -1;

	if (totp_check(&secret, text, NOW_MS, &step))
		FUZZ_CHECK(step >= NOW_MS / TOTP_STEP_MS - 1 &&
			       step <= NOW_MS / TOTP_STEP_MS + 1,
		    "of another time");
	if (secrets_recovery_digest(&secrets, "ann", text, digest))
		FUZZ_CHECK(strlen(text) >= 12, "'%s' is too short", text);
	FUZZ_CHECK(!secrets_is_token(text, "") || strlen(text) == SECRETS_TOKEN_LEN,
	    "'%s' is too long", text);
}

static void
a_seal(struct bytes sealed)
{
	uint8_t *out = arena_take(&fuzz_arena, sealed.len + 1);

	FUZZ_CHECK(!secrets_unseal(&secrets, "x", sealed, out), "nobody sealed that");
}

static void
a_label(const char *text)
{
	static const struct totp_secret secret;
	const char *uri = totp_uri(&fuzz_arena, &secret, text, text), *svg;
	enum err e = totp_qr_svg(&fuzz_arena, uri, "a code", &svg);

	FUZZ_CHECK(strspn(uri, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			       "0123456789-._~%:/?=&") == strlen(uri),
	    "not a URI: %s", uri);
	FUZZ_CHECK(e == ERR_NONE ? str_ends(svg, "</svg>") : e == ERR_MALFORMED, "%s",
	    err_name(e));
}

/* Only what is too short, too long or out of bounds: the rest takes 8 MiB and more. */
static void
a_question(struct bytes packed)
{
	uint8_t answer[WORKER_ANSWER_BYTES];

	if (packed.len == WORKER_PACKED_BYTES &&
	    bytes_get_u32(packed.data + 8) >= WORKER_MEMORY_KIB_MIN &&
	    bytes_get_u32(packed.data + 8) <= WORKER_MEMORY_KIB_MAX)
		return;
	FUZZ_CHECK(worker_work(packed, answer) == 0, "worked on what is no question");
}

static void
one(struct bytes input)
{
	struct bytes rest;

	if (input.len < 1)
		return;
	rest = (struct bytes){input.data + 1, input.len - 1};
	switch (input.data[0] % 6) {
	case 0: a_form(fuzz_text(rest)); break;
	case 1: a_device(fuzz_text(rest)); break;
	case 2: a_code(fuzz_text(rest)); break;
	case 3: a_seal(rest); break;
	case 4: a_label(fuzz_text(rest)); break;
	case 5: a_question(rest); break;
	}
}

const struct fuzz_target fuzz_target = {
    .rounds = 6000, .bytes_max = 1024, .open = open, .one = one};
