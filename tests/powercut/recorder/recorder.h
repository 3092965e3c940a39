#ifndef RCC_POWERCUT_RECORDER_H
#define RCC_POWERCUT_RECORDER_H

/* What the files of the recorder share; see recorder.c. */

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "powercut/recording.h"
#include "support/preload.h"

#define RECORDER_FDS_MAX 4096
#define RECORDER_PARTS_MAX 1024

struct open_file {
	uint32_t handle; /* 0: not watched */
	bool is_durable; /* each write, when it returns */
	bool is_folder;
	char path[256]; /* within the watched folder */
};

extern struct open_file recorder_files[RECORDER_FDS_MAX];

/* Ends the process: what is not recorded must not go on. */
void recorder_give_up(const char *why) __attribute__((noreturn));
ssize_t recorder_real_writev(int fd, const struct iovec *parts, int n);
void recorder_say_parts(
    const struct record_head *head, const struct iovec *parts, int n);
void recorder_say(
    enum record_kind kind, uint32_t handle, uint64_t at, const void *data, size_t len);
void recorder_say_path(
    enum record_kind kind, uint32_t handle, uint64_t at, const char *path);
void recorder_pause(void);
void recorder_die_if_due(void);
/* The path within the watched folder, or NULL: elsewhere, or a lock. */
const char *recorder_within(const char *path, char out[PATH_MAX]);
/* The same of a path from the descriptor of a folder. */
const char *recorder_within_at(int dir, const char *path, char out[PATH_MAX]);
bool recorder_is_watched(int fd);

#endif
