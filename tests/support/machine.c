#include "support/machine.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/copy.h"
#include "base/journal.h"
#include "base/log.h"
#include "base/message.h"
#include "base/str.h"

#define STEP_MS 50
#define SETTLE_STEPS 80 /* long enough for the slowest pull to come round */
#define LETTERS_MAX 256
#define ANSWER_TOKEN 77

/* One thing on its way between services. */
struct letter {
	struct machine *to;
	struct machine *from;
	bool is_answer;
	uint64_t token; /* of the call that it answers or is */
	struct bytes envelope;
};

void
machine_key(unsigned number, uint8_t out[32])
{
	memset(out, 0x40, 32);
	out[0] = (uint8_t)number;
}

static struct machine *
find(struct machines *m, const char *service)
{
	size_t i = 0;

	while (i < m->n && !str_equal(m->list[i].service->name, service))
		i++;
	assert_true(i < m->n);
	return &m->list[i];
}

void
machine_peer_key(const struct machines *m, const char *service, uint8_t out[32])
{
	const struct conf_peer *peer = conf_peer(&m->peers, service);

	assert_non_null(peer);
	memcpy(out, peer->key, 32);
}

static void
draw(struct machines *m, uint8_t *out, size_t len)
{
	m->drawn++;
	crypto_generichash(
	    out, len, (const uint8_t *)&m->drawn, sizeof m->drawn, NULL, 0);
}

char *
machines_id(struct machines *m)
{
	uint8_t random[32];
	struct id id;

	draw(m, random, sizeof random);
	id = id_make(m->now_ms, random);
	return str_copy(&m->arena, id.text);
}

void
machines_open(struct machines *m)
{
	static const char *const names[] = {"members", "foster", "requests", "matching",
	    "gateway", "observatory", "residential"};

	*m = (struct machines){.now_ms = MACHINE_TIME_MS};
	log_open("machines", LOG_LEVEL_ERROR);
	assert_true(sodium_init() >= 0);
	folder_make(m->folder);
	assert_int_equal(arena_open(&m->arena, 256u << 20), ERR_NONE);
	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct conf_peer *peer = &m->peers.list[m->peers.n++];
		memcpy(peer->name, names[i], strlen(names[i]) + 1);
		machine_key(i + 1, peer->key);
		memcpy(peer->endpoint, "none", 5);
	}
}

static void
open_one(struct machines *m, struct machine *one)
{
	char problem[300] = "";
	struct svc_options o = {
	    .service = one->service,
	    .path = one->path,
	    .peers = &m->peers,
	    .no_sync = true,
	    .option = one->option,
	    .incarnation =
		1000 + (uint64_t)(one - m->list) + UINT64_C(100) * one->lives,
	    .now_ms = m->now_ms,
	};

	if (svc_open(&one->svc, &o, problem, sizeof problem) != ERR_NONE)
		fail_msg("%s: %s", one->service->name, problem);
}

void
machines_add(struct machines *m, const struct service *service, const char *option)
{
	struct machine *one = &m->list[m->n++];

	assert_true(m->n <= MACHINES_MAX);
	*one = (struct machine){.service = service, .option = option};
	folder_file(one->path, m->folder, service->name);
	open_one(m, one);
}

struct svc *
machines_svc(struct machines *m, const char *service)
{
	return find(m, service)->svc;
}

void
machines_restart(struct machines *m, const char *service)
{
	struct machine *one = find(m, service);

	svc_close(one->svc);
	open_one(m, one);
}

void
machines_begin_anew(struct machines *m, const char *service)
{
	struct machine *one = find(m, service);

	svc_close(one->svc);
	folder_remove(one->path);
	one->lives++;
	open_one(m, one);
}

void
machines_copy(struct machines *m, const char *service)
{
	struct machine *one = find(m, service);
	char copy[FOLDER_PATH_MAX];
	int fd;

	folder_file(copy, m->folder, str_format(&m->arena, "%s.copy", service));
	fd = open(copy, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(kv_copy(svc_kv(one->svc), fd), ERR_NONE);
	close(fd);
}

void
machines_restore(struct machines *m, const char *service)
{
	struct machine *one = find(m, service);
	struct copy copy = {0};
	char from[FOLDER_PATH_MAX], to[FOLDER_PATH_MAX];
	struct kv_txn txn;

	folder_file(from, m->folder, str_format(&m->arena, "%s.copy", service));
	folder_file(to, one->path, "data.mdb");
	svc_close(one->svc);
	folder_remove(one->path);
	assert_int_equal(mkdir(one->path, 0700), 0);
	copy.from = from;
	copy.to = to;
	assert_int_equal(copy_file(&copy), ERR_NONE);
	/* As a store it is opened first: another life is begun in it, then it is
	 * served. */
	open_one(m, one);
	kv_begin(svc_kv(one->svc), &txn, true);
	kv_fail(
	    &txn, journal_restore(&txn,
		      5000 + (uint64_t)(one - m->list) + UINT64_C(100) * ++one->lives,
		      m->now_ms));
	assert_int_equal(kv_end(&txn), ERR_NONE);
	machines_restart(m, service);
}

void
machines_close(struct machines *m)
{
	for (size_t i = 0; i < m->n; i++)
		svc_close(m->list[i].svc);
	arena_close(&m->arena);
	folder_remove(m->folder);
}

/* ---- turns and letters ---- */

static struct bytes
pack(struct machines *m, const ProtobufCMessage *message)
{
	struct bytes out;

	assert_int_equal(message_pack(&m->arena, message, &out), ERR_NONE);
	return out;
}

static void
turn(struct machines *m, struct machine *one, const struct svc_input *in,
    struct svc_sends *out)
{
	uint8_t seed[32];

	draw(m, seed, sizeof seed);
	assert_int_equal(
	    svc_turn(one->svc, m->now_ms, seed, in, in == NULL ? 0 : 1, out), ERR_NONE);
	assert_int_equal(out->taken, in == NULL ? 0 : 1);
}

/* Puts what a machine sends among the letters; its sends end with its next call. */
static size_t
post(struct machines *m, struct machine *from, const struct svc_sends *sends,
    struct letter *letters, size_t n)
{
	for (size_t i = 0; i < sends->n; i++) {
		const struct svc_send *s = &sends->list[i];
		struct letter *letter = &letters[n++];
		assert_true(n <= LETTERS_MAX);
		*letter = (struct letter){.from = from, .token = s->token};
		letter->envelope = bytes_copy(&m->arena, s->envelope);
		if (s->service != NULL) {
			letter->to = find(m, s->service);
			letter->token = (uint64_t)(from - m->list);
		} else {
			letter->is_answer = true;
			letter->to = &m->list[s->token];
		}
	}
	return n;
}

static size_t
deliver(
    struct machines *m, const struct letter *letter, struct letter *letters, size_t n)
{
	struct svc_input in = {
	    .is_answer = letter->is_answer,
	    .token = letter->token,
	    .service = letter->is_answer ? letter->from->service->name : NULL,
	    .envelope = letter->envelope,
	};
	struct svc_sends sends;

	if (!letter->is_answer)
		machine_peer_key(m, letter->from->service->name, in.key);
	turn(m, letter->to, &in, &sends);
	return post(m, letter->to, &sends, letters, n);
}

void
machines_settle(struct machines *m)
{
	struct letter letters[LETTERS_MAX];

	for (unsigned step = 0; step < SETTLE_STEPS; step++) {
		size_t n = 0, mark = m->arena.used;
		for (size_t i = 0; i < m->n; i++) {
			struct svc_sends sends;
			int64_t wake_ms;
			assert_int_equal(
			    svc_due(m->list[i].svc, m->now_ms, &sends, &wake_ms),
			    ERR_NONE);
			n = post(m, &m->list[i], &sends, letters, n);
		}
		for (size_t i = 0; i < n; i++)
			n = deliver(m, &letters[i], letters, n);
		arena_release(&m->arena, mark);
		m->now_ms += STEP_MS;
	}
}

Envelope__Envelope *
machines_call(struct machines *m, const struct machine_call *call)
{
	struct machine *to = find(m, call->service);
	Envelope__Envelope envelope = ENVELOPE__ENVELOPE__INIT;
	struct svc_input in = {.token = ANSWER_TOKEN};
	struct svc_sends sends;
	ProtobufCMessage *answer;

	envelope.message_id = call->message_id != NULL
	                          ? str_copy(&m->arena, call->message_id)
	                          : machines_id(m);
	if (call->user_id != NULL)
		envelope.user_id = str_copy(&m->arena, call->user_id);
	if (call->organisation_id != NULL)
		envelope.organisation_id = str_copy(&m->arena, call->organisation_id);
	SET(&envelope, method, call->method);
	SET(&envelope, wait_ms, 5000);
	SET_BYTES(&envelope, body, pack(m, call->body));
	memcpy(in.key, call->key, sizeof in.key);
	in.envelope = pack(m, &envelope.base);
	turn(m, to, &in, &sends);
	for (size_t i = 0; i < sends.n; i++) {
		if (sends.list[i].service != NULL ||
		    sends.list[i].token != ANSWER_TOKEN)
			continue;
		assert_int_equal(
		    message_unpack(&m->arena, &envelope__envelope__descriptor,
			bytes_copy(&m->arena, sends.list[i].envelope), &answer),
		    ERR_NONE);
		return (Envelope__Envelope *)answer;
	}
	fail_msg("%s did not answer", call->service);
	return NULL;
}

void *
machines_ask(struct machines *m, const struct machine_call *call,
    const ProtobufCMessageDescriptor *type)
{
	const Envelope__Envelope *envelope = machines_call(m, call);
	ProtobufCMessage *answer;

	if (envelope->refusal != NULL)
		fail_msg("refused: %s", envelope->refusal->sentence);
	if (envelope->has_fault)
		fail_msg("fault %d: %s", (int)envelope->fault,
		    envelope->detail != NULL ? envelope->detail : "");
	assert_int_equal(
	    message_unpack(&m->arena, type, BYTES_OF(envelope->body), &answer),
	    ERR_NONE);
	return answer;
}

uint32_t
machines_refused(struct machines *m, const struct machine_call *call)
{
	const Envelope__Envelope *envelope = machines_call(m, call);

	assert_false(envelope->has_fault);
	assert_non_null(envelope->refusal);
	return envelope->refusal->number;
}

Envelope__Fault
machines_fault(struct machines *m, const struct machine_call *call)
{
	return machines_call(m, call)->fault;
}

/* ---- writing, and reading back ---- */

struct decision {
	uint32_t type;
	const ProtobufCMessage *event;
};

static enum err
decide(struct svc_ask *ask, void *context)
{
	const struct decision *d = context;

	svc_decide(ask, d->type, d->event);
	return ask->txn->err;
}

void
machines_decide(struct machines *m, const char *service, uint32_t type,
    const ProtobufCMessage *event)
{
	struct decision d = {type, event};
	uint8_t seed[32];

	draw(m, seed, sizeof seed);
	assert_int_equal(
	    svc_first(machines_svc(m, service), m->now_ms, seed, decide, &d), ERR_NONE);
}

static void
add_row(void *context, const char *table, struct bytes key, struct bytes value)
{
	crypto_generichash_state *state = context;

	crypto_generichash_update(state, (const uint8_t *)table, strlen(table) + 1);
	crypto_generichash_update(state, (const uint8_t *)&key.len, sizeof key.len);
	crypto_generichash_update(state, key.data, key.len);
	crypto_generichash_update(state, (const uint8_t *)&value.len, sizeof value.len);
	if (value.len > 0)
		crypto_generichash_update(state, value.data, value.len);
}

static void
hash_dump(struct svc *svc, uint8_t out[32])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, 32);
	assert_int_equal(svc_dump(svc, add_row, &state), ERR_NONE);
	crypto_generichash_final(&state, out, 32);
}

void
machines_check_rebuild(struct machines *m, const char *service)
{
	struct svc *svc = machines_svc(m, service);
	uint8_t before[32], after[32];
	char problem[300] = "";

	hash_dump(svc, before);
	if (svc_rebuild(svc, problem, sizeof problem) != ERR_NONE)
		fail_msg("%s: %s", service, problem);
	hash_dump(svc, after);
	assert_memory_equal(before, after, sizeof before);
}
