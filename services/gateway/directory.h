#ifndef RCC_GATEWAY_DIRECTORY_H
#define RCC_GATEWAY_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "gateway/page.h"

#include "members.pb-c.h"

/*
 * The names of councils, providers and people, so that a page can say them without
 * asking. Asked of members when the gateway starts, whenever members hints that it
 * wrote something, and every ten minutes; while members is down the last answer stands.
 */
struct directory {
	struct arena rooms[2]; /* what stands, and what is being written down */
	unsigned room;
	const Members__Councils *councils;   /* never NULL; perhaps empty */
	const Members__Providers *providers; /* in order of their ids */
	Members__Person **people;            /* likewise */
	size_t people_n;
	int64_t next_ms;         /* when it is asked again */
	bool is_known;           /* members has answered once */
	uint64_t changed_number; /* up to that event of members */
	uint64_t reading_number; /* the same of what is being written down */
	struct page page;
};

enum err directory_open(struct directory *d, struct calls *calls) MUST_CHECK;
void directory_close(struct directory *d);
/* Asks anew if it is time. */
void directory_go_on(struct directory *d, int64_t now_ms);
/* members changed: ask soon. */
void directory_doubt(struct directory *d, int64_t now_ms);

/* The row, or NULL where there is none of that id, or of NULL. */
const Members__Council *directory_council(const struct directory *d, const char *id);
const Members__Provider *directory_provider(const struct directory *d, const char *id);
const Members__Person *directory_person(const struct directory *d, const char *id);
/* Its name; "a council not known here" and the like where there is none. */
const char *directory_council_name(const struct directory *d, const char *id);
const char *directory_provider_name(const struct directory *d, const char *id);
const char *directory_person_name(const struct directory *d, const char *id);
/* Of any of the three kinds of organisation, or the co-operative. */
const char *directory_organisation_name(const struct directory *d, const char *id);
/* Is the council a member of this co-operative today? */
bool directory_is_member(const struct directory *d, const char *id, int32_t today);

#endif
