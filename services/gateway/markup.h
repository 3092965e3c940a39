#ifndef RCC_MARKUP_H
#define RCC_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * Markup being written by hand: what is drawn, and no page (pages are templates). Once
 * it is full nothing more is put, and markup_end says so.
 */
struct markup {
	char *text;
	size_t len, size;
	bool is_full;
};

/* Room for so many bytes; full from the start where the arena is. */
void markup_begin(struct markup *m, struct arena *a, size_t bytes_max);

/* As it stands: numbers, and words of ours. */
__attribute__((format(printf, 2, 3))) void markup_put(
    struct markup *m, const char *format, ...);

/* Anybody's words, in text or between double quotes: & < > " are escaped, and what XML
 * cannot hold (control characters, bytes that are not UTF-8) becomes a question mark.
 * NULL is no words. */
void markup_text(struct markup *m, const char *text);

/* The whole; NULL where there was no room for it. */
const char *markup_end(const struct markup *m);

#endif
