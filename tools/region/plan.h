#ifndef RCC_REGION_PLAN_H
#define RCC_REGION_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#include "foster.pb-c.h"
#include "members.pb-c.h"
#include "requests.pb-c.h"

#include "data.h"

/*
 * The whole invented region before anything is sent: the messages of the contracts,
 * lacking only the ids that the services give. The same options give the same plan,
 * byte for byte.
 */

#define PLAN_HOUSEHOLDS_MIN 60
#define PLAN_HOUSEHOLDS_MAX 4000
#define PLAN_REQUESTS_MAX 400

struct plan_options {
	uint64_t seed;
	size_t households; /* kinship among them */
	size_t requests;
	int64_t time_ms; /* said by the ids the plan makes */
	int32_t day;     /* "today": every other day is counted from it */
};

/* Councils with people of their own: the ten and two that adjoin but have not joined.
 */
#define PLAN_NEIGHBOURS 2

struct plan_provider {
	Members__Provider *row; /* provider_id once registered */
	size_t
	    council; /* index in data: whose team; of an agency, where its office is */
	bool is_agency;
	uint32_t weight; /* its share of households */
};

struct plan_home {
	size_t provider;        /* index in plan */
	size_t council;         /* index in data: the area it lies in */
	Foster__Household *row; /* household_id once registered */
	Foster__Occupant **occupants;
	size_t occupants_n;
	Foster__WithholdPlaces *withheld;  /* NULL: none */
	Foster__GrantExemption *exemption; /* NULL: none */
	Foster__OpenVacancy *vacancy;      /* NULL: nothing is free */

	/* How its approved places stand, as Ofsted counts them. */
	bool is_kinship;
	bool are_siblings; /* all children who live there, of each other */
	uint32_t places, filled, vacant, not_available;
	bool has_staying_put;             /* one of the not available */
	uint32_t free, free_for_siblings; /* as rcc-foster is to derive them */
};

struct plan_need {
	size_t council;
	bool is_of_asylum_seeker;
	Requests__Submit *row;
};

struct plan_person {
	const char *file; /* "manchester-commissioner.key" */
	const char *name;
	Members__Role role;
	size_t council;  /* index in data, or SIZE_MAX */
	size_t provider; /* index in plan, or SIZE_MAX */
};

struct plan {
	struct plan_options options;
	const struct data *data;
	size_t teams[32]; /* councils with a fostering team and people, in order */
	size_t teams_n;
	struct plan_provider *providers; /* teams first, then agencies */
	size_t providers_n;
	struct plan_home *homes; /* mainstream first, then kinship */
	size_t homes_n, mainstream_n;
	struct plan_need *needs;
	size_t needs_n;
	struct plan_person *people;
	size_t people_n;
};

void plan_make(struct arena *a, const struct data *d, const struct plan_options *o,
    struct plan *out);

/* The row of a council as it is registered. */
Members__Council *plan_council(struct arena *a, const struct plan *p, size_t council);
/* The membership's first day. */
int32_t plan_membership_day(void);

/* BLAKE2b of every message, in order: 64 hex digits. */
#define PLAN_DIGEST_LEN 64
void plan_digest(struct arena *a, const struct plan *p, char out[PLAN_DIGEST_LEN + 1]);

/* ---- the parts, each in its own file ---- */

void providers_make(struct arena *a, struct plan *p); /* providers.c */
void people_make(struct arena *a, struct plan *p);    /* providers.c */
void homes_make(struct arena *a, struct plan *p);     /* homes.c */
void residents_make(struct arena *a, struct plan *p); /* residents.c */
void carers_make(struct arena *a, struct plan *p);    /* carers.c */
void needs_make(struct arena *a, struct plan *p);     /* needs.c */

/* How many young people staying put the published rate gives these places. */
size_t homes_staying_put(size_t places);

#endif
