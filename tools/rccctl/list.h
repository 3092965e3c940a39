#ifndef RCC_RCCCTL_LIST_H
#define RCC_RCCCTL_LIST_H

#include "tool.h"

#define LIST_MOST                                                                      \
	{                                                                              \
		"--most", "N", "at most so many; 100 unless told", NULL, NULL          \
	}

/* A verb that lists: one question, asked page after page as far as --most says. */
enum exit_code list_run(struct tool *t);
/* The same without showing it: the answer of the verb's call. */
enum exit_code list_ask(struct tool *t, void **answer);
/* The line below a table: "2 homes, and more behind them (--most N). <key>Invented ..."
 */
void list_end(
    size_t n, const char *one, const char *many, bool is_more, const char *key);

#endif
