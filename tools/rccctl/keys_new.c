#include <stdio.h>

#include "base/bus.h"
#include "base/bytes.h"
#include "base/conf.h"

#include "verbs.h"

static enum exit_code
run(struct tool *t)
{
	uint8_t public_key[32], secret_key[32];
	char hex[2 * sizeof(public_key) + 1];
	char problem[256] = "";

	if (bus_new_key(public_key, secret_key) != ERR_NONE) {
		complain("no key could be made on this machine");
		return EXIT_FAULT;
	}
	if (conf_write_key(t->args.words[0], public_key, secret_key, problem,
		sizeof(problem)) != ERR_NONE) {
		complain("%s", problem);
		return EXIT_FAULT;
	}
	bytes_to_hex((struct bytes){public_key, sizeof(public_key)}, hex);
	(void)printf(t->is_json ? "{\"public_key\": \"%s\"}\n" : "%s\n", hex);
	return EXIT_YES;
}

const struct verb verb_keys_new = {
    .name = "keys new",
    .takes = "FILE",
    .summary = "make a key pair, write it to FILE, print the public key",
    .text = "The file is readable by you alone and is never written over. The public "
	    "key is "
	    "what an administrator registers for you: rccctl call members.register_key",
    .example = "rccctl keys new anna.key",
    .words_min = 1,
    .words_max = 1,
    .run = run,
};
