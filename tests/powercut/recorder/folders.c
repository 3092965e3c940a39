/* What is made, renamed and removed. */
#include "powercut/recorder/recorder.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef int path_function(const char *);
typedef int mkdir_function(const char *, mode_t);
typedef int rename_function(const char *, const char *);
typedef int unlinkat_function(int, const char *, int);

int
mkdir(const char *path, mode_t mode)
{
	REAL("mkdir", mkdir_function)
	char whole[PATH_MAX];
	const char *name = recorder_within(path, whole);
	int code = real(path, mode);

	if (code == 0 && name != NULL)
		recorder_say_path(RECORD_MADE_FOLDER, 0, 0, name);
	return code;
}

static int
remove_by(path_function *real, const char *path)
{
	char whole[PATH_MAX];
	const char *name = recorder_within(path, whole);
	int code = real(path);

	if (code == 0 && name != NULL)
		recorder_say_path(RECORD_REMOVED, 0, 0, name);
	return code;
}

int
rmdir(const char *path)
{
	REAL("rmdir", path_function)
	return remove_by(real, path);
}

int
unlink(const char *path)
{
	REAL("unlink", path_function)
	return remove_by(real, path);
}

int
remove(const char *path)
{
	REAL("remove", path_function)
	return remove_by(real, path);
}

int
unlinkat(int dir, const char *path, int flags)
{
	REAL("unlinkat", unlinkat_function)
	char whole[PATH_MAX];
	const char *name = recorder_within_at(dir, path, whole);
	int code = real(dir, path, flags);
	if (code == 0 && name != NULL)
		recorder_say_path(RECORD_REMOVED, 0, 0, name);
	return code;
}

int
rename(const char *from, const char *to)
{
	REAL("rename", rename_function)
	char whole_from[PATH_MAX], whole_to[PATH_MAX], both[2 * PATH_MAX];
	const char *name_from = recorder_within(from, whole_from);
	const char *name_to = recorder_within(to, whole_to);
	int code = real(from, to);
	int len;

	if (code != 0 || (name_from == NULL && name_to == NULL))
		return code;
	if (name_from == NULL || name_to == NULL) {
		recorder_say_path(RECORD_UNKNOWN, 0, 0, "rename across the border");
		return code;
	}
	len = snprintf(both, sizeof both, "%s%c%s", name_from, 0, name_to);
	recorder_say(RECORD_RENAMED, 0, 0, both, (size_t)len);
	return code;
}
