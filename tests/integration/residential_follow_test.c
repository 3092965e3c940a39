/* What days bring by themselves, what followers are sent, what a restart keeps. */
#include <string.h>

#include "integration/residential_world.h"

#include "journal.pb-c.h"

#define URN "SC100001"
#define EVENT(name) RESIDENTIAL__RESIDENTIAL_EVENT__EVENT_##name

/* At the start of the stated day in London, with nobody asking. */
static void
a_stated_day_comes_by_itself(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	Residential__ReserveBed *reserve;
	struct machine_call call = reserve_call(w, id, 5, AREA);

	opened(w, id, BAND(10_TO_15));
	done(w, close_call(w, id, 2, TODAY + 2));
	reserve = (Residential__ReserveBed *)(void *)(uintptr_t)call.body;
	SET(reserve, from_day, TODAY + 1);
	SET(reserve, until_day, TODAY + 3);
	done(w, call);
	world_wait(w, day_start_in_london(TODAY + 1) - 10000);
	assert_int_equal(shown(w, OFFICER, id)->vacancies[0]->beds->free, 3);
	world_wait(w, day_start_in_london(TODAY + 1));
	const Residential__HomeShown *s = shown(w, OFFICER, id);
	assert_int_equal(s->vacancies[0]->beds->free, 2);
	assert_int_equal(s->vacancies[0]->beds->reserved, 1);
	assert_int_equal(s->vacancies[0]->n_reserved_free, 1);
	world_wait(w, day_start_in_london(TODAY + 2));
	s = shown(w, OFFICER, id);
	assert_int_equal(s->vacancies[0]->beds->free, 4);
	assert_int_equal(s->n_closed, 0);
	world_wait(w, day_start_in_london(TODAY + 3));
	s = shown(w, OFFICER, id);
	assert_int_equal(s->vacancies[0]->beds->free, 5);
	assert_int_equal(s->n_reservations, 0);
}

/* Only the birthday that leads into another band. */
static void
somebody_grows_into_another_band(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);

	opened(w, id, BAND(10_TO_15));
	done(w, occupant_call(w, occupant_made(w, id, 9)));
	assert_int_equal(
	    shown(w, OFFICER, id)->vacancies[0]->residents->age_bands[0], BAND(5_TO_9));
	world_wait(w, day_start_in_london(day_of_age(9, TODAY, 10)));
	assert_int_equal(shown(w, OFFICER, id)->vacancies[0]->residents->age_bands[0],
	    BAND(10_TO_15));
}

/* ---- followers ---- */

static const Journal__EventsPage *
page_for(struct residential_world *w, const char *follower)
{
	Journal__EventsAsked *asked = MESSAGE_NEW(&w->m.arena, journal__events_asked);
	struct machine_call call = {
	    .service = "residential", .method = CALL(EVENTS), .body = &asked->base};

	machine_peer_key(&w->m, follower, call.key);
	return machines_ask(&w->m, &call, &journal__events_page__descriptor);
}

static uint32_t
sent(const Journal__EventsPage *page, uint32_t type)
{
	uint32_t n = 0;

	for (size_t i = 0; i < page->n_entries; i++)
		n += page->entries[i]->has_event &&
		     page->entries[i]->header->type == type;
	return n;
}

static uint32_t
sent_in_all(const Journal__EventsPage *page)
{
	uint32_t n = 0;

	for (size_t i = 0; i < page->n_entries; i++)
		n += page->entries[i]->has_event ? 1 : 0;
	return n;
}

/* The last event of a type as this follower has it. */
static const void *
last_of(struct residential_world *w, const char *follower, uint32_t type,
    const ProtobufCMessageDescriptor *descriptor)
{
	const Journal__EventsPage *page = page_for(w, follower);
	ProtobufCMessage *found = NULL;

	for (size_t i = 0; i < page->n_entries; i++) {
		const Journal__Entry *e = page->entries[i];
		if (e->has_event && e->header->type == type)
			assert_int_equal(message_unpack(&w->m.arena, descriptor,
					     BYTES_OF(e->event), &found),
			    ERR_NONE);
	}
	assert_non_null(found);
	return found;
}

static void
followers_get_what_is_theirs(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Residential__Vacancy *v = opened(w, id, BAND(10_TO_15));

	done(w, reserve_call(w, id, 1, AREA));
	done(w, release_call(w, held(w, hold_of(w, v, 1, 12))->hold_id));
	/* Opened, reserved, held, released: each changed what others may see. */
	const Journal__EventsPage *page = page_for(w, "matching");
	assert_int_equal(sent(page, EVENT(VACANCY_PUBLISHED)), 4);
	assert_int_equal(sent_in_all(page), 4);
	page = page_for(w, "requests");
	assert_int_equal(sent(page, EVENT(VACANCY_PUBLISHED)), 4);
	assert_int_equal(sent(page, EVENT(HOLD_GRANTED)), 1);
	assert_int_equal(sent(page, EVENT(HOLD_RELEASED)), 1);
	assert_int_equal(sent_in_all(page), 6);
	page = page_for(w, "observatory");
	assert_int_equal(sent(page, EVENT(BEDS_COUNTED)), 4);
	assert_int_equal(sent_in_all(page), page->n_entries);

	const Residential__VacancyPublished *whole = last_of(w, "matching",
	    EVENT(VACANCY_PUBLISHED), &residential__vacancy_published__descriptor);
	assert_non_null(whole->vacancy->residents);
	assert_non_null(whole->vacancy->beds);
	const Residential__VacancyPublished *part = last_of(w, "requests",
	    EVENT(VACANCY_PUBLISHED), &residential__vacancy_published__descriptor);
	assert_null(part->vacancy->residents);
	assert_null(part->vacancy->beds);
	assert_int_equal(part->vacancy->n_reserved_free, 0);
	assert_string_equal(part->vacancy->home_id, id);
	assert_string_equal(part->vacancy->council_id, AREA);
	assert_int_equal(part->vacancy->care_type, CARE_TYPE(CHILDRENS_HOME));
	assert_true(part->vacancy->is_open);
}

/* The observatory counts beds and children, and knows neither name nor child. */
static void
nobody_is_named_to_the_observatory(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	Place__Hold *asked = hold_of(w, opened(w, id, BAND(10_TO_15)), 2, 12);
	Residential__Occupant *o = occupant_made(w, id, 12);
	const char *coming = asked->children[0]->child_id;
	const char *group = machines_id(&w->m);

	o->sibling_group_id = said(w, group);
	o->not_safe_with = with_one(w, WITH(GIRLS));
	o->n_not_safe_with = 1;
	const char *living = done(w, occupant_call(w, o))->id;
	Residential__EndOccupant end = RESIDENTIAL__END_OCCUPANT__INIT;
	end.occupant_id = said(w, living);
	SET(&end, end_day, TODAY);
	const Residential__OccupantRecorded *recorded = last_of(w, "observatory",
	    EVENT(OCCUPANT_RECORDED), &residential__occupant_recorded__descriptor);
	assert_int_equal(recorded->occupant->n_not_safe_with, 0);
	assert_int_equal(recorded->occupant->age_years, 12);
	done(w, call_of(OFFICER, CALL(END_OCCUPANT), &end.base));
	asked->not_safe_with = with_one(w, WITH(BOYS));
	asked->n_not_safe_with = 1;
	const Place__Held *h = held(w, asked);
	const Residential__HoldGranted *granted = last_of(w, "observatory",
	    EVENT(HOLD_GRANTED), &residential__hold_granted__descriptor);
	assert_int_equal(granted->hold->n_children, 0);
	assert_int_equal(granted->hold->n_not_safe_with, 0);
	done(w, confirm_call(w, h, h->fencing_number));
	done(w, start_call(w, h, machines_id(&w->m)));
	const Journal__EventsPage *page = page_for(w, "observatory");
	for (size_t i = 0; i < page->n_entries; i++) {
		struct bytes event = BYTES_OF(page->entries[i]->event);
		static const char name[] = "Invented House";

		if (!page->entries[i]->has_event)
			continue;
		assert_null(memmem(event.data, event.len, name, sizeof name - 1));
		assert_null(memmem(event.data, event.len, coming, strlen(coming)));
		assert_null(memmem(event.data, event.len, group, strlen(group)));
	}
	assert_true(sent_in_all(page) >= 12);
}

/* A command that changes nothing others may see publishes nothing, counts nothing. */
static void
nothing_new_is_not_published(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Place__Held *h =
	    held(w, hold_of(w, opened(w, id, BAND(10_TO_15)), 1, 12));
	size_t before = page_for(w, "matching")->n_entries;
	Residential__Home *row = row_of(w, id);

	done(w, confirm_call(w, h, h->fencing_number));
	row->home_name = said(w, "Another Invented House");
	done(w, amend_call(w, OFFICER, row));
	assert_int_equal(page_for(w, "matching")->n_entries, before + 2);
}

/* Beds are counted for the region, whether they are offered or not. */
static void
beds_are_counted_without_a_vacancy(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Residential__BedsCounted *counted = last_of(w, "observatory",
	    EVENT(BEDS_COUNTED), &residential__beds_counted__descriptor);

	assert_int_equal(counted->beds->free, 5);
	done(w, occupant_call(w, occupant_made(w, id, 18)));
	done(w, close_call(w, id, 2, 0));
	counted = last_of(w, "observatory", EVENT(BEDS_COUNTED),
	    &residential__beds_counted__descriptor);
	assert_string_equal(counted->home_id, id);
	assert_int_equal(counted->beds->occupied, 1);
	assert_int_equal(counted->beds->closed, 2);
	assert_int_equal(counted->beds->free, 2);
	assert_int_equal(sent(page_for(w, "observatory"), EVENT(BEDS_COUNTED)), 3);
}

static void
all_is_there_after_a_restart(void **state)
{
	struct residential_world *w = *state;
	const char *id = registered(w, URN);
	const Place__Held *h =
	    held(w, hold_of(w, opened(w, id, BAND(10_TO_15)), 1, 12));

	machines_restart(&w->m, "residential");
	const Residential__HomeShown *s = shown(w, OFFICER, id);
	assert_int_equal(s->beds->held, 1);
	assert_string_equal(s->holds[0]->hold_id, h->hold_id);
	world_wait(w, h->expires_time);
	assert_int_equal(beds(w, id)->held, 0);
}

int
main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
	const struct CMUnitTest tests[] = {
	    STORY(a_stated_day_comes_by_itself),
	    STORY(somebody_grows_into_another_band),
	    STORY(followers_get_what_is_theirs),
	    STORY(nobody_is_named_to_the_observatory),
	    STORY(nothing_new_is_not_published),
	    STORY(beds_are_counted_without_a_vacancy),
	    STORY(all_is_there_after_a_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
