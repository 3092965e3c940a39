#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/digest.h"
#include "base/message.h"
#include "base/str.h"

#include "account.h"
#include "args.h"
#include "client.h"
#include "command.h"
#include "verbs.h"
#include "words.h"

#define TOKEN_BYTES 32
#define HOUR_MS (INT64_C(3600) * 1000)
#define HOURS_MAX 336
#define HOURS_USUAL 168

static const struct flag flags[] = {
    {"--address", "URL", "where the portal is: https://portal.example", NULL, NULL},
    {"--sign-in", NULL,
	"one that signs in without an account; in an invented region alone", NULL,
	NULL},
    {"--hours", "N", "how long it holds: 168 unless told, at most 336", NULL, NULL},
};

/* One link that is being made. */
struct link {
	Members__OfferLink offer;
	const Members__AccountShown *row;
	const char *address; /* without a / at its end */
	char token[2 * TOKEN_BYTES + 1];
	uint8_t digest[DIGEST_BYTES];
};

static enum exit_code
read_options(struct tool *t, struct link *link)
{
	const char *address = args_value(t, "--address");
	int64_t hours = HOURS_USUAL;
	enum exit_code code = args_number(t, "--hours", 1, HOURS_MAX, &hours);

	if (code != EXIT_YES)
		return code;
	if (!address ||
	    (!str_starts(address, "http://") && !str_starts(address, "https://")))
		return complain_usage(t, "--address says where the portal is, such as "
					 "https://portal.example");
	size_t len = strlen(address);
	while (len > 0 && address[len - 1] == '/')
		len--;
	link->address = str_format(&t->arena, "%.*s", (int)len, address);
	if (!link->address)
		return complain_memory();
	SET(&link->offer, expires_time, t->now_ms + hours * HOUR_MS);
	SET(&link->offer, purpose,
	    args_value(t, "--sign-in")
		? MEMBERS__LINK_PURPOSE__LINK_PURPOSE_SIGN_IN
		: MEMBERS__LINK_PURPOSE__LINK_PURPOSE_INVITATION);
	return EXIT_YES;
}

static enum exit_code
make_token(struct link *link)
{
	uint8_t random[TOKEN_BYTES];

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random)) {
		complain("this machine gives no randomness");
		return EXIT_FAULT;
	}
	bytes_to_hex((struct bytes){random, sizeof(random)}, link->token);
	digest_of(bytes_of_text(link->token), link->digest);
	SET_BYTES(
	    &link->offer, digest, ((struct bytes){link->digest, sizeof(link->digest)}));
	return EXIT_YES;
}

/* Without a person: whoever asks. */
static enum exit_code
find_person(struct tool *t, struct link *link)
{
	Members__SelfAsked question = MEMBERS__SELF_ASKED__INIT;
	struct ask ask = {.method = "members.self", .body = &question.base};
	const char *text = t->args.words_n > 0 ? t->args.words[0] : NULL;
	void *answer = NULL;
	enum exit_code code = EXIT_YES;

	if (!text)
		code = client_ask(t, &ask, &answer);
	if (code != EXIT_YES)
		return code;
	if (!text) {
		const Members__Self *self = answer;
		text = self->person ? self->person->person_id : NULL;
	}
	if (!text)
		return complain_usage(t, "say for whom: rccctl account list");
	code = account_find(t, text, &link->row);
	if (code == EXIT_YES)
		link->offer.person_id = link->row->person->person_id;
	return code;
}

/* The address alone goes where it can be taken up by a script. */
static enum exit_code
show(struct tool *t, const struct link *link)
{
	bool is_invitation =
	    link->offer.purpose == MEMBERS__LINK_PURPOSE__LINK_PURPOSE_INVITATION;

	if (t->is_json) {
		(void)printf("{\"address\": \"%s/link/%s\"}\n",
		    words_json(&t->arena, link->address), link->token);
		return EXIT_YES;
	}
	(void)fprintf(stderr, "For %s, once, until %s: whoever opens it %s as them.\n",
	    words_safe(&t->arena, link->row->person->name),
	    words_time(&t->arena, link->offer.expires_time, t->now_ms),
	    is_invitation ? "opens an account" : "is signed in");
	(void)printf("%s/link/%s\n", words_safe(&t->arena, link->address), link->token);
	return EXIT_YES;
}

static enum exit_code
run(struct tool *t)
{
	struct link link = {.offer = MEMBERS__OFFER_LINK__INIT};
	void *answer = NULL;
	enum exit_code code = read_options(t, &link);

	if (code == EXIT_YES)
		code = find_person(t, &link);
	if (code == EXIT_YES)
		code = make_token(&link);
	if (code == EXIT_YES)
		code = command_send(t, &link.offer.base, &answer);
	return code == EXIT_YES ? show(t, &link) : code;
}

const struct verb verb_account_link = {
    .name = "account link",
    .takes = "[PERSON]",
    .summary = "a one-time link by which a person opens their account",
    .text = "By an administrator; without a person, for oneself: so the first account "
	    "begins. It is printed here and kept nowhere: members keeps what is enough "
	    "to know it again. A person has one invitation at a time; for one who has "
	    "an account it sets a new password and second factor.",
    .example = "rccctl account link 'Ada Byron' --address https://portal.example",
    FLAGS(flags),
    .words_max = 1,
    .call = "members.offer_link",
    .run = run,
};
