#ifndef RCC_SIM_MODEL_H
#define RCC_SIM_MODEL_H

#include "sim/world.h"

#include "common.pb-c.h"
#include "requests.pb-c.h"

/*
 * A second opinion: what the journals say, kept by other code than the services'
 * own, and the promises checked against it (design.md section 8). It sees every
 * entry once, right after its commit, whoever hears of it later or never.
 *   model.c           reading journals; what is true of every entry
 *   model_members.c   who is who
 *   model_place.c     holds and stays, with either owner of places
 *   model_foster.c    households: no place promised twice
 *   model_residential.c, model_homes.c   homes: no bed promised twice, none to the
 *                     wrong child; model_beds.c how they stand on a day,
 *                     model_mix.c who may live with whom
 *   model_drafts.c    needs on their way
 *   model_requests.c  needs, offers, who took each step, outcomes
 *   model_journey.c, model_group.c   placements, each step in its order; groups
 *   model_observatory.c  what is counted
 *   model_copies.c    what has been followed
 *   model_wire.c      what services say to each other: only what the other may know
 *   model_end.c       the dear ones: rebuilt tables, followed copies, all ended
 */

#define MODEL_ID 32
#define MODEL_CHILDREN 8
#define MODEL_NAMED 16
#define MODEL_COUNCILS 8

struct model_person {
	char id[MODEL_ID];
	char organisation[MODEL_ID];
	unsigned roles; /* bits, 1 << members.Role */
};

struct model_council {
	char id[MODEL_ID];
	char adjoining[4][MODEL_ID];
	unsigned adjoining_n;
};

struct model_provider {
	char id[MODEL_ID];
	char council[MODEL_ID]; /* whose own team it is; else empty */
	unsigned kind;          /* members.ProviderKind */
};

/* How beds stand; only such numbers, so that two can be compared whole. */
struct model_beds {
	uint32_t registered, staffed, occupied, held, reserved, closed, free;
};

/* What is published of a home's beds and who lives there. */
struct model_shown {
	struct model_beds beds;
	uint32_t count, age_bands, has_girls, has_boys, risks, not_safe_with;
	uint32_t reserved_free[MODEL_COUNCILS]; /* by the model's list of councils */
};

/* What a children's home, or supported accommodation, is registered for. */
struct model_care {
	char urn[MODEL_ID];
	unsigned type; /* common.CareType */
	uint32_t registered, staffed;
	uint32_t age_min_years, age_max_years;
	bool takes_girls, takes_boys, has_pets, is_restricted;
	unsigned unwanted; /* bits of common.NotSafeWith: its wish, not law */
	struct model_beds counted;
};

/* A household, or a home. */
struct model_home {
	char id[MODEL_ID];
	enum node_name owner;
	char provider[MODEL_ID];
	char council[MODEL_ID]; /* area */
	bool has_moved;
	struct model_care care; /* a home's */
	/* a household's */
	char vacancy[MODEL_ID];
	uint32_t children_max;
	/* as last published */
	bool is_open;
	uint32_t filled, held;
};

struct model_vacancy {
	char id[MODEL_ID];
	char home[MODEL_ID];
	bool is_open;
	unsigned band; /* of a home: common.AgeBand */
	struct model_shown shown;
};

/* A numbered bed kept for councils. */
struct model_reservation {
	char id[MODEL_ID];
	char home[MODEL_ID];
	uint32_t bed_number;
	char councils[MODEL_COUNCILS][MODEL_ID];
	size_t councils_n;
	int32_t from_day, until_day;
};

/* Places withheld, beds closed. */
struct model_withheld {
	char id[MODEL_ID];
	char home[MODEL_ID];
	uint32_t places;
	int32_t from_day, until_day;
};

struct model_exemption {
	char id[MODEL_ID];
	char home[MODEL_ID];
	char council[MODEL_ID];
	char named[MODEL_NAMED][MODEL_ID];
	size_t named_n;
	int32_t from_day, until_day;
};

struct model_child {
	char id[MODEL_ID];
	uint32_t age_years;
	int32_t age_day;
	unsigned sex;
};

/* Somebody in, or promised, a place: an occupant, or the children of a hold. */
struct model_stay {
	char id[MODEL_ID]; /* hold id, or occupant id */
	enum node_name owner;
	char home[MODEL_ID];
	char group[MODEL_ID]; /* siblings of each other share one; else empty */
	char request[MODEL_ID];
	char placement[MODEL_ID];
	char council[MODEL_ID];
	struct model_child children[MODEL_CHILDREN];
	uint32_t children_n;
	unsigned not_safe_with, risks; /* bits, of any of them */
	char reservations[MODEL_CHILDREN][MODEL_ID];
	size_t reservations_n;
	bool is_adult;
	bool is_hold;
	int64_t ends_ms; /* holds: expiry, or latest start once confirmed */
};

enum model_hold_state {
	MODEL_HOLD_NONE,
	MODEL_HOLD_HELD,
	MODEL_HOLD_CONFIRMED,
	MODEL_HOLD_STARTED,
	MODEL_HOLD_OVER, /* released or expired; a release may have come first */
};

/* A hold, whatever became of it. */
struct model_hold {
	char id[MODEL_ID];
	enum node_name owner;
	char home[MODEL_ID];
	char request[MODEL_ID];
	char placement[MODEL_ID];
	char children[MODEL_CHILDREN][MODEL_ID];
	uint32_t children_n;
	uint64_t fencing_number;
	enum model_hold_state state;
	bool may_confirm, may_start; /* by what requests has recorded */
	bool is_ended;               /* the placement that it became */
};

struct model_bid {
	char provider[MODEL_ID];
	unsigned level; /* opened, ever */
	bool is_interested;
	bool was_chosen; /* ever decided on */
	unsigned outcome;
};

struct model_offer {
	char id[MODEL_ID];
	char provider[MODEL_ID];
	char vacancy[MODEL_ID];
	unsigned children; /* bits, the first child's the lowest */
	bool is_lost;
};

/* How far a placement has come. */
enum model_step {
	MODEL_DECIDED,
	MODEL_HELD,
	MODEL_SAID_YES, /* the provider, and all others of the group */
	MODEL_CONFIRMED,
	MODEL_ORDERED,
	MODEL_STARTED,
	MODEL_ENDED,
	MODEL_GIVEN_BACK, /* lost, or released with what was lost, or withdrawn */
};

/* A chosen placement of some or all of a request's children. */
struct model_journey {
	char hold[MODEL_ID];
	char placement[MODEL_ID];
	char group[MODEL_ID]; /* the command by which it was decided, with others */
	char end[MODEL_ID];   /* the owed call */
	enum model_step step;
	size_t offer; /* index */
	unsigned children;
	unsigned parts;    /* of the group */
	unsigned approver; /* that the law asks for: requests.Approver */
	bool has_agreed, is_approved, is_lost, is_freed;
	bool owes_release; /* given back: it is owed by an event of its own */
	int64_t hold_ends_ms, kept_until_ms;
};

#define MODEL_BIDS 16
#define MODEL_OFFERS 96
#define MODEL_JOURNEYS 64
#define MODEL_SPLITS 4

struct model_split {
	unsigned parts[MODEL_CHILDREN]; /* children */
	size_t parts_n;
};

struct model_request {
	char id[MODEL_ID];
	char council[MODEL_ID];
	unsigned children;
	char child_ids[MODEL_CHILDREN][MODEL_ID];
	bool is_emergency;
	struct model_split splits[MODEL_SPLITS];
	size_t splits_n;
	struct model_bid bids[MODEL_BIDS];
	size_t bids_n;
	struct model_offer offers[MODEL_OFFERS];
	size_t offers_n;
	struct model_journey journeys[MODEL_JOURNEYS];
	size_t journeys_n;
	bool is_filled, is_withdrawn; /* filled: all have started, ever */
	bool was_broken;
};

/* A hold that was asked for, and for how long. */
struct model_asked {
	char id[MODEL_ID];
	uint32_t minutes;
};

/* One entry of a journal, as it was committed. */
struct model_entry {
	uint64_t number;
	int64_t time_ms;
	uint32_t type;
	const void *event;
	const char *command_id;
};

/* A command that was answered, by whom it came from. */
struct model_command {
	char id[MODEL_ID];
	uint8_t caller[16]; /* of key and user */
};

#define MODEL_LIST(type, name, max)                                                    \
	struct type name[max];                                                         \
	size_t name##_n

/* A need that is not sent yet. */
struct model_draft {
	char id[MODEL_ID];
	char council[MODEL_ID];
	int64_t kept_ms;
	bool is_gone;
};

/* Of members: who may be signed in. */
struct model_account {
	char id[MODEL_ID]; /* person */
	bool is_closed;
	uint64_t totp_step; /* last used */
	size_t codes_left;
};

struct model_link {
	char id[MODEL_ID];
	char person[MODEL_ID];
	int64_t expires_ms;
	bool is_over;
};

struct model_session {
	char id[MODEL_ID];
	char person[MODEL_ID];
	int64_t due_ms;
	bool is_over;
	int64_t over_ms; /* by the world's clock */
};

struct model {
	struct world *world;
	struct arena arena;
	bool is_loud;         /* each entry on standard output */
	uint64_t seen[NODES]; /* journal number read so far */
	uint8_t seen_hash[NODES][32];
	bool is_restored[NODES]; /* and not yet shown what it promised since */
	size_t causes_n[NODES];  /* entries that react to a followed one */
	int64_t homes_seen_ms;   /* the time of residential's last entry */
	MODEL_LIST(model_person, people, 64);
	MODEL_LIST(model_council, councils, MODEL_COUNCILS);
	MODEL_LIST(model_account, accounts, 64);
	MODEL_LIST(model_link, links, 4096);
	MODEL_LIST(model_session, sessions, 4096);
	char link_command[MODEL_ID], link_person[MODEL_ID]; /* the last that was used */
	MODEL_LIST(model_provider, providers, 16);
	MODEL_LIST(model_home, homes, 96);
	MODEL_LIST(model_vacancy, vacancies, 256);
	MODEL_LIST(model_withheld, withheld, 512);
	MODEL_LIST(model_reservation, reservations, 256);
	MODEL_LIST(model_exemption, exemptions, 256);
	MODEL_LIST(model_stay, stays, 512);
	MODEL_LIST(model_hold, holds, 2048);
	MODEL_LIST(model_asked, asked, 2048);
	MODEL_LIST(model_request, requests, 256);
	MODEL_LIST(model_draft, drafts, 512);
	uint64_t submitted_number; /* the last need's entry in requests' journal */
	size_t commands_n[NODES];
	struct model_command commands[NODES][16384];
	char caused[NODES][2048][MODEL_ID];
};

void model_open(struct model *m, struct world *w, bool is_loud);
void model_close(struct model *m);
/* Reads what a node has journalled since, and checks the cheap promises. */
void model_follow(struct model *m, unsigned node);
/* One service is about to tell another this. */
void model_see_sent(struct model *m, unsigned from, unsigned to, struct bytes envelope);
/* At a crash: of what was followed to its head the copy is what the owner has. */
void model_check_followed(struct model *m, unsigned node);
/* The dear one at a crash: rebuilt tables equal the tables. */
void model_check_rebuild(struct model *m, unsigned node);
/* Everybody has been answered and all is in order: nothing is owed, and nothing is held
 * for a journey that has moved on. */
void model_check_settled(struct model *m);
/* Every journey has ended, nothing is held for nobody, nothing is owed, and every
 * copy is what it is a copy of. */
void model_check_end(struct model *m);

/* NULL where there is none. */
const struct model_request *model_request(const struct model *m, const char *id);
const struct model_draft *model_draft(const struct model *m, const char *id);
const struct model_bid *model_bid(const struct model_request *r, const char *provider);
bool model_has_command(const struct model *m, unsigned node, const char *id);
/* Of this hold, still on its way and not ordered to start; NULL. */
const struct model_journey *model_waiting(
    const struct model_request *r, const char *hold);

/* This session was honoured when it was asked about: was it open at any time since? */
void model_check_honoured(
    struct model *m, const char *session, const char *person, int64_t asked_ms);

/* ---- between the files of the model ---- */

/* False where the event is about no draft. */
bool model_see_draft(struct model *m, const struct model_entry *e);
/* A month on none is left. */
void model_check_drafts(struct model *m);
void model_see_members(struct model *m, const struct model_entry *e);
void model_see_sessions(struct model *m, const struct model_entry *e);
void model_check_sessions(struct model *m);
void model_see_foster(struct model *m, const struct model_entry *e);
void model_see_residential(struct model *m, const struct model_entry *e);
void model_see_homes(struct model *m, const struct model_entry *e);
void model_see_requests(struct model *m, const struct model_entry *e);
void model_check_observatory(struct model *m);
void model_check_copies(struct model *m);
/* It has followed the source to its head. */
void model_check_cursor(struct model *m, unsigned node, unsigned source);
/* After a turn: no hold has outlived its expiry. */
void model_check_holds(struct model *m, enum node_name owner);
/* After a turn: what is published of each home is so. */
void model_check_homes(struct model *m);
/* No group is half lost, or half confirmed. */
void model_check_groups(struct model *m);
/* What is published of a household is so. */
void model_check_places(struct model *m, const struct model_home *h);

/* ---- holds and stays: in model_place.c ---- */

struct model_granted {
	enum node_name owner;
	const char *hold_id, *home_id, *request_id, *council_id;
	uint64_t fencing_number;
	int64_t expires_ms;
	Common__Child *const *children;
	size_t children_n;
	bool are_siblings;
};
struct model_home *model_home(struct model *m, enum node_name owner, const char *id);
struct model_stay *model_stay(struct model *m, const char *id);
void model_end_stay(struct model *m, struct model_stay *s); /* NULL: nothing */
/* NULL where it must not be granted. */
struct model_stay *model_grant(
    struct model *m, const struct model_entry *e, const struct model_granted *granted);
void model_confirm(struct model *m, const char *hold, int64_t latest_start_ms);
void model_release(struct model *m, enum node_name owner, const char *hold);
void model_expire(struct model *m, const struct model_entry *e, const char *hold);
/* False where it must not be started. The held children's stay ends. */
bool model_start(struct model *m, const char *hold, const char *placement);
void model_end(struct model *m, const char *placement);
uint32_t model_withheld_on(const struct model *m, const char *home, int32_t day);
/* An owner restored from a copy waits: its clocks stand still, and it grants nothing,
 * until requests has shown it all that it had promised. */
void model_see_restored(struct model *m, enum node_name owner);
void model_see_shown(struct model *m, enum node_name owner, bool is_all);
/* Time passes first: no rule sees a hold that should be over. */
void model_check_time(
    struct model *m, const struct model_entry *e, enum node_name owner);

/* ---- how homes stand: in model_beds.c ---- */

struct model_shown model_stands(
    const struct model *m, const struct model_home *h, int32_t day);
/* Who lives there, in bands, and how many are held for; true where somebody there or
 * held for must be alone. */
bool model_count_people(const struct model *m, const struct model_home *h, int32_t day,
    struct model_shown *out);
/* Staffed beds that are not closed and nobody's. */
uint32_t model_beds_left(const struct model_home *h, uint32_t people, uint32_t closed);
/* Beds kept for this council (NULL: for any) that day, and nobody's but of those
 * coming (NULL: of nobody). */
uint32_t model_beds_kept(const struct model *m, const struct model_home *h,
    const char *council, const struct model_stay *coming, int32_t day);
bool model_is_kept_on(const struct model_reservation *r, int32_t day);
bool model_is_used(
    const struct model *m, const char *reservation, const struct model_stay *coming);

/* ---- who may live with whom: in model_mix.c ---- */

/* Everybody in `coming`, and whoever else lives in that home, or has a bed kept there
 * too: are all safe? */
void model_check_mix(struct model *m, const struct model_home *h,
    const struct model_stay *coming, bool with_held, int32_t day);
unsigned model_with(const Common__NotSafeWith *list, size_t n); /* as bits */
uint32_t model_age(const struct model_child *c, int32_t day);
unsigned model_band(uint32_t age_years); /* common.AgeBand; 0 from 18 on */
bool model_may_be_girl(const struct model_child *c);
bool model_may_be_boy(const struct model_child *c);

/* ---- placements: in model_journey.c ---- */

struct sight;
extern const struct model_journey_sight {
	uint32_t type;
	bool is_closing;
	void (*see)(struct sight *s);
	enum tally_kind kind;
} model_journey_sights[];
extern const size_t model_journey_sights_n;

/* What an event of requests is about, and where its faults are said. */
struct sight {
	struct model *m;
	struct model_request *r;
	const struct model_entry *e;
	uint64_t *tally;
};
void model_expect(const struct sight *s, bool is_so, const char *wrong);
void model_expect_officer(const struct sight *s, const char *person, unsigned roles);
struct model_bid *model_bid_of(const struct sight *s, const char *provider);
/* This hold's, or one is missed; the offer that it is of. */
struct model_journey *model_journey_of(const struct sight *s, const char *hold);
const struct model_offer *model_offer_of(
    const struct sight *s, const struct model_journey *j);
/* ... of several that were decided on together: in model_group.c */
void model_check_decided(const struct sight *s, const struct model_journey *last);
void model_check_all_yes(const struct sight *s, const struct model_journey *yes);
void model_see_lost(struct sight *s);
void model_see_broken(struct sight *s);
void model_see_release_owed(struct sight *s);
void model_see_withdrawn(struct sight *s);
/* Its outcomes, as told to every bidder. */
void model_see_outcomes(struct sight *s, Requests__BidOutcome *const *list, size_t n);
/* The children of these letters, all of them where there are none. */
unsigned model_children(
    const struct model_request *r, char *const *refs, size_t refs_n);
/* Those in a placement of this step or further, given back ones left out. */
unsigned model_children_from(const struct model_request *r, enum model_step step);
/* Has this provider a placement between these steps? */
bool model_has_chosen(const struct model_request *r, const char *provider,
    enum model_step first, enum model_step last);

void model_keep(char out[MODEL_ID], const char *text); /* NULL: empty */
/* The row of a list that begins with this id; NULL. */
#define MODEL_FIND(list, list_n, wanted)                                               \
	model_find(list, list_n, sizeof(list)[0], wanted)
void *model_find(const void *list, size_t n, size_t size, const char *id);
/* A zeroed row at the end of a list, with this id. */
#define MODEL_ADD(m, list, list_n, id)                                                 \
	model_add(list, &(list_n), sizeof(list) / sizeof(list)[0], sizeof(list)[0], id)
void *model_add(void *list, size_t *n, size_t max, size_t size, const char *id);
struct model_hold *model_hold(struct model *m, const char *id);
const struct model_home *model_home_of_vacancy(
    const struct model *m, const char *vacancy);
/* Is it open, with a place for so many more, as last published? */
bool model_has_room(const struct model *m, const char *vacancy, uint32_t children);
/* Has the home a vacancy that is open to this age? */
bool model_has_open_band(
    const struct model *m, const struct model_home *h, uint32_t age);
/* Has this person one of these roles for this organisation? */
bool model_may(const struct model *m, const char *person, const char *organisation,
    unsigned roles);
/* Who has to approve a home in that area, of that provider's, for this council. */
unsigned model_approver(
    const struct model *m, const char *council, const char *area, const char *provider);

#endif
