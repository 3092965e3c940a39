#include "account.h"

#include <string.h>
#include <strings.h>

#include "base/id.h"
#include "base/str.h"

#include "client.h"
#include "command.h"
#include "resolve.h"

#define PEOPLE_MAX 5000

static bool
is_meant(const Members__AccountShown *row, const char *text)
{
	const char *id = row->person->person_id;

	if (strlen(text) >= RESOLVE_PART_MIN && str_ends(id, text))
		return true;
	if (row->login && strcasecmp(row->login, text) == 0)
		return true;
	return row->person->name && strcasecmp(row->person->name, text) == 0;
}

enum exit_code
account_find(struct tool *t, const char *text, const Members__AccountShown **out)
{
	Members__AccountsAsked question = MEMBERS__ACCOUNTS_ASKED__INIT;
	struct ask ask = {.method = "members.accounts", .body = &question.base};
	const Members__AccountShown *found = NULL;
	void *answer = NULL;
	enum exit_code code = client_list(t, &ask, PEOPLE_MAX, &answer);

	if (code != EXIT_YES)
		return code;
	const Members__Accounts *list = answer;
	for (size_t i = 0; i < list->n_accounts; i++) {
		const Members__AccountShown *row = list->accounts[i];
		if (!row->person || !row->person->person_id || !is_meant(row, text))
			continue;
		if (found)
			return complain_usage(t,
			    "more than one person is called that: give the id, which "
			    "rccctl account list shows");
		found = row;
	}
	if (!found)
		return complain_usage(t, "no person here is called %.80s", text);
	*out = found;
	return EXIT_YES;
}

enum exit_code
account_run(struct tool *t)
{
	const Members__AccountShown *row = NULL;
	ProtobufCMessage *message = NULL;
	void *answer = NULL;
	enum exit_code code = account_find(t, t->args.words[0], &row);

	if (code != EXIT_YES || !row)
		return code;
	t->args.words[0] = row->person->person_id;
	code = command_build(t, &message);
	if (code == EXIT_YES)
		code = command_check(t, message);
	if (code == EXIT_YES)
		code = command_confirm(
		    t, row->person->name ? row->person->name : "this person");
	if (code == EXIT_YES)
		code = command_send(t, message, &answer);
	return code == EXIT_YES ? command_show(t, answer) : code;
}
