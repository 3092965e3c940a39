/*
 * The bus's door: who gets in, whose word is taken for who is speaking, what a message
 * may cost, and the proof at start. Strangers speak raw ZeroMQ here.
 */
#include "base_bus_world.h"

#include <zmq.h>

#include "base/bus_socket.h"

/* ---- strangers ---- */

struct raw {
	void *context, *socket;
};

/* A DEALER without the safe options; without CURVE where `keys` is NULL. */
static struct raw
raw_dealer(struct world *w, const struct pair *keys, const void *routing_id, size_t len)
{
	struct raw raw = {.context = zmq_ctx_new()};
	int none = 0, soon = 700;

	raw.socket = zmq_socket(raw.context, ZMQ_DEALER);
	assert_non_null(raw.socket);
	zmq_setsockopt(raw.socket, ZMQ_LINGER, &none, sizeof none);
	zmq_setsockopt(raw.socket, ZMQ_RCVTIMEO, &soon, sizeof soon);
	zmq_setsockopt(raw.socket, ZMQ_SNDTIMEO, &soon, sizeof soon);
	if (len > 0)
		assert_int_equal(
		    zmq_setsockopt(raw.socket, ZMQ_ROUTING_ID, routing_id, len), 0);
	if (keys != NULL) {
		zmq_setsockopt(raw.socket, ZMQ_CURVE_SERVERKEY, w->service.key, 32);
		zmq_setsockopt(raw.socket, ZMQ_CURVE_PUBLICKEY, keys->public_key, 32);
		zmq_setsockopt(raw.socket, ZMQ_CURVE_SECRETKEY, keys->secret_key, 32);
	}
	assert_int_equal(zmq_connect(raw.socket, w->service.endpoint), 0);
	return raw;
}

static void
raw_close(struct raw raw)
{
	zmq_close(raw.socket);
	zmq_ctx_term(raw.context);
}

static void
raw_send(struct raw raw, struct bytes bytes)
{
	assert_int_equal(zmq_send(raw.socket, bytes.data, bytes.len, 0), bytes.len);
}

/* ---- who gets in ---- */

static void
a_known_key_is_who_it_is(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann), *bob = client(w, &w->bob);
	Envelope__Envelope *answer = NULL;

	assert_int_equal(call(w, ann, WHO_AM_I, BYTES_NONE, 5000, &answer), ERR_NONE);
	assert_int_equal(answer->body.len, 32);
	assert_memory_equal(answer->body.data, w->ann.public_key, 32);
	assert_int_equal(call(w, bob, WHO_AM_I, BYTES_NONE, 5000, &answer), ERR_NONE);
	assert_memory_equal(answer->body.data, w->bob.public_key, 32);
	bus_client_close(ann);
	bus_client_close(bob);
}

static void
an_unknown_key_gets_nothing_through(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann), *c = client(w, &w->stranger);
	Envelope__Envelope *answer = NULL;

	assert_int_equal(
	    call(w, c, WHO_AM_I, BYTES_NONE, 700, &answer), ERR_UNREACHABLE);
	assert_null(answer);
	assert_int_equal(ask_number(w, ann, COUNT), 1);
	bus_client_close(ann);
	bus_client_close(c);
}

/* The right public key with a secret that is not its own. */
static void
a_stolen_public_key_gets_nothing_through(void **state)
{
	struct world *w = *state;
	struct pair forged = w->stranger;
	struct bus_client *ann = client(w, &w->ann), *c;
	Envelope__Envelope *answer = NULL;

	memcpy(forged.public_key, w->ann.public_key, 32);
	c = client(w, &forged);
	assert_int_equal(
	    call(w, c, WHO_AM_I, BYTES_NONE, 700, &answer), ERR_UNREACHABLE);
	assert_int_equal(ask_number(w, ann, COUNT), 1);
	bus_client_close(ann);
	bus_client_close(c);
}

/* Somebody else at the service's address is not taken for the service. */
static void
a_false_service_is_not_believed(void **state)
{
	struct world *w = *state;
	struct bus_client *c;
	Envelope__Envelope *answer = NULL;

	memcpy(w->service.key, w->stranger.public_key, 32);
	c = client(w, &w->ann);
	assert_int_equal(
	    call(w, c, WHO_AM_I, BYTES_NONE, 700, &answer), ERR_UNREACHABLE);
	bus_client_close(c);
}

static void
a_key_registered_meanwhile_gets_in(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann), *c = client(w, &w->stranger);
	struct bytes key = {w->stranger.public_key, 32};
	Envelope__Envelope *answer = NULL;

	assert_int_equal(
	    call(w, c, WHO_AM_I, BYTES_NONE, 300, &answer), ERR_UNREACHABLE);
	assert_int_equal(call(w, ann, REGISTER, key, 5000, &answer), ERR_NONE);
	answer = NULL;
	assert_int_equal(call(w, c, WHO_AM_I, BYTES_NONE, 15000, &answer), ERR_NONE);
	assert_memory_equal(answer->body.data, w->stranger.public_key, 32);
	bus_client_close(ann);
	bus_client_close(c);
}

static void
without_encryption_nothing_gets_through(void **state)
{
	struct world *w = *state;
	struct bus_client *ann = client(w, &w->ann);
	struct raw raw = raw_dealer(w, NULL, NULL, 0);
	struct id id;
	char answer[200];

	raw_send(raw, raw_call(w, &id));
	assert_int_equal(zmq_recv(raw.socket, answer, sizeof answer, 0), -1);
	assert_int_equal(ask_number(w, ann, COUNT), 1);
	raw_close(raw);
	bus_client_close(ann);
}

/* ---- whose word is taken ---- */

/* The routing id is whatever a peer says it is: Ann says that she is Bob. */
static void
a_routing_id_is_nobodys_name(void **state)
{
	struct world *w = *state;
	struct bus_client *bob = client(w, &w->bob);
	char claimed[65];
	struct raw raw;
	struct id id;
	char answer[200];

	bytes_to_hex((struct bytes){w->bob.public_key, 32}, claimed);
	raw = raw_dealer(w, &w->ann, claimed, 64);
	raw_send(raw, raw_call(w, &id));
	assert_int_equal(zmq_recv(raw.socket, answer, sizeof answer, 0), -1);
	assert_int_equal(ask_number(w, bob, COUNT), 1);
	raw_close(raw);
	bus_client_close(bob);
}

/* The same peer, without the claim, is heard: it was the claim that was not. */
static void
a_raw_peer_with_a_known_key_is_heard(void **state)
{
	struct world *w = *state;
	struct raw raw = raw_dealer(w, &w->ann, NULL, 0);
	ProtobufCMessage *m;
	uint8_t answer[200];
	struct id id;
	int n;

	raw_send(raw, raw_call(w, &id));
	n = zmq_recv(raw.socket, answer, sizeof answer, 0);
	assert_true(n > 0);
	assert_int_equal(message_unpack(&w->arena, &envelope__envelope__descriptor,
			     (struct bytes){answer, (size_t)n}, &m),
	    ERR_NONE);
	assert_string_equal(((Envelope__Envelope *)(void *)m)->correlation_id, id.text);
	assert_memory_equal(
	    ((Envelope__Envelope *)(void *)m)->body.data, w->ann.public_key, 32);
	raw_close(raw);
}

static void
only_one_part_is_a_call(void **state)
{
	struct world *w = *state;
	struct bus_client *bob = client(w, &w->bob);
	struct raw raw = raw_dealer(w, &w->ann, NULL, 0);
	struct id id;
	struct bytes packed = raw_call(w, &id);

	for (int parts = 2; parts <= 20; parts += 9) { /* 20: more than are kept */
		for (int i = 1; i < parts; i++)
			assert_true(zmq_send(raw.socket, "", 0, ZMQ_SNDMORE) == 0);
		raw_send(raw, packed);
	}
	assert_int_equal(ask_number(w, bob, COUNT), 1);
	raw_send(raw, packed);
	assert_true(zmq_recv(raw.socket, (char[200]){0}, 200, 0) > 0);
	assert_int_equal(ask_number(w, bob, COUNT), 3);
	raw_close(raw);
	bus_client_close(bob);
}

/* ---- sizes ---- */

static void
too_long_a_message_costs_its_sender_alone(void **state)
{
	struct world *w = *state;
	struct bus_client *bob = client(w, &w->bob);
	struct raw raw = raw_dealer(w, &w->ann, NULL, 0);
	static uint8_t long_one[512 * 1024];
	struct id id;
	char answer[200];

	assert_int_equal(ask_number(w, bob, COUNT), 1);
	raw_send(raw, (struct bytes){long_one, sizeof long_one});
	assert_int_equal(zmq_recv(raw.socket, answer, sizeof answer, 0), -1);
	assert_int_equal(ask_number(w, bob, COUNT), 2);
	/* It connects again and is heard. */
	raw_send(raw, raw_call(w, &id));
	assert_true(zmq_recv(raw.socket, answer, sizeof answer, 0) > 0);
	raw_close(raw);
	bus_client_close(bob);
}

static void
an_endpoint_is_served_once(void **state)
{
	struct world *w = *state;
	struct bus *bus = open_bus(&w->service_keys, lets_nobody_in);
	struct bus_client *ann = client(w, &w->ann);
	char problem[300] = "";

	assert_int_equal(
	    bus_bind(bus, w->service.endpoint, "", problem, sizeof problem), ERR_BUSY);
	assert_non_null(strstr(problem, "another process serves ipc://"));
	bus_close(bus);
	/* And the one who was there first still serves. */
	assert_int_equal(ask_number(w, ann, COUNT), 1);
	bus_client_close(ann);
}

static void
a_taken_port_is_one_sentence(void **state)
{
	struct world *w = *state;
	struct bus *bus = open_bus(&w->service_keys, lets_nobody_in);
	void *context = zmq_ctx_new(), *other = zmq_socket(context, ZMQ_ROUTER);
	char endpoint[64], problem[300] = "";
	size_t len = sizeof endpoint;

	assert_int_equal(zmq_bind(other, "tcp://127.0.0.1:*"), 0);
	zmq_getsockopt(other, ZMQ_LAST_ENDPOINT, endpoint, &len);
	assert_int_equal(
	    bus_bind(bus, endpoint, "", problem, sizeof problem), ERR_BUSY);
	assert_non_null(strstr(problem, "another process serves tcp://127.0.0.1:"));
	bus_close(bus);
	zmq_close(other);
	zmq_ctx_term(context);
}

/* ---- the proof that the door is shut ---- */

static enum err
self_test(struct world *w, bool (*known)(void *, const uint8_t *))
{
	struct bus *bus = open_bus(&w->service_keys, known);
	char problem[300] = "";
	enum err e;

	assert_int_equal(
	    bus_bind(bus, w->service.endpoint, "", problem, sizeof problem), ERR_NONE);
	e = bus_self_test(bus, w->service.endpoint);
	bus_close(bus);
	return e;
}

static void
the_self_test_passes_a_shut_door(void **state)
{
	assert_int_equal(self_test(*state, lets_nobody_in), ERR_NONE);
}

static void
the_self_test_finds_an_open_door(void **state)
{
	assert_int_equal(self_test(*state, lets_all_in), ERR_DENIED);
}

static void
the_self_test_does_not_pass_unproved(void **state)
{
	struct world *w = *state;
	struct bus *bus = open_bus(&w->service_keys, lets_nobody_in);

	/* Nobody serves there, so nobody said no. */
	assert_int_equal(bus_self_test(bus, w->service.endpoint), ERR_LATE);
	bus_close(bus);
}

/* A server socket whose door nobody keeps lets nobody in. */
static void
without_a_door_nobody_gets_in(void **state)
{
	struct world *w = *state;
	struct bus_end server = {
	    w->service_keys.public_key, w->service_keys.secret_key, NULL};
	struct bus_end end = {w->ann.public_key, w->ann.secret_key, w->service.key};
	struct bus_socket calls, dealer;
	struct bytes nothing = BYTES_NONE;
	int64_t until = clock_ticks_us() + 500000;

	assert_int_equal(bus_context_hold(), ERR_NONE);
	assert_int_equal(bus_socket_open(&calls, BUS_KIND_CALLS_IN, &server), ERR_NONE);
	assert_int_equal(bus_socket_bind(&calls, w->service.endpoint), 0);
	assert_int_equal(bus_socket_open(&dealer, BUS_KIND_CALLS_OUT, &end), ERR_NONE);
	assert_int_equal(bus_socket_connect(&dealer, w->service.endpoint), 0);
	while (clock_ticks_us() < until) {
		assert_int_equal(
		    bus_socket_send(&dealer, &nothing, 1), ERR_UNREACHABLE);
		assert_false(bus_socket_wait(&calls, ZMQ_POLLIN, 10000));
	}
	bus_socket_close(&calls);
	bus_socket_close(&dealer);
	bus_context_release();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVED(a_known_key_is_who_it_is),
	    SERVED(an_unknown_key_gets_nothing_through),
	    SERVED(a_stolen_public_key_gets_nothing_through),
	    SERVED(a_false_service_is_not_believed),
	    SERVED(a_key_registered_meanwhile_gets_in),
	    SERVED(without_encryption_nothing_gets_through),
	    SERVED(a_routing_id_is_nobodys_name),
	    SERVED(a_raw_peer_with_a_known_key_is_heard),
	    SERVED(only_one_part_is_a_call),
	    SERVED(too_long_a_message_costs_its_sender_alone),
	    SERVED(an_endpoint_is_served_once),
	    ALONE(a_taken_port_is_one_sentence),
	    ALONE(the_self_test_passes_a_shut_door),
	    ALONE(the_self_test_finds_an_open_door),
	    ALONE(the_self_test_does_not_pass_unproved),
	    ALONE(without_a_door_nobody_gets_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
