#ifndef RCC_GATEWAY_FORM_H
#define RCC_GATEWAY_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

#define FORM_PAIRS_MAX 500
#define FORM_NAME_BYTES_MAX 120
#define FORM_VALUE_BYTES_MAX 1000
#define FORM_LIST_MAX 64 /* elements of a list of messages in a form */
#define FORM_PROBLEMS_MAX 20

/*
 * What a browser sends with a form, or behind the "?" of an address: names and values
 * in the order they stood in, NUL-terminated, valid UTF-8, in the arena.
 */
struct form_pair {
	const char *name, *value;
};
struct form {
	const struct form_pair *pairs;
	size_t n;
};

/* Is this the one content type forms are read from: application/x-www-form-urlencoded,
 * with charset=utf-8 or none? */
bool form_is_type(const char *content_type);

/*
 * A body or a query. ERR_MALFORMED with `*why`, a predicate, for a "%" that is not
 * followed by two digits, control characters but tab and ends of line, bytes that are
 * not UTF-8, and whatever is longer or more than the limits above. An empty text is an
 * empty form.
 */
enum err form_decode(
    struct arena *a, struct bytes text, struct form *out, const char **why) MUST_CHECK;

/* The first value of that name, the nth, how many there are; NULL where there is none.
 */
const char *form_first(const struct form *form, const char *name);
const char *form_nth(const struct form *form, const char *name, size_t nth);
size_t form_count(const struct form *form, const char *name);
/* Does this name have this value, as one of several? A ticked box is one that does. */
bool form_has(const struct form *form, const char *name, const char *value);

/*
 * Which field, by its name in the form, and a sentence for the person who filled it in.
 */
struct form_problem {
	char name[FORM_NAME_BYTES_MAX + 1];
	char sentence[160];
};
struct form_problems {
	struct form_problem list[FORM_PROBLEMS_MAX];
	size_t n;
};
/* Cut at the limit; the first of a name is the one that is kept. */
void form_problem_add(struct form_problems *problems, const char *name,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The sentence about this field; NULL. */
const char *form_problem_of(const struct form_problems *problems, const char *name);

/* A value as it stands behind the "?" of an address: all but letters, digits and a few
 * signs escaped; NULL where the arena is full. */
const char *form_escape(struct arena *a, const char *text);

/*
 * A message of this type from a form. Names are paths in the message:
 *   children.0.age_years    a field of the first element of a list. Numbers 0 to 63 say
 *                           the order and may leave gaps.
 *   children.0.needs.autism.level
 *                           of a list whose elements begin with an enum: that element,
 *                           named by its value. A need is there if its level was
 * chosen. care_types              several times, once for each value of a list; text in
 * a list may also be one value with commas start_day               "2026-11-25", or
 * three fields start_day-day, -month, -year Enum values stand as JSON has them
 * ("female"); *_pence and *_pence_week in pounds
 * ("1,020", "£1020.50"); a bool as "yes", "on" or "no"; sectors in any case ("m145").
 * Blank values are absent, and a list has only what is filled in. "token", "done" and
 * "button" are the site's own; a name that is neither these nor a field is refused.
 *
 * ERR_MALFORMED with every problem found. base/check has said yes to what comes out:
 * whether a field is needed, and what it may mean, is the service's to say.
 */
enum err form_to_message(struct arena *a, const ProtobufCMessageDescriptor *type,
    const struct form *form, ProtobufCMessage **out,
    struct form_problems *problems) MUST_CHECK;

/*
 * The form that would make this message, to show it in fields: lists of elements that
 * begin with an enum by their values, each once, money as "1,020", days in ISO. What
 * no form can say ("not said", text that is empty or too long) is left out, and so is
 * all beyond FORM_PAIRS_MAX.
 */
enum err form_from_message(
    struct arena *a, const ProtobufCMessage *m, struct form *out) MUST_CHECK;

#endif
