#ifndef RCC_STR_H
#define RCC_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;

/* NUL-terminated copies in the arena; NULL when it is full, and for NULL. */
char *str_copy(struct arena *a, const char *text);
char *str_format(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* "1,024" in the arena; NULL when it is full. */
char *str_of_number(struct arena *a, uint64_t n);

/* Are they the same text? NULL equals only NULL. */
bool str_equal(const char *a, const char *b);
bool str_starts(const char *text, const char *prefix);
bool str_ends(const char *text, const char *suffix);
/* Is the text valid UTF-8 (no surrogates, no overlong forms, no NUL)? */
bool str_is_utf8(const char *text, size_t len);

/* Nothing but spaces and tabs, or no text at all? */
bool str_is_blank(const char *text);
/* Characters, not bytes: continuation bytes of UTF-8 do not count. */
size_t str_characters(const char *text);
/* Is one of these there twice? */
bool str_repeats(char *const *texts, size_t n);
/* Are all of these languages: two small letters of ISO 639-1, none twice? */
bool str_are_languages(char *const *codes, size_t n);

/* The whole text as a decimal number within [min, max]; false if it is not. */
bool str_to_i64(const char *text, int64_t min, int64_t max, int64_t *out);

#endif
