#ifndef RCC_RCCCTL_INPUT_H
#define RCC_RCCCTL_INPUT_H

#include "tool.h"

#define INPUT_BYTES_MAX ((size_t)64 * 1024)

/*
 * The text of a file ("-": standard input) of at most 64 KiB, NUL-terminated, in
 * the arena. One sentence and EXIT_USAGE where it cannot be read, is empty, holds
 * a NUL or is larger; no more than 64 KiB and one byte is ever read.
 */
enum exit_code input_read(struct tool *t, const char *path, const char **text);

#endif
