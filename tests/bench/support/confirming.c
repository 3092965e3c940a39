#include "bench/support/confirming.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/day.h"
#include "base/message.h"

#include "common.pb-c.h"
#include "foster.pb-c.h"

#define TEXT(literal) ((char *)(uintptr_t)(literal))

void
bench_confirm_post(void *state, size_t i)
{
	struct bench_confirming *o = state;
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT;
	Foster__ConfirmVacancy call = FOSTER__CONFIRM_VACANCY__INIT;
	struct id id = bus_new_id();
	struct bytes body, packed;

	arena_reset(&o->arena);
	call.vacancy_id = o->vacancies[i];
	if (message_pack(&o->arena, &call.base, &body) != ERR_NONE)
		bench_fail("no memory");
	e.message_id = id.text;
	SET(&e, method, 21);
	SET(&e, wait_ms, 10000);
	SET_BYTES(&e, body, body);
	if (message_pack(&o->arena, &e.base, &packed) != ERR_NONE ||
	    bus_client_post(o->clients[i], packed) != ERR_NONE)
		bench_fail("cannot send to foster (log in %s)", o->region.folder);
}

void
bench_confirm_collect(void *state, size_t clients, uint8_t *answered)
{
	struct bench_confirming *o = state;

	bus_client_wait_any(o->clients, clients, 10000);
	for (size_t i = 0; i < clients; i++) {
		struct bytes in;
		ProtobufCMessage *m;
		Envelope__Envelope *e;

		if (bus_client_take(o->clients[i], 0, &in) != ERR_NONE)
			continue;
		arena_reset(&o->arena);
		if (message_unpack(
			&o->arena, &envelope__envelope__descriptor, in, &m) != ERR_NONE)
			bench_fail("an answer cannot be read");
		e = (Envelope__Envelope *)m;
		if (e->has_fault || e->refusal != NULL)
			bench_fail("foster said no: fault %d, %s", (int)e->fault,
			    e->refusal != NULL ? e->refusal->sentence : "");
		answered[i] = 1;
	}
}

static void
open_vacancy(struct bench_confirming *o, struct bus_client *c, size_t i)
{
	Foster__RegisterHousehold call = FOSTER__REGISTER_HOUSEHOLD__INIT;
	Foster__Household h = FOSTER__HOUSEHOLD__INIT;
	Foster__Approval a = FOSTER__APPROVAL__INIT;
	Foster__OpenVacancy open = FOSTER__OPEN_VACANCY__INIT;
	char *languages[] = {TEXT("en")};
	int32_t today = day_in_london(clock_now_ms());
	const Common__Done *done;
	const Foster__Vacancy *v;

	h.carer_name = TEXT("Invented Carer");
	h.council_id = TEXT("E08000003");
	h.home_sector = TEXT("M14 5");
	SET(&a, kind, FOSTER__APPROVAL_KIND__APPROVAL_KIND_MAINSTREAM);
	SET(&a, children_max, 2);
	SET(&a, age_min_years, 0);
	SET(&a, age_max_years, 17);
	SET(&a, takes_girls, true);
	SET(&a, takes_boys, true);
	SET(&a, approved_day, today - 100);
	h.approval = &a;
	SET(&h, bedrooms, 2);
	SET(&h, siblings_may_share, true);
	SET(&h, takes_emergencies, true);
	SET(&h, fee_pence_week, 90000);
	h.languages = languages;
	h.n_languages = 1;
	call.household = &h;
	done = bench_call(&o->region, c, 10, &call.base, &common__done__descriptor);
	open.household_id = done->id;
	SET(&open, available_from_day, today);
	v = bench_call(&o->region, c, 20, &open.base, &foster__vacancy__descriptor);
	snprintf(o->vacancies[i], sizeof o->vacancies[i], "%s", v->vacancy_id);
}

void
bench_confirming_open(struct bench_confirming *o, const char *preload)
{
	bench_region_open(&o->region);
	if (arena_open(&o->arena, 1u << 20) != ERR_NONE)
		bench_fail("no memory");
	bench_people(&o->region, preload);
	for (size_t i = 0; i < BENCH_CLIENTS_MAX; i++) {
		o->clients[i] =
		    bench_client(&o->region, BENCH_FOSTER, &o->region.officer);
		open_vacancy(o, o->clients[i], i);
		arena_reset(&o->region.arena);
	}
}

void
bench_confirming_close(struct bench_confirming *o)
{
	for (size_t i = 0; i < BENCH_CLIENTS_MAX; i++)
		bus_client_close(o->clients[i]);
	arena_close(&o->arena);
	bench_region_close(&o->region);
}
