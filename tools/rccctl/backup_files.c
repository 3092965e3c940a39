#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"

#include "backup.h"
#include "restore.h"

const char *
backup_path(struct tool *t, const char *folder, const char *name)
{
	const char *path = str_format(&t->arena, "%s/%s", folder, name);

	return path ? path : "";
}

bool
backup_is_file(const char *path)
{
	struct stat stat;

	return lstat(path, &stat) == 0 && S_ISREG(stat.st_mode);
}

static bool
is_dots(const char *name)
{
	return str_equal(name, ".") || str_equal(name, "..");
}

bool
backup_is_free(const char *folder)
{
	bool is_free = true;
	struct stat stat;
	struct dirent *entry;
	DIR *dir = opendir(folder);

	if (!dir)
		return lstat(folder, &stat) != 0;
	while (is_free && (entry = readdir(dir)) != NULL)
		is_free =
		    is_dots(entry->d_name) || str_equal(entry->d_name, RESTORE_WORK);
	(void)closedir(dir);
	return is_free;
}

void
backup_remove(const char *folder)
{
	/* A link is not the folder it leads to, whose files are somebody else's. */
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct dirent *entry;
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(dir)) != NULL)
		if (!is_dots(entry->d_name))
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	(void)closedir(dir);
	(void)rmdir(folder);
}
