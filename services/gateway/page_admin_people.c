/* /administration/people: who they are, what they may do, and how they come in. */
#include <string.h>

#include "base/day.h"
#include "base/json_names.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/admin.h"
#include "gateway/directory.h"
#include "gateway/pages.h"
#include "gateway/posted.h"
#include "gateway/routes.h"
#include "gateway/say.h"
#include "gateway/site.h"

#include "members.pb-c.h"

#define PEOPLE_A_PAGE 50
#define PATH "/administration/people"

static char *
text_of(struct page *p, const char *text)
{
	return text == NULL ? NULL : str_copy(p->arena, text);
}

/* The person of this page; NULL: not yet, or there is none. */
static const Members__AccountShown *
account(struct page *p)
{
	Members__AccountsAsked asked = MEMBERS__ACCOUNTS_ASKED__INIT;
	const Members__Accounts *list;

	asked.person_id = text_of(p, page_param(p, "id"));
	list = page_ask(p, "members", ADMIN_CALL(ACCOUNTS), &asked.base);
	if (list == NULL)
		return NULL;
	if (list->n_accounts == 1 && list->accounts[0]->person != NULL)
		return list->accounts[0];
	page_missing(p);
	return NULL;
}

/* ---- the list ---- */

static const char *
state_words(struct page *p, const Members__AccountShown *row, const char **colour)
{
	switch (row->state) {
	case MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_INVITED:
		*colour = "yellow";
		return str_format(p->arena, "Invited until %s",
		    say_time(p->arena, row->link_expires_time, p->now_ms));
	case MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_OPEN:
		*colour = "green";
		return "Open";
	case MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_CLOSED:
		*colour = "red";
		return "Closed";
	case MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_NONE:
	case MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_UNSPECIFIED: break;
	}
	*colour = "grey";
	return "No account";
}

/* "Commissioner, Manchester" of the first role that has not ended; how many more. */
static const char *
roles_words(struct page *p, const Members__Person *person)
{
	int32_t today = day_in_london(p->now_ms);
	const char *first = NULL;
	unsigned more = 0;

	for (size_t i = 0; i < person->n_grants; i++) {
		const Members__Grant *grant = person->grants[i];

		if (day_is_past(today, DAY_SPAN_OF(grant)))
			continue;
		if (first != NULL)
			more++;
		else
			first = str_format(p->arena, "%s, %s",
			    say_enum(
				p->arena, &members__role__descriptor, (int)grant->role),
			    directory_organisation_name(
				p->directory, grant->organisation_id));
	}
	if (more > 0)
		return str_format(p->arena, "%s and %u more", first, more);
	return first == NULL ? "No role" : first;
}

static void
put_person(struct admin_table *t, const Members__AccountShown *row)
{
	struct page *p = t->p;
	const char *colour, *state = state_words(p, row, &colour);

	admin_table_row(t);
	admin_table_cell(t, row->person->name,
	    str_format(p->arena, PATH "/%s", row->person->person_id));
	admin_table_cell(t, roles_words(p, row->person), NULL);
	admin_table_tag(t, state, colour);
	admin_table_cell(t,
	    row->has_signed_in_time ? say_time(p->arena, row->signed_in_time, p->now_ms)
				    : "Never",
	    NULL);
	admin_table_cell(t, row->sessions == 0 ? "No" : "Yes", NULL);
}

static void
put_next(struct page *p, const Members__Accounts *list)
{
	const char *words = page_query(p, "words");

	if (list->next_id == NULL)
		return;
	/* Words are put into an address only where they are plain. */
	bool is_plain =
	    words != NULL &&
	    strspn(words, "abcdefghijklmnopqrstuvwxyz"
			  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_@") == strlen(words);
	page_put(p, "pagination",
	    json_pack("{s:{s:s}}", "next", "href",
		str_format(p->arena, PATH "?after=%s%s%s", list->next_id,
		    is_plain ? "&words=" : "", is_plain ? words : "")));
}

void
page_admin_people_view(struct page *p)
{
	Members__AccountsAsked asked = MEMBERS__ACCOUNTS_ASKED__INIT;
	const Members__Accounts *list;
	struct admin_table t;

	admin_put_back(p, "/administration", "Administration");
	admin_put_action(p, PATH "/new", "Add a person");
	page_put(p, "filter",
	    fields_text(FIELDS_OF(p),
		&(struct field){
		    .name = "words", .label = "Name or email address", .width = 20}));
	asked.containing = text_of(p, page_query(p, "words"));
	asked.after_id = text_of(p, page_query(p, "after"));
	SET(&asked, limit, PEOPLE_A_PAGE);
	list = page_ask(p, "members", ADMIN_CALL(ACCOUNTS), &asked.base);
	if (list == NULL)
		return;
	admin_table_begin(&t, p, "Name|Role|Account|Last signed in|Signed in now");
	for (size_t i = 0; i < list->n_accounts; i++) {
		if (list->accounts[i]->person != NULL)
			put_person(&t, list->accounts[i]);
	}
	admin_table_put(&t, "People and roles",
	    asked.containing == NULL ? "Nobody is registered yet."
				     : "Nobody has that in their name or address.");
	put_next(p, list);
}

/* ---- somebody new ---- */

/* A role, an organisation, and from when until when; `prefix` of their names. */
static void
put_grant(struct page *p, const char *prefix)
{
	const char *today = say_iso_day(p->arena, day_in_london(p->now_ms));

	admin_put_field(p, "radios",
	    &(struct field){.name = str_format(p->arena, "%srole", prefix),
		.label = "Role",
		.hint = "Commissioners, nominated officers and directors are of a "
			"council, placement officers of a provider, the others of the "
			"co\u2011operative.",
		.type = &members__role__descriptor,
		.is_needed = true});
	admin_put_organisations(p, str_format(p->arena, "%sorganisation_id", prefix));
	admin_put_field(p, "day",
	    &(struct field){.name = str_format(p->arena, "%sfrom_day", prefix),
		.label = "First day",
		.value = today,
		.is_needed = true});
	admin_put_field(p, "day",
	    &(struct field){.name = str_format(p->arena, "%suntil_day", prefix),
		.label = "Until",
		.hint =
		    "The first day without the role. Leave empty if no end is known."});
}

void
page_admin_person_new_view(struct page *p)
{
	admin_put_back(p, PATH, "People");
	admin_put_field(p, "text",
	    &(struct field){.name = "name", .label = "Name", .is_needed = true});
	put_grant(p, "grants.0.");
	admin_put_button(p, "Add this person", PATH);
}

/* ---- somebody ---- */

/* As forms and addresses have it: "nominated_officer". */
static const char *
role_value(struct page *p, Members__Role role)
{
	const ProtobufCEnumValue *value =
	    protobuf_c_enum_descriptor_get_value(&members__role__descriptor, (int)role);
	char name[JSON_NAME_MAX] = "";

	if (value != NULL)
		json_enum_name(&members__role__descriptor, value, name);
	return str_copy(p->arena, name);
}

static void
put_roles(struct page *p, const Members__Person *person)
{
	int32_t today = day_in_london(p->now_ms);
	struct admin_table t;

	admin_table_begin(&t, p, "Role|Organisation|From|Until|Change");
	for (size_t i = 0; i < person->n_grants; i++) {
		const Members__Grant *g = person->grants[i];
		bool is_past = day_is_past(today, DAY_SPAN_OF(g));
		const char *value = role_value(p, g->role);

		admin_table_row(&t);
		admin_table_cell(&t,
		    say_enum(p->arena, &members__role__descriptor, (int)g->role), NULL);
		admin_table_cell(&t,
		    directory_organisation_name(p->directory, g->organisation_id),
		    NULL);
		admin_table_cell(&t, say_day(p->arena, g->from_day), NULL);
		admin_table_cell(&t,
		    g->has_until_day ? say_day(p->arena, g->until_day) : "No end",
		    NULL);
		admin_table_cell(&t, is_past ? "Over" : "End this role",
		    is_past ? NULL
			    : str_format(p->arena,
				  PATH "/%s/end-role?role=%s&organisation_id=%s",
				  person->person_id, value, g->organisation_id));
	}
	admin_table_put(&t, "Roles", "This person has no role yet.");
}

static void
put_link(struct page *p, json_t *links, const char *where, const char *text)
{
	json_array_append_new(
	    links, json_pack("{s:s, s:s}", "href",
		       str_format(p->arena, PATH "/%s/%s", page_param(p, "id"), where),
		       "text", text));
}

/* What can be done about the account as it stands. */
static void
put_links(struct page *p, const Members__AccountShown *row)
{
	bool is_closed = row->state == MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_CLOSED;
	json_t *links = json_array();

	if (!is_closed)
		put_link(p, links, "invite",
		    row->login == NULL ? "Invite this person"
				       : "Send a link for a new password");
	put_link(p, links, "role", "Give another role");
	if (row->sessions > 0)
		put_link(p, links, "sign-out", "Sign this person out everywhere");
	if (is_closed)
		put_link(p, links, "reopen", "Reopen the account");
	else
		put_link(p, links, "close", "Close the account");
	page_put(p, "links", links);
}

void
page_admin_person_view(struct page *p)
{
	const Members__AccountShown *row = account(p);
	const char *colour;

	admin_put_back(p, PATH, "People");
	if (row == NULL)
		return;
	page_put(p, "page",
	    json_pack("{s:s, s:s}", "path", p->path, "title", row->person->name));
	admin_put_row(p, "Account", state_words(p, row, &colour), NULL);
	admin_put_row(p, "Email address",
	    row->login == NULL ? "Chosen when the account is opened" : row->login,
	    NULL);
	admin_put_row(p, "Last signed in",
	    row->has_signed_in_time ? say_time(p->arena, row->signed_in_time, p->now_ms)
				    : "Never",
	    NULL);
	admin_put_row(p, "Signed in now",
	    row->sessions == 0
		? "Nowhere"
		: say_count(p->arena, row->sessions, "browser", "browsers"),
	    NULL);
	admin_put_row(p, "Key for the command line", row->has_key ? "Yes" : "No", NULL);
	put_roles(p, row->person);
	put_links(p, row);
}

/* ---- what is done about somebody: a page before each ---- */

static const Members__AccountShown *
begin_about(struct page *p, const char *button)
{
	const Members__AccountShown *row = account(p);
	const char *back = str_format(p->arena, PATH "/%s", page_param(p, "id"));

	if (row == NULL)
		return NULL;
	page_put(p, "name", json_string(row->person->name));
	admin_put_back(p, back, row->person->name);
	admin_put_button(p, button, back);
	return row;
}

void
page_admin_role_view(struct page *p)
{
	if (begin_about(p, "Give this role") != NULL)
		put_grant(p, "grant.");
}

/* "Commissioner, Manchester. " of what the address or the form says. */
static const char *
role_asked_about(struct page *p)
{
	const char *role = page_query(p, "role");
	const char *organisation_id = page_query(p, "organisation_id");
	int value;

	if (role == NULL || organisation_id == NULL ||
	    !json_enum_value(&members__role__descriptor, role, &value))
		return "";
	return str_format(p->arena, "%s, %s. ",
	    say_enum(p->arena, &members__role__descriptor, value),
	    directory_organisation_name(p->directory, organisation_id));
}

void
page_admin_end_role_view(struct page *p)
{
	if (begin_about(p, "End this role") == NULL)
		return;
	page_put(p, "is_warning", json_true());
	page_put(p, "words",
	    json_string(str_format(p->arena,
		"%sWhat was done under the role stands. Without any role the person is "
		"signed out.",
		role_asked_about(p))));
	admin_put_field(p, "hidden",
	    &(struct field){.name = "role", .value = page_query(p, "role")});
	admin_put_field(p, "hidden",
	    &(struct field){
		.name = "organisation_id", .value = page_query(p, "organisation_id")});
	admin_put_field(p, "day",
	    &(struct field){.name = "until_day",
		.label = "First day without the role",
		.value = say_iso_day(p->arena, day_in_london(p->now_ms)),
		.is_needed = true});
}

static void
put_warning(struct page *p, const char *button, const char *words)
{
	if (begin_about(p, button) == NULL)
		return;
	page_put(p, "is_warning", json_true());
	page_put(p, "words", json_string(words));
}

void
page_admin_close_view(struct page *p)
{
	put_warning(p, "Close the account",
	    "They are signed out everywhere at once, and links they were sent no "
	    "longer "
	    "work. Roles, and any key for the command line, stay as they are. You can "
	    "reopen the account later.");
}

void
page_admin_reopen_view(struct page *p)
{
	if (begin_about(p, "Reopen the account") != NULL)
		page_put(p, "words",
		    json_string("They can sign in again as before. Nobody is signed in "
				"by this."));
}

void
page_admin_sign_out_view(struct page *p)
{
	put_warning(p, "Sign out everywhere",
	    "Whatever they had not sent is lost. They can sign in again at once.");
}

/* ---- an invitation, shown once ---- */

void
page_admin_invite_view(struct page *p)
{
	const Members__AccountShown *row = begin_about(p, "Make the link");

	if (row == NULL)
		return;
	page_put(p, "words",
	    json_string(
		row->login == NULL
		    ? "You get a link to pass on. Whoever opens it, once and within a "
		      "week, chooses the email address and password of this account. "
		      "An earlier link no longer works."
		    : "You get a link to pass on. Whoever opens it, once and within a "
		      "week, sets a new password and second factor. They are then "
		      "signed out everywhere else."));
}

void
page_admin_invite_act(struct page *p)
{
	const char *host = gateway_http_header(p->request, "Host");
	struct secrets_token token =
	    secrets_token(&p->site->secrets, "", "link", p->form_id.text);
	Members__OfferLink offer = MEMBERS__OFFER_LINK__INIT;
	uint8_t digest[SECRETS_DIGEST_BYTES];

	secrets_digest(token.text, digest);
	offer.person_id = text_of(p, page_param(p, "id"));
	SET(&offer, purpose, MEMBERS__LINK_PURPOSE__LINK_PURPOSE_INVITATION);
	SET_BYTES(&offer, digest, ((struct bytes){digest, sizeof digest}));
	if (page_do(p, 0, "members", ADMIN_CALL(OFFER_LINK), &offer.base, NULL) !=
	    PAGE_YES)
		return;
	admin_put_back(
	    p, str_format(p->arena, PATH "/%s", page_param(p, "id")), "Back");
	page_put(p, "secret",
	    json_string(str_format(p->arena, "%s://%s/link/%s",
		p->request->is_from_front ? "https" : "http", host == NULL ? "" : host,
		token.text)));
	page_put(p, "is_link", json_true());
	p->is_answered = p->is_form_spent = true;
}
