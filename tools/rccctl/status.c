#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/str.h"

#include "client.h"
#include "command.h"
#include "method.h"
#include "table.h"
#include "verbs.h"
#include "words.h"

#include "common.pb-c.h"

#define ASK_MS 1500
#define LOOK_EVERY_MS 200

/* What one look found, a row a service that has an endpoint. */
struct look {
	const char *services[CONF_PEERS_MAX];
	const Common__Health *healths[CONF_PEERS_MAX]; /* NULL: no answer */
	size_t n;
	bool is_ready; /* all of them */
};

static enum exit_code
look(struct tool *t, struct look *out)
{
	enum exit_code code = client_prepare(t);

	*out = (struct look){.is_ready = true};
	for (size_t i = 0; code == EXIT_YES && i < t->peers.n; i++) {
		Common__HealthAsked question = COMMON__HEALTH_ASKED__INIT;
		const char *service = t->peers.list[i].name;
		void *health = NULL;
		if (!contract_of(service) || t->peers.list[i].endpoint[0] == '\0')
			continue;
		struct ask ask = {.method = str_format(&t->arena, "%s.health", service),
		    .body = &question.base,
		    .wait_ms = ASK_MS,
		    .is_quiet = true};
		if (!ask.method)
			return complain_memory();
		if (client_ask(t, &ask, &health) != EXIT_YES)
			health = NULL;
		out->services[out->n] = service;
		out->healths[out->n] = health;
		if (!health || !out->healths[out->n]->ready)
			out->is_ready = false;
		out->n++;
	}
	if (code == EXIT_YES && out->n == 0) {
		complain("the peers file names no service with an endpoint");
		return EXIT_FAULT;
	}
	return code;
}

/* "foster 1,204 of 1,204, requests 17 of 20" */
static const char *
say_follows(struct arena *a, const Common__Health *h)
{
	const char *text = "";

	for (size_t i = 0; i < h->n_follows; i++) {
		const Common__FollowHealth *f = h->follows[i];
		bool is_level = f->number >= f->head_number;
		text = str_format(a, "%s%s%s %s%s%s%s", text ? text : "",
		    i > 0 ? ", " : "", f->service ? f->service : "?",
		    words_number(a, f->number), is_level ? "" : " of ",
		    is_level ? "" : words_number(a, f->head_number),
		    f->stopped ? " STOPPED" : "");
	}
	return text;
}

/* When it was last copied; what was recorded since would be lost with its disk. */
static const char *
say_copied(struct tool *t, const Common__Health *h)
{
	return h->copied ? words_time(&t->arena, h->copied->begun_time, t->now_ms)
	                 : "never";
}

static void
add_row(
    struct tool *t, struct table *table, const char *service, const Common__Health *h)
{
	struct arena *a = &t->arena;

	table_cell(table, service);
	if (!h) {
		table_cell(table, "no answer");
		for (unsigned i = 2; i < 8; i++)
			table_cell(table, NULL);
		return;
	}
	table_cell(table, h->ready ? "ready" : "not ready");
	table_cell(table, words_number(a, h->head_number));
	table_cell(table, say_follows(a, h));
	table_cell(table, words_number(a, h->owed_calls));
	table_cell(table, h->has_store_used_percent
			      ? str_format(a, "%u%%", h->store_used_percent)
			      : "");
	table_cell(table,
	    h->has_started_time ? words_time(a, h->started_time, t->now_ms) : "");
	table_cell(table, say_copied(t, h));
}

static void
print_people(struct tool *t, const struct look *found)
{
	struct table table;

	table_begin(&table, &t->arena,
	    "service|state|entries>|follows~|owed>|store>|up since|copied");
	for (size_t i = 0; i < found->n; i++)
		add_row(t, &table, found->services[i], found->healths[i]);
	table_print(&table, stdout);
	for (size_t i = 0; i < found->n; i++) {
		const Common__Health *h = found->healths[i];
		if (h && h->restored_waits_for)
			(void)printf("%s was restored, and promises nothing until %s "
				     "has shown it what was promised since.\n",
			    found->services[i],
			    words_safe(&t->arena, h->restored_waits_for));
		for (size_t k = 0; h && k < h->n_follows; k++) {
			if (h->follows[k]->stopped)
				(void)printf("%s stopped following %s: %s\n",
				    found->services[i],
				    words_safe(&t->arena, h->follows[k]->service),
				    words_safe(&t->arena, h->follows[k]->stopped));
		}
	}
	(void)puts(NOTICE);
}

static enum exit_code
print_json(struct tool *t, const struct look *found)
{
	(void)puts("[");
	for (size_t i = 0; i < found->n; i++) {
		const char *json = NULL;
		const char *end = i + 1 < found->n ? "," : "";
		if (!found->healths[i]) {
			(void)printf("{\"service\": \"%s\", \"ready\": false}%s\n",
			    found->services[i], end);
			continue;
		}
		if (json_from_message(&t->arena, &found->healths[i]->base, 0, &json) !=
		    ERR_NONE)
			return complain_memory();
		(void)printf("%s%s\n", json, end);
	}
	(void)puts("]");
	return EXIT_YES;
}

static enum exit_code
print_found(struct tool *t, const struct look *found)
{
	enum exit_code code = EXIT_YES;

	if (t->is_json)
		return print_json(t, found);
	if (!t->field) {
		print_people(t, found);
		return EXIT_YES;
	}
	for (size_t i = 0; code == EXIT_YES && i < found->n; i++) {
		if (found->healths[i])
			(void)command_is_shown(t, &found->healths[i]->base, &code);
	}
	return code;
}

static enum exit_code
run(struct tool *t)
{
	int64_t end_us = clock_ticks_us() + (t->is_wait_given ? t->wait_ms * 1000 : 0);
	struct look found;
	enum exit_code code;

	for (;;) {
		size_t mark = t->arena.used;
		code = look(t, &found);
		if (code != EXIT_YES)
			return code;
		if (found.is_ready || clock_ticks_us() >= end_us)
			break;
		arena_release(&t->arena, mark);
		client_pause(LOOK_EVERY_MS);
	}
	code = print_found(t, &found);
	if (code != EXIT_YES || found.is_ready)
		return code;
	complain("not every service is ready");
	return EXIT_FAULT;
}

const struct verb verb_status = {
    .name = "status",
    .summary = "which services are ready, how far each has followed, what they owe",
    .text = "Leaves with 0 when every service of the peers file is ready, else with 1. "
	    "With "
	    "--wait it looks again until they are, or the time is up.",
    .example = "rccctl status --wait 10",
    .run = run,
};
