#ifndef RCC_RCCCTL_VACANCY_H
#define RCC_RCCCTL_VACANCY_H

#include "tool.h"

#include "foster.pb-c.h"

/* One vacancy in a few lines: the answer of open, confirm and close. */
void vacancy_print(struct tool *t, const ProtobufCMessage *answer);
/* "3 approved, 1 filled, 0 held, 0 not available: 2 free" */
const char *vacancy_places(struct arena *a, const Foster__Places *p);
/* "girls and boys of 5 to 12" */
const char *vacancy_takes(struct arena *a, const Foster__Approval *p);
/* "girls, boys 0-17", for a table */
const char *vacancy_takes_short(struct arena *a, const Foster__Approval *p);

#endif
