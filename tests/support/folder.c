#include "support/folder.h"

#include <ftw.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

void
folder_make(char out[FOLDER_PATH_MAX])
{
	const char *parent = getenv("TMPDIR");

	folder_file(out, parent != NULL ? parent : "/tmp", "rcc-test-XXXXXX");
	assert_non_null(mkdtemp(out));
}

static int
remove_one(const char *path, const struct stat *stat, int kind, struct FTW *where)
{
	(void)stat;
	(void)kind;
	(void)where;
	return remove(path);
}

void
folder_remove(const char *path)
{
	assert_int_equal(nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

void
folder_file(char out[FOLDER_PATH_MAX], const char *folder, const char *name)
{
	int n = snprintf(out, FOLDER_PATH_MAX, "%s/%s", folder, name);

	assert_in_range(n, 1, FOLDER_PATH_MAX - 1);
}

void
folder_write(const char *path, const void *data, size_t len)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

size_t
folder_read(const char *path, void *out, size_t size)
{
	FILE *file = fopen(path, "re");
	size_t n;

	assert_non_null(file);
	n = fread(out, 1, size, file);
	assert_int_equal(fclose(file), 0);
	return n;
}
