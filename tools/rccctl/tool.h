#ifndef RCC_RCCCTL_TOOL_H
#define RCC_RCCCTL_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "base/bus.h"
#include "base/check.h"
#include "base/conf.h"

/* What rccctl leaves with; said to people at the end of every --help. */
enum exit_code {
	EXIT_YES = 0,
	EXIT_FAULT = 1,   /* machine trouble: unreachable, late, denied */
	EXIT_USAGE = 2,   /* the command line, or a file it names, is wrong */
	EXIT_REFUSED = 3, /* a rule said no */
	EXIT_BROKEN = 4,  /* a journal or a backup is not as it should be */
};

struct tool;

/* One option. `field` is the field of the verb's call that it fills. */
struct flag {
	const char *name; /* "--needed-by" */
	const char
	    *value; /* what follows it, for the help: "DAY"; NULL: it stands alone */
	const char *help;
	const char *field; /* NULL: the verb reads it itself */
	const char *fixed; /* the text that a flag standing alone puts in the field */
};

/* One verb: a row of the table in main.c, and the whole of its help. */
struct verb {
	const char *name;  /* "request decide" */
	const char *takes; /* what stands behind it, for the help: "REQUEST" */
	const char *summary;
	const char *text;    /* the rest of its help; may be NULL */
	const char *example; /* one that works, on one line or several */
	const struct flag *flags;
	size_t flags_n;
	size_t words_min, words_max; /* how many words may stand behind it */

	/* NULL: the verb is one call, made of what follows (command.c). */
	enum exit_code (*run)(struct tool *t);
	const char *call;          /* "requests.decide" */
	const char *const *fields; /* what its words fill, in order; NULL-ended; a
	                            * repeated one takes all the words that are left */
	void (*print)(struct tool *t, const ProtobufCMessage *answer); /* NULL: done */
	const char *done;     /* what to say after a yes that carries nothing */
	const char *destroys; /* asked on a terminal before it is sent; NULL: nothing */
};

#define ARGS_MAX 256

struct arg {
	const struct flag *flag;
	const char *value; /* NULL where the flag stands alone */
};

struct args {
	struct arg list[ARGS_MAX];
	size_t n;
	const char *words[ARGS_MAX]; /* what stands behind the verb */
	size_t words_n;
};

/* One run of the tool. */
struct tool {
	struct arena arena;
	const struct verb *verb;
	struct args args;
	const char *organisation_id; /* --organisation; may be NULL */
	const char *message_id;      /* --id; may be NULL */
	const char *field;           /* --field; may be NULL */
	int64_t wait_ms;             /* --wait, or the default */
	bool is_wait_given;
	bool is_json;
	bool is_yes;
	int64_t now_ms; /* when it began */
	int32_t today;  /* that day in London */

	bool is_connectable; /* peers and key have been read */
	struct conf_peers peers;
	uint8_t public_key[32], secret_key[32];
	struct bus_client
	    *clients[CONF_PEERS_MAX]; /* as in peers.list; NULL: not yet */
};

#define WAIT_DEFAULT_MS 30000

/* The line under every table that people see. */
#define NOTICE "Invented region: no real child, carer or agency."

/* One sentence on stderr. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same for a wrong command line, with where its help stands. */
enum exit_code complain_usage(const struct tool *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A field and the reason why its value will not do. */
enum exit_code complain_field(const struct check_problem *why);
/* The arena's cap was reached: an answer far larger than any that is asked for. */
enum exit_code complain_memory(void);

#endif
