#include <stdio.h>

#include "base/str.h"

#include "list.h"
#include "table.h"
#include "verbs.h"
#include "words.h"

#include "members.pb-c.h"

static const struct flag flags[] = {
    {"--after", "ID", "go on behind this person", "after_id", NULL},
    LIST_MOST,
};

/* "commissioner", "commissioner and 2 more": those that have not ended. */
static const char *
roles(struct tool *t, const Members__Person *person)
{
	const char *first = NULL;
	size_t more = 0;

	for (size_t i = 0; i < person->n_grants; i++) {
		const Members__Grant *grant = person->grants[i];
		if (grant->has_until_day && grant->until_day <= t->today)
			continue;
		if (first)
			more++;
		else
			first = words_enum(
			    &t->arena, &members__role__descriptor, (int)grant->role);
	}
	if (more > 0)
		return str_format(&t->arena, "%s and %zu more", first, more);
	return first ? first : "none";
}

static const char *
state(struct tool *t, const Members__AccountShown *row)
{
	if (row->has_link_expires_time &&
	    row->state == MEMBERS__ACCOUNT_STATE__ACCOUNT_STATE_INVITED)
		return str_format(&t->arena, "invited until %s",
		    words_time(&t->arena, row->link_expires_time, t->now_ms));
	return words_enum(
	    &t->arena, &members__account_state__descriptor, (int)row->state);
}

static void
print(struct tool *t, const ProtobufCMessage *answer)
{
	const Members__Accounts *list = (const void *)answer;
	struct arena *a = &t->arena;
	struct table table;

	table_begin(
	    &table, a, "person|name~|roles~|signs in as~|account|last|open>|key");
	for (size_t i = 0; i < list->n_accounts; i++) {
		const Members__AccountShown *row = list->accounts[i];
		if (!row->person)
			continue;
		table_cell(&table, row->person->person_id);
		table_cell(&table, words_safe(a, row->person->name));
		table_cell(&table, roles(t, row->person));
		table_cell(&table, row->login ? words_safe(a, row->login) : "");
		table_cell(&table, state(t, row));
		table_cell(&table, row->has_signed_in_time
				       ? words_time(a, row->signed_in_time, t->now_ms)
				       : "never");
		table_cell(&table, words_number(a, row->sessions));
		table_cell(&table, row->has_key ? "yes" : "");
	}
	table_print(&table, stdout);
	list_end(list->n_accounts, "person", "people", list->next_id,
	    "Open: where they are signed in. Key: for rccctl. ");
}

const struct verb verb_account_list = {
    .name = "account list",
    .summary = "who may sign in, and who is signed in",
    .text = "By an administrator. Systems are among the API keys: rccctl call "
	    "members.api_keys.",
    .example = "rccctl account list",
    FLAGS(flags),
    .run = list_run,
    .call = "members.accounts",
    .print = print,
};
