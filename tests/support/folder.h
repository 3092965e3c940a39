#ifndef RCC_TESTS_SUPPORT_FOLDER_H
#define RCC_TESTS_SUPPORT_FOLDER_H

#include <stddef.h>

#define FOLDER_PATH_MAX 512

/* A new empty folder under TMPDIR (or /tmp). Fails the test where there is none. */
void folder_make(char out[FOLDER_PATH_MAX]);
/* With everything in it. */
void folder_remove(const char *path);
/* "folder/name" in `out`. */
void folder_file(char out[FOLDER_PATH_MAX], const char *folder, const char *name);
/* Writes a file anew, or reads up to `size` bytes of one and says how many. */
void folder_write(const char *path, const void *data, size_t len);
size_t folder_read(const char *path, void *out, size_t size);

#endif
