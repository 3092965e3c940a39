#include "owner.h"

#include <string.h>

#include "base/id.h"
#include "base/str.h"

#include "args.h"
#include "command.h"
#include "resolve.h"

enum exit_code
owner_run_as(struct tool *t, const struct owner *owner)
{
	const struct verb *asked = t->verb;
	struct verb verb = *asked;
	enum exit_code code;

	verb.call = owner->call;
	verb.fields = owner->fields;
	verb.print = owner->print;
	t->verb = &verb;
	code = command_run(t);
	t->verb = asked;
	return code;
}

/* Looks through the lists; a whole id is looked for no further than where it stands,
 * so that the other service may be down. */
static enum exit_code
find(struct tool *t, const struct owner owners[OWNERS_N], const struct owner **out)
{
	const char *word = t->args.words[0];
	bool is_whole = id_is_well_formed(word);
	bool is_silent = false;

	*out = NULL;
	for (size_t i = 0; i < OWNERS_N && !(*out && is_whole); i++) {
		const char *id = NULL;
		enum exit_code code =
		    resolve_in(t, owners[i].list, owners[i].path, word, &id);
		if (code == EXIT_FAULT)
			is_silent = true;
		else if (code != EXIT_YES)
			return code;
		if (id && *out)
			return complain_usage(
			    t, "more than one ends in %s: give more of it", word);
		if (id) {
			*out = &owners[i];
			t->args.words[0] = id;
		}
	}
	if (*out)
		return EXIT_YES;
	if (is_silent) {
		complain("whose %s is could not be asked of every service; try again, "
			 "or say it: --type foster or --type home",
		    word);
		return EXIT_FAULT;
	}
	*out = &owners[0];
	return EXIT_YES;
}

enum exit_code
owner_run(struct tool *t, const struct owner owners[OWNERS_N])
{
	const char *type = args_value(t, "--type");
	const struct owner *owner = NULL;
	enum exit_code code = EXIT_YES;

	if (!type)
		code = find(t, owners, &owner);
	for (size_t i = 0; type && i < OWNERS_N; i++) {
		if (str_equal(owners[i].type, type))
			owner = &owners[i];
	}
	if (code != EXIT_YES)
		return code;
	if (!owner)
		return complain_usage(t, "--type is foster or home, not %.40s", type);
	return owner_run_as(t, owner);
}
