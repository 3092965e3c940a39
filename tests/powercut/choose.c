#include "powercut/choose.h"

#define NEAR_STEPS 4u /* around a commit */
#define SOON_STEPS 80u

static size_t
pick(const struct recorded *r, uint64_t *chance,
    bool (*is_wanted)(const struct record *))
{
	size_t i;

	do {
		i = disk_mix(chance) % r->n;
	} while (!is_wanted(&r->list[i]));
	return i;
}

static bool
is_commit(const struct record *r)
{
	return r->head.kind == RECORD_WROTE_DURABLY || r->head.kind == RECORD_FLUSHED ||
	       r->head.kind == RECORD_FLUSHED_FOLDER || r->head.kind == RECORD_RENAMED;
}

static bool
is_begin(const struct record *r)
{
	return r->head.kind == RECORD_BEGIN;
}

/* The first record after this one that tells of something done. */
static size_t
behind_found(const struct recorded *r, size_t i)
{
	while (i + 1 < r->n && r->list[i].head.kind != RECORD_FLUSHED &&
	       r->list[i].head.kind != RECORD_WROTE)
		i++;
	return i;
}

static bool
is_write(const struct record *r)
{
	return r->head.kind == RECORD_WROTE || r->head.kind == RECORD_MADE_FOLDER ||
	       (r->head.kind == RECORD_OPENED && r->head.at == RECORD_NEW);
}

static bool
is_told_or_done(const struct record *r)
{
	return r->head.kind != RECORD_FOUND && r->head.kind != RECORD_FOUND_PAGE;
}

/* A quarter of them anywhere, a quarter while something is under way, a quarter soon
 * after a process began, a quarter close to where a commit becomes one. */
static void
choose_honest(const struct chooser *c, uint64_t *chance, struct point *out)
{
	size_t last = 2 * c->recorded->n - 1;

	uint64_t quarter = disk_mix(chance) % 4;
	size_t at;

	if (quarter == 0) {
		out->step = 2 * pick(c->recorded, chance, is_told_or_done) +
		            disk_mix(chance) % 2;
	} else if (quarter == 1) {
		out->step =
		    2 * pick(c->recorded, chance, is_write) + disk_mix(chance) % 2;
	} else if (quarter == 2) {
		/* A store is made but once: a third of them then. */
		at =
		    disk_mix(chance) % 3 == 0 ? 0 : pick(c->recorded, chance, is_begin);
		out->step =
		    2 * behind_found(c->recorded, at) + disk_mix(chance) % SOON_STEPS;
	} else {
		out->step = 2 * pick(c->recorded, chance, is_commit) +
		            disk_mix(chance) % NEAR_STEPS;
		out->step = out->step < NEAR_STEPS / 2 ? 0 : out->step - NEAR_STEPS / 2;
	}
	if (out->step > last)
		out->step = last;
	out->cut.mode = (enum cut_mode)(disk_mix(chance) % CUT_MODES);
	out->answered_by = out->step / 2 + out->step % 2;
}

/* Just after an answer, in the second half of what was answered. */
static void
choose_after_answer(const struct chooser *c, uint64_t *chance, struct point *out)
{
	const struct told *told = c->told;
	size_t half = told->answers_n / 2;
	size_t i = half + disk_mix(chance) % (told->answers_n - half);

	out->step = 2 * told->answers[i].at + 1;
	out->answered_by = told->answers[i].at + 1;
}

/* While the root page of a commit is written, and its answers are already out. */
static void
choose_too_soon(const struct chooser *c, uint64_t *chance, struct point *out)
{
	const struct record *list = c->recorded->list;
	size_t at;

	choose_after_answer(c, chance, out);
	at = out->step / 2;
	while (at > 0 && list[at].head.kind != RECORD_WROTE_DURABLY &&
	       list[at].head.kind != RECORD_BEGIN)
		at--;
	out->step = 2 * at;
}

void
choose(const struct chooser *c, uint64_t *chance, struct point *out)
{
	static const enum cut_mode unflushed[] = {CUT_NOTHING, CUT_SOME, CUT_TORN};

	out->cut = (struct cut){CUT_NOTHING, disk_mix(chance)};
	switch (c->world) {
	case WORLD_HONEST: choose_honest(c, chance, out); return;
	case WORLD_NO_FLUSH:
		choose_after_answer(c, chance, out);
		out->cut.mode = unflushed[disk_mix(chance) % 3];
		return;
	case WORLD_NO_ROOT_FLUSH:
		choose_after_answer(c, chance, out);
		out->cut.mode = (enum cut_mode)(disk_mix(chance) % CUT_MODES);
		return;
	case WORLD_NO_FOLDER_FLUSH: choose_after_answer(c, chance, out); return;
	case WORLD_ANSWERS_TOO_SOON: choose_too_soon(c, chance, out); return;
	case WORLDS: return;
	}
}
