#include "fuzz/support/turn_world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/access.h"
#include "base/day.h"
#include "base/log.h"
#include "base/message.h"
#include "base/record.h"
#include "base/str.h"
#include "fuzz/support/fuzz.h"
#include "rccctl/method.h"
#include "support/golden.h"

#include "members.pb-c.h"

#define GOLDEN "tests/golden/2"
#define WORDS_BYTES ((size_t)4 << 20)
#define ORGANISATIONS_MAX 8
#define MINUTE_MS INT64_C(60000)
#define SERVICES_MAX 8
#define EVENTS_MAX 64
#define SETTLED_AFTER 3

/* ---- those whom it follows: a journal, and nothing else ---- */

static enum err
no_tables(struct kv_txn *txn, struct arena *a, const struct svc_event *e)
{
	(void)a;
	(void)e;
	return txn->err;
}

/* Releases all it ever journals. */
static const struct service *
stand_in(const char *name, const char *follower)
{
	static struct service services[SERVICES_MAX];
	static struct svc_release releases[SERVICES_MAX][EVENTS_MAX];
	const struct contract *c = contract_of(name);
	size_t i, n;

	FUZZ_CHECK(c != NULL, "%s is no service", name);
	i = (size_t)(c - contracts);
	FUZZ_CHECK(i < SERVICES_MAX, "%s has no room among the services", name);
	n = c->event->n_fields;
	FUZZ_CHECK(n <= EVENTS_MAX, "%s has more events than there is room for", name);
	for (size_t k = 0; k < n; k++)
		releases[i][k] =
		    (struct svc_release){follower, c->event->fields[k].id, NULL};
	services[i] = (struct service){
	    .name = name,
	    .layout = 1,
	    .call = c->call,
	    .answer = c->answer,
	    .event = c->event,
	    .apply = str_equal(name, "members") ? access_apply : no_tables,
	    .releases = releases[i],
	    .releases_n = n,
	    .owns_access = str_equal(name, "members"),
	};
	return &services[i];
}

/* ---- what has happened before ---- */

/* Learns all ids that stand in the journal. Its head moves the time on. */
static void
learn_journal(struct turn_world *w, struct svc *svc, const struct service *service)
{
	struct journal_head head;
	struct kv_walk rows;
	struct kv_txn txn;

	kv_begin(svc_kv(svc), &txn, false);
	journal_read_head(&txn, &head);
	kv_walk(&txn, &rows, SVC_JOURNAL, BYTES_NONE, BYTES_NONE);
	while (kv_next(&rows)) {
		const ProtobufCFieldDescriptor *type;
		ProtobufCMessage *m;
		struct record r;

		FUZZ_CHECK(record_read(rows.value, &r), "no record");
		type = protobuf_c_message_descriptor_get_field(
		    service->event, r.header.type);
		arena_reset(&fuzz_arena);
		if (type != NULL && message_unpack(&fuzz_arena, type->descriptor,
					r.event, &m) == ERR_NONE)
			speak_learn(&w->words, m);
	}
	kv_abort(&txn);
	if (head.time_ms + MINUTE_MS > w->m.now_ms)
		w->m.now_ms = head.time_ms + MINUTE_MS;
}

static void
add(struct turn_world *w, const struct service *service, const char *option)
{
	char path[FOLDER_PATH_MAX];

	machines_add(&w->m, service, option);
	snprintf(path, sizeof path, GOLDEN "/%s.journal", service->name);
	if (access(path, R_OK) == 0 && !str_equal(service->name, "members")) {
		(void)golden_fill(machines_svc(&w->m, service->name), path);
		machines_restart(&w->m, service->name);
	}
	learn_journal(w, machines_svc(&w->m, service->name), service);
}

/* ---- people ---- */

static char *
copied(struct turn_world *w, const char *text)
{
	return str_copy(&w->words.arena, text);
}

static void
tell_members(struct turn_world *w, uint32_t type, const ProtobufCMessage *event)
{
	machines_decide(&w->m, "members", type, event);
	speak_learn(&w->words, event);
}

static void
add_organisation(struct turn_world *w, const char *id)
{
	Members__CouncilRegistered c = MEMBERS__COUNCIL_REGISTERED__INIT;
	Members__ProviderRegistered p = MEMBERS__PROVIDER_REGISTERED__INIT;
	Members__Council council = MEMBERS__COUNCIL__INIT;
	Members__Provider provider = MEMBERS__PROVIDER__INIT;
	Members__Membership member = MEMBERS__MEMBERSHIP__INIT, *members[] = {&member};
	char *next[] = {copied(w, "E08000003")};

	if (id[0] == 'E') {
		council.council_id = copied(w, id);
		council.name = copied(w, "A council");
		council.adjoining_council_ids = next;
		council.n_adjoining_council_ids = 1;
		SET(&member, from_day, day_in_london(w->m.now_ms) - 900);
		council.memberships = members;
		council.n_memberships = 1;
		c.council = &council;
		tell_members(
		    w, MEMBERS__MEMBERS_EVENT__EVENT_COUNCIL_REGISTERED, &c.base);
	} else {
		provider.provider_id = copied(w, id);
		provider.name = copied(w, "An invented provider");
		SET(&provider, kind, (Members__ProviderKind)(1 + w->people % 4));
		p.provider = &provider;
		tell_members(
		    w, MEMBERS__MEMBERS_EVENT__EVENT_PROVIDER_REGISTERED, &p.base);
	}
}

/* Somebody of this organisation, with this role, or with all of them. */
static void
add_person(struct turn_world *w, const char *organisation, Members__Role role)
{
	Members__PersonRegistered p = MEMBERS__PERSON_REGISTERED__INIT;
	Members__KeyRegistered k = MEMBERS__KEY_REGISTERED__INIT;
	Members__Person person = MEMBERS__PERSON__INIT;
	Members__Key key = MEMBERS__KEY__INIT;
	Members__Grant grants[8], *list[8];
	uint8_t bytes[32];

	for (unsigned r = 1; r < members__role__descriptor.n_values; r++) {
		Members__Grant *grant = &grants[person.n_grants];
		if (role != 0 && r != (unsigned)role)
			continue;
		*grant = (Members__Grant)MEMBERS__GRANT__INIT;
		SET(grant, role, (Members__Role)r);
		SET(grant, from_day, day_in_london(w->m.now_ms) - 900);
		grant->organisation_id = copied(w, organisation);
		list[person.n_grants++] = grant;
	}
	machine_key(TURN_FIRST_PERSON + w->people++, bytes);
	person.person_id = machines_id(&w->m);
	person.name = copied(w, "Somebody");
	person.grants = list;
	p.person = &person;
	tell_members(w, MEMBERS__MEMBERS_EVENT__EVENT_PERSON_REGISTERED, &p.base);
	SET_BYTES(&key, public_key, ((struct bytes){bytes, sizeof bytes}));
	key.person_id = person.person_id;
	k.key = &key;
	tell_members(w, MEMBERS__MEMBERS_EVENT__EVENT_KEY_REGISTERED, &k.base);
}

/* Those that the journals speak of, and a person or two of each. */
static void
add_people(struct turn_world *w)
{
	static const char *const fields[] = {
	    "council_id", "provider_id", "organisation_id"};
	const char *all[ORGANISATIONS_MAX];
	size_t n = 0;

	all[n++] = "co-operative";
	for (size_t f = 0; f < sizeof fields / sizeof fields[0]; f++) {
		const char *id;
		for (size_t i = 0; i < 3 && n < ORGANISATIONS_MAX &&
				   (id = speak_word(&w->words, fields[f], i)) != NULL;
		     i++)
			all[n++] = id;
	}
	if (n == 1)
		all[n++] = "E08000003";
	if (n == 2)
		all[n++] = "01jd5r0000aaaaaaaaaaaaaaaa";
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			add_organisation(w, all[i]);
		add_person(w, all[i], MEMBERS__ROLE__ROLE_UNSPECIFIED);
	}
	w->organisations = (unsigned)n;
	for (unsigned r = 1; r < members__role__descriptor.n_values; r++)
		add_person(w, all[r % n], (Members__Role)r);
	FUZZ_CHECK(w->people <= TURN_PEOPLE_MAX, "%u people", w->people);
}

/* ---- the store, as it is and as it was ---- */

static void
keep_store(struct turn_world *w)
{
	char copy[FOLDER_PATH_MAX];
	struct stat stat;
	int fd;

	folder_file(copy, w->m.folder, "as-it-was");
	fd = open(copy, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FUZZ_CHECK(fd >= 0 && kv_copy(svc_kv(w->one->svc), fd) == ERR_NONE &&
		       fstat(fd, &stat) == 0,
	    "no copy of the store");
	w->store_len = (size_t)stat.st_size;
	w->store = malloc(w->store_len);
	FUZZ_CHECK(w->store != NULL &&
		       pread(fd, w->store, w->store_len, 0) == (ssize_t)w->store_len,
	    "the copy cannot be read");
	close(fd);
	folder_file(w->store_path, w->one->path, "data.mdb");
}

void
turn_world_return(struct turn_world *w)
{
	int fd;

	svc_close(w->one->svc);
	w->one->svc = NULL;
	fd = open(w->store_path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	FUZZ_CHECK(
	    fd >= 0 && write(fd, w->store, w->store_len) == (ssize_t)w->store_len,
	    "the store is not put back: %s", strerror(errno));
	close(fd);
	arena_release(&w->m.arena, w->arena_mark);
	arena_release(&w->words.arena, w->words_arena_mark);
	w->words.n = w->words_mark;
	w->words.seen_n = w->seen_mark;
	w->m.now_ms = w->now_ms;
	machines_restart(&w->m, w->one->service->name);
}

/* Services that it speaks with, and that stand in for it or are it. */
static void
add_all(struct turn_world *w, const struct service *service, const char *option)
{
	if (str_equal(service->name, "members")) {
		add(w, service, option);
		return;
	}
	add(w, stand_in("members", service->name), NULL);
	for (size_t i = 0; i < service->sources_n; i++)
		if (!str_equal(service->sources[i].service, "members"))
			add(w, stand_in(service->sources[i].service, service->name),
			    NULL);
	if (str_equal(service->name, "requests"))
		add(w, stand_in("matching", service->name), NULL);
	add(w, service, option);
}

void
turn_world_open(struct turn_world *w, const struct service *service, const char *option)
{
	machines_open(&w->m);
	FUZZ_CHECK(arena_open(&w->words.arena, WORDS_BYTES) == ERR_NONE, "no room");
	add_all(w, service, option);
	add_people(w);
	for (unsigned i = 0; i < SETTLED_AFTER; i++)
		machines_settle(&w->m);
	w->one = &w->m.list[w->m.n - 1];
	FUZZ_CHECK(svc_is_ready(w->one->svc), "%s is not ready", service->name);
	w->now_ms = w->m.now_ms;
	w->arena_mark = w->m.arena.used;
	w->words_mark = w->words.n;
	w->seen_mark = w->words.seen_n;
	w->words_arena_mark = w->words.arena.used;
	keep_store(w);
}

void
turn_world_close(struct turn_world *w)
{
	machines_close(&w->m);
	arena_close(&w->words.arena);
	free(w->store);
}
