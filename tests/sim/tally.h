#ifndef RCC_SIM_TALLY_H
#define RCC_SIM_TALLY_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How often what was simulated happened: a world in which no placement starts and
 * nothing breaks proves nothing, so each of these must happen in a run of some seeds.
 */
enum tally_kind {
	TALLY_DAYS,
	TALLY_POLLS,    /* questions people asked, again where nobody answered */
	TALLY_COMMANDS, /* answered, yes or no */
	/* what people and services did */
	TALLY_SUBMITTED,
	TALLY_DRAFTS, /* times that one was kept */
	TALLY_DRAFTS_SENT,
	TALLY_DRAFTS_FORGOTTEN,
	TALLY_DRAFTS_SHOWN,
	TALLY_LINKS,
	TALLY_SESSIONS,
	TALLY_SIGN_INS, /* of them with a password */
	TALLY_SESSIONS_LAPSED,
	TALLY_SHUT_OUT, /* accounts closed */
	TALLY_PAGES_READ,
	TALLY_PAGES_KEPT, /* from who is not signed in any more */
	TALLY_TIMELINES,
	TALLY_NIGHT_EMERGENCIES, /* at two, and some other services are down */
	TALLY_SIBLING_GROUPS,    /* asked for as one */
	TALLY_OFFERS,
	TALLY_DECLINES,
	TALLY_LEVEL_2,
	TALLY_LEVEL_3,
	TALLY_DECISIONS,
	TALLY_HOLDS,
	TALLY_SIBLING_HOLDS,
	TALLY_CONFIRMS,
	TALLY_APPROVALS,
	TALLY_STARTS,
	TALLY_ENDS,
	TALLY_WITHDRAWALS,
	TALLY_EXPIRIES,
	TALLY_LOSSES,
	TALLY_RELEASES,
	TALLY_RELEASES_FIRST, /* of a hold that had not come yet */
	TALLY_SOLD_OUTSIDE,
	TALLY_WITHHELD,
	TALLY_AMENDED, /* homes: moved, or with other terms */
	TALLY_EXEMPTIONS,
	TALLY_EXEMPT_HOLDS, /* over the usual limit by an exemption */
	/* homes */
	TALLY_HOMES,
	TALLY_RESTAFFED,
	TALLY_RESTRICTED,
	TALLY_BED_OCCUPANTS, /* placed from outside */
	TALLY_BEDS_CLOSED,
	TALLY_BEDS_REOPENED,
	TALLY_BEDS_RESERVED, /* kept for councils */
	TALLY_BEDS_FREED,
	TALLY_REVIEWS, /* a stated day came */
	TALLY_BED_HOLDS,
	TALLY_SUPPORTED_HOLDS,
	TALLY_RESERVED_HOLDS,
	TALLY_NOT_SAFE_HOLDS, /* of a child who is not safe with some */
	TALLY_SOLO_HOLDS,     /* ... with any */
	TALLY_BED_STARTS,
	TALLY_REFUSED_SUPPORTED,
	TALLY_REFUSED_NOT_SAFE,
	TALLY_REFUSED_RESTRICTED,
	TALLY_REFUSED_NO_BED,
	TALLY_REFUSED_SECURE,
	TALLY_REFUSED_URN,
	TALLY_REFUSED_STAFFED,
	TALLY_REFUSED_GRADE,
	TALLY_REFUSED_BELOW,
	TALLY_REFUSED_CLOSING,
	/* siblings in several homes */
	TALLY_SPLITS_PERMITTED,
	TALLY_SPLITS,     /* decided on */
	TALLY_AGREEMENTS, /* a yes while others' are awaited */
	TALLY_GROUP_YES,  /* the last yes */
	TALLY_SPLIT_STARTS,
	TALLY_GROUPS_PLACED, /* the last child of one has started */
	TALLY_BREAKS,
	TALLY_BREAKS_KEPT, /* and some had begun */
	TALLY_RETRIES,     /* split once more after a break */
	TALLY_WITHDRAWN_REST,
	TALLY_SHOWN, /* requests read, each checked against its reader */
	TALLY_LISTED,
	TALLY_SHORTLISTS,
	TALLY_REFUSALS,
	TALLY_WITNESSES,
	/* what the world did to them */
	TALLY_CRASHES_MEMBERS,
	TALLY_CRASHES_FOSTER,
	TALLY_CRASHES_RESIDENTIAL,
	TALLY_CRASHES_REQUESTS,
	TALLY_CRASHES_MATCHING,
	TALLY_CRASHES_OBSERVATORY,
	TALLY_UNSENT,     /* of them, between the commit and the replies */
	TALLY_POWER_CUTS, /* before a commit */
	TALLY_PAUSES,
	TALLY_PAUSED_INPUTS,   /* that waited for one to go on */
	TALLY_PAUSED_EXPIRIES, /* of holds, while their owner was stopped */
	TALLY_DISK_FULL,       /* turns and starts that found no room */
	TALLY_DROPS,
	TALLY_DUPLICATES,
	TALLY_LATE, /* messages that came seconds late, behind newer ones */
	TALLY_CUTS,
	TALLY_SILENCES, /* cut one way */
	TALLY_CUT_MESSAGES,
	TALLY_BUSY,    /* calls turned away */
	TALLY_BATCHES, /* turns with more than one input */
	TALLY_JUMPS,
	TALLY_CLOCK_STEPS,    /* back */
	TALLY_RESTORED,       /* services, in another incarnation */
	TALLY_JOURNEYS_SHOWN, /* to an owner of places, until it had seen all */
	TALLY_FOLLOWED_ANEW,  /* a cursor that its owner did not know */
	TALLY_OLD_COPIES,     /* times that members was away for over a day */
	TALLY_STALE,          /* planned work not done because of that */
	TALLY_SUBMITTED_OLD,  /* emergencies, in spite of it */
	TALLY_STEPS_OLD,      /* of such a journey */
	TALLY_GHOSTS,         /* orders with a wrong fencing number */
	TALLY_ATTACKS,        /* of people who mean harm, and how many were told no */
	TALLY_REPELLED,
	TALLY_REPELLED_BY_RULE, /* of them, and not by key, role or shape */
	TALLY_FLOODS,
	TALLY_FLOOD_BUSY,   /* calls beyond a caller's share */
	TALLY_SHARED_IDS,   /* ids two people used through the gateway */
	TALLY_REPEATS,      /* answered commands asked again at the end */
	TALLY_PORTAL_PAGES, /* shown to people with browsers */
	TALLY_PORTAL_DONE,  /* forms that were done, and that were refused */
	TALLY_PORTAL_REFUSED,
	TALLY_PORTAL_TWICE, /* sent again, and with a false token */
	TALLY_PORTAL_FORGED,
	TALLY_PORTAL_STREAMS,
	TALLY_PORTAL_EVENTS,
	TALLY_PORTAL_CLOSED, /* accounts, in the middle of it */
	TALLY_PORTAL_RESTARTS,
	TALLY_PORTAL_LEFT, /* readers, before their page came */
	TALLIES,
};

struct tally {
	uint64_t n[TALLIES];
};

const char *tally_name(enum tally_kind kind);
void tally_add(struct tally *to, const struct tally *more);
/* "submitted 12, sibling groups 3, ..." on standard output, one line behind `what`. */
void tally_print(const char *what, const struct tally *t);
/* Says which never happened; true if none. */
bool tally_is_whole(const struct tally *t);

#endif
