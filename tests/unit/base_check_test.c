#include "base/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "support/memory.h"

#include "foster.pb-c.h"
#include "members.pb-c.h"
#include "observatory.pb-c.h"
#include "requests.pb-c.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))
#define ID "01h00000000000000000000000"

static struct check_problem why;

static int
empty_arena(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

/* Is the message let through, packed and unpacked on the way, as a caller's is? */
static bool
passes(const ProtobufCMessage *m)
{
	struct bytes packed;
	ProtobufCMessage *again;

	assert_int_equal(message_pack(&arena, m, &packed), ERR_NONE);
	assert_int_equal(
	    message_unpack(&arena, m->descriptor, packed, &again), ERR_NONE);
	return check_message(again, packed, &why);
}

static void
refused(const ProtobufCMessage *m, const char *field, const char *reason)
{
	assert_false(passes(m));
	assert_string_equal(why.field, field);
	if (strstr(why.reason, reason) == NULL)
		fail_msg("\"%s\", not \"%s\"", why.reason, reason);
}

/* Text that a message may point to. */
static char *
text(const char *from)
{
	char *copy = str_copy(&arena, from);

	assert_non_null(copy);
	return copy;
}

static Requests__Submit *
submit(void)
{
	Requests__Submit *m = MESSAGE_NEW(&arena, requests__submit);

	SET(m, urgency, REQUESTS__URGENCY__URGENCY_PLANNED);
	SET(m, needed_by_day, 20778);
	m->home_sector = text("M14 5");
	m->n_children = 2;
	m->children = LIST_NEW(&arena, 2, Requests__ChildNeed *);
	for (size_t i = 0; i < 2; i++) {
		m->children[i] = MESSAGE_NEW(&arena, requests__child_need);
		SET(m->children[i], age_years, 7);
		SET(m->children[i], sex, COMMON__SEX__SEX_MALE);
	}
	return m;
}

static void
a_good_message_passes(void **state)
{
	(void)state;
	assert_true(passes(&submit()->base));
	assert_string_equal(why.field, "");
	Common__HealthAsked *nothing = MESSAGE_NEW(&arena, common__health_asked);
	assert_true(passes(&nothing->base));
	assert_true(check_message(&nothing->base, BYTES_NONE, &why));
}

static void
the_field_is_named_by_its_path(void **state)
{
	(void)state;
	Requests__Submit *m = submit();
	SET(m->children[1], age_years, 121);
	refused(&m->base, "children[1].age_years", "is over 120");
	m->children[1]->age_years = 120;
	assert_true(passes(&m->base));
	m->children[1]->needs = LIST_NEW(&arena, 1, Common__Need *);
	m->children[1]->n_needs = 1;
	m->children[1]->needs[0] = MESSAGE_NEW(&arena, common__need);
	SET(m->children[1]->needs[0], level, (Common__Level)4);
	refused(&m->base, "children[1].needs[0].level", "do not know");
	m->children[1]->needs[0]->level = (Common__Level)-1;
	refused(&m->base, "children[1].needs[0].level", "do not know");
}

static void
enums_in_lists_are_known_too(void **state)
{
	(void)state;
	Requests__Submit *m = submit();
	Common__NotSafeWith unsafe[] = {
	    COMMON__NOT_SAFE_WITH__NOT_SAFE_WITH_GIRLS, (Common__NotSafeWith)99};
	m->children[0]->not_safe_with = unsafe;
	m->children[0]->n_not_safe_with = 2;
	refused(&m->base, "children[0].not_safe_with[1]", "do not know");
	m->children[0]->n_not_safe_with = 1;
	assert_true(passes(&m->base));
}

static void
text_is_utf8_within_its_limit(void **state)
{
	(void)state;
	Foster__Household *m = MESSAGE_NEW(&arena, foster__household);
	char name[CHECK_STRING_BYTES_MAX + 2];
	memset(name, 'n', sizeof name);
	name[CHECK_STRING_BYTES_MAX] = '\0';
	m->carer_name = name;
	assert_true(passes(&m->base));
	name[CHECK_STRING_BYTES_MAX] = 'n';
	name[CHECK_STRING_BYTES_MAX + 1] = '\0';
	refused(&m->base, "carer_name", "longer than 200 bytes");
	m->carer_name = text("Si\xc3\xa2n");
	assert_true(passes(&m->base));
	m->carer_name = text("Si\xc3n");
	refused(&m->base, "carer_name", "UTF-8");
	m->carer_name = text("");
	assert_true(passes(&m->base));
}

static void
words_may_be_a_thousand_bytes(void **state)
{
	(void)state;
	Observatory__Definition *m = MESSAGE_NEW(&arena, observatory__definition);
	char words[CHECK_WORDS_BYTES_MAX + 2];
	memset(words, 'n', sizeof words);
	words[CHECK_WORDS_BYTES_MAX] = '\0';
	m->words = words;
	assert_true(passes(&m->base));
	words[CHECK_WORDS_BYTES_MAX] = 'n';
	words[CHECK_WORDS_BYTES_MAX + 1] = '\0';
	refused(&m->base, "words", "longer than 1000 bytes");
	m->words = NULL;
	words[CHECK_STRING_BYTES_MAX + 1] = '\0';
	m->source = words;
	refused(&m->base, "source", "longer than 200 bytes");
}

static void
lists_and_bytes_have_limits(void **state)
{
	(void)state;
	static uint8_t data[CHECK_BYTES_MAX + 1];
	Journal__Entry *entry = MESSAGE_NEW(&arena, journal__entry);
	SET_BYTES(entry, event, ((struct bytes){data, CHECK_BYTES_MAX}));
	assert_true(passes(&entry->base));
	entry->event.len++;
	refused(&entry->base, "event", "longer than 4096 bytes");
	Requests__ChildNeed *child = MESSAGE_NEW(&arena, requests__child_need);
	child->languages = LIST_NEW(&arena, CHECK_LIST_MAX + 1, char *);
	child->n_languages = CHECK_LIST_MAX + 1;
	for (size_t i = 0; i < child->n_languages; i++)
		child->languages[i] = text("en");
	refused(&child->base, "languages[1000]", "a list may have");
	child->n_languages--;
	assert_true(passes(&child->base));
}

static void
values_are_of_the_kind_their_name_says(void **state)
{
	(void)state;
	static const struct {
		size_t offset;
		const char *field, *value, *reason; /* NULL: let through */
	} rows[] = {
#define ROW(field, value, reason)                                                      \
	{offsetof(Foster__Occupant, field), #field, value, reason}
	    ROW(occupant_id, ID, NULL),
	    ROW(occupant_id, "", "is not an id"),
	    ROW(occupant_id, "01H00000000000000000000000", "is not an id"),
	    ROW(occupant_id, "E08000003", "is not an id"),
	    ROW(placing_council_id, "E08000003", NULL),
	    ROW(placing_council_id, "W06000022", NULL),
	    ROW(placing_council_id, "e08000003", "council's code"),
	    ROW(placing_council_id, "E0800003", "council's code"),
	    ROW(placing_council_id, "E080000033", "council's code"),
	    ROW(placing_council_id, "E0800000x", "council's code"),
	    ROW(placing_council_id, ID, "council's code"),
#undef ROW
	};
	for (size_t i = 0; i < N(rows); i++) {
		Foster__Occupant *m = MESSAGE_NEW(&arena, foster__occupant);
		char *value = text(rows[i].value);
		memcpy((char *)m + rows[i].offset, &value, sizeof value);
		if (rows[i].reason == NULL)
			assert_true(passes(&m->base));
		else
			refused(&m->base, rows[i].field, rows[i].reason);
	}
}

static void
sectors_exist(void **state)
{
	(void)state;
	Requests__Submit *m = submit();
	m->avoid_sectors = LIST_NEW(&arena, 2, char *);
	m->n_avoid_sectors = 2;
	m->avoid_sectors[0] = text("OL1 1");
	m->avoid_sectors[1] = text("M99 9");
	refused(&m->base, "avoid_sectors[1]", "is not a postcode sector we know");
	m->avoid_sectors[1] = text("M14 5AB"); /* a whole postcode is never kept */
	refused(&m->base, "avoid_sectors[1]", "such as");
	m->avoid_sectors[1] = text("M14 5");
	assert_true(passes(&m->base));
}

static void
organisations_are_of_three_kinds(void **state)
{
	(void)state;
	static const char *const right[] = {ID, "E08000003", "co-operative"};
	Members__Grant *m = MESSAGE_NEW(&arena, members__grant);
	for (size_t i = 0; i < N(right); i++) {
		m->organisation_id = text(right[i]);
		assert_true(passes(&m->base));
	}
	m->organisation_id = text("cooperative");
	refused(&m->base, "organisation_id", "neither");
}

static void
days_times_and_sums_have_bounds(void **state)
{
	(void)state;
	Foster__Vacancy *m = MESSAGE_NEW(&arena, foster__vacancy);
	SET(m, available_from_day, DAY_MAX);
	SET(m, opened_time, (DAY_MAX + 1) * INT64_C(86400000) - 1);
	SET(m, fee_pence_week, 999999999);
	assert_true(passes(&m->base));
	m->available_from_day++;
	refused(&m->base, "available_from_day", "1900 to 2199");
	m->available_from_day = DAY_MIN - 1;
	refused(&m->base, "available_from_day", "1900 to 2199");
	m->available_from_day = DAY_MIN;
	m->opened_time++;
	refused(&m->base, "opened_time", "1900 to 2199");
	m->opened_time = DAY_MIN * INT64_C(86400000) - 1;
	refused(&m->base, "opened_time", "1900 to 2199");
	m->opened_time++;
	m->fee_pence_week++;
	refused(&m->base, "fee_pence_week", "ten million");
	m->fee_pence_week = -1;
	refused(&m->base, "fee_pence_week", "ten million");
	m->fee_pence_week = 0;
	assert_true(passes(&m->base));
}

static void
numbers_stay_printable(void **state)
{
	(void)state;
	Common__Done *m = MESSAGE_NEW(&arena, common__done);
	SET(m, number, INT64_MAX);
	assert_true(passes(&m->base));
	m->number++;
	refused(&m->base, "number", "too large");
}

/* Bytes are read as Submit; what they are refused for, if they are. */
static void
bytes_refused(const char *packed, size_t len, const char *field, const char *reason)
{
	ProtobufCMessage *m;
	struct bytes in = {(const uint8_t *)packed, len};

	assert_int_equal(
	    message_unpack(&arena, &requests__submit__descriptor, in, &m), ERR_NONE);
	assert_false(check_message(m, in, &why));
	assert_string_equal(why.field, field);
	assert_non_null(strstr(why.reason, reason));
}

static void
unknown_fields_are_refused_wherever_they_are(void **state)
{
	(void)state;
	bytes_refused("\xf8\x01\x05", 3, "Submit", "number 31"); /* 31: varint */
	bytes_refused("\x2a\x03\xf8\x01\x05", 5, "children[0]", "number 31");
	bytes_refused("\x2a\x00\x2a\x05\x2a\x03\xf8\x01\x05", 9, "children[1].needs[0]",
	    "number 31");
	bytes_refused("\xfa\x01\x01x", 4, "Submit", "number 31");
}

/* C text would end before the NUL, and what is behind it would never be seen. */
static void
a_nul_in_text_is_found_in_the_bytes(void **state)
{
	(void)state;
	bytes_refused("\x22\x08M14 5\0xx", 10, "home_sector", "NUL");
	bytes_refused("\x4a\x05M14 5\x4a\x06M14 5\0", 15, "avoid_sectors[1]", "NUL");
	bytes_refused("\x2a\x00\x2a\x0c\x3a\x02"
		      "en\x3a\x02"
		      "fr\x3a\x02w\0",
	    16, "children[1].languages[2]", "NUL");
	/* Said twice: the first is overwritten, but it was said. */
	bytes_refused("\x22\x06M14 5\0\x22\x05M14 5", 15, "home_sector", "NUL");
}

/* A NUL is no fault where it is a number, or bytes. */
static void
zeroes_elsewhere_are_let_through(void **state)
{
	(void)state;
	Requests__Submit *m = submit();
	SET(m, earlier_placements, 0);
	SET(m, miles_max, 0);
	assert_true(passes(&m->base));
	Journal__Entry *entry = MESSAGE_NEW(&arena, journal__entry);
	static const uint8_t zeroes[32];
	SET_BYTES(entry, event, ((struct bytes){zeroes, sizeof zeroes}));
	assert_true(passes(&entry->base));
}

/* Every field that a convention could mean has the kind that its name says. */
static void
kinds_follow_names(void **state)
{
	(void)state;
	static const struct {
		const ProtobufCMessageDescriptor *type;
		const char *field;
		enum field_kind kind;
	} rows[] = {
	    {&foster__household__descriptor, "household_id", FIELD_ID},
	    {&foster__household__descriptor, "council_id", FIELD_COUNCIL},
	    {&foster__household__descriptor, "home_sector", FIELD_SECTOR},
	    {&foster__household__descriptor, "fee_pence_week", FIELD_PENCE},
	    {&foster__household__descriptor, "carer_name", FIELD_PLAIN},
	    {&foster__household__descriptor, "bedrooms", FIELD_PLAIN},
	    {&foster__approval__descriptor, "named_child_ids", FIELD_ID},
	    {&foster__approval__descriptor, "approved_day", FIELD_DAY},
	    {&foster__approval__descriptor, "age_max_years", FIELD_YEARS},
	    {&foster__household_reviewed__descriptor, "day", FIELD_DAY},
	    {&foster__hold_row__descriptor, "expires_time", FIELD_TIME},
	    {&foster__hold_row__descriptor, "are_siblings", FIELD_PLAIN},
	    {&members__council__descriptor, "adjoining_council_ids", FIELD_COUNCIL},
	    {&members__provider__descriptor, "sector", FIELD_PLAIN}, /* an enum */
	    {&members__grant__descriptor, "organisation_id", FIELD_ORGANISATION},
	    {&requests__submit__descriptor, "avoid_sectors", FIELD_SECTOR},
	    {&requests__interest_shown__descriptor, "time", FIELD_TIME},
	    {&requests__request_submitted__descriptor, "members_copy_age_ms",
		FIELD_PLAIN},
	    {&requests__submit__descriptor, "family_time_a_week", FIELD_PLAIN},
	    {&common__done__descriptor, "id",
		FIELD_PLAIN}, /* what was made: any kind */
	};
	for (size_t i = 0; i < N(rows); i++) {
		const ProtobufCFieldDescriptor *f =
		    protobuf_c_message_descriptor_get_field_by_name(
			rows[i].type, rows[i].field);
		assert_non_null(f);
		if (field_kind(f) != rows[i].kind)
			fail_msg("%s is of kind %d", rows[i].field, (int)field_kind(f));
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, empty_arena)
	const struct CMUnitTest tests[] = {
	    TEST(a_good_message_passes),
	    TEST(the_field_is_named_by_its_path),
	    TEST(enums_in_lists_are_known_too),
	    TEST(text_is_utf8_within_its_limit),
	    TEST(words_may_be_a_thousand_bytes),
	    TEST(lists_and_bytes_have_limits),
	    TEST(values_are_of_the_kind_their_name_says),
	    TEST(sectors_exist),
	    TEST(organisations_are_of_three_kinds),
	    TEST(days_times_and_sums_have_bounds),
	    TEST(numbers_stay_printable),
	    TEST(unknown_fields_are_refused_wherever_they_are),
	    TEST(a_nul_in_text_is_found_in_the_bytes),
	    TEST(zeroes_elsewhere_are_let_through),
	    TEST(kinds_follow_names),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
