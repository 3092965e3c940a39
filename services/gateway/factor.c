#include "gateway/factor.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "base/message.h"
#include "base/str.h"
#include "gateway/arrival.h"
#include "gateway/fields.h"
#include "gateway/password.h"
#include "gateway/site.h"
#include "gateway/totp.h"
#include "gateway/worker.h"

#define ISSUER "Care placements"

static_assert(
    FACTOR_SEALED_BYTES == TOTP_SECRET_BYTES + SECRETS_SEAL_BYTES, "its seal");
static_assert(SECRETS_SALT_BYTES <= SECRETS_MADE_BYTES, "a salt of what is made");
static_assert(TOTP_SECRET_BYTES <= SECRETS_MADE_BYTES, "a secret of what is made");

/* ---- passwords ---- */

bool
factor_password_is_good(struct page *p, const char *login)
{
	const char *password = arrival_typed(p, "password");
	const char *problem = password_problem(password, login);

	if (problem != NULL)
		page_error(p, "password", "%s", problem);
	else if (!str_equal(password, arrival_typed(p, "password_again")))
		page_error(p, "password_again", "The two passwords are not the same.");
	else
		return true;
	return false;
}

bool
factor_derivation(struct page *p, const char *id, Members__Derivation *out)
{
	uint8_t *salt = arena_take(p->arena, SECRETS_MADE_BYTES);

	if (salt == NULL)
		return false;
	secrets_make(&p->site->secrets, "salt", id, salt);
	SET_BYTES(out, salt, ((struct bytes){salt, SECRETS_SALT_BYTES}));
	SET(out, memory_kib, WORKER_MEMORY_KIB);
	SET(out, passes, WORKER_PASSES);
	return true;
}

/* ---- the app ---- */

static struct totp_secret
secret_of(const struct page *p, const char *id)
{
	uint8_t made[SECRETS_MADE_BYTES];
	struct totp_secret secret;

	secrets_make(&p->site->secrets, "app", id, made);
	memcpy(secret.bytes, made, sizeof secret.bytes);
	sodium_memzero(made, sizeof made);
	return secret;
}

const char *
factor_app_id(struct page *p, const char *of)
{
	const char *drawn = p->is_post ? form_first(p->form, "app") : NULL;
	const char *id;

	if (!id_is_well_formed(drawn))
		drawn = str_copy(p->arena, secrets_new_id(p->now_ms).text);
	page_put(p, "app", json_string(drawn));
	id = drawn == NULL ? NULL : str_format(p->arena, "%s/%s", of, drawn);
	if (id == NULL)
		p->end = PAGE_BROKEN;
	return id == NULL ? "" : id;
}

void
factor_put_app(struct page *p, const char *id, const char *account)
{
	struct totp_secret secret = secret_of(p, id);
	const char *uri = totp_uri(p->arena, &secret, ISSUER, account);
	const char *svg = NULL, *text = totp_secret_text(p->arena, &secret);

	sodium_memzero(&secret, sizeof secret);
	if (uri == NULL || text == NULL ||
	    totp_qr_svg(p->arena, uri, "QR code to scan with your app", &svg) !=
		ERR_NONE) {
		p->end = PAGE_BROKEN;
		return;
	}
	page_put(p, "qr", json_string(svg));
	page_put(p, "secret", json_string(text));
	page_put(p, "app_link", json_string(uri));
}

bool
factor_app_is_set_up(struct page *p, const char *id, uint64_t *step)
{
	struct totp_secret secret = secret_of(p, id);
	int64_t found = 0;
	bool is_right =
	    totp_check(&secret, arrival_typed(p, "code"), p->now_ms, &found);

	sodium_memzero(&secret, sizeof secret);
	*step = (uint64_t)found;
	if (!is_right)
		page_error(p, "code",
		    "This is not the code that the app shows now. Check the clock "
		    "of your phone, and enter the newest code.");
	return is_right;
}

const uint8_t *
factor_app_sealed(struct page *p, const char *id, const char *login)
{
	struct totp_secret secret = secret_of(p, id);
	uint8_t *sealed = arena_take(p->arena, FACTOR_SEALED_BYTES);

	if (sealed != NULL)
		secrets_seal(&p->site->secrets, login,
		    (struct bytes){secret.bytes, sizeof secret.bytes}, sealed);
	sodium_memzero(&secret, sizeof secret);
	return sealed;
}

/* ---- recovery codes ---- */

ProtobufCBinaryData *
factor_recovery_digests(struct page *p, const char *id, const char *login)
{
	ProtobufCBinaryData *list =
	    arena_take(p->arena, SECRETS_RECOVERY_CODES * sizeof *list);
	uint8_t *digests =
	    arena_take(p->arena, SECRETS_RECOVERY_CODES * (size_t)SECRETS_DIGEST_BYTES);

	if (list == NULL || digests == NULL)
		return NULL;
	for (unsigned i = 0; i < SECRETS_RECOVERY_CODES; i++) {
		struct secrets_recovery code =
		    secrets_recovery_code(&p->site->secrets, id, i);
		bool is_code;

		list[i].data = digests + i * (size_t)SECRETS_DIGEST_BYTES;
		list[i].len = SECRETS_DIGEST_BYTES;
		is_code = secrets_recovery_digest(
		    &p->site->secrets, login, code.text, list[i].data);
		assert(is_code);
	}
	return list;
}

void
factor_put_recovery(struct page *p, const char *id)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < SECRETS_RECOVERY_CODES; i++) {
		struct secrets_recovery code =
		    secrets_recovery_code(&p->site->secrets, id, i);

		json_array_append_new(list, json_string(code.text));
	}
	page_put(p, "recovery_codes", list);
}

/* ---- fields ---- */

static void
put(struct page *p, const struct field *field, const char *autocomplete)
{
	static const struct form nothing;
	const struct fields fresh = {p->arena, &nothing, p->errors};
	json_t *object = fields_text(&fresh, field);

	json_object_set_new(object, "autocomplete", json_string(autocomplete));
	page_put(p, field->name, object);
}

void
factor_put_password(struct page *p, const char *name, const char *label,
    const char *hint, const char *autocomplete)
{
	const struct field field = {
	    .name = name, .label = label, .hint = hint, .kind = "password"};

	put(p, &field, autocomplete);
}

void
factor_put_code(struct page *p, const char *label)
{
	const struct field field = {.name = "code",
	    .label = label,
	    .hint = "Six digits. Each code works once.",
	    .inputmode = "numeric",
	    .width = 10};

	put(p, &field, "one-time-code");
}
