#include "gateway/secrets.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "base/str.h"

#define CONTEXT "rccgatew" /* of crypto_kdf: eight characters */
#define AHEAD_MS_MAX (INT64_C(5) * 60 * 1000)
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define RECOVERY_CHARACTERS 12
#define RECOVERY_GROUP 4
#define DEVICE_SEPARATOR '.'

static_assert(sizeof CONTEXT - 1 == crypto_kdf_CONTEXTBYTES, "its length");
static_assert(SECRETS_SEAL_BYTES == NONCE_BYTES + TAG_BYTES, "what a seal adds");
static_assert(RECOVERY_CHARACTERS + RECOVERY_CHARACTERS / RECOVERY_GROUP - 1 ==
		  SECRETS_RECOVERY_LEN,
    "groups, and a dash between two");

static const char digits[] = "0123456789abcdef";
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
static const uint8_t nobody[SECRETS_DIGEST_BYTES];

void
secrets_open(struct secrets *s, const uint8_t secret_key[32])
{
	static_assert(crypto_kdf_KEYBYTES == 32, "the gateway's key is one");

	for (unsigned i = 0; i < SECRETS_PURPOSES; i++)
		(void)crypto_kdf_derive_from_key(
		    s->keys[i], sizeof s->keys[i], i + 1, CONTEXT, secret_key);
}

void
secrets_close(struct secrets *s)
{
	sodium_memzero(s, sizeof *s);
}

/* A digest that only this gateway can make, of `first`, whose length is always the same
 * for the purpose, and of a text behind it. */
static void
make_mac(const uint8_t key[SECRETS_KEY_BYTES], struct bytes first, const char *text,
    uint8_t *out, size_t out_len)
{
	struct bytes last = bytes_of_text(text);
	crypto_generichash_state state;

	crypto_generichash_init(&state, key, SECRETS_KEY_BYTES, out_len);
	crypto_generichash_update(&state, first.data, first.len);
	crypto_generichash_update(&state, last.data, last.len);
	crypto_generichash_final(&state, out, out_len);
}

void
secrets_make(const struct secrets *s, const char *what, const char *id,
    uint8_t out[SECRETS_MADE_BYTES])
{
	uint8_t first[SECRETS_DIGEST_BYTES];

	secrets_digest(what, first);
	make_mac(s->keys[SECRETS_MADE], (struct bytes){first, sizeof first}, id, out,
	    SECRETS_MADE_BYTES);
}

/* ---- tokens ---- */

struct secrets_token
secrets_token(
    const struct secrets *s, const char *prefix, const char *what, const char *id)
{
	uint8_t raw[SECRETS_MADE_BYTES];
	struct secrets_token token = {""};
	size_t len = strlen(prefix);

	static_assert(2 * SECRETS_MADE_BYTES == SECRETS_TOKEN_LEN, "all of it");
	assert(len < sizeof SECRETS_API_KEY);
	memcpy(token.text, prefix, len);
	secrets_make(s, what, id, raw);
	bytes_to_hex((struct bytes){raw, sizeof raw}, token.text + len);
	sodium_memzero(raw, sizeof raw);
	return token;
}

bool
secrets_is_token(const char *text, const char *prefix)
{
	if (text == NULL || !str_starts(text, prefix))
		return false;
	text += strlen(prefix);
	return strlen(text) == SECRETS_TOKEN_LEN &&
	       strspn(text, digits) == SECRETS_TOKEN_LEN;
}

void
secrets_digest(const char *text, uint8_t out[SECRETS_DIGEST_BYTES])
{
	struct bytes b = bytes_of_text(text);

	crypto_generichash(out, SECRETS_DIGEST_BYTES, b.data, b.len, NULL, 0);
}

struct id
secrets_new_id(int64_t now_ms)
{
	uint8_t random[ID_RANDOM_BYTES];

	randombytes_buf(random, sizeof random);
	return id_make(now_ms, random);
}

/* ---- marks: an id and its proof ---- */

static struct secrets_mark
mark_of(const struct id *id, const uint8_t mac[SECRETS_MAC_BYTES])
{
	struct secrets_mark mark;

	memcpy(mark.text, id->text, ID_LEN);
	bytes_to_hex((struct bytes){mac, SECRETS_MAC_BYTES}, mark.text + ID_LEN);
	return mark;
}

/* The id of a mark's text, of which only the length is known; false where it has not
 * the form of one. */
static bool
mark_id(const char *text, struct id *out)
{
	memcpy(out->text, text, ID_LEN);
	out->text[ID_LEN] = '\0';
	return id_is_well_formed(out->text) &&
	       strspn(text + ID_LEN, digits) >= 2 * (size_t)SECRETS_MAC_BYTES;
}

static bool
is_mark(const struct secrets_mark *mark, const char *text)
{
	return sodium_memcmp(mark->text, text, SECRETS_MARK_LEN) == 0;
}

/* ---- forms ---- */

struct secrets_mark
secrets_form_token(const struct secrets *s, const struct id *id,
    const uint8_t session[SECRETS_DIGEST_BYTES], const char *path)
{
	uint8_t first[ID_LEN + SECRETS_DIGEST_BYTES], mac[SECRETS_MAC_BYTES];

	memcpy(first, id->text, ID_LEN);
	memcpy(
	    first + ID_LEN, session != NULL ? session : nobody, SECRETS_DIGEST_BYTES);
	make_mac(s->keys[SECRETS_FORM], (struct bytes){first, sizeof first}, path, mac,
	    sizeof mac);
	return mark_of(id, mac);
}

enum secrets_form
secrets_form_check(const struct secrets *s, const char *text,
    const uint8_t session[SECRETS_DIGEST_BYTES], const char *path, int64_t now_ms)
{
	struct secrets_mark right;
	struct id id;
	int64_t age_ms;

	if (text == NULL || strlen(text) != SECRETS_MARK_LEN || !mark_id(text, &id))
		return SECRETS_FORM_FORGED;
	right = secrets_form_token(s, &id, session, path);
	if (!is_mark(&right, text))
		return SECRETS_FORM_FORGED;
	age_ms = now_ms - id_time_ms(id.text);
	return age_ms > SECRETS_FORM_MS_MAX || age_ms < -AHEAD_MS_MAX
	           ? SECRETS_FORM_OLD
	           : SECRETS_FORM_GENUINE;
}

struct id
secrets_form_id(const char *text)
{
	struct id id;
	bool is_id = mark_id(text, &id);

	assert(is_id);
	return id;
}

/* ---- sealing ---- */

void
secrets_seal(
    const struct secrets *s, const char *about, struct bytes plain, uint8_t *out)
{
	struct bytes name = bytes_of_text(about);
	uint8_t digest[SECRETS_DIGEST_BYTES];

	/* Made of what is sealed: another thing, another nonce. */
	crypto_generichash(digest, sizeof digest, plain.data, plain.len,
	    s->keys[SECRETS_NONCE], SECRETS_KEY_BYTES);
	make_mac(s->keys[SECRETS_NONCE], (struct bytes){digest, sizeof digest}, about,
	    out, NONCE_BYTES);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE_BYTES, NULL,
	    plain.data, plain.len, name.data, name.len, NULL, out,
	    s->keys[SECRETS_SEAL]);
}

bool
secrets_unseal(
    const struct secrets *s, const char *about, struct bytes sealed, uint8_t *out)
{
	struct bytes name = bytes_of_text(about);

	if (sealed.len < SECRETS_SEAL_BYTES)
		return false;
	return crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL,
		   sealed.data + NONCE_BYTES, sealed.len - NONCE_BYTES, name.data,
		   name.len, sealed.data, s->keys[SECRETS_SEAL]) == 0;
}

/* ---- devices ---- */

static struct secrets_mark
device_mark(const struct secrets *s, const struct id *id, const char *login)
{
	uint8_t mac[SECRETS_MAC_BYTES];

	make_mac(s->keys[SECRETS_DEVICE],
	    (struct bytes){(const uint8_t *)id->text, ID_LEN}, login, mac, sizeof mac);
	return mark_of(id, mac);
}

/* Where the next mark of a cookie stands, and its id; NULL: there is none behind. */
static const char *
next_mark(const char **rest, struct id *id)
{
	while (*rest != NULL && **rest != '\0') {
		const char *text = *rest;
		size_t len = strcspn(text, (const char[]){DEVICE_SEPARATOR, '\0'});

		*rest = text[len] == '\0' ? text + len : text + len + 1;
		if (len == SECRETS_MARK_LEN && mark_id(text, id))
			return text;
	}
	return NULL;
}

bool
secrets_device_knows(const struct secrets *s, const char *cookie, const char *login,
    int64_t now_ms, struct id *out)
{
	const char *rest = cookie, *text;
	struct id id;

	for (unsigned i = 0; i < SECRETS_DEVICE_ACCOUNTS_MAX; i++) {
		text = next_mark(&rest, &id);
		if (text == NULL)
			return false;
		struct secrets_mark right = device_mark(s, &id, login);
		if (!is_mark(&right, text))
			continue;
		*out = id;
		return now_ms - id_time_ms(id.text) <= SECRETS_DEVICE_MS_MAX;
	}
	return false;
}

struct secrets_device
secrets_device_with(
    const struct secrets *s, const char *cookie, const char *login, const struct id *id)
{
	struct secrets_mark mark = device_mark(s, id, login);
	struct secrets_device device = {""};
	const char *rest = cookie, *text;
	size_t len = SECRETS_MARK_LEN;
	struct id other;

	memcpy(device.text, mark.text, SECRETS_MARK_LEN);
	while (len + 1 + SECRETS_MARK_LEN < sizeof device.text &&
	       (text = next_mark(&rest, &other)) != NULL) {
		struct secrets_mark same = device_mark(s, &other, login);

		if (is_mark(&same, text))
			continue;
		device.text[len] = DEVICE_SEPARATOR;
		memcpy(device.text + len + 1, text, SECRETS_MARK_LEN);
		len += 1 + SECRETS_MARK_LEN;
	}
	return device;
}

/* ---- what nobody may be able to tell ---- */

void
secrets_made_up_salt(
    const struct secrets *s, const char *login, uint8_t out[SECRETS_SALT_BYTES])
{
	make_mac(s->keys[SECRETS_SALT], BYTES_NONE, login, out, SECRETS_SALT_BYTES);
}

/* ---- recovery codes ---- */

struct secrets_recovery
secrets_recovery_code(const struct secrets *s, const char *id, unsigned i)
{
	static const char *const names[SECRETS_RECOVERY_CODES] = {"recovery 0",
	    "recovery 1", "recovery 2", "recovery 3", "recovery 4", "recovery 5",
	    "recovery 6", "recovery 7", "recovery 8", "recovery 9"};
	struct secrets_recovery code = {""};
	uint8_t raw[SECRETS_MADE_BYTES];
	size_t len = 0;

	static_assert(RECOVERY_CHARACTERS <= SECRETS_MADE_BYTES, "a byte a character");
	secrets_make(s, names[i], id, raw);
	for (unsigned n = 0; n < RECOVERY_CHARACTERS; n++) {
		if (n > 0 && n % RECOVERY_GROUP == 0)
			code.text[len++] = '-';
		code.text[len++] = alphabet[raw[n] & 31];
	}
	sodium_memzero(raw, sizeof raw);
	return code;
}

/* As the alphabet has it; NUL for what is no character of a code. */
static char
read_character(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	if (c == 'o')
		return '0';
	if (c == 'i' || c == 'l')
		return '1';
	return strchr(alphabet, c) != NULL ? c : '\0';
}

bool
secrets_recovery_digest(const struct secrets *s, const char *login, const char *text,
    uint8_t out[SECRETS_DIGEST_BYTES])
{
	uint8_t code[RECOVERY_CHARACTERS];
	size_t n = 0;

	for (; *text != '\0'; text++) {
		char c = read_character(*text);

		if (*text == '-' || *text == ' ' || *text == '\t')
			continue;
		if (c == '\0' || n == sizeof code)
			return false;
		code[n++] = (uint8_t)c;
	}
	if (n == sizeof code)
		make_mac(s->keys[SECRETS_RECOVERY], (struct bytes){code, n}, login, out,
		    SECRETS_DIGEST_BYTES);
	sodium_memzero(code, sizeof code);
	return n == sizeof code;
}
