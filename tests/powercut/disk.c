#include "powercut/disk_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE RECORD_PAGE_BYTES

uint64_t
disk_mix(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint64_t
disk_found(const struct disk *d)
{
	return d->found;
}

struct disk *
disk_new(const struct disk_faults *faults)
{
	struct disk *d = calloc(1, sizeof *d);

	if (d != NULL)
		d->faults = *faults;
	return d;
}

/* ---- folders ---- */

struct name *
disk_find(struct names *names, const char *path)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->list[i].path, path) == 0)
			return &names->list[i];
	return NULL;
}

static void
forget(struct names *names, const char *path)
{
	struct name *n = disk_find(names, path);

	if (n != NULL)
		*n = names->list[--names->n];
}

static bool
add(struct names *names, const char *path, int file)
{
	if (names->n == NAMES_MAX)
		return false;
	snprintf(names->list[names->n].path, DISK_PATH_MAX, "%s", path);
	names->list[names->n++].file = file;
	return true;
}

bool
disk_apply(struct names *names, const struct change *c)
{
	struct name *n;

	switch (c->kind) {
	case CHANGE_MADE: forget(names, c->path); return add(names, c->path, c->file);
	case CHANGE_REMOVED: forget(names, c->path); return true;
	case CHANGE_RENAMED:
		n = disk_find(names, c->path);
		if (n == NULL) /* it was never certain that it came */
			return add(names, c->to, c->file);
		forget(names, c->to);
		n = disk_find(names, c->path);
		snprintf(n->path, DISK_PATH_MAX, "%s", c->to);
		return true;
	}
	return false;
}

static void
change(struct disk *d, const struct change *c)
{
	if (d->changes_n == CHANGES_MAX || !disk_apply(&d->now, c)) {
		d->problem = "too many files are made and removed";
		return;
	}
	d->changes[d->changes_n++] = *c;
}

static bool
is_in(const char *folder, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 0 : (size_t)(slash - path);

	return strlen(folder) == len && strncmp(folder, path, len) == 0;
}

/* What was changed in this folder is certain; in others it still is not. */
static void
flush_folder(struct disk *d, const char *folder)
{
	size_t left = 0;

	if (d->faults.no_folder_flush)
		return;
	for (size_t i = 0; i < d->changes_n; i++) {
		struct change *c = &d->changes[i];

		if (is_in(folder, c->kind == CHANGE_RENAMED ? c->to : c->path))
			(void)disk_apply(&d->certain, c);
		else
			d->changes[left++] = *c;
	}
	d->changes_n = left;
}

/* ---- files ---- */

static void *
address_space(size_t len)
{
	void *at = mmap(NULL, len, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

static int
new_file(struct disk *d)
{
	struct file *f = &d->files[d->files_n];

	if (d->files_n == FILES_MAX) {
		d->problem = "too many files were made";
		return FOLDER;
	}
	f->certain = address_space(FILE_BYTES_MAX);
	f->now = address_space(FILE_BYTES_MAX);
	f->newest = address_space(PAGES_MAX * sizeof *f->newest);
	if (f->certain == NULL || f->now == NULL || f->newest == NULL) {
		d->problem = "there is no memory for another file";
		return FOLDER;
	}
	for (size_t i = 0; i < PAGES_MAX; i++)
		f->newest[i] = NO_VERSION;
	return d->files_n++;
}

static struct version *
add_version(struct disk *d, struct file *f)
{
	if (f->versions_n == f->versions_room) {
		uint32_t room = f->versions_room == 0 ? 64 : 2 * f->versions_room;
		struct version *more = reallocarray(f->versions, room, sizeof *more);

		if (more == NULL) {
			d->problem = "there is no memory for what is not flushed";
			return NULL;
		}
		f->versions = more;
		f->versions_room = room;
	}
	return &f->versions[f->versions_n++];
}

/* The page as it is now is on its way. */
static void
note_page(struct disk *d, struct file *f, uint32_t page)
{
	struct version *v = add_version(d, f);

	if (v == NULL)
		return;
	v->page = page;
	v->older = f->newest[page];
	memcpy(v->bytes, f->now + (size_t)page * PAGE, PAGE);
	f->newest[page] = f->versions_n - 1;
}

static void
write_to(struct disk *d, struct file *f, const struct record *r)
{
	uint64_t at = r->head.at, end = at + r->head.len;

	if (end > FILE_BYTES_MAX) {
		d->problem = "a file is larger than a recording may have";
		return;
	}
	memcpy(f->now + at, r->data, r->head.len);
	if (end > f->now_len)
		f->now_len = end;
	for (uint64_t page = at / PAGE; page * PAGE < end; page++)
		note_page(d, f, (uint32_t)page);
}

static void
set_size(struct file *f, size_t len)
{
	if (len < f->now_len)
		memset(f->now + len, 0, f->now_len - len);
	f->now_len = len;
}

static void
flush(struct file *f)
{
	for (uint32_t i = 0; i < f->versions_n; i++) {
		size_t at = (size_t)f->versions[i].page * PAGE;

		memcpy(f->certain + at, f->now + at, PAGE);
		f->newest[f->versions[i].page] = NO_VERSION;
	}
	f->versions_n = 0;
	if (f->now_len < f->certain_len)
		memset(f->certain + f->now_len, 0, f->certain_len - f->now_len);
	f->certain_len = f->now_len;
}

/* A durable write: its pages are certain as they are now, the others are not. */
static void
flush_pages(struct file *f, uint64_t at, uint64_t len)
{
	for (uint64_t page = at / PAGE; page * PAGE < at + len; page++) {
		memcpy(f->certain + page * PAGE, f->now + page * PAGE, PAGE);
		f->newest[page] = NO_VERSION;
	}
	if (f->certain_len < at + len)
		f->certain_len = at + len;
}

/* ---- as a process found it ---- */

/* One that ended by itself has said all it wrote. */
static void
count_found(struct disk *d, const struct file *f)
{
	if (f->is_taken_on_trust)
		return;
	d->found++;
	if (!d->was_killed)
		d->problem = "a file is found otherwise than it was left";
}

static void
found_zeros(struct disk *d, struct file *f, uint64_t until)
{
	static const uint8_t zeros[PAGE];

	for (; f->found_at < until; f->found_at += PAGE) {
		if (memcmp(f->now + f->found_at, zeros, PAGE) == 0)
			continue;
		memset(f->now + f->found_at, 0, PAGE);
		note_page(d, f, (uint32_t)(f->found_at / PAGE));
		count_found(d, f);
	}
}

static void
found_page(struct disk *d, struct file *f, const struct record *r)
{
	uint8_t page[PAGE] = {0};

	memcpy(page, r->data, r->head.len < PAGE ? r->head.len : PAGE);
	found_zeros(d, f, r->head.at);
	if (memcmp(f->now + r->head.at, page, PAGE) != 0) {
		memcpy(f->now + r->head.at, page, PAGE);
		note_page(d, f, (uint32_t)(r->head.at / PAGE));
		count_found(d, f);
	}
	f->found_at = r->head.at + PAGE;
	if (f->is_taken_on_trust)
		flush(f);
}

static void
found(struct disk *d, struct file *f, uint64_t len)
{
	if (len > FILE_BYTES_MAX) {
		d->problem = "a file is larger than a recording may have";
		return;
	}
	f->found_at = 0;
	if (f->is_taken_on_trust)
		f->certain_len = len;
	else if (len != f->now_len)
		count_found(d, f);
	f->now_len = len;
}

/* ---- records ---- */

static void
read_path(struct disk *d, const uint8_t *data, size_t len, char out[DISK_PATH_MAX])
{
	if (len >= DISK_PATH_MAX) {
		d->problem = "a path is too long";
		len = 0;
	}
	if (len > 0)
		memcpy(out, data, len);
	out[len] = '\0';
}

/* It was there before the recording, and the folders on the way to it. */
static void
trust(struct disk *d, const char *path, int file)
{
	char folder[DISK_PATH_MAX];
	bool is_fine = true;

	for (size_t i = 0; path[i] != '\0'; i++) {
		if (path[i] != '/')
			continue;
		snprintf(folder, sizeof folder, "%.*s", (int)i, path);
		if (disk_find(&d->now, folder) == NULL)
			is_fine = is_fine && add(&d->now, folder, FOLDER) &&
			          add(&d->certain, folder, FOLDER);
	}
	if (!is_fine || !add(&d->now, path, file) || !add(&d->certain, path, file))
		d->problem = "too many files are there";
}

static void
opened(struct disk *d, const struct record *r, const char *path)
{
	struct change made = {.kind = CHANGE_MADE};
	struct name *n = disk_find(&d->now, path);
	int file;

	if (r->head.handle >= HANDLES_MAX) {
		d->problem = "a process opened too many files";
		return;
	}
	if (n != NULL && r->head.at != RECORD_NEW) {
		d->handles[r->head.handle] = n->file;
		return;
	}
	file = new_file(d);
	if (file == FOLDER)
		return;
	d->handles[r->head.handle] = file;
	if (r->head.at == RECORD_NEW) {
		snprintf(made.path, sizeof made.path, "%s", path);
		made.file = file;
		change(d, &made);
		return;
	}
	d->files[file].is_taken_on_trust = true;
	trust(d, path, file);
}

static void
changed(struct disk *d, const struct record *r, const char *path)
{
	struct change c = {.kind = CHANGE_MADE, .file = FOLDER};
	size_t len = strlen(path);
	struct name *n = disk_find(&d->now, path);

	snprintf(c.path, sizeof c.path, "%s", path);
	if (r->head.kind == RECORD_REMOVED)
		c.kind = CHANGE_REMOVED;
	if (r->head.kind == RECORD_RENAMED) {
		c.kind = CHANGE_RENAMED;
		read_path(d, r->data + len + 1, r->head.len - len - 1, c.to);
		if (n == NULL) {
			d->problem = "what is renamed was never seen";
			return;
		}
		c.file = n->file;
	}
	change(d, &c);
}

static bool
is_of_file(uint32_t kind)
{
	return kind == RECORD_FOUND || kind == RECORD_FOUND_PAGE ||
	       kind == RECORD_WROTE || kind == RECORD_WROTE_DURABLY ||
	       kind == RECORD_SIZED || kind == RECORD_FLUSHED;
}

static struct file *
file_of(struct disk *d, const struct record *r)
{
	if (r->head.handle >= HANDLES_MAX || d->handles[r->head.handle] == FOLDER) {
		d->problem = "a file is written that was not opened";
		return NULL;
	}
	return &d->files[d->handles[r->head.handle]];
}

static void
take_of_file(struct disk *d, const struct record *r)
{
	struct file *f = file_of(d, r);

	if (f == NULL)
		return;
	if (r->head.kind == RECORD_FOUND)
		found(d, f, r->head.at);
	else if (r->head.kind == RECORD_FOUND_PAGE)
		found_page(d, f, r);
	else if (r->head.kind == RECORD_SIZED)
		set_size(f, r->head.at);
	else if (r->head.kind == RECORD_FLUSHED && !d->faults.no_flush)
		flush(f);
	else if (r->head.kind == RECORD_WROTE || r->head.kind == RECORD_WROTE_DURABLY)
		write_to(d, f, r);
}

bool
disk_take(struct disk *d, const struct record *r, const char **problem)
{
	char path[DISK_PATH_MAX];

	if (is_of_file(r->head.kind)) {
		take_of_file(d, r);
	} else if (r->head.kind == RECORD_BEGIN) {
		for (size_t i = 0; i < HANDLES_MAX; i++)
			d->handles[i] = FOLDER;
		d->was_killed = !d->has_ended;
		d->has_ended = false;
	} else if (r->head.kind == RECORD_END) {
		d->has_ended = true;
	} else if (r->head.kind == RECORD_UNKNOWN) {
		d->problem = "something was done to a file that is not modelled";
	} else if (r->head.kind != RECORD_SENT) {
		size_t len = strnlen((const char *)r->data, r->head.len);

		read_path(d, r->data, len, path);
		if (r->head.kind == RECORD_OPENED)
			opened(d, r, path);
		else if (r->head.kind == RECORD_FLUSHED_FOLDER)
			flush_folder(d, path);
		else
			changed(d, r, path);
	}
	*problem = d->problem;
	return d->problem == NULL;
}

void
disk_settle(struct disk *d, const struct record *r)
{
	struct file *f;

	if (r->head.kind != RECORD_WROTE_DURABLY || d->faults.no_durable_write)
		return;
	f = file_of(d, r);
	if (f != NULL)
		flush_pages(f, r->head.at, r->head.len);
}
