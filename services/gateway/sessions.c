#include "gateway/sessions.h"

#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

#define SPARE_BYTES 4096 /* what an arena keeps beside its blocks */
#define NEIGHBOURS 8     /* places in which a session may lie */

/* ---- one ---- */

/* As much of the text as fits. */
static void
copy(char *out, size_t size, const char *text)
{
	size_t len = text == NULL ? 0 : strnlen(text, size - 1);

	if (len > 0)
		memcpy(out, text, len);
	out[len] = '\0';
}

static struct session_organisation *
organisation_of(struct session *s, const char *organisation_id)
{
	for (size_t i = 0; i < s->organisations_n; i++) {
		if (str_equal(s->organisations[i].organisation_id, organisation_id))
			return &s->organisations[i];
	}
	return NULL;
}

static void
add_grant(struct session *s, const Members__Grant *grant)
{
	struct session_organisation *organisation =
	    organisation_of(s, grant->organisation_id);

	if (organisation == NULL) {
		if (s->organisations_n == SESSION_ORGANISATIONS_MAX ||
		    grant->organisation_id == NULL)
			return;
		organisation = &s->organisations[s->organisations_n++];
		*organisation = (struct session_organisation){.roles = 0};
		copy(organisation->organisation_id,
		    sizeof organisation->organisation_id, grant->organisation_id);
	}
	if (grant->role < 32)
		organisation->roles |= 1u << (unsigned)grant->role;
}

static void
act(struct session *s, size_t i)
{
	s->acting = i;
	s->roles = 0;
	s->organisation_id[0] = '\0';
	if (i >= s->organisations_n)
		return;
	s->roles = s->organisations[i].roles;
	copy(s->organisation_id, sizeof s->organisation_id,
	    s->organisations[i].organisation_id);
}

bool
session_from(const Members__SessionShown *shown,
    const uint8_t digest[SESSION_DIGEST_BYTES], int64_t now_ms, struct session *out)
{
	const Members__Person *person = shown->person;
	int32_t today = day_in_london(now_ms);

	if (person == NULL || !id_is_well_formed(person->person_id))
		return false;
	*out = (struct session){.checked_ms = now_ms};
	memcpy(out->digest, digest, SESSION_DIGEST_BYTES);
	copy(out->person_id, sizeof out->person_id, person->person_id);
	copy(out->person_name, sizeof out->person_name, person->name);
	if (shown->session != NULL) {
		out->opened_ms = shown->session->opened_time;
		out->ends_ms = shown->session->expires_time;
		out->due_ms = shown->session->due_time;
	}
	for (size_t i = 0; i < person->n_grants; i++) {
		struct day_span span = DAY_SPAN_OF(person->grants[i]);

		if (day_is_in(today, span))
			add_grant(out, person->grants[i]);
	}
	act(out, 0);
	return true;
}

void
session_act_for(struct session *s, const char *organisation_id)
{
	const struct session_organisation *organisation =
	    organisation_id == NULL ? NULL : organisation_of(s, organisation_id);

	if (organisation != NULL)
		act(s, (size_t)(organisation - s->organisations));
}

/* ---- all ---- */

enum err
sessions_open(struct sessions *s)
{
	enum err e =
	    arena_open(&s->memory, SESSIONS_MAX * sizeof *s->list + SPARE_BYTES);

	if (e != ERR_NONE)
		return e;
	s->list = LIST_NEW(&s->memory, SESSIONS_MAX, struct session);
	return s->list == NULL ? ERR_MEMORY : ERR_NONE;
}

void
sessions_close(struct sessions *s)
{
	if (s->memory.base != NULL)
		arena_close(&s->memory);
	s->list = NULL;
}

/* A digest is as good as chance: its first bytes say where. */
static size_t
place_of(const uint8_t digest[SESSION_DIGEST_BYTES], size_t i)
{
	return (bytes_get_u32(digest) + i) % SESSIONS_MAX;
}

static struct session *
find(const struct sessions *s, const uint8_t digest[SESSION_DIGEST_BYTES])
{
	for (size_t i = 0; i < NEIGHBOURS; i++) {
		struct session *at = &s->list[place_of(digest, i)];

		if (at->person_id[0] != '\0' &&
		    memcmp(at->digest, digest, SESSION_DIGEST_BYTES) == 0)
			return at;
	}
	return NULL;
}

const struct session *
sessions_find(const struct sessions *s, const uint8_t digest[SESSION_DIGEST_BYTES])
{
	return find(s, digest);
}

bool
session_is_fresh(const struct session *s, bool is_watching, int64_t now_ms)
{
	return (is_watching || now_ms - s->used_ms < SESSIONS_USED_MS) &&
	       !s->is_in_doubt && now_ms >= s->checked_ms &&
	       now_ms - s->checked_ms < SESSIONS_FRESH_MS &&
	       (s->ends_ms == 0 || now_ms < s->ends_ms);
}

/* Where there is no room the one that was asked after longest ago goes. */
void
sessions_keep(struct sessions *s, const struct session *session)
{
	struct session *to = find(s, session->digest);

	for (size_t i = 0; to == NULL && i < NEIGHBOURS; i++) {
		struct session *at = &s->list[place_of(session->digest, i)];

		if (at->person_id[0] == '\0')
			to = at;
	}
	if (to == NULL) {
		to = &s->list[place_of(session->digest, 0)];
		for (size_t i = 1; i < NEIGHBOURS; i++) {
			struct session *at = &s->list[place_of(session->digest, i)];

			if (at->checked_ms < to->checked_ms)
				to = at;
		}
	}
	*to = *session;
}

void
sessions_drop(struct sessions *s, const uint8_t digest[SESSION_DIGEST_BYTES])
{
	struct session *at = find(s, digest);

	if (at != NULL)
		*at = (struct session){.checked_ms = 0};
}

void
sessions_doubt(struct sessions *s)
{
	for (size_t i = 0; i < SESSIONS_MAX; i++)
		s->list[i].is_in_doubt = true;
}
