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

void
loading_take_plan(struct loading *l, struct plan *p)
{
	l->plan = p;
	l->keys = TAKE_LIST(l->arena, p->people_n, struct key_pair);
	l->foster = TAKE_LIST(l->arena, p->people_n, struct bus_client *);
	l->provider_ids = TAKE_LIST(l->arena, p->providers_n, char *);
	l->household_ids = TAKE_LIST(l->arena, p->homes_n, char *);
	for (size_t i = 0; i < p->people_n; i++)
		keys_make(l->run, p->people[i].file, &l->keys[i]);
}

void
loading_close(struct loading *l)
{
	for (size_t i = 0; l->plan != NULL && i < l->plan->people_n; i++)
		bus_client_close(l->foster[i]);
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

void
batch_send(struct loading *l, struct batch *b, struct bus_client **clients,
    struct bus_client *only)
{
	l->progress.what = b->what;
	l->progress.done = 0;
	l->progress.n = b->n;
	l->commands += b->n;
	for (size_t i = 0, n; i < b->n; i += n) {
		size_t person = b->list[i].person;
		struct bus_client *client = only;
		for (n = 1; i + n < b->n && b->list[i + n].person == person; n++)
			continue;
		if (client == NULL && clients[person] == NULL)
			clients[person] =
			    loading_connect(l, b->service, &l->keys[person]);
		if (client == NULL)
			client = clients[person];
		struct line line = {
		    client, b->service, l->arena, &l->progress, &l->refused};
		post_all(&line, b->list + i, n);
	}
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
	fail("%s does not follow %s", service, source);
}

void
loading_wait(struct loading *l, const char *service, const char *source)
{
	struct timespec step = {0, FOLLOW_STEP_NS};
	int64_t began = clock_ticks_us();
	struct bus_client *owner = loading_connect(l, source, &l->administrator_key);
	struct bus_client *follower =
	    loading_connect(l, service, &l->administrator_key);
	size_t mark = l->arena->used;
	uint64_t head = health(l, owner, source)->head_number, number = 0;

	l->progress.what = "waiting until what was written is known everywhere";
	for (;;) {
		number =
		    follow_of(health(l, follower, service), service, source)->number;
		arena_release(l->arena, mark);
		if (number >= head)
			break;
		l->progress.done = (size_t)number;
		l->progress.n = (size_t)head;
		progress_tell(&l->progress, 0);
		if (clock_ticks_us() - began > FOLLOW_US)
			fail("%s is still behind %s after a minute, at %zu of %zu",
			    service, source, (size_t)number, (size_t)head);
		(void)nanosleep(&step, NULL);
	}
	bus_client_close(follower);
	bus_client_close(owner);
}
