#include "gateway/directory.h"

#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

#define ROOM_BYTES ((size_t)32 * 1024 * 1024)
#define EVERY_MS 600000 /* should a hint have been lost */
#define UNKNOWN_MS 3000 /* while nothing has been heard yet */
#define SOON_MS 500     /* after a hint: more may follow it */
#define PEOPLE_MAX 8000
#define PEOPLE_A_PAGE 500
#define CALL(name) MEMBERS__MEMBERS_CALL__CALL_##name

static const Members__Councils no_councils = MEMBERS__COUNCILS__INIT;
static const Members__Providers no_providers = MEMBERS__PROVIDERS__INIT;

/* ---- asking ---- */

/* Every person, page after page; false while pages are missing, or where nothing has
 * changed since they were last read. */
static bool
ask_people(struct page *p, struct arena *a, Members__Person **list, size_t *n)
{
	struct directory *d = p->of;
	Members__PeopleAsked asked = MEMBERS__PEOPLE_ASKED__INIT;
	const Members__People *people;

	SET(&asked, limit, PEOPLE_A_PAGE);
	if (d->is_known)
		SET(&asked, known_number, d->changed_number);
	*n = 0;
	do {
		people = page_ask_own(p, "members", CALL(PEOPLE), &asked.base, NULL);
		if (people == NULL ||
		    (d->is_known && people->changed_number == d->changed_number))
			return false;
		d->reading_number = people->changed_number;
		for (size_t i = 0; i < people->n_people && *n < PEOPLE_MAX; i++) {
			list[*n] = message_copy(a, &people->people[i]->base);
			if (list[(*n)++] == NULL)
				return false;
		}
		asked.after_id = people->next_id;
	} while (people->next_id != NULL && people->n_people > 0 && *n < PEOPLE_MAX);
	return true;
}

/* Writes it down in the other room, which becomes the one that stands. */
static void
run(struct page *p)
{
	struct directory *d = p->of;
	struct arena *room = &d->rooms[!d->room];
	Members__CouncilsAsked councils_asked = MEMBERS__COUNCILS_ASKED__INIT;
	Members__ProvidersAsked providers_asked = MEMBERS__PROVIDERS_ASKED__INIT;
	const Members__Councils *councils;
	const Members__Providers *providers;
	Members__Person **people;
	size_t people_n;

	councils =
	    page_ask_own(p, "members", CALL(COUNCILS), &councils_asked.base, NULL);
	providers =
	    page_ask_own(p, "members", CALL(PROVIDERS), &providers_asked.base, NULL);
	arena_reset(room);
	people = LIST_NEW(room, PEOPLE_MAX, Members__Person *);
	if (people == NULL || !ask_people(p, room, people, &people_n) ||
	    councils == NULL || providers == NULL)
		return;
	councils = message_copy(room, &councils->base);
	providers = message_copy(room, &providers->base);
	if (councils == NULL || providers == NULL)
		return;
	d->councils = councils;
	d->providers = providers;
	d->people = people;
	d->people_n = people_n;
	d->room = !d->room;
	d->changed_number = d->reading_number;
	d->is_known = true;
}

static void
finish(struct page *p)
{
	page_end(p);
}

void
directory_go_on(struct directory *d, int64_t now_ms)
{
	struct page *p = &d->page;

	if (now_ms < d->next_ms || p->is_taken)
		return;
	d->next_ms = now_ms + (d->is_known ? EVERY_MS : UNKNOWN_MS);
	page_begin(p);
	p->is_taken = true;
	p->of = d;
	p->path = "directory";
	page_run(p);
}

void
directory_doubt(struct directory *d, int64_t now_ms)
{
	if (d->next_ms > now_ms + SOON_MS)
		d->next_ms = now_ms + SOON_MS;
}

enum err
directory_open(struct directory *d, struct calls *calls)
{
	enum err e;

	*d = (struct directory){.councils = &no_councils, .providers = &no_providers};
	d->page.calls = calls;
	d->page.run = run;
	d->page.finish = finish;
	e = arena_open(&d->page.memory, ROOM_BYTES);
	if (e == ERR_NONE)
		e = arena_open(&d->rooms[0], ROOM_BYTES);
	return e == ERR_NONE ? arena_open(&d->rooms[1], ROOM_BYTES) : e;
}

void
directory_close(struct directory *d)
{
	if (d->page.is_taken)
		page_end(&d->page);
	if (d->page.memory.base != NULL)
		arena_close(&d->page.memory);
	for (size_t i = 0; i < 2; i++) {
		if (d->rooms[i].base != NULL)
			arena_close(&d->rooms[i]);
	}
}

/* ---- looking up ---- */

const Members__Council *
directory_council(const struct directory *d, const char *id)
{
	for (size_t i = 0; id != NULL && i < d->councils->n_councils; i++) {
		if (str_equal(d->councils->councils[i]->council_id, id))
			return d->councils->councils[i];
	}
	return NULL;
}

const Members__Provider *
directory_provider(const struct directory *d, const char *id)
{
	size_t low = 0, high = d->providers->n_providers;

	while (id != NULL && low < high) {
		size_t middle = low + (high - low) / 2;
		const Members__Provider *at = d->providers->providers[middle];
		int order = strcmp(at->provider_id, id);

		if (order == 0)
			return at;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const Members__Person *
directory_person(const struct directory *d, const char *id)
{
	size_t low = 0, high = d->people_n;

	while (id != NULL && low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(d->people[middle]->person_id, id);

		if (order == 0)
			return d->people[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const char *
directory_council_name(const struct directory *d, const char *id)
{
	const Members__Council *council = directory_council(d, id);

	return council == NULL ? "a council not known here" : council->name;
}

const char *
directory_provider_name(const struct directory *d, const char *id)
{
	const Members__Provider *provider = directory_provider(d, id);

	return provider == NULL ? "a provider not known here" : provider->name;
}

const char *
directory_person_name(const struct directory *d, const char *id)
{
	const Members__Person *person = directory_person(d, id);

	return person == NULL || person->name == NULL ? "somebody not known here"
	                                              : person->name;
}

const char *
directory_organisation_name(const struct directory *d, const char *id)
{
	if (str_equal(id, "co-operative"))
		return "The co\u2011operative";
	return directory_council(d, id) != NULL ? directory_council_name(d, id)
	                                        : directory_provider_name(d, id);
}

bool
directory_is_member(const struct directory *d, const char *id, int32_t today)
{
	const Members__Council *council = directory_council(d, id);

	for (size_t i = 0; council != NULL && i < council->n_memberships; i++) {
		struct day_span span = DAY_SPAN_OF(council->memberships[i]);

		if (day_is_in(today, span))
			return true;
	}
	return false;
}
