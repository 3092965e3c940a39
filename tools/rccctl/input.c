#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

/* Up to `most` bytes; -1 with errno where reading fails. */
static ssize_t
read_all(int fd, char *into, size_t most)
{
	size_t n = 0;

	while (n < most) {
		ssize_t got = read(fd, into + n, most - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		n += (size_t)got;
	}
	return (ssize_t)n;
}

enum exit_code
input_read(struct tool *t, const char *path, const char **text)
{
	bool is_standard = str_equal(path, "-");
	const char *name = is_standard ? "standard input" : path;
	char *into = arena_take(&t->arena, INPUT_BYTES_MAX + 2);
	int fd = is_standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (!into)
		return complain_memory();
	if (fd >= 0)
		n = read_all(fd, into, INPUT_BYTES_MAX + 1);
	if (n < 0) {
		complain("%s cannot be read: %s", name, strerror(errno));
		if (fd >= 0 && !is_standard)
			(void)close(fd);
		return EXIT_USAGE;
	}
	if (!is_standard)
		(void)close(fd);
	into[n] = '\0';
	*text = into;
	if (n == 0)
		complain("%s is empty", name);
	else if ((size_t)n > INPUT_BYTES_MAX)
		complain("%s is larger than 64 KiB, the most a call may be", name);
	else if (strlen(into) < (size_t)n)
		complain("%s is not text: there is a NUL in it", name);
	else
		return EXIT_YES;
	return EXIT_USAGE;
}
