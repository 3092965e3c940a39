/* /administration/keys: the keys by which councils' and providers' own systems act. */
#include "base/day.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/admin.h"
#include "gateway/directory.h"
#include "gateway/pages.h"
#include "gateway/posted.h"
#include "gateway/say.h"
#include "gateway/site.h"

#include "members.pb-c.h"

#define PATH "/administration/keys"

static const Members__ApiKeys *
keys(struct page *p)
{
	Members__ApiKeysAsked asked = MEMBERS__API_KEYS_ASKED__INIT;

	return page_ask(p, "members", ADMIN_CALL(API_KEYS), &asked.base);
}

static void
put_key(struct admin_table *t, const Members__ApiKey *key)
{
	struct page *p = t->p;
	bool is_over = key->has_until_day && day_in_london(p->now_ms) >= key->until_day;
	bool is_there = !key->is_revoked && !is_over;

	admin_table_row(t);
	admin_table_cell(t, key->label, NULL);
	admin_table_cell(
	    t, directory_organisation_name(p->directory, key->organisation_id), NULL);
	admin_table_cell(
	    t, say_enum(p->arena, &members__role__descriptor, (int)key->role), NULL);
	admin_table_tag(t,
	    key->is_revoked ? "Revoked"
	    : is_over       ? "Over"
	    : key->has_until_day
		? str_format(p->arena, "Until %s", say_day(p->arena, key->until_day))
		: "No end",
	    is_there ? "green" : "grey");
	admin_table_cell(
	    t, key->has_used_day ? say_day(p->arena, key->used_day) : "Never", NULL);
	admin_table_cell(t, key->is_revoked ? "" : "Revoke",
	    key->is_revoked ? NULL
			    : str_format(p->arena, PATH "/%s/revoke", key->api_key_id));
}

void
page_admin_keys_view(struct page *p)
{
	const Members__ApiKeys *list = keys(p);
	struct admin_table t;

	admin_put_back(p, "/administration", "Administration");
	admin_put_action(p, PATH "/new", "Issue a key");
	if (list == NULL)
		return;
	admin_table_begin(&t, p, "Label|Organisation|Acts as|Valid|Last used|Change");
	for (size_t i = 0; i < list->n_api_keys; i++)
		put_key(&t, list->api_keys[i]);
	admin_table_put(&t, "API keys",
	    "No system has a key yet. Issue one where a council\xe2\x80\x99s or a "
	    "provider\xe2\x80\x99s own system is to use the interface for programs.");
}

/* ---- a new one ---- */

void
page_admin_key_new_view(struct page *p)
{
	static const struct field_option roles[] = {
	    {"commissioner", "Commissioner, of a council", NULL, false},
	    {"placement_officer", "Placement officer, of a provider", NULL, false},
	    {"cooperative_officer", "Officer of the co\u2011operative", NULL, false},
	};

	admin_put_back(p, PATH, "API keys");
	admin_put_field(p, "text",
	    &(struct field){.name = "label",
		.label = "Label",
		.hint = "Which system it is for: what it does is recorded under this "
			"name.",
		.is_needed = true});
	admin_put_field(p, "radios",
	    &(struct field){.name = "role",
		.label = "Acts as",
		.options = roles,
		.options_n = sizeof roles / sizeof roles[0],
		.is_needed = true});
	admin_put_organisations(p, "organisation_id");
	admin_put_field(p, "day",
	    &(struct field){.name = "until_day",
		.label = "Until",
		.hint = "The first day on which it no longer works. Leave empty if no "
			"end is planned."});
	admin_put_button(p, "Issue the key", PATH);
}

void
page_admin_key_new_act(struct page *p)
{
	struct secrets_token token = secrets_token(
	    &p->site->secrets, SECRETS_API_KEY, "api key", p->form_id.text);
	uint8_t digest[SECRETS_DIGEST_BYTES];
	Members__IssueApiKey *asked =
	    (void *)posted_message(p, &members__issue_api_key__descriptor);

	if (asked == NULL)
		return;
	secrets_digest(token.text, digest);
	SET_BYTES(asked, digest, ((struct bytes){digest, sizeof digest}));
	if (page_do(p, 0, "members", ADMIN_CALL(ISSUE_API_KEY), &asked->base, NULL) !=
	    PAGE_YES)
		return;
	admin_put_back(p, PATH, "API keys");
	page_put(p, "secret", json_string(token.text));
	p->is_answered = p->is_form_spent = true;
}

/* ---- and its end ---- */

void
page_admin_key_revoke_view(struct page *p)
{
	const Members__ApiKeys *list = keys(p);

	admin_put_back(p, PATH, "API keys");
	if (list == NULL)
		return;
	for (size_t i = 0; i < list->n_api_keys; i++) {
		if (!str_equal(list->api_keys[i]->api_key_id, page_param(p, "id")))
			continue;
		page_put(p, "name", json_string(list->api_keys[i]->label));
		page_put(p, "is_warning", json_true());
		page_put(p, "words",
		    json_string("The system that has it can do nothing here from now "
				"on. A key that is revoked never comes back."));
		admin_put_button(p, "Revoke the key", PATH);
		return;
	}
	page_missing(p);
}
