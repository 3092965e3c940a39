#ifndef RCC_RCCCTL_HOME_H
#define RCC_RCCCTL_HOME_H

#include "tool.h"

#define HOME_FILE                                                                      \
	{                                                                              \
		"--file", "FILE",                                                      \
		    "the call as JSON: {\"home\": {...}} (-: from "                    \
		    "standard input)",                                                 \
		    NULL, NULL                                                         \
	}

/* The verb's call, as the file of --file says it. */
enum exit_code home_run_file(struct tool *t);
/* A home as its own provider sees it: the answer of residential.home. */
void home_print(struct tool *t, const ProtobufCMessage *answer);

#endif
