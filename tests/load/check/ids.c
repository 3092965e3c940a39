#include "load/check/ids.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define ROOM_FIRST 1024

static size_t
slot_of(const struct ids *m, const char *id)
{
	uint64_t hash = UINT64_C(1469598103934665603);
	size_t i;

	for (const char *at = id; *at != '\0'; at++)
		hash = (hash ^ (uint8_t)*at) * UINT64_C(1099511628211);
	i = (size_t)hash & (m->room - 1);
	while (m->slots[i].id[0] != '\0' && !str_equal(m->slots[i].id, id))
		i = (i + 1) & (m->room - 1);
	return i;
}

static void
grow(struct ids *m)
{
	struct ids more = {.room = m->room == 0 ? ROOM_FIRST : 2 * m->room, .n = m->n};

	more.slots = calloc(more.room, sizeof *more.slots);
	if (more.slots == NULL)
		abort();
	for (size_t i = 0; i < m->room; i++)
		if (m->slots[i].id[0] != '\0')
			more.slots[slot_of(&more, m->slots[i].id)] = m->slots[i];
	free(m->slots);
	*m = more;
}

size_t
ids_find(const struct ids *m, const char *id)
{
	const struct ids_slot *s;

	if (m->room == 0 || id == NULL || id[0] == '\0')
		return IDS_NONE;
	s = &m->slots[slot_of(m, id)];
	return s->id[0] == '\0' ? IDS_NONE : s->row;
}

bool
ids_put(struct ids *m, const char *id, size_t row)
{
	struct ids_slot *s;

	if (2 * (m->n + 1) > m->room)
		grow(m);
	s = &m->slots[slot_of(m, id)];
	if (s->id[0] != '\0')
		return false;
	(void)snprintf(s->id, sizeof s->id, "%s", id);
	s->row = row;
	m->n++;
	return true;
}

void
ids_free(struct ids *m)
{
	free(m->slots);
	*m = (struct ids){.slots = NULL};
}
