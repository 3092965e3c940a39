#include "members/members.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/message.h"

#define TODAY 20778 /* 2026-11-21 */
#define OTHER "01jd5r0000bbbbbbbbbbbbbbbb"
#define COUNCIL "E08000003"

/* ---- refusals ---- */

/* Numbers are on the wire: a row out of place would show another sentence. */
static void
every_refusal_has_its_row(void **state)
{
	(void)state;
	for (unsigned no = MEMBERS_ROW_MISSING; no < MEMBERS_REFUSALS_END; no++) {
		const struct refusal *row = members_refusal((enum members_refusal)no);
		assert_int_equal(row->number, no);
		assert_non_null(row->sentence);
	}
}

/* ---- councils ---- */

static void
a_name_is_there_and_not_too_long(void **state)
{
	static const char accent[2] = {'\xc3', '\xa9'}; /* one character, two bytes */
	char accents[2 * MEMBERS_NAME_CHARACTERS_MAX + 3] = "";

	(void)state;
	assert_int_equal(members_check_name(NULL), MEMBERS_NAME_MISSING);
	assert_int_equal(members_check_name(" \t"), MEMBERS_NAME_MISSING);
	assert_int_equal(members_check_name("Zoë"), MEMBERS_OK);
	for (size_t i = 0; i < MEMBERS_NAME_CHARACTERS_MAX; i++)
		memcpy(&accents[2 * i], accent, sizeof accent);
	assert_int_equal(members_check_name(accents), MEMBERS_OK);
	accents[sizeof accents - 3] = 'x';
	assert_int_equal(members_check_name(accents), MEMBERS_NAME_LONG);
}

struct span {
	int32_t from, until; /* 0: not said */
};

static enum members_refusal
check_spans(const struct span *spans, size_t n)
{
	char name[] = "Manchester", id[] = COUNCIL;
	Members__Membership rows[MEMBERS_MEMBERSHIPS_MAX + 1];
	Members__Membership *list[MEMBERS_MEMBERSHIPS_MAX + 1];
	Members__Council council = MEMBERS__COUNCIL__INIT;

	for (size_t i = 0; i < n; i++) {
		members__membership__init(&rows[i]);
		if (spans[i].from != 0)
			SET(&rows[i], from_day, spans[i].from);
		if (spans[i].until != 0)
			SET(&rows[i], until_day, spans[i].until);
		list[i] = &rows[i];
	}
	council.name = name;
	council.council_id = id;
	council.memberships = list;
	council.n_memberships = n;
	return members_check_council(&council);
}

static void
memberships_do_not_overlap(void **state)
{
	const struct {
		struct span spans[3];
		size_t n;
		enum members_refusal no;
	} rows[] = {
	    {{{0}}, 0, MEMBERS_OK},
	    {{{100, 0}}, 1, MEMBERS_OK},
	    {{{0, 200}}, 1, MEMBERS_MEMBERSHIP_DAYS},
	    {{{100, 100}}, 1, MEMBERS_MEMBERSHIP_DAYS},
	    {{{100, 101}}, 1, MEMBERS_OK},
	    {{{100, 200}, {200, 0}}, 2, MEMBERS_OK},
	    {{{100, 201}, {200, 0}}, 2, MEMBERS_MEMBERSHIPS_OVERLAP},
	    {{{200, 0}, {100, 200}}, 2, MEMBERS_OK},
	    {{{200, 0}, {100, 0}}, 2, MEMBERS_MEMBERSHIPS_OVERLAP},
	    {{{100, 200}, {300, 400}, {250, 300}}, 3, MEMBERS_OK},
	    {{{100, 200}, {300, 400}, {150, 160}}, 3, MEMBERS_MEMBERSHIPS_OVERLAP},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(check_spans(rows[i].spans, rows[i].n), rows[i].no);
	struct span many[MEMBERS_MEMBERSHIPS_MAX + 1];
	for (int32_t i = 0; i <= MEMBERS_MEMBERSHIPS_MAX; i++)
		many[i] = (struct span){100 + i, 101 + i};
	assert_int_equal(check_spans(many, MEMBERS_MEMBERSHIPS_MAX), MEMBERS_OK);
	assert_int_equal(
	    check_spans(many, MEMBERS_MEMBERSHIPS_MAX + 1), MEMBERS_MEMBERSHIPS_MANY);
}

static void
a_council_adjoins_others_once(void **state)
{
	char name[] = "Manchester", id[] = COUNCIL, other[] = "E08000006";
	char *twice[] = {other, other};
	char *itself[] = {id};
	char many_ids[MEMBERS_ADJOINING_MAX + 1][16];
	char *many[MEMBERS_ADJOINING_MAX + 1];
	Members__Council council = MEMBERS__COUNCIL__INIT;

	(void)state;
	assert_int_equal(members_check_council(NULL), MEMBERS_ROW_MISSING);
	council.name = name;
	assert_int_equal(members_check_council(&council), MEMBERS_COUNCIL_MISSING);
	council.council_id = id;
	council.name = NULL;
	assert_int_equal(members_check_council(&council), MEMBERS_NAME_MISSING);
	council.name = name;
	council.adjoining_council_ids = twice;
	council.n_adjoining_council_ids = 2;
	assert_int_equal(
	    members_check_council(&council), MEMBERS_COUNCIL_ADJOINS_TWICE);
	council.n_adjoining_council_ids = 1;
	assert_int_equal(members_check_council(&council), MEMBERS_OK);
	council.adjoining_council_ids = itself;
	assert_int_equal(
	    members_check_council(&council), MEMBERS_COUNCIL_ADJOINS_ITSELF);
	for (size_t i = 0; i <= MEMBERS_ADJOINING_MAX; i++) {
		snprintf(many_ids[i], sizeof many_ids[i], "E08001%03zu", i);
		many[i] = many_ids[i];
	}
	council.adjoining_council_ids = many;
	council.n_adjoining_council_ids = MEMBERS_ADJOINING_MAX;
	assert_int_equal(members_check_council(&council), MEMBERS_OK);
	council.n_adjoining_council_ids = MEMBERS_ADJOINING_MAX + 1;
	assert_int_equal(members_check_council(&council), MEMBERS_COUNCIL_ADJOINS_MANY);
}

/* ---- providers ---- */

#define KIND(name) MEMBERS__PROVIDER_KIND__PROVIDER_KIND_##name
#define SECTOR(name) MEMBERS__SECTOR__SECTOR_##name
#define GRADE(name) MEMBERS__GRADE__GRADE_##name

struct provider_row {
	Members__ProviderKind kind;
	Members__Sector sector;
	const char *urn, *council_id;
	Members__Grade grade;
	int32_t grade_day; /* 0: not said */
	bool is_urn_taken, is_council_known;
	enum members_refusal no;
};

static const struct provider_row provider_rows[] = {
    {KIND(FOSTERING_AGENCY), SECTOR(PRIVATE), "SC012345", NULL, 0, 0, 0, 0, MEMBERS_OK},
    {KIND(FOSTERING_AGENCY), SECTOR(PRIVATE), "1234567", NULL, 0, 0, 0, 0, MEMBERS_OK},
    {KIND(FOSTERING_AGENCY), SECTOR(VOLUNTARY), "123456", NULL, 0, 0, 0, 0,
	MEMBERS_URN_FORM},
    {KIND(FOSTERING_AGENCY), SECTOR(VOLUNTARY), "12345678", NULL, 0, 0, 0, 0,
	MEMBERS_URN_FORM},
    {KIND(FOSTERING_AGENCY), SECTOR(VOLUNTARY), "SC1234567", NULL, 0, 0, 0, 0,
	MEMBERS_URN_FORM},
    {KIND(FOSTERING_AGENCY), SECTOR(VOLUNTARY), "sc012345", NULL, 0, 0, 0, 0,
	MEMBERS_URN_FORM},
    {KIND(FOSTERING_AGENCY), SECTOR(PRIVATE), NULL, NULL, 0, 0, 0, 0,
	MEMBERS_URN_MISSING},
    {KIND(FOSTERING_AGENCY), SECTOR(PRIVATE), "1234567", NULL, 0, 0, true, 0,
	MEMBERS_URN_TAKEN},
    {KIND(FOSTERING_AGENCY), SECTOR(LOCAL_AUTHORITY), "1234567", COUNCIL, 0, 0, 0, true,
	MEMBERS_SECTOR_OF_AGENCY},
    {KIND(FOSTERING_AGENCY), SECTOR(PRIVATE), "1234567", COUNCIL, 0, 0, 0, true,
	MEMBERS_COUNCIL_OF_PROVIDER_NEEDLESS},
    {KIND(FOSTERING_AGENCY), SECTOR(UNSPECIFIED), "1234567", NULL, 0, 0, 0, 0,
	MEMBERS_SECTOR_MISSING},
    {KIND(UNSPECIFIED), SECTOR(PRIVATE), "1234567", NULL, 0, 0, 0, 0,
	MEMBERS_KIND_MISSING},
    {KIND(COUNCIL_FOSTERING), SECTOR(LOCAL_AUTHORITY), NULL, COUNCIL, 0, 0, 0, true,
	MEMBERS_OK},
    {KIND(COUNCIL_FOSTERING), SECTOR(LOCAL_AUTHORITY), NULL, COUNCIL, 0, 0, 0, false,
	MEMBERS_COUNCIL_OF_PROVIDER_UNKNOWN},
    {KIND(COUNCIL_FOSTERING), SECTOR(LOCAL_AUTHORITY), NULL, NULL, 0, 0, 0, 0,
	MEMBERS_COUNCIL_OF_PROVIDER_MISSING},
    {KIND(COUNCIL_FOSTERING), SECTOR(PRIVATE), NULL, COUNCIL, 0, 0, 0, true,
	MEMBERS_SECTOR_OF_COUNCIL},
    {KIND(CHILDRENS_HOMES), SECTOR(LOCAL_AUTHORITY), "1234567", COUNCIL, 0, 0, 0, true,
	MEMBERS_OK},
    {KIND(SUPPORTED_ACCOMMODATION), SECTOR(VOLUNTARY), "1234567", NULL, 0, 0, 0, 0,
	MEMBERS_OK},
    {KIND(FOSTERING_AGENCY), SECTOR(PRIVATE), "1234567", NULL, GRADE(GOOD), 0, 0, 0,
	MEMBERS_GRADE_DAY_MISSING},
    {KIND(FOSTERING_AGENCY), SECTOR(PRIVATE), "1234567", NULL, GRADE(GOOD), TODAY, 0, 0,
	MEMBERS_OK},
    {KIND(FOSTERING_AGENCY), SECTOR(PRIVATE), "1234567", NULL, GRADE(GOOD), TODAY + 1,
	0, 0, MEMBERS_GRADE_DAY_AHEAD},
    {KIND(FOSTERING_AGENCY), SECTOR(PRIVATE), "1234567", NULL, GRADE(UNSPECIFIED),
	TODAY, 0, 0, MEMBERS_GRADE_DAY_NEEDLESS},
};

static void
kind_sector_council_and_number_agree(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof provider_rows / sizeof provider_rows[0]; i++) {
		const struct provider_row *row = &provider_rows[i];
		char name[] = "Invented Fostering", urn[12] = "", council[12] = "";
		Members__Provider provider = MEMBERS__PROVIDER__INIT;
		struct members_provider_facts known = {.today = TODAY,
		    .is_urn_taken = row->is_urn_taken,
		    .is_council_known = row->is_council_known};

		provider.name = name;
		SET(&provider, kind, row->kind);
		SET(&provider, sector, row->sector);
		SET(&provider, grade, row->grade);
		if (row->urn != NULL)
			provider.urn = memcpy(urn, row->urn, strlen(row->urn) + 1);
		if (row->council_id != NULL)
			provider.council_id = memcpy(
			    council, row->council_id, strlen(row->council_id) + 1);
		if (row->grade_day != 0)
			SET(&provider, grade_day, row->grade_day);
		assert_int_equal(members_check_provider(&provider, &known), row->no);
	}
}

/* A provider is called something; who owns it need not be said, and is a name too. */
static void
a_provider_and_its_owner_have_names(void **state)
{
	char name[] = "Invented Fostering", urn[] = "SC012345";
	char owner[MEMBERS_NAME_CHARACTERS_MAX + 2] = "";
	Members__Provider provider = MEMBERS__PROVIDER__INIT;
	struct members_provider_facts known = {.today = TODAY};

	(void)state;
	SET(&provider, kind, KIND(FOSTERING_AGENCY));
	SET(&provider, sector, SECTOR(PRIVATE));
	provider.urn = urn;
	assert_int_equal(
	    members_check_provider(&provider, &known), MEMBERS_NAME_MISSING);
	provider.name = name;
	assert_int_equal(members_check_provider(&provider, &known), MEMBERS_OK);
	provider.owner_name = owner;
	memset(owner, 'o', MEMBERS_NAME_CHARACTERS_MAX);
	assert_int_equal(members_check_provider(&provider, &known), MEMBERS_OK);
	owner[MEMBERS_NAME_CHARACTERS_MAX] = 'o';
	assert_int_equal(members_check_provider(&provider, &known), MEMBERS_OWNER_LONG);
}

static void
only_a_known_provider_is_amended(void **state)
{
	char id[] = OTHER;
	Members__Provider provider = MEMBERS__PROVIDER__INIT;
	struct members_provider_facts known = {.today = TODAY};

	(void)state;
	provider.provider_id = id;
	assert_int_equal(
	    members_check_provider(&provider, &known), MEMBERS_PROVIDER_UNKNOWN);
	assert_int_equal(members_check_provider(NULL, &known), MEMBERS_ROW_MISSING);
}

/* ---- roles ---- */

#define ROLE(name) MEMBERS__ROLE__ROLE_##name
#define OF(name) MEMBERS_ORGANISATION_##name

static Members__Grant
grant_of(Members__Role role, char *organisation_id, int32_t from, int32_t until)
{
	Members__Grant grant = MEMBERS__GRANT__INIT;

	grant.organisation_id = organisation_id;
	SET(&grant, role, role);
	if (from != 0)
		SET(&grant, from_day, from);
	if (until != 0)
		SET(&grant, until_day, until);
	return grant;
}

static void
each_role_has_its_organisation(void **state)
{
	const enum members_organisation of[] = {
	    [ROLE(COMMISSIONER)] = OF(COUNCIL),
	    [ROLE(NOMINATED_OFFICER)] = OF(COUNCIL),
	    [ROLE(DIRECTOR)] = OF(COUNCIL),
	    [ROLE(PLACEMENT_OFFICER)] = OF(PROVIDER),
	    [ROLE(COOPERATIVE_OFFICER)] = OF(COOPERATIVE),
	    [ROLE(ADMINISTRATOR)] = OF(COOPERATIVE),
	};
	char id[] = COUNCIL;

	(void)state;
	for (Members__Role role = ROLE(COMMISSIONER); role <= ROLE(ADMINISTRATOR);
	     role++) {
		for (enum members_organisation o = OF(NOBODY); o <= OF(COOPERATIVE);
		     o++) {
			Members__Grant grant = grant_of(role, id, 100, 0);
			enum members_refusal no =
			    o == OF(NOBODY) ? MEMBERS_ORGANISATION_UNKNOWN
					    : MEMBERS_ROLE_NOT_OF_ORGANISATION;
			assert_int_equal(members_check_grant(&grant, o, NULL, 0),
			    o == of[role] ? MEMBERS_OK : no);
		}
	}
}

static void
a_role_has_days_and_is_given_once(void **state)
{
	char id[] = COUNCIL, other[] = "E08000006";
	Members__Grant held = grant_of(ROLE(COMMISSIONER), id, 100, 200);
	Members__Grant *list[] = {&held};
	const struct {
		Members__Grant grant;
		enum members_refusal no;
	} rows[] = {
	    {grant_of(ROLE(COMMISSIONER), id, 0, 0), MEMBERS_GRANT_DAYS},
	    {grant_of(ROLE(COMMISSIONER), id, 300, 300), MEMBERS_GRANT_DAYS},
	    {grant_of(ROLE(COMMISSIONER), id, 199, 0), MEMBERS_GRANT_OVERLAPS},
	    {grant_of(ROLE(COMMISSIONER), id, 200, 0), MEMBERS_OK},
	    {grant_of(ROLE(COMMISSIONER), id, 50, 100), MEMBERS_OK},
	    {grant_of(ROLE(COMMISSIONER), id, 50, 0), MEMBERS_GRANT_OVERLAPS},
	    {grant_of(ROLE(COMMISSIONER), other, 150, 0), MEMBERS_OK},
	    {grant_of(ROLE(DIRECTOR), id, 150, 0), MEMBERS_OK},
	    {grant_of(ROLE(UNSPECIFIED), id, 150, 0), MEMBERS_ROLE_MISSING},
	};

	(void)state;
	assert_int_equal(
	    members_check_grant(NULL, OF(COUNCIL), NULL, 0), MEMBERS_GRANT_MISSING);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(
		    members_check_grant(&rows[i].grant, OF(COUNCIL), list, 1),
		    rows[i].no);
}

/* Forty, those that are over among them: a person's history is kept, not endless. */
static void
a_person_has_so_many_grants(void **state)
{
	char id[] = COUNCIL;
	Members__Grant over = grant_of(ROLE(COMMISSIONER), id, 100, 200);
	Members__Grant next = grant_of(ROLE(COMMISSIONER), id, 200, 0);
	Members__Grant *held[MEMBERS_GRANTS_MAX];

	(void)state;
	for (size_t i = 0; i < MEMBERS_GRANTS_MAX; i++)
		held[i] = &over;
	assert_int_equal(
	    members_check_grant(&next, OF(COUNCIL), held, MEMBERS_GRANTS_MAX - 1),
	    MEMBERS_OK);
	assert_int_equal(
	    members_check_grant(&next, OF(COUNCIL), held, MEMBERS_GRANTS_MAX),
	    MEMBERS_GRANTS_MANY);
}

/* Ended where it lasts longer than that, in that organisation and no other. */
static void
only_a_role_that_is_held_is_ended(void **state)
{
	char id[] = COUNCIL, other[] = "E08000006";
	const struct {
		Members__Role role;
		char *organisation_id;
		int32_t held_until, end_until;
		enum members_refusal no;
	} rows[] = {
	    {ROLE(COMMISSIONER), id, 0, TODAY, MEMBERS_OK},
	    {ROLE(COMMISSIONER), id, TODAY + 2, TODAY + 1, MEMBERS_OK},
	    {ROLE(COMMISSIONER), id, TODAY + 2, TODAY + 2, MEMBERS_ROLE_NOT_HELD},
	    {ROLE(COMMISSIONER), id, TODAY + 2, TODAY + 3, MEMBERS_ROLE_NOT_HELD},
	    {ROLE(COMMISSIONER), other, 0, TODAY, MEMBERS_ROLE_NOT_HELD},
	    {ROLE(DIRECTOR), id, 0, TODAY, MEMBERS_ROLE_NOT_HELD},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		Members__Grant held = grant_of(
		    rows[i].role, rows[i].organisation_id, 100, rows[i].held_until);
		Members__Grant *list[] = {&held};
		Members__Person person = MEMBERS__PERSON__INIT;
		Members__EndRole end = MEMBERS__END_ROLE__INIT;
		person.grants = list;
		person.n_grants = 1;
		end.organisation_id = id;
		SET(&end, role, ROLE(COMMISSIONER));
		SET(&end, until_day, rows[i].end_until);
		assert_int_equal(
		    members_check_end(&end, &person, false, TODAY), rows[i].no);
	}
}

static void
a_role_is_ended_from_today_on(void **state)
{
	char id[] = MEMBERS_COOPERATIVE;
	Members__Grant held = grant_of(ROLE(ADMINISTRATOR), id, 100, 0);
	Members__Grant *list[] = {&held};
	Members__Person person = MEMBERS__PERSON__INIT;
	Members__EndRole end = MEMBERS__END_ROLE__INIT;

	(void)state;
	person.grants = list;
	person.n_grants = 1;
	end.organisation_id = id;
	assert_int_equal(
	    members_check_end(&end, NULL, true, TODAY), MEMBERS_PERSON_UNKNOWN);
	assert_int_equal(
	    members_check_end(&end, &person, true, TODAY), MEMBERS_ROLE_MISSING);
	SET(&end, role, ROLE(ADMINISTRATOR));
	assert_int_equal(
	    members_check_end(&end, &person, true, TODAY), MEMBERS_ROLE_END_MISSING);
	SET(&end, until_day, TODAY - 1);
	assert_int_equal(
	    members_check_end(&end, &person, true, TODAY), MEMBERS_ROLE_END_PAST);
	SET(&end, until_day, TODAY);
	assert_int_equal(members_check_end(&end, &person, true, TODAY), MEMBERS_OK);
	assert_int_equal(
	    members_check_end(&end, &person, false, TODAY), MEMBERS_ADMINISTRATOR_LAST);
	SET(&held, until_day, TODAY);
	assert_int_equal(
	    members_check_end(&end, &person, true, TODAY), MEMBERS_ROLE_NOT_HELD);
	SET(&end, role, ROLE(COOPERATIVE_OFFICER));
	assert_int_equal(
	    members_check_end(&end, &person, true, TODAY), MEMBERS_ROLE_NOT_HELD);
}

static void
a_lasting_administrator_has_begun_and_has_no_end(void **state)
{
	char id[] = MEMBERS_COOPERATIVE;
	Members__Grant held = grant_of(ROLE(ADMINISTRATOR), id, TODAY, 0);
	Members__Grant *list[] = {&held};
	Members__Person person = MEMBERS__PERSON__INIT;

	(void)state;
	person.grants = list;
	person.n_grants = 1;
	assert_true(members_is_lasting_administrator(&person, TODAY));
	assert_false(members_is_lasting_administrator(&person, TODAY - 1));
	SET(&held, until_day, TODAY + 100);
	assert_false(members_is_lasting_administrator(&person, TODAY));
	held = grant_of(ROLE(COOPERATIVE_OFFICER), id, 100, 0);
	assert_false(members_is_lasting_administrator(&person, TODAY));
}

/* ---- keys ---- */

static void
a_key_is_new_and_nobody_elses(void **state)
{
	uint8_t bytes[33] = {[31] = 1};
	uint8_t zero[32] = {0};
	const struct members_key_facts fresh = {0}, known = {.is_known = true},
				       service = {.is_service = true};
	ProtobufCBinaryData key = {32, bytes}, shorter = {31, bytes},
			    longer = {33, bytes}, empty = {32, zero};

	(void)state;
	assert_int_equal(members_check_key(&key, &fresh), MEMBERS_OK);
	assert_int_equal(members_check_key(&shorter, &fresh), MEMBERS_KEY_FORM);
	assert_int_equal(members_check_key(&longer, &fresh), MEMBERS_KEY_FORM);
	assert_int_equal(members_check_key(&empty, &fresh), MEMBERS_KEY_FORM);
	assert_int_equal(members_check_key(&key, &known), MEMBERS_KEY_KNOWN);
	assert_int_equal(members_check_key(&key, &service), MEMBERS_KEY_OF_SERVICE);
}

static void
a_key_is_revoked_once_and_not_the_last(void **state)
{
	Members__Key key = MEMBERS__KEY__INIT;

	(void)state;
	assert_int_equal(members_check_revoke(NULL, false, true), MEMBERS_KEY_UNKNOWN);
	assert_int_equal(members_check_revoke(&key, false, false), MEMBERS_OK);
	assert_int_equal(members_check_revoke(&key, true, true), MEMBERS_OK);
	assert_int_equal(
	    members_check_revoke(&key, true, false), MEMBERS_ADMINISTRATOR_LAST);
	SET(&key, revoked, true);
	assert_int_equal(members_check_revoke(&key, false, true), MEMBERS_KEY_REVOKED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_refusal_has_its_row),
	    cmocka_unit_test(a_name_is_there_and_not_too_long),
	    cmocka_unit_test(memberships_do_not_overlap),
	    cmocka_unit_test(a_council_adjoins_others_once),
	    cmocka_unit_test(kind_sector_council_and_number_agree),
	    cmocka_unit_test(a_provider_and_its_owner_have_names),
	    cmocka_unit_test(only_a_known_provider_is_amended),
	    cmocka_unit_test(each_role_has_its_organisation),
	    cmocka_unit_test(a_role_has_days_and_is_given_once),
	    cmocka_unit_test(a_person_has_so_many_grants),
	    cmocka_unit_test(only_a_role_that_is_held_is_ended),
	    cmocka_unit_test(a_role_is_ended_from_today_on),
	    cmocka_unit_test(a_lasting_administrator_has_begun_and_has_no_end),
	    cmocka_unit_test(a_key_is_new_and_nobody_elses),
	    cmocka_unit_test(a_key_is_revoked_once_and_not_the_last),
	};

	return cmocka_run_group_tests_name("members_rules", tests, NULL, NULL);
}
