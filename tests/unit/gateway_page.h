#ifndef RCC_TESTS_UNIT_GATEWAY_PAGE_H
#define RCC_TESTS_UNIT_GATEWAY_PAGE_H

/* A page's view, run by a test that answers for the services, and the JSON that it
 * makes.
 */
#include "gateway/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/backbone.h"
#include "gateway/directory.h"

static struct page page;
static struct directory directory;
static struct form form;
static struct form_pair pairs[8];

/* A message of this type, written as JSON. */
static inline void *
message(const ProtobufCMessageDescriptor *type, const char *json)
{
	struct check_problem why;
	ProtobufCMessage *m = NULL;

	if (json_to_message(page.arena, type, json, &m, &why) != ERR_NONE)
		fail_msg("%s %s in %s", why.field, why.reason, json);
	return m;
}

/* The answer to what was asked, as the call's JSON; NULL: that service is down. */
typedef const ProtobufCMessage *page_answer(const char *service, const char *call);

static inline const char *
json_of(const struct page_asked *asked)
{
	const ProtobufCMessageDescriptor *type =
	    backbone_call(asked->service, asked->method);
	ProtobufCMessage *call;
	const char *text = NULL;

	assert_int_equal(
	    message_unpack(page.arena, type, asked->body, &call), ERR_NONE);
	assert_int_equal(json_from_message(page.arena, call, 0, &text), ERR_NONE);
	return str_format(page.arena, "%s %s", type->name, text);
}

/* Runs the view until it asks for nothing more, as the page's loop does. */
static inline void
page_make(page_view *view, page_answer *answer)
{
	bool is_waiting = true;

	while (is_waiting) {
		json_decref(page.view);
		json_decref(page.errors);
		page.view = json_object();
		page.errors = json_array();
		page.end = PAGE_MADE;
		view(&page);
		is_waiting = false;
		for (size_t i = 0; i < page.asked_n; i++) {
			struct page_asked *asked = &page.asked[i];
			if (asked->is_answered)
				continue;
			asked->answer = answer(asked->service, json_of(asked));
			asked->is_answered = true;
			asked->is_down = asked->answer == NULL;
			page.waiting_n--;
			is_waiting = true;
		}
	}
}

/* "headline.0.number" of the view; NULL where it is not there. */
static inline const json_t *
at(const char *path)
{
	const json_t *value = page.view;
	char part[40];

	while (*path != '\0') {
		size_t len = strcspn(path, ".");
		snprintf(part, sizeof part, "%.*s", (int)len, path);
		value = json_is_array(value)
		            ? json_array_get(value, (size_t)(part[0] - '0'))
		            : json_object_get(value, part);
		path += len + (path[len] == '.');
	}
	return value;
}

static inline const char *
words_at(const char *path)
{
	const char *words = json_string_value(at(path));

	return words == NULL ? "" : words;
}

/* The address asks for this. */
static inline void
says(const char *name, const char *value)
{
	pairs[form.n++] = (struct form_pair){name, value};
	form.pairs = pairs;
}

/* Somebody with these roles in that organisation opens it. */
static inline void
look_as(uint32_t roles, const char *organisation_id)
{
	page.session = (struct session){.roles = roles};
	snprintf(page.session.organisation_id, sizeof page.session.organisation_id,
	    "%s", organisation_id);
	page.who = &page.session;
}

static inline int
begin_page(const char *path, int64_t now_ms)
{
	if (page.memory.base == NULL &&
	    arena_open(&page.memory, PAGE_ARENA_BYTES) != ERR_NONE)
		return -1;
	page = (struct page){.memory = page.memory, .path = path, .query = ""};
	arena_reset(&page.memory);
	page.arena = &page.memory;
	page.now_ms = now_ms;
	page.directory = &directory;
	form = (struct form){.n = 0};
	page.form = &form;
	return 0;
}

static inline int
end_page(void **state)
{
	(void)state;
	json_decref(page.view);
	json_decref(page.errors);
	page.view = page.errors = NULL;
	return 0;
}

#endif
