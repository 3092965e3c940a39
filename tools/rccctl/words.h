#ifndef RCC_RCCCTL_WORDS_H
#define RCC_RCCCTL_WORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"

#define WORDS_WIDTH 100 /* no line for people is wider, in characters */

/*
 * The words people read and write for what the messages carry. Texts made are in
 * the arena; where it is full they are "?", since nothing else can be shown.
 */

/* "physical disability" for NEED_KIND_PHYSICAL_DISABILITY, "C2" for LEGAL_STATUS_C2,
 * "not said" for zero. */
const char *words_enum(struct arena *a, const ProtobufCEnumDescriptor *type, int value);
/* As JSON writes it: "physical_disability". */
const char *words_enum_json(
    struct arena *a, const ProtobufCEnumDescriptor *type, int value);
/* Either of these, with spaces, hyphens or underscores, in any case. */
bool words_enum_parse(const ProtobufCEnumDescriptor *type, const char *text, int *out);
/* All of them, for a sentence (or as JSON writes them): "low, medium, high". */
const char *words_enum_list(struct arena *a, const ProtobufCEnumDescriptor *type);
const char *words_enum_list_json(struct arena *a, const ProtobufCEnumDescriptor *type);

/* "21 Nov 2026" */
const char *words_day(struct arena *a, int32_t day);
/* "today", "tomorrow", "2026-11-21" or "21 Nov 2026". */
bool words_day_parse(const char *text, int32_t today, int32_t *out);
/* "today 14:05" or "21 Nov 2026 14:05", on London's clocks. */
const char *words_time(struct arena *a, int64_t ms, int64_t now_ms);
/* The same to the second, without the day: "14:05:07". */
const char *words_clock(struct arena *a, int64_t ms);

const char *words_money(struct arena *a, int64_t pence);    /* "£1,234.56" */
const char *words_number(struct arena *a, uint64_t n);      /* "1,024" */
const char *words_tenths(struct arena *a, uint32_t tenths); /* "6.3" */

/* A copy in which no character can steer a terminal. */
const char *words_safe(struct arena *a, const char *text);
/* A copy with what JSON must have escaped, escaped. */
const char *words_json(struct arena *a, const char *text);
/* In characters, not bytes. */
size_t words_width(const char *text);
/* At most `width` characters of it, the last an ellipsis where some were cut. */
const char *words_cut(struct arena *a, const char *text, size_t width);
/* Prints it broken into lines, each but the first begun with `indent` spaces;
 * `column` is where the first begins. Ends the line. */
void words_wrap(FILE *out, const char *text, size_t column, size_t indent);

#endif
