#include "powercut/recorded.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 600
#define FILES_MAX 1000

/* The bytes of a file, for as long as the process lives. */
static const uint8_t *
map_file(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *bytes = MAP_FAILED;
	struct stat stat;

	if (fd >= 0 && fstat(fd, &stat) == 0 && stat.st_size > 0) {
		*len = (size_t)stat.st_size;
		bytes = mmap(NULL, *len, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	if (fd >= 0)
		close(fd);
	return bytes == MAP_FAILED ? NULL : bytes;
}

static bool
add(struct recorded *out, const struct record *r)
{
	if ((out->n & (out->n - 1)) == 0) { /* full: it doubles */
		size_t room = out->n == 0 ? 1 : 2 * out->n;
		struct record *more = reallocarray(out->list, room, sizeof *more);

		if (more == NULL)
			return false;
		out->list = more;
	}
	out->list[out->n++] = *r;
	return true;
}

/* The records of one process; what a kill cut off at the end is left out. */
static bool
read_process(const uint8_t *bytes, size_t len, struct recorded *out)
{
	struct record r = {.head = {0}};

	while (len >= sizeof r.head) {
		memcpy(&r.head, bytes, sizeof r.head);
		if (r.head.kind < RECORD_BEGIN || r.head.kind > RECORD_UNKNOWN)
			return false;
		if (r.head.len > len - sizeof r.head)
			break;
		r.data = bytes + sizeof r.head;
		bytes += sizeof r.head + r.head.len;
		len -= sizeof r.head + r.head.len;
		if (!add(out, &r))
			return false;
	}
	out->processes++;
	if (r.head.kind != RECORD_END)
		out->killed++;
	return true;
}

bool
recorded_read(const char *folder, const char *name, struct recorded *out)
{
	char path[PATH_BYTES];

	*out = (struct recorded){.list = NULL};
	for (unsigned i = 0; i < FILES_MAX; i++) {
		const uint8_t *bytes;
		size_t len = 0;

		snprintf(path, sizeof path, "%s/%s.%03u", folder, name, i);
		bytes = map_file(path, &len);
		if (bytes == NULL)
			break;
		if (!read_process(bytes, len, out))
			return false;
	}
	return out->n > 0;
}
