#include "base/bus_door.h"

#include <string.h>

#include "base/log.h"

/* The parts of a question, in the order of RFC 27. */
enum question {
	QUESTION_VERSION,
	QUESTION_ID,
	QUESTION_DOMAIN,
	QUESTION_ADDRESS,
	QUESTION_ROUTING_ID, /* as the peer claims: never looked at */
	QUESTION_MECHANISM,
	QUESTION_KEY,
	QUESTION_PARTS,
};

enum err
bus_door_open(struct bus_door *door)
{
	enum err e = bus_socket_open(&door->socket, BUS_KIND_DOOR, NULL);

	if (e != ERR_NONE)
		return e;
	/* Taken: this process serves already, and one door answers for all of it. */
	if (bus_socket_bind(&door->socket, BUS_DOOR) != 0) {
		bus_socket_close(&door->socket);
		return ERR_INTERNAL;
	}
	return ERR_NONE;
}

static bool
part_is(struct bus_parts *parts, enum question part, const char *text)
{
	return bytes_equal(bus_part(parts, part), bytes_of_text(text));
}

static bool
is_question(struct bus_parts *parts)
{
	return parts->n == QUESTION_PARTS && part_is(parts, QUESTION_VERSION, "1.0") &&
	       part_is(parts, QUESTION_DOMAIN, BUS_DOMAIN) &&
	       part_is(parts, QUESTION_MECHANISM, "CURVE") &&
	       bus_part(parts, QUESTION_KEY).len == BUS_KEY_BYTES;
}

static bool
may_enter(struct bus_door *door, struct bus_parts *question)
{
	const uint8_t *key;
	bool is_known;

	if (!is_question(question))
		return false;
	key = bus_part(question, QUESTION_KEY).data;
	is_known = door->is_known(door->context, key);
	if (door->is_testing && memcmp(key, door->stranger, BUS_KEY_BYTES) == 0)
		door->is_stranger_refused = !is_known;
	else if (!is_known)
		log_line(LOG_LEVEL_WARN, "key.unknown", NULL);
	return is_known;
}

/*
 * 300 means "not now": the stranger is left standing until the handshake's time is
 * over and then knocks again, so a key registered meanwhile gets in. After 400 a peer
 * would never try again.
 */
static void
answer(struct bus_door *door, struct bus_parts *question, bool is_let_in)
{
	char user[BUS_USER_ID_LEN + 1] = "";
	struct bytes parts[6] = {bytes_of_text("1.0"), BYTES_NONE,
	    bytes_of_text(is_let_in ? "200" : "300"), BYTES_NONE, BYTES_NONE,
	    BYTES_NONE};

	if (question->n > QUESTION_ID)
		parts[1] = bus_part(question, QUESTION_ID);
	if (is_let_in) {
		bytes_to_hex(bus_part(question, QUESTION_KEY), user);
		parts[4] = bytes_of_text(user);
	}
	if (bus_socket_send(&door->socket, parts, 6) != ERR_NONE)
		log_line(LOG_LEVEL_ERROR, "door.unanswered", NULL);
}

void
bus_door_serve(struct bus_door *door)
{
	struct bus_parts question = {.n = 0};

	while (bus_socket_take(&door->socket, &question)) {
		answer(door, &question, may_enter(door, &question));
		bus_parts_drop(&question);
	}
}
