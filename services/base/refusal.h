#ifndef RCC_REFUSAL_H
#define RCC_REFUSAL_H

#include <stdint.h>

/*
 * A rule's no, as a row of a service's table: its number on the wire (from 100;
 * below stand base's own), a sentence for a person, the clause behind it, and the
 * field it is about. Clause and field may be NULL.
 */
struct refusal {
	uint32_t number;
	const char *sentence;
	const char *clause;
	const char *field;
};

/* Base's own, for every service. */
enum base_refusal {
	REFUSAL_FIELD = 1, /* the generic check said no; field and reason are given */
	REFUSAL_ID_OTHER_BODY = 2, /* this id was used for another command */
	REFUSAL_ID_TIME = 3, /* the id is older than 30 days or ahead of this clock */
	REFUSAL_ORGANISATION = 4, /* say for which organisation you act */
};

#endif
