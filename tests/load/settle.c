/* At rest: nothing is owed, and everybody has followed to the end. */
#include "load/load.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/message.h"
#include "base/str.h"

#define HEALTH 2
#define PAUSE_MS 50

struct standing {
	uint64_t heads[LOAD_SERVICES];
	bool is_owing;
};

static size_t
service_of(const char *name)
{
	size_t i = 0;

	while (i < LOAD_SERVICES && !str_equal(load_contracts[i].name, name))
		i++;
	return i;
}

static const Common__Health *
health(struct load *l, const struct load_line *line)
{
	Common__HealthAsked asked = COMMON__HEALTH_ASKED__INIT;

	return load_ask(l, line, HEALTH, &asked.base);
}

/* Has this one followed as far as everybody has written? */
static bool
has_followed(const Common__Health *h, const uint64_t heads[LOAD_SERVICES])
{
	for (size_t i = 0; i < h->n_follows; i++) {
		size_t source = service_of(h->follows[i]->service);

		if (h->follows[i]->stopped != NULL)
			load_fail("rcc-%s no longer follows %s: %s", h->service,
			    h->follows[i]->service, h->follows[i]->stopped);
		if (source == LOAD_SERVICES || h->follows[i]->number < heads[source])
			return false;
	}
	return h->owed_calls == 0;
}

static bool
is_at_rest(struct load *l, const struct load_line lines[LOAD_SERVICES])
{
	uint64_t heads[LOAD_SERVICES], again[LOAD_SERVICES];
	bool is_so = true;

	for (size_t i = 0; i < LOAD_SERVICES; i++)
		heads[i] = health(l, &lines[i])->head_number;
	for (size_t i = 0; i < LOAD_SERVICES; i++) {
		const Common__Health *h = health(l, &lines[i]);

		is_so &= has_followed(h, heads);
		again[i] = h->head_number;
	}
	return is_so && memcmp(heads, again, sizeof heads) == 0;
}

bool
load_settle(struct load *l, int64_t wait_ms)
{
	const struct load_desk *d =
	    &l->desks[load_desk_of(l, LOAD_ADMINISTRATOR, NULL)];
	int64_t until_us = clock_ticks_us() + wait_ms * 1000;
	struct timespec pause = {0, PAUSE_MS * INT64_C(1000000)};
	struct load_line lines[LOAD_SERVICES];
	bool is_so = false;

	for (unsigned i = 0; i < LOAD_SERVICES; i++)
		lines[i] = load_line_open(
		    l, (enum load_service)i, d->public_key, d->secret_key);
	while (!is_so && clock_ticks_us() < until_us) {
		arena_reset(&l->arena);
		is_so = is_at_rest(l, lines);
		if (!is_so)
			(void)nanosleep(&pause, NULL);
	}
	for (size_t i = 0; i < LOAD_SERVICES; i++)
		bus_client_close(lines[i].line);
	return is_so;
}
