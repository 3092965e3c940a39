#ifndef RCC_BUS_DOOR_H
#define RCC_BUS_DOOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bus_socket.h"

/*
 * Who may connect: ZeroMQ asks at every handshake of every server socket of the
 * process (RFC 27, ZAP), and this answers from the service's list of keys.
 */
struct bus_door {
	struct bus_socket socket;
	bool (*is_known)(void *context, const uint8_t key[BUS_KEY_BYTES]);
	void *context;
	/* The stranger of the self-test, and whether it was turned away. */
	uint8_t stranger[BUS_KEY_BYTES];
	bool is_testing;
	bool is_stranger_refused;
};

enum err bus_door_open(struct bus_door *door) MUST_CHECK;
/* Answers every handshake that waits. */
void bus_door_serve(struct bus_door *door);

#endif
