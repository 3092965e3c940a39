#ifndef RCC_GATEWAY_SESSIONS_H
#define RCC_GATEWAY_SESSIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"

#include "members.pb-c.h"

#define SESSION_DIGEST_BYTES 32
#define SESSION_NAME_BYTES 320
#define SESSION_ORGANISATIONS_MAX 16

/* What a person may do in one organisation today. */
struct session_organisation {
	char organisation_id[ID_LEN + 1];
	uint32_t roles; /* bits, 1 << members.Role */
};

/* Somebody signed in, as members last said; a copy that borrows nothing. */
struct session {
	uint8_t digest[SESSION_DIGEST_BYTES]; /* of the token in the cookie */
	char person_id[ID_LEN + 1];
	char person_name[SESSION_NAME_BYTES];
	struct session_organisation organisations[SESSION_ORGANISATIONS_MAX];
	size_t organisations_n;
	size_t acting; /* for that one of them */
	int64_t opened_ms, ends_ms;
	int64_t due_ms;     /* when it ends where nothing more is done; 0: never */
	int64_t checked_ms; /* when members last said so */
	int64_t used_ms;    /* when it was last told that somebody did something */
	bool is_in_doubt;   /* something changed in members since */
	/* Of the one acted for: */
	char organisation_id[ID_LEN + 1]; /* "" where the person has no role today */
	uint32_t roles;
};

/* From what members said. False where the person has no id. */
bool session_from(const Members__SessionShown *shown,
    const uint8_t digest[SESSION_DIGEST_BYTES], int64_t now_ms, struct session *out);
/* To act for that organisation, where the person has a role there; else nothing. */
void session_act_for(struct session *s, const char *organisation_id);

#define SESSIONS_MAX 4096
#define SESSIONS_FRESH_MS 15000 /* after that members is asked again */
#define SESSIONS_USED_MS 60000  /* after that it is told of a use again */
#define SESSIONS_WITHOUT_MEMBERS_MS                                                    \
	(INT64_C(15) * 60 * 1000) /* while members is down */

/*
 * Who is signed in, so that not every page asks members. It only remembers: members
 * says who is, and is asked again after a quarter of a minute and whenever it hints
 * that something changed there.
 */
struct sessions {
	struct arena memory;
	struct session *list; /* SESSIONS_MAX of them; person_id "" is free */
};

enum err sessions_open(struct sessions *s) MUST_CHECK;
void sessions_close(struct sessions *s);

/* What is known of it, fresh or not; NULL: nothing. */
const struct session *sessions_find(
    const struct sessions *s, const uint8_t digest[SESSION_DIGEST_BYTES]);
/* Need members not be asked? Whoever is merely watching for news does not use it. */
bool session_is_fresh(const struct session *s, bool is_watching, int64_t now_ms);
void sessions_keep(struct sessions *s, const struct session *session);
void sessions_drop(struct sessions *s, const uint8_t digest[SESSION_DIGEST_BYTES]);
/* Something changed in members: all are asked after anew. */
void sessions_doubt(struct sessions *s);

#endif
