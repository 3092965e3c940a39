#include "base/copied.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/copy.h"
#include "base/json.h"
#include "base/str.h"

#define BYTES_MAX 1024
#define MODE 0644 /* in a folder that only the store's owner may enter */

/* ---- leaving word ---- */

static bool
write_whole(int fd, const char *text)
{
	size_t len = strlen(text);

	return fchmod(fd, MODE) == 0 && write(fd, text, len) == (ssize_t)len &&
	       write(fd, "\n", 1) == 1 && fsync(fd) == 0;
}

static enum err
write_file(const char *path, const char *text)
{
	int fd =
	    open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool is_written = fd >= 0 && write_whole(fd, text);
	int why = errno;

	if (fd >= 0)
		close(fd);
	if (is_written)
		return ERR_NONE;
	return why == ENOSPC || why == EDQUOT ? ERR_FULL : ERR_STORAGE;
}

enum err
copied_write(struct arena *a, const char *store, const Common__Copied *copied)
{
	const char *path = str_format(a, "%s/" COPIED_FILE, store), *text = NULL;
	/* Two copies may end at once: each has a name of its own, and one is the last.
	 */
	const char *made =
	    str_format(a, "%s/" COPIED_FILE ".%ld", store, (long)getpid());
	enum err e;

	if (path == NULL || made == NULL)
		return ERR_MEMORY;
	e = json_from_message(a, &copied->base, 0, &text);
	if (e != ERR_NONE)
		return e;
	e = write_file(made, text);
	if (e == ERR_NONE && rename(made, path) != 0)
		e = ERR_STORAGE;
	if (e != ERR_NONE) {
		(void)unlink(made);
		return e;
	}
	return copy_sync_folder(store);
}

/* ---- hearing of it ---- */

static bool
read_file(const char *path, char text[BYTES_MAX])
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t len = fd >= 0 ? read(fd, text, BYTES_MAX) : -1;

	if (fd >= 0)
		close(fd);
	if (len <= 0 || len >= BYTES_MAX)
		return false;
	text[len] = '\0';
	return strlen(text) == (size_t)len;
}

Common__Copied *
copied_read(struct arena *a, const char *store, const struct journal_head *head)
{
	const char *path = str_format(a, "%s/" COPIED_FILE, store);
	char text[BYTES_MAX];
	struct check_problem why;
	ProtobufCMessage *m = NULL;
	Common__Copied *copied;

	if (path == NULL || !read_file(path, text) ||
	    json_to_message(a, &common__copied__descriptor, text, &m, &why) != ERR_NONE)
		return NULL;
	copied = (Common__Copied *)(void *)m;
	if (!copied->has_number || !copied->has_begun_time ||
	    !copied->has_incarnation || copied->incarnation != head->incarnation ||
	    copied->number > head->number)
		return NULL;
	return copied;
}
