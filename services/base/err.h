#ifndef RCC_ERR_H
#define RCC_ERR_H

#define MUST_CHECK __attribute__((warn_unused_result))

/*
 * Machine trouble, mapped one to one to envelope.Fault on the wire. Refusals,
 * where a rule says no, are values of their own (refusal.h) and never an err.
 */
enum err {
	ERR_NONE = 0,
	ERR_MALFORMED, /* bytes, or a field, not as the contract says */
	ERR_MEMORY,    /* the arena's cap was reached */
	ERR_DENIED,    /* this key has no such role */
	ERR_UNKNOWN_METHOD,
	ERR_BUSY,
	ERR_LATE,  /* the deadline passed */
	ERR_STALE, /* the copy of members is empty or too old */
	ERR_FULL,  /* no room in the store */
	ERR_STORAGE,
	ERR_CORRUPT,     /* stored bytes are not what was written */
	ERR_UNREACHABLE, /* a service that was needed is down */
	ERR_INTERNAL,    /* a programming fault that did no harm yet */
};

/* The constant name used in logs and on the command line: "busy". */
const char *err_name(enum err e);

#endif
