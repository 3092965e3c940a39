#ifndef RCC_SIM_ACTORS_H
#define RCC_SIM_ACTORS_H

#include "sim/model.h"
#include "sim/world.h"

#include "residential.pb-c.h"

/*
 * The people: each reads what is on its list, looks at one request, does what that
 * state of it asks for, and now and then something that makes no sense at all. A
 * command is sent again, with the same id, until it is answered.
 *   actors.c    hearing, waiting, what to do when
 *   calling.c   what they know of, and how they ask
 *   hearing.c   what a yes tells
 *   reading.c   what was read: checked against what its reader may know, remembered
 *   drafts.c    needs on their way, kept, read and sent
 *   council.c   commissioners; approver.c nominated officers and directors
 *   provider.c  placement officers; house.c those of homes
 *   doorkeeper.c  links, accounts and sessions, as members are asked about them
 *   intruder.c  people who mean harm
 *   ghost.c     an old copy of requests, with fencing numbers that are wrong
 *   ledger.c    what they were told, asked again at the end
 *   setup.c     everybody's beginning, in fair weather
 */

enum persona {
	PERSONA_ADMINISTRATOR,
	PERSONA_COMMISSIONER,
	PERSONA_NOMINATED_OFFICER,
	PERSONA_DIRECTOR,
	PERSONA_COOPERATIVE_OFFICER,
	PERSONA_PLACEMENT_OFFICER,
	PERSONA_GHOST,
	PERSONA_INTRUDER,
	PERSONA_DOORKEEPER, /* the gateway in its own name, with an administrator at it
	                     */
};

/* What is generally known: who has what, and under which name. */
#define KNOWN_MAX 1024
struct known {
	char id[MODEL_ID];
	char parent[MODEL_ID]; /* of an offer: its request; of a vacancy: its household
	                        */
	char owner[MODEL_ID];  /* organisation */
};

struct known_list {
	struct known items[KNOWN_MAX];
	size_t n;
};

/* A request as an actor last saw it: what it means to do something about. */
struct seen {
	bool is_there;
	char request[MODEL_ID];
	unsigned state; /* requests.State */
	unsigned approver;
	bool is_approved;
	bool is_emergency;
	char offer[MODEL_ID]; /* one that stands; a provider: its chosen one */
	char split[MODEL_CHILDREN][MODEL_ID]; /* one offer for each part; or none */
	size_t split_n;
	char placement[MODEL_ID]; /* one on its way, for what it waits for */
	char started[MODEL_ID];
	char asked[MODEL_ID];      /* a provider that it was sent to */
	char interested[MODEL_ID]; /* a provider that may be told more */
	char chosen[MODEL_ID];     /* the provider decided on */
	char vacancy[MODEL_ID];    /* a provider: a place of its own, asked for */
	bool has_offered;          /* a provider: as often as it would */
	bool is_held;              /* a provider: one of its places, for its yes */
	unsigned part; /* a provider: the children of a permitted one; 0: all */
};

#define TODO_MAX 64

struct actor {
	enum persona persona;
	char organisation[MODEL_ID];
	char person[MODEL_ID];
	bool is_by_gateway;             /* which speaks for this person */
	bool has_own_key;               /* and it never does */
	bool is_on_call;                /* out of hours too */
	bool is_commissioner, has_left; /* an intruder: what it is, or was */
	int64_t wake_ms; /* when it does something next; INT64_MAX: never */
	/* What it is waiting for; sent again until answered. */
	bool is_waiting;
	enum node_name to;
	uint32_t method;
	struct id id;
	int64_t asked_ms;
	uint8_t call[8192];
	size_t call_len;
	char about[MODEL_ID]; /* of an offer: the request; of a look at a home: the home
	                       */
	/* What it knows. */
	char todo[TODO_MAX][MODEL_ID];
	size_t todo_n;
	struct seen seen;
	uint8_t household[1024]; /* its own, packed, looked at to be amended */
	size_t household_len;
	char home[MODEL_ID]; /* looked at, with who lives there */
	char named[MODEL_NAMED][MODEL_ID];
	size_t named_n;
};

struct ledger_row; /* in ledger.c */

struct actors {
	struct world *world;
	struct model *model;
	struct arena arena;
	struct actor list[CLIENTS_MAX];
	size_t n;
	struct known_list homes;  /* owner: council of the area */
	struct known_list drafts; /* owner: council */
	struct known_list vacancies, requests, offers, children, occupants, withheld;
	struct known_list exemptions;
	struct known_list care_homes, reservations; /* owner: provider */
	/* Of the portal: links and sessions by the number of their token, owner:
	 * person; accounts, and those that were closed, by person. */
	struct known_list links, sessions, accounts, closed;
	unsigned tokens;      /* drawn so far */
	bool is_invitation;   /* the link that is being offered */
	bool is_forged;       /* what is asked about now was never drawn */
	unsigned urns;        /* given to homes so far */
	struct id gateway_id; /* last used through the gateway, by one person so far */
	unsigned gateway_client;
	struct ledger_row *ledger;
	size_t ledger_n, ledger_size;
	bool is_resting;         /* finish what is under way, begin nothing */
	bool is_calm;            /* nobody hurries; only those on call at night */
	bool is_office;          /* hours in which all are there */
	int64_t sent_ms;         /* when one of them last asked for something */
	size_t requests_wanted;  /* so many in all, so far */
	int64_t members_left_ms; /* since when members is cut off; 0: it is not */
	/* A question asked by the test itself, which waits for it. */
	bool is_asking;
	unsigned ask_client;
	char ask_id[ID_LEN + 1];
	uint8_t answer[SVC_MESSAGE_BYTES_MAX];
	size_t answer_len; /* 0 until it came */
};

/* Registers councils, providers, people and homes in fair weather (setup.c). */
void actors_open(struct actors *a, struct world *w, struct model *m);
void actors_close(struct actors *a);
/* Who is there begins, each at a time of their own. */
void actors_go(struct actors *a);
/* Lets them finish; false where somebody never gets an answer. */
bool actors_settle(struct actors *a);
/* Every command that was answered is in a journal, its repeat hears the same bytes
 * and the same id with other words is refused (ledger.c). */
void actors_check_ledger(struct actors *a);
/* Nothing is stopped in any service, by its own word. */
void actors_check_health(struct actors *a);

/* ---- between the files of the actors ---- */

#define TEXT(literal) ((char *)(uintptr_t)(literal))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct random *actors_dice(struct actors *a);
int32_t actors_today(const struct actors *a);

void actors_learn(
    struct known_list *l, const char *id, const char *parent, const char *owner);
const struct known *actors_known(const struct known_list *l, const char *id);
/* One of them at random, mostly a late one; of this owner's (NULL: anybody's). */
const struct known *actors_pick(
    struct actors *a, const struct known_list *l, const char *owner);

/* Sends a command or a question, and waits for its answer. */
void actors_call(struct actors *a, unsigned client, enum node_name to, uint32_t method,
    const ProtobufCMessage *message);
/* What it is waiting for, once more. */
void actors_send(struct actors *a, unsigned client);
/* The same with some of it false: NULL, 0 and an empty body are as they should be. */
struct actors_forged {
	const char *organisation, *user;
	int64_t by_ms; /* its id is from another time */
	struct bytes body;
};
void actors_forge(struct actors *a, unsigned client, enum node_name to, uint32_t method,
    const struct actors_forged *f);
/* Word for word what the other last sent. */
void actors_send_as(struct actors *a, unsigned client, const struct actor *other);
void actors_ask_request(
    struct actors *a, unsigned client, const char *request, uint32_t method);
void actors_ask_list(struct actors *a, unsigned client);
/* Looks at the next request of its list, or asks for the list. */
void actors_look(struct actors *a, unsigned client);
/* The test asks and waits: the whole answer's envelope; NULL and the run is over. */
const Envelope__Envelope *actors_ask(struct actors *a, unsigned client,
    enum node_name to, const struct id *id, struct bytes call);
struct id actors_new_id(struct actors *a);
bool actors_is_question(const struct actors *a, enum node_name to, uint32_t method);

/* The body of a yes. */
void actors_read(struct actors *a, struct actor *c, struct bytes body);
void actors_read_request(struct actors *a, struct actor *c, struct bytes body);
void actors_read_draft(struct actors *a, struct actor *c, struct bytes body);
void actors_read_drafts(struct actors *a, struct actor *c, struct bytes body);
void actors_read_timeline(struct actors *a, struct actor *c, struct bytes body);
void actors_read_list(struct actors *a, struct actor *c, struct bytes body);
void actors_read_home(struct actors *a, struct actor *c, struct bytes body);
void actors_read_care_home(struct actors *a, struct actor *c, struct bytes body);

/* Asks to see a home. */
void actors_ask_home(struct actors *a, unsigned client, const char *home);

bool house_is_kept_by(const struct actors *a, unsigned client);
void house_keep(struct actors *a, unsigned client);
/* One that is in order. */
Residential__RegisterHome *house_new(struct actors *a, unsigned client);
Residential__OpenVacancy *house_open(
    struct actors *a, const char *home, Common__AgeBand band);
/* One kind of person in so many calls, else nobody; how many. */
size_t house_not_safe_with(
    struct actors *a, uint32_t one_in, Common__NotSafeWith **out);

void commissioner_acts(struct actors *a, unsigned client);
/* A need at random, as it is sent or kept. */
Requests__Submit *commissioner_need(struct actors *a, bool is_emergency);
/* Begins a draft, or does something with one that is known, its own or another's. */
void drafts_act(struct actors *a, unsigned client);
/* Does something to this one. */
void drafts_do(struct actors *a, unsigned client, const char *draft);
/* One on call submits an emergency: who; 0: nobody is free to. */
unsigned commissioner_in_need(struct actors *a);
/* Anybody may try. */
void approver_approves(struct actors *a, unsigned client, const char *request,
    const char *placement, bool is_emergency);
void approver_acts(struct actors *a, unsigned client);
void provider_acts(struct actors *a, unsigned client);
void ghost_acts(struct actors *a, unsigned client);
/* What members keeps of a token that was drawn for somebody. */
ProtobufCBinaryData doorkeeper_token(struct actors *a, const struct known *k);
void doorkeeper_acts(struct actors *a, unsigned client);
void doorkeeper_hears(struct actors *a, struct actor *c, struct bytes body);
void intruder_acts(struct actors *a, unsigned client);
void intruder_hears(struct actors *a, unsigned client, const Envelope__Envelope *e);

/* A command's answer, yes or a rule's no. */
void ledger_add(struct actors *a, unsigned client, struct bytes answer);
void ledger_close(struct actors *a);

#endif
