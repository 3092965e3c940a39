#ifndef RCC_REGION_PLAN_H
#define RCC_REGION_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#include "foster.pb-c.h"
#include "members.pb-c.h"
#include "requests.pb-c.h"
#include "residential.pb-c.h"

#include "chance.h"
#include "data.h"

/*
 * The whole invented region before anything is sent: the messages of the contracts,
 * lacking only the ids that the services give. The same options give the same plan,
 * byte for byte.
 */

#define PLAN_HOUSEHOLDS_MIN 60
#define PLAN_HOUSEHOLDS_MAX 60000
#define PLAN_RESIDENCES_MAX 6000
#define PLAN_REQUESTS_MAX 2000
#define PLAN_PROVIDERS_MAX 4000

struct plan_options {
	uint64_t seed;
	enum data_scope scope;
	size_t households; /* kinship among them */
	size_t residences; /* children's homes; supported accommodation follows */
	size_t requests;
	int64_t time_ms; /* said by the ids the plan makes */
	int32_t day;     /* "today": every other day is counted from it */
};

/* Councils with people of their own: those that join, and of a region two that adjoin
 * it but have not joined. */
#define PLAN_NEIGHBOURS 2

struct plan_provider {
	Members__Provider *row; /* provider_id once registered */
	size_t
	    council; /* index in data: whose team; of an agency, where its office is */
	bool is_agency;
	uint32_t weight; /* its share of households */
	uint32_t owner;  /* of homes: who owns it, as data_provided numbers them */
	size_t officer;  /* index in people: who keeps its records */
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

/* Of homes outside the members' areas, one in so many is shown to the co-operative. */
#define PLAN_ADJOINING_SHARE 4

/* One children's home, or one setting of supported accommodation. */
struct plan_residence {
	size_t provider; /* index in plan */
	size_t council;  /* index in data: the area it lies in */
	bool is_supported;
	char sector;            /* 'L', 'P', 'V', as data_provided */
	bool is_solo;           /* the one child there may live with no other */
	Residential__Home *row; /* home_id once registered */
	Residential__ReserveBed **reserved; /* beds 1, 2, ... of it */
	size_t reserved_n;
	Residential__Occupant *
	    *occupants; /* the first live in beds reserved for them */
	size_t occupants_n, occupants_in_reserved_n;
	Residential__CloseBeds *closed;       /* NULL: none */
	Residential__OpenVacancy **vacancies; /* one an age band */
	size_t vacancies_n;

	/* Its registered beds, as they are dealt: they add up to `places`. */
	uint32_t places, unstaffed, filled, shut, reserved_empty, free;
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
	size_t *teams; /* councils with a fostering team and people, in order */
	size_t teams_n;
	/* Teams first, then agencies, then those of homes, then those of supported
	 * accommodation. */
	struct plan_provider *providers;
	size_t providers_n, agencies_n, owners_n;
	struct plan_home *homes; /* mainstream first, then kinship */
	size_t homes_n, mainstream_n;
	struct plan_residence *residences; /* children's homes first, then supported */
	size_t residences_n, childrens_n;
	struct plan_need *needs;
	size_t needs_n;
	struct plan_person *people;
	size_t people_n;
};

void plan_make(struct arena *a, const struct data *d, const struct plan_options *o,
    struct plan *out);

/* Households of a region that is not made smaller than it is: England's, between the
 * 45,370 of 2021 and the 42,615 of 2024 (Ofsted); the ten's, one place to one. */
size_t plan_full_households(const struct data *d);

/* The row of a council as it is registered. */
Members__Council *plan_council(struct arena *a, const struct plan *p, size_t council);
/* The membership's first day. */
int32_t plan_membership_day(void);

/* BLAKE2b of every message, in order: 64 hex digits. */
#define PLAN_DIGEST_LEN 64
void plan_digest(struct arena *a, const struct plan *p, char out[PLAN_DIGEST_LEN + 1]);

/* ---- the parts, each in its own file ---- */

struct names; /* names.h */
/* Teams and agencies. */
void providers_make(struct arena *a, struct plan *p, struct names *names);
/* Children's homes and supported accommodation: whose, where, how many beds. */
void residences_make(struct arena *a, struct plan *p, struct names *names);
void people_make(struct arena *a, struct plan *p);
void homes_make(struct arena *a, struct plan *p);     /* homes.c */
void residents_make(struct arena *a, struct plan *p); /* residents.c */
/* Whose children live in homes, by the published numbers of each council. */
void placing_make(struct arena *a, struct plan *p);
void carers_make(struct arena *a, struct plan *p); /* carers.c */
void beds_make(struct arena *a, struct plan *p);   /* beds.c */
void mix_make(struct arena *a, struct plan *p);    /* mix.c */
void terms_make(struct arena *a, struct plan *p);  /* terms.c */
/* May these two live together, the first being not safe with such? */
bool mix_is_safe(const Residential__Occupant *o, Common__NotSafeWith who,
    const Residential__Occupant *other);
void needs_make(struct arena *a, struct plan *p); /* needs.c */

/* A sector of this council's, the more often the more postcodes it has. */
char *plan_sector(
    struct arena *a, const struct plan *p, size_t council, struct chance *c);

/* How many young people staying put the published rate gives these places. */
size_t homes_staying_put(size_t places);

#endif
