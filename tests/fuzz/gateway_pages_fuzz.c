/*
 * What the gateway makes of what the services say of themselves: the view of up to
 * seven of them, the same as JSON, and as Prometheus reads it.
 */
#include "fuzz/support/fuzz.h"

#include <string.h>

#include "base/json.h"
#include "base/message.h"
#include "base/str.h"
#include "fuzz/support/speak.h"
#include "gateway/health.h"
#include "gateway/metrics.h"

#define NOW_MS INT64_C(1795262400000)
#define SERVICES_MAX 7

static struct speak_words no_words;

/* "rcc_up{service="foster"} 1": a name, labels in which quotation marks are escaped, a
 * whole number or a decimal one. */
static void
is_sample(const char *line)
{
	const char *c = line + strspn(line, "abcdefghijklmnopqrstuvwxyz_");

	FUZZ_CHECK(c > line, "a sample without a name: %s", line);
	if (*c == '{') {
		bool is_inside = false;
		for (c++; *c != '\0' && (is_inside || *c != '}'); c++) {
			if (is_inside && *c == '\\' && c[1] != '\0')
				c++;
			else if (*c == '"')
				is_inside = !is_inside;
		}
		FUZZ_CHECK(*c == '}', "labels without an end: %s", line);
		c++;
	}
	FUZZ_CHECK(
	    *c == ' ' && c[1] != '\0' && c[1 + strspn(c + 1, "-.0123456789")] == '\0',
	    "a sample without a number: %s", line);
}

static void
is_exposition(const char *text)
{
	struct bytes rest = bytes_of_text(text);

	FUZZ_CHECK(rest.len > 0 && text[rest.len - 1] == '\n', "the last line is cut");
	rest.len--;
	while (rest.len > 0) {
		const char *line = fuzz_text(fuzz_cut(&rest, '\n'));
		if (line[0] != '#')
			is_sample(line);
	}
}

static void
pages(const struct gateway_heard *heard, size_t n)
{
	const Gateway__Health *view = NULL;
	const char *json, *again, *text;
	struct check_problem why;
	ProtobufCMessage *m;

	FUZZ_CHECK(
	    gateway_health_view(&fuzz_arena, heard, n, NOW_MS, &view) == ERR_NONE,
	    "no view");
	FUZZ_CHECK(view->n_services == n, "%zu services of %zu", view->n_services, n);
	FUZZ_CHECK(
	    gateway_metrics_text(&fuzz_arena, view, &text) == ERR_NONE, "no text");
	is_exposition(text);
	FUZZ_CHECK(json_from_message(&fuzz_arena, &view->base, 2, &json) == ERR_NONE,
	    "what was heard was good, and is beyond JSON");
	FUZZ_CHECK(json_to_message(&fuzz_arena, &gateway__health__descriptor, json, &m,
		       &why) == ERR_NONE &&
		       json_from_message(&fuzz_arena, m, 2, &again) == ERR_NONE &&
		       str_equal(json, again),
	    "%s %s in %s", why.field, why.reason, json);
}

/* What a service says of itself, if it is what ask.c lets through; else nothing. */
static const Common__Health *
some_health(struct speaker *s)
{
	const ProtobufCMessage *m = speak_message(s, &common__health__descriptor);
	struct check_problem why;
	struct bytes packed = BYTES_NONE;

	FUZZ_CHECK(message_pack(&fuzz_arena, m, &packed) == ERR_NONE, "no room");
	return check_message(m, packed, &why) ? (const Common__Health *)(const void *)m
	                                      : NULL;
}

static void
one(struct bytes input)
{
	static const char *const names[SERVICES_MAX] = {"members", "foster",
	    "residential", "requests", "matching", "observatory", "gateway"};
	struct gateway_heard heard[SERVICES_MAX];
	struct speaker s = {dice_of(input), &fuzz_arena, &no_words, NOW_MS};
	size_t n = dice_below(&s.dice, SERVICES_MAX + 1);

	for (size_t i = 0; i < n; i++) {
		uint32_t how = dice_below(&s.dice, 8);
		heard[i] = (struct gateway_heard){.service = names[i]};
		heard[i].answered_ms = how == 0 ? 0 : NOW_MS - (int64_t)how * 1000;
		if (how > 1)
			heard[i].health = some_health(&s);
	}
	pages(heard, n);
}

const struct fuzz_target fuzz_target = {.rounds = 6000, .bytes_max = 1024, .one = one};
