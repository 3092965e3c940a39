#include "loading.h"

#include <assert.h>
#include <time.h>

#include "base/clock.h"
#include "base/message.h"
#include "base/str.h"

#include "chance.h"
#include "take.h"

#include "common.pb-c.h"

#define HEALTH_METHOD 2u
#define FOLLOW_STEP_NS 20000000l
#define FOLLOW_US 60000000ll

const struct conf_peer *
loading_peer(const struct loading *l, const char *service)
{
	const struct conf_peer *peer = conf_peer(&l->peers, service);

	if (peer == NULL || peer->endpoint[0] == '\0')
		fail("the peers file says no endpoint of %s", service);
	return peer;
}

struct bus_client *
loading_connect(
    const struct loading *l, const char *service, const struct key_pair *key)
{
	struct bus_client *client = NULL;
	enum err e = bus_client_open(
	    &client, loading_peer(l, service), key->public_key, key->secret_key);

	if (e != ERR_NONE)
		fail("no connection to %s could be opened (%s)", service, err_name(e));
	return client;
}

void
loading_open(struct loading *l, const char *peers)
{
	char problem[300];

	l->progress = (struct progress){.began_us = clock_ticks_us()};
	if (conf_read_peers(peers, &l->peers, problem, sizeof problem) != ERR_NONE)
		fail("%s", problem);
	keys_read(l->run, "administrator.key", &l->administrator_key);
	l->administrator = loading_connect(l, "members", &l->administrator_key);
}

bool
loading_has_residential(const struct loading *l)
{
	const struct conf_peer *peer = conf_peer(&l->peers, "residential");

	return peer != NULL && peer->endpoint[0] != '\0';
}

static size_t
count_commands(const struct loading *l)
{
	const struct plan *p = l->plan;
	size_t n = p->data->councils_n + p->providers_n + p->people_n + p->needs_n;

	for (size_t i = 0; i < p->homes_n; i++) {
		const struct plan_home *home = &p->homes[i];
		n += 1 + home->occupants_n + (home->withheld != NULL) +
		     (home->exemption != NULL) + (home->vacancy != NULL);
	}
	for (size_t i = 0; loading_has_residential(l) && i < p->residences_n; i++) {
		const struct plan_residence *home = &p->residences[i];
		n += 1 + home->reserved_n + home->occupants_n + (home->closed != NULL) +
		     home->vacancies_n;
	}
	return n;
}

void
loading_take_plan(struct loading *l, struct plan *p)
{
	l->plan = p;
	l->keys = TAKE_LIST(l->arena, p->people_n, struct key_pair);
	l->provider_ids = TAKE_LIST(l->arena, p->providers_n, char *);
	l->household_ids = TAKE_LIST(l->arena, p->homes_n, char *);
	l->residence_ids = TAKE_LIST(l->arena, p->residences_n, char *);
	l->progress.n = count_commands(l);
	for (size_t i = 0; i < p->people_n; i++)
		keys_make(l->run, p->people[i].file, &l->keys[i]);
}

void
loading_close(struct loading *l)
{
	bus_client_close(l->administrator);
}

/* ---- batches ---- */

struct batch
batch_of(const struct loading *l, const char *what, const char *service, size_t room)
{
	return (struct batch){
	    .what = what,
	    .service = service,
	    .list = TAKE_LIST(l->arena, room, struct post),
	    .room = room,
	};
}

struct post *
batch_add(struct loading *l, struct batch *b, size_t person, uint32_t method,
    const ProtobufCMessage *body, const ProtobufCMessageDescriptor *answer)
{
	const struct plan_options *o = &l->plan->options;
	struct chance c = chance_of(o->seed, b->what, b->n);

	assert(b->n < b->room);
	struct post *post = &b->list[b->n++];
	*post = (struct post){
	    .person = person,
	    .method = method,
	    .body = body,
	    .answer = answer,
	    .id = chance_id(&c, o->time_ms),
	};
	return post;
}

/* The run of one person's commands that begins at `i`. */
static size_t
run_of(const struct batch *b, size_t i)
{
	size_t n = 1;

	while (i + n < b->n && b->list[i + n].person == b->list[i].person)
		n++;
	return n;
}

void
batch_send(struct loading *l, struct batch *b, struct bus_client *only)
{
	struct posting posting = {b->service, l->arena, &l->progress, &l->refused};
	struct line lines[POST_LINES_MAX];

	l->progress.what = b->what;
	for (size_t i = 0; i < b->n;) {
		size_t n = 0;
		for (; i < b->n && n < POST_LINES_MAX; n++) {
			lines[n] = (struct line){
			    .client = only,
			    .list = &b->list[i],
			    .n = only != NULL ? b->n : run_of(b, i),
			};
			if (only == NULL)
				lines[n].client = loading_connect(
				    l, b->service, &l->keys[b->list[i].person]);
			i += lines[n].n;
		}
		post_all(&posting, lines, n);
		for (size_t j = 0; j < n && only == NULL; j++)
			bus_client_close(lines[j].client);
	}
	if (l->refused.n > 0)
		fail("%zu commands were refused, the first by %s", l->refused.n,
		    l->refused.first);
}

/* ---- following ---- */

static const Common__Health *
health(struct loading *l, struct bus_client *client, const char *service)
{
	Common__HealthAsked ask = COMMON__HEALTH_ASKED__INIT;

	return post_one(client, service, l->arena, HEALTH_METHOD, &ask.base,
	    &common__health__descriptor);
}

static const Common__FollowHealth *
follow_of(const Common__Health *h, const char *service, const char *source)
{
	for (size_t i = 0; i < h->n_follows; i++) {
		const Common__FollowHealth *f = h->follows[i];
		if (!str_equal(f->service, source))
			continue;
		if (f->stopped != NULL && f->stopped[0] != '\0')
			fail("%s has stopped following %s: %s", service, source,
			    f->stopped);
		return f;
	}
	return NULL;
}

/* Until `service` has followed `source` as far as it is now; not at all where it does
 * not follow it. */
static void
wait_for(struct loading *l, const char *service, const char *source)
{
	struct timespec step = {0, FOLLOW_STEP_NS};
	int64_t moved = clock_ticks_us();
	struct bus_client *owner = loading_connect(l, source, &l->administrator_key);
	struct bus_client *follower =
	    loading_connect(l, service, &l->administrator_key);
	size_t mark = l->arena->used;
	uint64_t head = health(l, owner, source)->head_number, number = 0, last = 0;

	l->progress.what = "waiting until what was written is known everywhere";
	for (;;) {
		const Common__FollowHealth *f =
		    follow_of(health(l, follower, service), service, source);
		number = f != NULL ? f->number : head;
		arena_release(l->arena, mark);
		if (number >= head)
			break;
		progress_tell(&l->progress, 0);
		if (number != last)
			moved = clock_ticks_us();
		last = number;
		if (clock_ticks_us() - moved > FOLLOW_US)
			fail("%s is behind %s and has not come on for a minute, at %zu "
			     "of %zu",
			    service, source, (size_t)number, (size_t)head);
		(void)nanosleep(&step, NULL);
	}
	bus_client_close(follower);
	bus_client_close(owner);
}

void
loading_wait(struct loading *l, const char *source)
{
	for (size_t i = 0; i < l->peers.n; i++) {
		const struct conf_peer *peer = &l->peers.list[i];
		if (peer->endpoint[0] != '\0' && !str_equal(peer->name, source))
			wait_for(l, peer->name, source);
	}
}
