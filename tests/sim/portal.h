#ifndef RCC_SIM_PORTAL_H
#define RCC_SIM_PORTAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "sim/actors.h"

/*
 * The gateway in the world: its real site and calls, with the world's clock, network
 * and chance beneath, and a door that the readers (reader.c) stand before. It is one of
 * the world's clients, with the gateway's own key.
 */

#define PORTAL_CLIENT (CLIENTS_MAX - 1)
#define PORTAL_READERS_MAX 8

/* What a reader sends. All is the reader's, and good until the answer. */
struct portal_request {
	const char *method, *path, *query;
	const char *cookie, *accept, *type, *site, *last_event;
	struct bytes body;
};

/* What it hears: of a page once, of a stream as often as something is pushed. */
struct portal_reply {
	unsigned status; /* 0: an event of a stream */
	const char *location;
	bool is_page; /* and no file, and nothing for programs */
	struct bytes body;
};

void portal_open(struct actors *a);
void portal_close(void);
/* The process ends, and starts anew with nothing. */
void portal_restart(void);

/* `reader` asks; it must wait for nothing else. */
void portal_ask(unsigned reader, const struct portal_request *request);
/* It hangs up, whatever it waits for. */
void portal_leave(unsigned reader);

/* For the world: an answer for the portal's key came; it is time; somebody wrote. */
void portal_hear(struct bytes envelope);
void portal_wake(void);
void portal_hinted(unsigned node);

/* Did any service tell this person that id, or members the gateway itself? */
bool portal_was_told(const char *person_id, const char *id);
/* The cookie that members will know: opens a session by a one-time link. False: it was
 * a bad moment; and so the next. */
bool portal_sign_in(struct actors *a, const char *person_id, char token[65]);
bool portal_close_account(struct actors *a, const char *person_id, bool is_closed);

/* ---- reader.c ---- */

void readers_open(struct actors *a);
/* Is this person one of them? */
bool readers_have(const char *person_id);
/* Whoever's session is over signs in anew; in fair weather. */
void readers_sign_in(void);
/* They look about from now on, or only finish what they began. */
void readers_go(bool is_resting);
bool readers_are_idle(void);
/* The gateway ended with its page half made. */
void reader_lost(unsigned reader);
void reader_hears(unsigned reader, const struct portal_reply *reply);
void reader_wake(void);

#endif
