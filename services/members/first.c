#include "members/first.h"

#include <stdio.h>
#include <sys/random.h>

#include "base/run_options.h"
#include "base/str.h"
#include "base/svc.h"
#include "members/members.h"
#include "members/wire.h"

#define ARGUMENTS 6 /* rcc-members --first NAME PUBLICKEY --config FILE */

static const char usage[] =
    "usage: rcc-members --first NAME PUBLICKEY --config FILE\n"
    "  NAME       the person, in quotes where it has spaces\n"
    "  PUBLICKEY  64 hex digits, as rccctl keys new prints them\n"
    "example: rcc-members --first 'Ada Byron' 3f0c...9e --config members.conf\n";

bool
members_is_first(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (str_equal(argv[i], "--first"))
			return true;
	}
	return false;
}

static enum err
open_store(const struct run_options *o, int64_t now_ms, struct svc **out, char *problem,
    size_t size)
{
	struct svc_options options = {
	    .service = &members_service,
	    .path = o->store,
	    .peers = &o->peers,
	    .room_bytes = (uint64_t)o->room_mib << 20,
	    .now_ms = now_ms,
	};

	if (getrandom(&options.incarnation, sizeof(options.incarnation), 0) !=
	    sizeof(options.incarnation))
		return ERR_INTERNAL;
	return svc_open(out, &options, problem, size);
}

static enum err
write_first(struct svc *svc, int64_t now_ms, struct members_first *first)
{
	uint8_t seed[32];

	if (getrandom(seed, sizeof(seed), 0) != sizeof(seed))
		return ERR_INTERNAL;
	return svc_first(svc, now_ms, seed, members_first, first);
}

int
members_first_run(int argc, char **argv, int64_t now_ms)
{
	struct run_options o = {0};
	struct members_first first = {0};
	struct svc *svc = NULL;
	char problem[RUN_PROBLEM_MAX] = "";

	if (argc != ARGUMENTS || !str_equal(argv[1], "--first") ||
	    !str_equal(argv[4], "--config")) {
		fputs(usage, stderr);
		return 2;
	}
	first.name = argv[2];
	o.config = argv[5];
	if (!bytes_from_hex(argv[3], first.public_key, sizeof(first.public_key))) {
		fprintf(stderr, "rcc-members: the public key is not 64 hex digits\n");
		return 1;
	}
	enum err e = run_options_read(&o, &members_service, problem, sizeof(problem));
	if (e == ERR_NONE)
		e = open_store(&o, now_ms, &svc, problem, sizeof(problem));
	if (e == ERR_NONE)
		e = write_first(svc, now_ms, &first);
	svc_close(svc);
	if (e == ERR_NONE && first.no == NULL) {
		printf("%s is the first administrator\n", first.name);
		return 0;
	}
	if (first.no != NULL)
		fprintf(stderr, "rcc-members: %s\n", first.no->sentence);
	else
		fprintf(stderr, "rcc-members: %s\n",
		    problem[0] != '\0' ? problem : err_name(e));
	return 1;
}
