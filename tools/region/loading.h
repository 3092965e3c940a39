#ifndef RCC_REGION_LOADING_H
#define RCC_REGION_LOADING_H

#include "base/bus.h"
#include "base/conf.h"

#include "keys.h"
#include "plan.h"
#include "post.h"

/* A load on its way: who it speaks as, and the ids that came back. */
struct loading {
	struct arena *arena;
	const char *run;
	struct plan *plan;
	struct conf_peers peers;
	struct bus_client *administrator; /* to members */
	struct key_pair administrator_key;
	struct key_pair *keys; /* of the plan's people */
	char **provider_ids;   /* as plan->providers */
	char **household_ids;  /* as plan->homes */
	char **residence_ids;  /* as plan->residences */
	size_t late_n;
	struct progress progress;
	struct refused refused;
};

/* Peers, and the administrator's key and connection. */
void loading_open(struct loading *l, const char *peers);
/* What is to be written, and everybody's keys; connections are made when needed. */
void loading_take_plan(struct loading *l, struct plan *p);
void loading_close(struct loading *l);

/* Councils, providers, people with their keys; then waits until the other services
 * know them all. */
void loading_members(struct loading *l);
/* Households, exemptions, occupants, places withheld, vacancies. */
void loading_foster(struct loading *l);
/* Homes, reserved beds, occupants, closed beds, vacancies; or, where the co-operative
 * has no rcc-residential, a sentence that they are left out. */
void loading_residential(struct loading *l);
bool loading_has_residential(const struct loading *l);
/* The members' open requests. */
void loading_requests(struct loading *l);
/* Waits until matching and requests have followed, and compares the free places that
 * foster derived, and the beds of residential, with those of the plan. */
void loading_settle(struct loading *l);

/* ---- for the parts ---- */

const struct conf_peer *loading_peer(const struct loading *l, const char *service);
struct bus_client *loading_connect(
    const struct loading *l, const char *service, const struct key_pair *key);
/* An empty list of `room` commands named `what`; more are added, then all are sent. */
struct batch {
	const char *what; /* "households": for people, and the ids are made from it */
	const char *service;
	struct post *list;
	size_t n, room;
};
struct batch batch_of(
    const struct loading *l, const char *what, const char *service, size_t room);
struct post *batch_add(struct loading *l, struct batch *b, size_t person,
    uint32_t method, const ProtobufCMessage *body,
    const ProtobufCMessageDescriptor *answer);
/* One person's run of commands in order, many people's at once, and ends the process
 * at a refusal. `only` (may be NULL): one connection for all of it. */
void batch_send(struct loading *l, struct batch *b, struct bus_client *only);

/* Waits until every service that follows this one has come as far as it is now. */
void loading_wait(struct loading *l, const char *source);

#endif
