#ifndef RCC_POWERCUT_DISK_INSIDE_H
#define RCC_POWERCUT_DISK_INSIDE_H

/* What the two files of disk share: disk.c follows a recording, disk_cut.c cuts. */

#include "powercut/disk.h"

#define FILES_MAX 256
#define NAMES_MAX 64
#define CHANGES_MAX 256
#define HANDLES_MAX 65536
#define FILE_BYTES_MAX ((size_t)256 << 20) /* of address space */
#define PAGES_MAX (FILE_BYTES_MAX / RECORD_PAGE_BYTES)
#define FOLDER (-1)
#define NO_VERSION UINT32_MAX

/* A page as it was for a while, on its way to the disk. */
struct version {
	uint32_t older; /* of the same page; NO_VERSION: the certain one */
	uint32_t page;
	uint8_t bytes[RECORD_PAGE_BYTES];
};

struct file {
	uint8_t *certain, *now;
	size_t certain_len, now_len;
	struct version *versions;
	uint32_t versions_n, versions_room;
	uint32_t
	    *newest; /* of a page, in versions; NO_VERSION: nothing is on its way */
	uint64_t found_at;      /* how far a process has told how it found it */
	bool is_taken_on_trust; /* it was there before the recording */
};

struct name {
	char path[DISK_PATH_MAX];
	int file;
};

struct names {
	struct name list[NAMES_MAX];
	size_t n;
};

enum change_kind { CHANGE_MADE, CHANGE_REMOVED, CHANGE_RENAMED };

struct change {
	enum change_kind kind;
	char path[DISK_PATH_MAX], to[DISK_PATH_MAX];
	int file;
};

struct disk {
	struct disk_faults faults;
	struct file files[FILES_MAX];
	int files_n;
	struct names certain, now;
	struct change changes[CHANGES_MAX]; /* on their way */
	size_t changes_n;
	int handles[HANDLES_MAX];   /* of this process: file, or FOLDER for none */
	bool has_ended, was_killed; /* the process; the one before it */
	uint64_t found;
	const char *problem;
};

struct name *disk_find(struct names *names, const char *path);
/* False where there are too many. */
bool disk_apply(struct names *names, const struct change *c);

#endif
