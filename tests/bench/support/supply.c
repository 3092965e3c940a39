#include "bench/support/supply.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/day.h"
#include "base/journal.h"
#include "base/kv.h"
#include "base/message.h"

#include "foster.pb-c.h"

#define VACANCIES 50000
#define EVENTS_A_COMMIT 20000
#define ENTRIES_A_BATCH 100
#define PUBLISHED 20
#define TEXT(literal) ((char *)(uintptr_t)(literal))

static struct bytes
pack_vacancy(struct arena *a, uint64_t i, int64_t now_ms)
{
	Foster__VacancyPublished e = FOSTER__VACANCY_PUBLISHED__INIT;
	Foster__Vacancy v = FOSTER__VACANCY__INIT;
	Foster__Approval p = FOSTER__APPROVAL__INIT;
	Foster__Places places = FOSTER__PLACES__INIT;
	Common__Need needs[4], *skills[4];
	uint8_t random[ID_RANDOM_BYTES] = {0};
	char *languages[] = {TEXT("en"), TEXT("ur")};
	struct id id, household, provider;
	struct bytes out = BYTES_NONE;

	bytes_put_u32(random, (uint32_t)(i % VACANCIES));
	id = id_make(1000000, random);
	household = id_make(2000000, random);
	provider = id_make(3000000, (uint8_t[ID_RANDOM_BYTES]){7});
	v.vacancy_id = id.text;
	v.household_id = household.text;
	v.provider_id = provider.text;
	v.council_id = TEXT("E08000003");
	v.home_sector = TEXT("M14 5");
	SET(&p, kind, FOSTER__APPROVAL_KIND__APPROVAL_KIND_MAINSTREAM);
	SET(&p, children_max, 3);
	SET(&p, age_min_years, (uint32_t)(i % 8));
	SET(&p, age_max_years, 17);
	SET(&p, takes_girls, true);
	SET(&p, takes_boys, true);
	v.approval = &p;
	SET(&places, approved, 3);
	SET(&places, filled, 1);
	SET(&places, held, 0);
	SET(&places, not_available, 0);
	SET(&places, free, (uint32_t)(i % 3));
	SET(&places, free_for_siblings, (uint32_t)(i % 3));
	v.places = &places;
	for (unsigned k = 0; k < 4; k++) {
		common__need__init(&needs[k]);
		SET(&needs[k], kind, (Common__NeedKind)(1 + (i + k) % 18));
		SET(&needs[k], level, COMMON__LEVEL__LEVEL_HIGH);
		skills[k] = &needs[k];
	}
	v.skills = skills;
	v.n_skills = 4;
	SET(&v, girls, 1);
	SET(&v, boys, 0);
	SET(&v, youngest_years, 7);
	SET(&v, oldest_years, 7);
	v.languages = languages;
	v.n_languages = 2;
	SET(&v, takes_emergencies, true);
	SET(&v, fee_pence_week, 90000);
	SET(&v, available_from_day, day_in_london(now_ms));
	SET(&v, opened_time, now_ms);
	SET(&v, confirmed_time, now_ms);
	SET(&v, is_open, true);
	e.vacancy = &v;
	if (message_pack(a, &e.base, &out) != ERR_NONE)
		bench_fail("no memory");
	return out;
}

static void
append_some(struct kv_txn *txn, struct arena *a, uint64_t first, unsigned n)
{
	struct journal_entry entries[ENTRIES_A_BATCH];
	struct journal_head head;
	int64_t now_ms = clock_now_ms();
	struct journal_batch batch = {entries, n, now_ms};
	struct id ids[ENTRIES_A_BATCH];

	memset(entries, 0, sizeof entries);
	for (unsigned i = 0; i < n; i++) {
		ids[i] = bus_new_id();
		entries[i].type = PUBLISHED;
		entries[i].event = pack_vacancy(a, first + i, now_ms);
		entries[i].command_id = ids[i].text;
	}
	journal_read_head(txn, &head);
	if (journal_append(txn, a, &batch, &head, head.epoch) != ERR_NONE)
		bench_fail("the journal does not take it");
}

void
bench_fill_foster(struct bench_region *r, uint64_t events)
{
	static const char *const tables[] = {
	    JOURNAL_TABLE_NAME, JOURNAL_INBOX_TABLE_NAME, JOURNAL_META_TABLE_NAME};
	char path[200], problem[200] = "";
	struct kv_options o = {bench_store(r, BENCH_FOSTER, path, sizeof path), tables,
	    3, 0, 0, false, true};
	struct arena a;
	struct kv *kv;
	struct kv_txn txn;

	if (arena_open(&a, 8u << 20) != ERR_NONE)
		bench_fail("no memory");
	if (kv_open(&kv, &o, problem, sizeof problem) != ERR_NONE)
		bench_fail("%s", problem);
	for (uint64_t done = 0; done < events;) {
		kv_begin(kv, &txn, true);
		for (unsigned i = 0; i < EVENTS_A_COMMIT && done < events;
		     i += ENTRIES_A_BATCH, done += ENTRIES_A_BATCH) {
			arena_reset(&a);
			append_some(&txn, &a, done, ENTRIES_A_BATCH);
		}
		if (kv_end(&txn) != ERR_NONE)
			bench_fail("the store does not take it");
	}
	kv_close(kv);
	arena_close(&a);
}
