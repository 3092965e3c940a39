#include "sim/tally.h"

#include <assert.h>
#include <stdio.h>

static const char *const names[] = {
    [TALLY_DAYS] = "days",
    [TALLY_POLLS] = "polls",
    [TALLY_COMMANDS] = "commands",
    [TALLY_SUBMITTED] = "requests",
    [TALLY_DRAFTS] = "drafts kept",
    [TALLY_DRAFTS_SENT] = "of them sent",
    [TALLY_DRAFTS_FORGOTTEN] = "forgotten",
    [TALLY_DRAFTS_SHOWN] = "drafts shown",
    [TALLY_LINKS] = "links",
    [TALLY_SESSIONS] = "sessions",
    [TALLY_SIGN_INS] = "by password",
    [TALLY_SESSIONS_LAPSED] = "lapsed",
    [TALLY_SHUT_OUT] = "shut out",
    [TALLY_PAGES_READ] = "pages read",
    [TALLY_PAGES_KEPT] = "kept from who is out",
    [TALLY_TIMELINES] = "timelines shown",
    [TALLY_NIGHT_EMERGENCIES] = "emergencies at night",
    [TALLY_SIBLING_GROUPS] = "sibling groups",
    [TALLY_OFFERS] = "offers",
    [TALLY_DECLINES] = "declines",
    [TALLY_LEVEL_2] = "L2 openings",
    [TALLY_LEVEL_3] = "L3 openings",
    [TALLY_DECISIONS] = "decisions",
    [TALLY_HOLDS] = "holds",
    [TALLY_SIBLING_HOLDS] = "sibling holds",
    [TALLY_CONFIRMS] = "confirms",
    [TALLY_APPROVALS] = "approvals",
    [TALLY_STARTS] = "starts",
    [TALLY_ENDS] = "ends",
    [TALLY_WITHDRAWALS] = "withdrawals",
    [TALLY_EXPIRIES] = "expiries",
    [TALLY_LOSSES] = "losses",
    [TALLY_RELEASES] = "releases",
    [TALLY_RELEASES_FIRST] = "releases before their hold",
    [TALLY_SOLD_OUTSIDE] = "sold outside",
    [TALLY_WITHHELD] = "places withheld",
    [TALLY_AMENDED] = "homes amended",
    [TALLY_EXEMPTIONS] = "exemptions",
    [TALLY_EXEMPT_HOLDS] = "exempt holds",
    [TALLY_HOMES] = "homes",
    [TALLY_RESTAFFED] = "restaffed",
    [TALLY_RESTRICTED] = "restricted",
    [TALLY_BED_OCCUPANTS] = "residents from outside",
    [TALLY_BEDS_CLOSED] = "beds closed",
    [TALLY_BEDS_REOPENED] = "beds reopened",
    [TALLY_BEDS_RESERVED] = "beds reserved",
    [TALLY_BEDS_FREED] = "beds freed",
    [TALLY_REVIEWS] = "reviews",
    [TALLY_BED_HOLDS] = "bed holds",
    [TALLY_SUPPORTED_HOLDS] = "in supported accommodation",
    [TALLY_RESERVED_HOLDS] = "in a reserved bed",
    [TALLY_NOT_SAFE_HOLDS] = "of one not safe with some",
    [TALLY_SOLO_HOLDS] = "of one alone",
    [TALLY_BED_STARTS] = "bed starts",
    [TALLY_REFUSED_SUPPORTED] = "refused: under 16",
    [TALLY_REFUSED_NOT_SAFE] = "not safe together",
    [TALLY_REFUSED_RESTRICTED] = "restricted home",
    [TALLY_REFUSED_NO_BED] = "no bed",
    [TALLY_REFUSED_SECURE] = "secure vacancy",
    [TALLY_REFUSED_URN] = "number taken",
    [TALLY_REFUSED_STAFFED] = "more staffed than registered",
    [TALLY_REFUSED_GRADE] = "grade from the future",
    [TALLY_REFUSED_BELOW] = "fewer places than placed",
    [TALLY_REFUSED_CLOSING] = "closing a bed in use",
    [TALLY_SPLITS_PERMITTED] = "permitted splits",
    [TALLY_SPLITS] = "split decisions",
    [TALLY_AGREEMENTS] = "yeses awaiting others",
    [TALLY_GROUP_YES] = "last yeses",
    [TALLY_SPLIT_STARTS] = "starts of parts",
    [TALLY_GROUPS_PLACED] = "groups placed",
    [TALLY_BREAKS] = "groups broken",
    [TALLY_BREAKS_KEPT] = "broken with some begun",
    [TALLY_RETRIES] = "splits after a break",
    [TALLY_WITHDRAWN_REST] = "rests withdrawn",
    [TALLY_SHOWN] = "requests shown",
    [TALLY_LISTED] = "lists",
    [TALLY_SHORTLISTS] = "shortlists",
    [TALLY_REFUSALS] = "refusals",
    [TALLY_WITNESSES] = "witnesses",
    [TALLY_CRASHES_MEMBERS] = "crashes of members",
    [TALLY_CRASHES_FOSTER] = "of foster",
    [TALLY_CRASHES_RESIDENTIAL] = "of residential",
    [TALLY_CRASHES_REQUESTS] = "of requests",
    [TALLY_CRASHES_MATCHING] = "of matching",
    [TALLY_CRASHES_OBSERVATORY] = "of observatory",
    [TALLY_UNSENT] = "after a commit",
    [TALLY_POWER_CUTS] = "before one",
    [TALLY_PAUSES] = "pauses",
    [TALLY_PAUSED_INPUTS] = "inputs that waited",
    [TALLY_PAUSED_EXPIRIES] = "holds due in a pause",
    [TALLY_DISK_FULL] = "full disks",
    [TALLY_DROPS] = "drops",
    [TALLY_DUPLICATES] = "duplicates",
    [TALLY_LATE] = "late",
    [TALLY_CUTS] = "cuts",
    [TALLY_SILENCES] = "one way",
    [TALLY_CUT_MESSAGES] = "messages cut off",
    [TALLY_BUSY] = "turned away",
    [TALLY_BATCHES] = "batches",
    [TALLY_JUMPS] = "jumps",
    [TALLY_CLOCK_STEPS] = "clock steps back",
    [TALLY_RESTORED] = "restored",
    [TALLY_JOURNEYS_SHOWN] = "shown what they promised",
    [TALLY_FOLLOWED_ANEW] = "followed anew",
    [TALLY_OLD_COPIES] = "old copies of members",
    [TALLY_STALE] = "stale",
    [TALLY_SUBMITTED_OLD] = "emergencies in spite",
    [TALLY_STEPS_OLD] = "their steps",
    [TALLY_GHOSTS] = "ghost orders",
    [TALLY_ATTACKS] = "attacks",
    [TALLY_REPELLED] = "refused",
    [TALLY_REPELLED_BY_RULE] = "of them by rule",
    [TALLY_FLOODS] = "floods",
    [TALLY_FLOOD_BUSY] = "of them turned away",
    [TALLY_SHARED_IDS] = "shared ids",
    [TALLY_REPEATS] = "repeats",
    [TALLY_PORTAL_PAGES] = "pages",
    [TALLY_PORTAL_DONE] = "forms done",
    [TALLY_PORTAL_REFUSED] = "forms refused",
    [TALLY_PORTAL_TWICE] = "forms sent again",
    [TALLY_PORTAL_FORGED] = "forms forged",
    [TALLY_PORTAL_STREAMS] = "streams",
    [TALLY_PORTAL_EVENTS] = "events in them",
    [TALLY_PORTAL_CLOSED] = "accounts closed",
    [TALLY_PORTAL_RESTARTS] = "portal restarts",
    [TALLY_PORTAL_LEFT] = "readers who left",
};
static_assert(sizeof names / sizeof names[0] == TALLIES, "every kind has a name");

const char *
tally_name(enum tally_kind kind)
{
	return names[kind];
}

void
tally_add(struct tally *to, const struct tally *more)
{
	for (unsigned i = 0; i < TALLIES; i++)
		to->n[i] += more->n[i];
}

void
tally_print(const char *what, const struct tally *t)
{
	printf("%s:", what);
	for (unsigned i = 0; i < TALLIES; i++)
		printf("%s %s %llu", i == 0 ? "" : ",", names[i],
		    (unsigned long long)t->n[i]);
	printf("\n");
}

bool
tally_is_whole(const struct tally *t)
{
	bool is_whole = true;

	for (unsigned i = 0; i < TALLIES; i++) {
		if (t->n[i] > 0)
			continue;
		printf("never happened in any seed: %s\n", names[i]);
		is_whole = false;
	}
	return is_whole;
}
