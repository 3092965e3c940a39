/* What days bring by themselves, what followers are sent, what a restart keeps. */
#include <string.h>

#include "integration/foster_world.h"

#include "journal.pb-c.h"

/* At the start of the stated day in London, with nobody asking. */
static void
a_stated_day_comes_by_itself(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 3);

	opened(w, id);
	done(w, withhold_call(w, id, TODAY + 2));
	world_wait(w, day_start_in_london(TODAY + 2) - 10000);
	assert_int_equal(shown(w, OFFICER, id)->vacancy->places->free, 1);
	world_wait(w, day_start_in_london(TODAY + 2));
	const Foster__HouseholdShown *s = shown(w, OFFICER, id);
	assert_int_equal(s->vacancy->places->free, 3);
	assert_int_equal(s->n_withheld, 0);

	/* So does a birthday. */
	done(w, occupant_call(w, id, KIND(PRIVATELY_FOSTERED), 9));
	assert_int_equal(shown(w, OFFICER, id)->vacancy->oldest_years, 9);
	world_wait(w, day_start_in_london(TODAY + 365));
	assert_int_equal(shown(w, OFFICER, id)->vacancy->oldest_years, 10);
}

/* ---- followers ---- */

static const Journal__EventsPage *
page_for(struct foster_world *w, const char *follower)
{
	Journal__EventsAsked *asked = MESSAGE_NEW(&w->m.arena, journal__events_asked);
	struct machine_call call = {
	    .service = "foster", .method = CALL(EVENTS), .body = &asked->base};

	machine_peer_key(&w->m, follower, call.key);
	return machines_ask(&w->m, &call, &journal__events_page__descriptor);
}

static void
followers_get_what_is_theirs(void **state)
{
	struct foster_world *w = *state;
	const Foster__Vacancy *v = opened(w, registered(w, 3));
	uint32_t vacancies_n = 0, holds_n = 0;

	done(w, release_call(w, held(w, hold_of(w, v, 1, false))->hold_id));
	const Journal__EventsPage *page = page_for(w, "matching");
	assert_true(page->n_entries >= 6);
	for (size_t i = 0; i < page->n_entries; i++) {
		const Journal__Entry *e = page->entries[i];
		bool is_vacancy =
		    e->header->type == FOSTER__FOSTER_EVENT__EVENT_VACANCY_PUBLISHED;
		assert_int_equal(e->has_event, is_vacancy);
		vacancies_n += is_vacancy;
	}
	/* Opened, held, released: each changed what others may see. */
	assert_int_equal(vacancies_n, 3);
	page = page_for(w, "requests");
	for (size_t i = 0; i < page->n_entries; i++) {
		const Journal__Entry *e = page->entries[i];
		holds_n +=
		    e->has_event &&
		    e->header->type != FOSTER__FOSTER_EVENT__EVENT_VACANCY_PUBLISHED;
		if (e->header->type == FOSTER__FOSTER_EVENT__EVENT_HOUSEHOLD_REGISTERED)
			assert_false(e->has_event);
	}
	assert_int_equal(holds_n, 2);
}

/* The observatory counts children and knows none: not one reference reaches it. */
static void
nobody_is_named_to_the_observatory(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 4);
	const Place__Hold *asked = hold_of(w, opened(w, id), 1, false);
	struct machine_call outside = occupant_call(w, id, KIND(PLACED_OUTSIDE), 6);
	const char *living =
	    ((const Foster__RecordOccupant *)(const void *)outside.body)
		->occupant->child_id;
	const char *coming = asked->children[0]->child_id;
	Foster__GrantExemption exempt = FOSTER__GRANT_EXEMPTION__INIT;
	char *named[] = {said(w, living), said(w, coming)};
	size_t given = 0;

	done(w, outside);
	exempt.household_id = said(w, id);
	exempt.child_ids = named;
	exempt.n_child_ids = 2;
	done(w, call_of(AREA_OFFICER, CALL(GRANT_EXEMPTION), &exempt.base));
	const Place__Held *h = held(w, asked);
	done(w, confirm_call(w, h, h->fencing_number));
	done(w, start_call(w, h, machines_id(&w->m)));
	const Journal__EventsPage *page = page_for(w, "observatory");
	for (size_t i = 0; i < page->n_entries; i++) {
		struct bytes event = BYTES_OF(page->entries[i]->event);

		if (!page->entries[i]->has_event)
			continue;
		given++;
		assert_null(memmem(event.data, event.len, living, strlen(living)));
		assert_null(memmem(event.data, event.len, coming, strlen(coming)));
	}
	assert_true(given >= 8);
}

/* The counts of a household's places that were sent there, last of them in *last. */
static size_t
counts_for(struct foster_world *w, const char *follower, Foster__Places *last)
{
	const Journal__EventsPage *page = page_for(w, follower);
	size_t n = 0;

	for (size_t i = 0; i < page->n_entries; i++) {
		const Journal__Entry *e = page->entries[i];
		ProtobufCMessage *m;

		if (!e->has_event ||
		    e->header->type != FOSTER__FOSTER_EVENT__EVENT_PLACES_COUNTED)
			continue;
		assert_int_equal(
		    message_unpack(&w->m.arena, &foster__places_counted__descriptor,
			BYTES_OF(e->event), &m),
		    ERR_NONE);
		*last = *((const Foster__PlacesCounted *)(const void *)m)->places;
		n++;
	}
	return n;
}

/* A household that never opens a vacancy has places too; what changes none is not
 * counted again. */
static void
places_are_counted_open_or_not(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 3);
	Foster__Places last = FOSTER__PLACES__INIT;

	assert_int_equal(counts_for(w, "observatory", &last), 1);
	assert_int_equal(last.approved, 3);
	assert_int_equal(last.free, 3);
	done(w, withhold_call(w, id, TODAY + 2));
	assert_int_equal(counts_for(w, "observatory", &last), 2);
	assert_int_equal(last.not_available, 2);
	assert_int_equal(last.free, 1);
	const Foster__Vacancy *v = opened(w, id);
	assert_int_equal(counts_for(w, "observatory", &last), 2);
	const Place__Held *h = held(w, hold_of(w, v, 1, false));
	done(w, confirm_call(w, h, h->fencing_number));
	assert_int_equal(counts_for(w, "observatory", &last), 3);
	assert_int_equal(last.held, 1);
	world_wait(w, day_start_in_london(TODAY + 2));
	assert_int_equal(counts_for(w, "observatory", &last), 4);
	assert_int_equal(last.not_available, 0);
	assert_int_equal(counts_for(w, "matching", &last), 0);
}

/* A command that changes nothing others may see publishes nothing. */
static void
nothing_new_is_not_published(void **state)
{
	struct foster_world *w = *state;
	struct household_row h;
	Foster__AmendHousehold amend = FOSTER__AMEND_HOUSEHOLD__INIT;

	household_make(w, &h);
	h.row.household_id = said(w, registered(w, 3));
	const Place__Held *one =
	    held(w, hold_of(w, opened(w, h.row.household_id), 1, false));
	size_t before = page_for(w, "matching")->n_entries;
	done(w, confirm_call(w, one, one->fencing_number));
	h.row.carer_name = said(w, "Another Invented Carer");
	amend.household = &h.row;
	done(w, call_of(OFFICER, CALL(AMEND_HOUSEHOLD), &amend.base));
	assert_int_equal(page_for(w, "matching")->n_entries, before + 2);
}

static void
all_is_there_after_a_restart(void **state)
{
	struct foster_world *w = *state;
	const char *id = registered(w, 3);
	const Place__Held *h = held(w, hold_of(w, opened(w, id), 1, false));

	machines_restart(&w->m, "foster");
	const Foster__HouseholdShown *s = shown(w, OFFICER, id);
	assert_int_equal(s->places->held, 1);
	assert_string_equal(s->holds[0]->hold_id, h->hold_id);
	world_wait(w, h->expires_time);
	assert_int_equal(places(w, id)->held, 0);
}

int
main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
	const struct CMUnitTest tests[] = {
	    STORY(a_stated_day_comes_by_itself),
	    STORY(followers_get_what_is_theirs),
	    STORY(nobody_is_named_to_the_observatory),
	    STORY(places_are_counted_open_or_not),
	    STORY(nothing_new_is_not_published),
	    STORY(all_is_there_after_a_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
