/*
 * People with browsers: each opens a page, follows a link of it or fills in one of its
 * forms with whatever fits, and now and then sends the same form twice at once, sends
 * an old one, one of another page, or one that is forged. They know nothing of what is
 * sensible. Whatever they do they get a page, soon, that holds nothing they were not
 * told.
 */
#include "sim/portal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

#include "sim/html.h"
#include "sim/retell.h"

#include "members.pb-c.h"

#define READERS 7
#define WAITS_MAX 16 /* looks at a page that does not come: the door would give up */
#define CALM_MS (8 * 60 * 1000)
#define HURRY_MS 4000
/* What the gateway remembers while members is away. */
#define CLOSED_ONE_IN 60
#define CLOSED_MS (INT64_C(16) * 60 * 1000)
#define STREAM_LOOKS 3 /* wakes that a stream stays open for */

struct reader {
	char person[MODEL_ID];
	char token[65], cookie[100];
	bool is_streaming, is_out, is_closed;
	bool only_reads; /* what an administrator does by chance nobody would outlive */
	int64_t closed_ms; /* when the account was closed */
	unsigned looks, waits;
	int64_t wake_ms, asked_ms; /* asked_ms 0: waits for nothing */
	char at[HTML_TARGET];      /* the page it has before it */
	char path[HTML_TARGET], query[HTML_TARGET];
	char old_action[HTML_TARGET], old_body[HTML_BODY];
	struct html_form sent;
	struct html_page page;
};

static struct readers {
	struct actors *actors;
	struct world *world;
	struct reader list[READERS];
	struct html_today today;
	struct random dice;
	bool is_resting;
} all;

static const struct {
	enum persona persona;
	unsigned nth;
} who_reads[READERS] = {
    {PERSONA_COMMISSIONER, 0},
    {PERSONA_COMMISSIONER, 2},
    {PERSONA_NOMINATED_OFFICER, 0},
    {PERSONA_PLACEMENT_OFFICER, 0},
    {PERSONA_PLACEMENT_OFFICER, 9},
    {PERSONA_COOPERATIVE_OFFICER, 0},
    {PERSONA_DOORKEEPER, 0},
};

static void
plan(struct reader *r, int64_t in_ms)
{
	r->wake_ms = all.world->now_ms + in_ms;
	world_wake_client(all.world, PORTAL_CLIENT, r->wake_ms);
}

static void
plan_next(struct reader *r)
{
	uint32_t about = all.actors->is_calm ? CALM_MS : HURRY_MS;

	plan(r, 1 + about / 2 + random_below(&all.dice, about));
}

/* ---- what it is given ---- */

/* Nothing on the page names what this person was never told of. */
static void
check_ids(const struct reader *r, struct bytes text)
{
	size_t run = 0;

	for (size_t i = 0; i <= text.len; i++) {
		uint8_t c = i < text.len ? text.data[i] : 0;
		char id[ID_LEN + 1];

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) {
			run++;
			continue;
		}
		if (run == ID_LEN) {
			memcpy(id, text.data + i - ID_LEN, ID_LEN);
			id[ID_LEN] = '\0';
			if (id_is_well_formed(id) && !portal_was_told(r->person, id) &&
			    strstr(r->at, id) == NULL)
				world_fail(all.world,
				    "%s was shown %s on %s, and no service told them",
				    r->person, id, r->at);
		}
		run = 0;
	}
}

/* Does the page offer to sign out? Then it is somebody's. */
static bool
is_somebodys(struct bytes text)
{
	static const char form[] = "action=\"/sign-out\"";

	return memmem(text.data, text.len, form, sizeof form - 1) != NULL;
}

static void
check_status(const struct reader *r, const struct portal_reply *reply)
{
	static const unsigned fine[] = {
	    200, 303, 400, 401, 403, 404, 405, 422, 429, 503};
	bool is_fine = false;

	for (size_t i = 0; i < COUNT(fine); i++)
		is_fine = is_fine || fine[i] == reply->status;
	if (!is_fine)
		world_fail(all.world, "%s was answered %u at %s?%s (%s)", r->person,
		    reply->status, r->path, r->query,
		    r->sent.body[0] != '\0' ? r->sent.body : "read");
	if (r->is_closed && all.world->now_ms > r->closed_ms + CLOSED_MS &&
	    reply->body.len > 0 && is_somebodys(reply->body))
		world_fail(
		    all.world, "%s was let in after the account was closed", r->person);
}

void
reader_hears(unsigned i, const struct portal_reply *reply)
{
	struct reader *r = &all.list[i];

	if (reply->status == 0) { /* an event */
		all.world->tally.n[TALLY_PORTAL_EVENTS]++;
		check_ids(r, reply->body);
		return;
	}
	r->asked_ms = 0;
	check_status(r, reply);
	all.world->tally.n[TALLY_PORTAL_PAGES] += reply->status == 200;
	all.world->tally.n[TALLY_PORTAL_DONE] +=
	    reply->status == 303 && r->sent.body[0] != '\0';
	all.world->tally.n[TALLY_PORTAL_REFUSED] += reply->status == 422;
	if (r->is_streaming)
		return;
	if (reply->status == 303 && reply->location != NULL) {
		snprintf(r->at, sizeof r->at, "%s", reply->location);
		r->is_out = r->is_out || strncmp(reply->location, "/sign-in", 8) == 0;
		r->page.links_n = r->page.forms_n = 0;
	} else if (reply->body.len > 0) {
		if (!str_starts(r->path, "/api")) /* there an id is an example */
			check_ids(r, reply->body);
		if (reply->is_page &&
		    !html_read(reply->body, &all.dice, &all.today, &r->page))
			world_fail(all.world, "%s is no whole page", r->path);
	}
	r->sent.body[0] = '\0';
	plan_next(r);
}

void
reader_lost(unsigned i)
{
	struct reader *r = &all.list[i];

	r->asked_ms = 0;
	r->is_streaming = false;
	plan_next(r);
}

/* ---- what it does ---- */

static void
ask(struct reader *r, const char *target, const char *body)
{
	size_t len = strcspn(target, "?#");
	struct portal_request request = {.method = body == NULL ? "GET" : "POST",
	    .path = r->path,
	    .query = r->query,
	    .cookie = r->cookie,
	    .accept = "text/html"};

	snprintf(r->path, sizeof r->path, "%.*s", (int)len, target);
	snprintf(r->query, sizeof r->query, "%s",
	    target[len] == '?' ? target + len + 1 : "");
	r->query[strcspn(r->query, "#")] = '\0';
	if (body != NULL) {
		request.body = bytes_of_text(body);
		request.type = "application/x-www-form-urlencoded";
		request.site = "same-origin";
	} else if (strncmp(target, "/live", 5) != 0) {
		snprintf(r->at, sizeof r->at, "%s", target);
	}
	retell(all.world, "%s %s %s%s%s", r->person, request.method, r->path,
	    r->query[0] == '\0' ? "" : "?", r->query);
	r->asked_ms = all.world->now_ms;
	r->waits = 0;
	portal_ask((unsigned)(r - all.list), &request);
}

/* The form as filled in; or an old one, or one that says a little else. */
static void
post(struct reader *r, const struct html_form *form)
{
	char action[HTML_TARGET];

	r->sent = *form;
	snprintf(action, sizeof action, "%s",
	    form->action[0] == '\0' ? r->at : form->action);
	if (r->old_body[0] != '\0' && random_one_in(&all.dice, 6)) {
		snprintf(r->sent.body, sizeof r->sent.body, "%s", r->old_body);
		snprintf(action, sizeof action, "%s", r->old_action);
		all.world->tally.n[TALLY_PORTAL_TWICE]++;
	} else if (random_one_in(&all.dice, 15)) {
		char *token = strstr(r->sent.body, "token=");

		if (token != NULL)
			token[20] = token[20] == '7' ? '8' : '7';
		all.world->tally.n[TALLY_PORTAL_FORGED]++;
	} else {
		snprintf(r->old_body, sizeof r->old_body, "%s", form->body);
		snprintf(r->old_action, sizeof r->old_action, "%s", action);
	}
	ask(r, action, r->sent.body);
}

static void
act(struct reader *r)
{
	const struct html_page *page = &r->page;
	const char *link;

	if (!r->only_reads && page->forms_n > 1 && !random_one_in(&all.dice, 4)) {
		/* The last forms are the page's own; the first is for signing out. */
		const struct html_form *form =
		    &page->forms[1 +
				 random_below(&all.dice, (uint32_t)page->forms_n - 1)];

		if (strstr(form->action, "/account") == NULL &&
		    strstr(form->action, "/sign-") == NULL) {
			post(r, form);
			return;
		}
	}
	if (page->live[0] != '\0' && random_one_in(&all.dice, 3)) {
		r->is_streaming = true;
		r->looks = STREAM_LOOKS;
		all.world->tally.n[TALLY_PORTAL_STREAMS]++;
		ask(r, page->live, NULL);
		r->asked_ms = 0;
		plan_next(r);
		return;
	}
	if (page->links_n == 0) {
		ask(r, random_one_in(&all.dice, 3) || r->at[0] == '\0' ? "/" : r->at,
		    NULL);
		return;
	}
	link = page->links[random_below(&all.dice, (uint32_t)page->links_n)];
	if (strstr(link, "/account") != NULL || strstr(link, "/sign-") != NULL ||
	    strstr(link, "/assets") != NULL ||
	    /* long, and the same to everybody */
	    (str_starts(link, "/api") && !random_one_in(&all.dice, 40)))
		link = "/";
	if (r->only_reads && strstr(link, "/administration") == NULL &&
	    !random_one_in(&all.dice, 6))
		link = "/administration";
	ask(r, link, NULL);
}

static void
wake(struct reader *r)
{
	r->wake_ms = INT64_MAX;
	if (r->asked_ms > 0) { /* it waits: somebody will say so if for too long */
		if (r->waits++ > WAITS_MAX)
			world_fail(all.world, "%s waits for %s?%s", r->person, r->path,
			    r->query);
		if (random_one_in(&all.dice, 3)) { /* or goes elsewhere */
			portal_leave((unsigned)(r - all.list));
			all.world->tally.n[TALLY_PORTAL_LEFT]++;
			r->asked_ms = 0;
			plan_next(r);
			return;
		}
		plan(r, HURRY_MS);
		return;
	}
	if (r->is_streaming && r->looks-- > 0) {
		plan_next(r);
		return;
	}
	if (r->is_streaming) {
		r->is_streaming = false;
		portal_leave((unsigned)(r - all.list));
	}
	if (all.is_resting)
		return;
	act(r);
	if (r->asked_ms > 0 && r->wake_ms == INT64_MAX)
		plan(r, HURRY_MS);
}

void
reader_wake(void)
{
	for (size_t i = 0; i < READERS && !all.world->is_over; i++) {
		if (all.list[i].wake_ms <= all.world->now_ms)
			wake(&all.list[i]);
	}
}

/* ---- beginning and end ---- */

static const struct actor *
actor_of(const struct actors *a, enum persona persona, unsigned nth)
{
	for (size_t i = 0; i < a->n; i++) {
		if (a->list[i].persona == persona && nth-- == 0)
			return &a->list[i];
	}
	abort();
}

static void
sign_in(struct reader *r)
{
	r->is_out = !portal_sign_in(all.actors, r->person, r->token);
	snprintf(r->cookie, sizeof r->cookie, "session=%s", r->token);
}

/* Is members there, and nothing between it and those who ask? */
static bool
members_hears(void)
{
	const struct world *w = all.world;

	return world_is_up(w) && w->nodes[NODE_MEMBERS].paused_until_ms <= w->now_ms &&
	       w->nodes[NODE_MEMBERS].disk_bytes == 0 && w->cut[NODE_MEMBERS] == 0 &&
	       w->cut[NODES] == 0 && w->cut[NODES + PORTAL_CLIENT] == 0;
}

/* Now and then somebody's account is closed, and opened again an hour later. */
void
readers_sign_in(void)
{
	if (!members_hears())
		return;
	for (size_t i = 0; i < READERS && !all.world->is_over; i++) {
		struct reader *r = &all.list[i];

		if (r->asked_ms > 0)
			continue;
		if (r->is_closed) {
			r->is_closed =
			    !portal_close_account(all.actors, r->person, false);
			if (!r->is_closed)
				sign_in(r);
		} else if (random_one_in(&all.dice, CLOSED_ONE_IN)) {
			r->is_closed =
			    portal_close_account(all.actors, r->person, true);
			r->closed_ms = all.world->now_ms;
			all.world->tally.n[TALLY_PORTAL_CLOSED] += r->is_closed;
		} else if (r->is_out) {
			sign_in(r);
		}
	}
}

void
readers_open(struct actors *a)
{
	char day[DAY_TEXT_LEN + 1];

	memset(&all, 0, sizeof all);
	all.actors = a;
	all.world = a->world;
	all.dice.state = a->world->seed + 2;
	all.is_resting = true;
	day_format(actors_today(a) + 2, day);
	snprintf(all.today.year, sizeof all.today.year, "%.4s", day);
	snprintf(all.today.month, sizeof all.today.month, "%.2s", day + 5);
	snprintf(all.today.day, sizeof all.today.day, "%.2s", day + 8);
	for (size_t i = 0; i < READERS && !a->world->is_over; i++) {
		struct reader *r = &all.list[i];
		const struct actor *actor =
		    actor_of(a, who_reads[i].persona, who_reads[i].nth);

		model_keep(r->person, actor->person);
		r->only_reads = actor->persona == PERSONA_DOORKEEPER;
		r->wake_ms = INT64_MAX;
		sign_in(r);
	}
}

bool
readers_have(const char *person_id)
{
	for (size_t i = 0; i < READERS; i++) {
		if (str_equal(all.list[i].person, person_id))
			return true;
	}
	return false;
}

void
readers_go(bool is_resting)
{
	all.is_resting = is_resting;
	for (size_t i = 0; i < READERS; i++) {
		if (all.list[i].wake_ms == INT64_MAX)
			plan_next(&all.list[i]);
	}
}

bool
readers_are_idle(void)
{
	for (size_t i = 0; i < READERS; i++) {
		if (all.list[i].asked_ms > 0)
			return false;
	}
	return true;
}
