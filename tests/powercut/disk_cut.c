#include "powercut/disk_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_BYTES ((size_t)64 << 10)
#define SECTORS (RECORD_PAGE_BYTES / DISK_SECTOR_BYTES)

/* One file being cut. */
struct cutting {
	const struct file *file;
	enum cut_mode mode;
	uint64_t chance;
	uint32_t pages_n; /* that have something on its way */
	uint32_t odd;     /* of them, the one that is missing, or alone */
	size_t end;       /* of what was put there of what was on its way */
	struct cut_tally *tally;
	int fd;
};

static uint64_t
draw(struct cutting *c, uint64_t below)
{
	return below == 0 ? 0 : disk_mix(&c->chance) % below;
}

static bool
write_at(int fd, const uint8_t *data, size_t len, size_t at)
{
	return pwrite(fd, data, len, (off_t)at) == (ssize_t)len;
}

/* ---- a page ---- */

/* How many states the page had since it was certain. */
static uint32_t
states_of(const struct file *f, uint32_t newest)
{
	uint32_t n = 0;

	for (uint32_t i = newest; i != NO_VERSION; i = f->versions[i].older)
		n++;
	return n;
}

/* `back` states before the newest; all the way back is the certain one. */
static const uint8_t *
state(const struct file *f, uint32_t newest, uint32_t back)
{
	uint32_t page = f->versions[newest].page;

	for (; newest != NO_VERSION && back > 0; back--)
		newest = f->versions[newest].older;
	return newest != NO_VERSION ? f->versions[newest].bytes
	                            : f->certain + (size_t)page * RECORD_PAGE_BYTES;
}

/* How far back from its newest state this page is; 0: it all came through. */
static uint32_t
choose(struct cutting *c, uint32_t states, uint32_t index)
{
	switch (c->mode) {
	case CUT_NOTHING: return states;
	case CUT_SOME: return draw(c, 2) == 0 ? states : (uint32_t)draw(c, states);
	case CUT_ONE_MISSING: return index == c->odd ? states : 0;
	case CUT_ONE_ALONE: return index == c->odd ? 0 : states;
	case CUT_TORN:
	case CUT_EVERYTHING:
	case CUT_MODES: break;
	}
	return 0;
}

/* Each sector in a state of its own. */
static bool
tear(
    struct cutting *c, uint32_t newest, uint32_t states, uint8_t out[RECORD_PAGE_BYTES])
{
	bool is_torn = false;
	uint32_t first = 0;

	for (size_t i = 0; i < SECTORS; i++) {
		uint32_t back = (uint32_t)draw(c, states + 1);

		if (i == 0)
			first = back;
		is_torn = is_torn || back != first;
		memcpy(out + i * DISK_SECTOR_BYTES,
		    state(c->file, newest, back) + i * DISK_SECTOR_BYTES,
		    DISK_SECTOR_BYTES);
	}
	return is_torn;
}

static bool
put_page(struct cutting *c, uint32_t newest, uint32_t index)
{
	const struct file *f = c->file;
	uint32_t states = states_of(f, newest), back = choose(c, states, index);
	size_t at = (size_t)f->versions[newest].page * RECORD_PAGE_BYTES;
	uint8_t torn[RECORD_PAGE_BYTES];
	const uint8_t *bytes;

	if (c->mode == CUT_TORN) {
		c->tally->pages_torn += tear(c, newest, states, torn);
		bytes = torn;
	} else if (back == states) {
		c->tally->pages_lost++;
		return true;
	} else {
		c->tally->pages_kept += back == 0;
		c->tally->pages_older += back > 0;
		bytes = state(f, newest, back);
	}
	if (at + RECORD_PAGE_BYTES > c->end)
		c->end = at + RECORD_PAGE_BYTES;
	return write_at(c->fd, bytes, RECORD_PAGE_BYTES, at);
}

/* ---- a file ---- */

static bool
is_newest(const struct file *f, uint32_t i)
{
	return f->newest[f->versions[i].page] == i;
}

/* What was certain, less what is all zeros: a hole reads the same. */
static bool
put_certain(const struct cutting *c)
{
	static const uint8_t zeros[CHUNK_BYTES];
	size_t len = c->file->certain_len;

	for (size_t at = 0; at < len; at += CHUNK_BYTES) {
		size_t n = len - at < CHUNK_BYTES ? len - at : CHUNK_BYTES;

		if (memcmp(c->file->certain + at, zeros, n) != 0 &&
		    !write_at(c->fd, c->file->certain + at, n, at))
			return false;
	}
	return true;
}

/* Its length: as it was certain, or as it was to be, or no longer than what came. */
static size_t
choose_len(struct cutting *c)
{
	const struct file *f = c->file;
	size_t least = f->certain_len, most = f->now_len;

	if (c->mode == CUT_EVERYTHING)
		return f->now_len;
	if (least > most) /* it was to be shorter */
		return draw(c, 2) == 0 ? most : least;
	if (least < c->end)
		least = c->end < most ? c->end : most;
	return c->mode == CUT_NOTHING || draw(c, 2) == 0 ? least : most;
}

static bool
cut_file(struct cutting *c, const char *path)
{
	const struct file *f = c->file;
	uint32_t index = 0;
	bool is_fine;

	for (uint32_t i = 0; i < f->versions_n; i++)
		c->pages_n += is_newest(f, i);
	c->odd = (uint32_t)draw(c, c->pages_n);
	c->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	is_fine = c->fd >= 0 && put_certain(c);
	for (uint32_t i = 0; i < f->versions_n && is_fine; i++)
		if (is_newest(f, i))
			is_fine = put_page(c, i, index++);
	is_fine = is_fine && ftruncate(c->fd, (off_t)choose_len(c)) == 0;
	if (c->fd >= 0)
		close(c->fd);
	return is_fine;
}

/* ---- the folder ---- */

/* What is in the folders: what is certain, and the first of the changes on their way.
 */
static void
cut_names(const struct disk *d, const struct cut *cut, struct names *out,
    struct cut_tally *tally)
{
	uint64_t chance = cut->seed;
	size_t n = 0;

	*out = d->certain;
	if (cut->mode == CUT_EVERYTHING)
		n = d->changes_n;
	else if (cut->mode != CUT_NOTHING)
		n = disk_mix(&chance) % (d->changes_n + 1);
	for (size_t i = 0; i < n; i++)
		(void)disk_apply(out, &d->changes[i]);
	tally->changes_lost += d->changes_n - n;
}

static const struct name *
holds(const struct names *names, const char *path)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->list[i].path, path) == 0)
			return &names->list[i];
	return NULL;
}

/* Is every folder on the way to it there? */
static bool
is_reached(const struct names *names, const char *path)
{
	char folder[DISK_PATH_MAX];

	for (size_t i = 0; path[i] != '\0'; i++) {
		if (path[i] != '/')
			continue;
		snprintf(folder, sizeof folder, "%.*s", (int)i, path);
		if (holds(names, folder) == NULL)
			return false;
	}
	return true;
}

/* The next in order: a folder stands before what is in it. */
static int
first_after(const struct names *names, const char *last)
{
	int found = -1;

	for (size_t i = 0; i < names->n; i++) {
		const char *path = names->list[i].path;

		if (strcmp(path, last) > 0 &&
		    (found < 0 || strcmp(path, names->list[found].path) < 0))
			found = (int)i;
	}
	return found;
}

static bool
put(const struct disk *d, const struct name *n, const char *to, const struct cut *cut,
    struct cut_tally *tally)
{
	struct cutting c = {.mode = cut->mode,
	    .chance = cut->seed ^ (uint64_t)(unsigned)n->file << 32,
	    .tally = tally};

	if (n->file == FOLDER)
		return mkdir(to, 0700) == 0 || errno == EEXIST;
	c.file = &d->files[n->file];
	return cut_file(&c, to);
}

bool
disk_cut(const struct disk *d, const char *name, const struct cut *cut, const char *to,
    struct cut_tally *tally)
{
	size_t len = strlen(name);
	const char *last = "";
	char path[2 * DISK_PATH_MAX];
	struct names names;
	int i;

	cut_names(d, cut, &names, tally);
	while ((i = first_after(&names, last)) >= 0) {
		const struct name *n = &names.list[i];

		last = n->path;
		if (strncmp(n->path, name, len) != 0 ||
		    (n->path[len] != '/' && n->path[len] != '\0') ||
		    !is_reached(&names, n->path))
			continue;
		snprintf(path, sizeof path, "%s%s", to, n->path + len);
		if (!put(d, n, path, cut, tally))
			return false;
	}
	return true;
}
