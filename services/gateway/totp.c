#include "gateway/totp.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <liboath/oath.h>
#include <qrencode.h>
#include <sodium.h>

#include "base/bytes.h"
#include "base/str.h"

#define QUIET ((size_t)4) /* modules around a QR code that stay white */
/* "M177 177h177v1h-177z" of one dark run, and the rest around them. */
#define RUN_BYTES 24
#define FRAME_BYTES 400

static_assert(TOTP_SECRET_LEN == TOTP_SECRET_BYTES * 8 / 5, "five bits a character");

struct totp_code
totp_code_at(const struct totp_secret *secret, int64_t step)
{
	struct totp_code code = {""};
	char key[TOTP_SECRET_BYTES];
	int failed;

	memcpy(key, secret->bytes, sizeof key);
	failed = oath_hotp_generate(key, sizeof key, (uint64_t)step, TOTP_CODE_LEN,
	    false, OATH_HOTP_DYNAMIC_TRUNCATION, code.text);
	sodium_memzero(key, sizeof key);
	assert(failed == OATH_OK);
	return code;
}

/* The digits alone; false where there is anything else, or another number of them. */
static bool
read_code(const char *text, struct totp_code *out)
{
	size_t n = 0;

	for (; text != NULL && *text != '\0'; text++) {
		if (*text == ' ' || *text == '\t')
			continue;
		if (*text < '0' || *text > '9' || n == TOTP_CODE_LEN)
			return false;
		out->text[n++] = *text;
	}
	return n == TOTP_CODE_LEN;
}

bool
totp_check(
    const struct totp_secret *secret, const char *text, int64_t now_ms, int64_t *step)
{
	int64_t now = now_ms / TOTP_STEP_MS;
	struct totp_code said = {""};
	bool is_right = false;

	if (!read_code(text, &said))
		return false;
	for (int64_t i = now - 1; i <= now + 1; i++) {
		struct totp_code code = totp_code_at(secret, i);

		if (sodium_memcmp(code.text, said.text, TOTP_CODE_LEN) != 0)
			continue;
		is_right = true;
		*step = i;
	}
	return is_right;
}

/* ---- as text ---- */

static void
to_base32(const struct totp_secret *secret, char out[TOTP_SECRET_LEN + 1])
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned held = 0, bits = 0;

	for (unsigned i = 0; i < TOTP_SECRET_BYTES; i++) {
		held = held << 8 | secret->bytes[i];
		for (bits += 8; bits >= 5; bits -= 5)
			*out++ = alphabet[held >> (bits - 5) & 31];
	}
	*out = '\0';
}

const char *
totp_secret_text(struct arena *a, const struct totp_secret *secret)
{
	char text[TOTP_SECRET_LEN + 1];
	char *out = arena_take(a, sizeof text + TOTP_SECRET_LEN / 4);
	size_t len = 0;

	if (out == NULL)
		return NULL;
	to_base32(secret, text);
	for (unsigned i = 0; i < TOTP_SECRET_LEN; i++) {
		if (i > 0 && i % 4 == 0)
			out[len++] = ' ';
		out[len++] = text[i];
	}
	sodium_memzero(text, sizeof text);
	return out;
}

/* As one part of a URI: all but letters, digits and "-._~" in percent. */
static const char *
escape(struct arena *a, const char *text)
{
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789-._~";
	size_t n = strlen(text);
	char *out = arena_take(a, 3 * n + 1), *end = out;

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		if (strchr(plain, text[i]) != NULL)
			*end++ = text[i];
		else
			end += snprintf(end, 4, "%%%02X", (unsigned)(uint8_t)text[i]);
	}
	return out;
}

const char *
totp_uri(struct arena *a, const struct totp_secret *secret, const char *issuer,
    const char *account)
{
	const char *from = escape(a, issuer), *to = escape(a, account);
	char text[TOTP_SECRET_LEN + 1];

	if (from == NULL || to == NULL)
		return NULL;
	to_base32(secret, text);
	return str_format(
	    a, "otpauth://totp/%s:%s?secret=%s&issuer=%s", from, to, text, from);
}

/* ---- as a picture ---- */

/* The dark modules, as one path of their runs from left to right. */
static size_t
draw_runs(const QRcode *code, char *out, size_t size)
{
	size_t width = (size_t)code->width, len = 0;

	for (size_t y = 0; y < width; y++) {
		const unsigned char *row = code->data + y * width;

		for (size_t x = 0; x < width; x++) {
			size_t from = x;

			while (x < width && (row[x] & 1) != 0)
				x++;
			if (x > from)
				len += (size_t)snprintf(out + len, size - len,
				    "M%zu %zuh%zuv1h-%zuz", from + QUIET, y + QUIET,
				    x - from, x - from);
		}
	}
	return len;
}

static enum err
draw(struct arena *a, const QRcode *code, const char *label, const char **out)
{
	size_t width = (size_t)code->width, whole = width + 2 * QUIET;
	size_t size = (width + 1) / 2 * width * RUN_BYTES + FRAME_BYTES + strlen(label);
	char *svg = arena_take(a, size);
	size_t len;

	if (svg == NULL)
		return ERR_MEMORY;
	len = (size_t)snprintf(svg, size,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" role=\"img\" "
	    "viewBox=\"0 0 %zu %zu\" shape-rendering=\"crispEdges\">"
	    "<title>%s</title><path fill=\"#fff\" d=\"M0 0h%zuv%zuh-%zuz\"/>"
	    "<path fill=\"#000\" d=\"",
	    whole, whole, label, whole, whole, whole);
	len += draw_runs(code, svg + len, size - len);
	snprintf(svg + len, size - len, "\"/></svg>");
	*out = svg;
	return ERR_NONE;
}

enum err
totp_qr_svg(struct arena *a, const char *text, const char *label, const char **out)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	enum err e;

	if (code == NULL)
		return ERR_MALFORMED;
	e = draw(a, code, label, out);
	QRcode_free(code);
	return e;
}
