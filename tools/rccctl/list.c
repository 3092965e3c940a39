#include "list.h"

#include <stdio.h>

#include "args.h"
#include "client.h"
#include "command.h"
#include "resolve.h"

#define ROWS_DEFAULT 100
#define ROWS_MAX 5000

enum exit_code
list_ask(struct tool *t, void **answer)
{
	ProtobufCMessage *question = NULL;
	int64_t most = ROWS_DEFAULT;
	enum exit_code code = args_number(t, "--most", 1, ROWS_MAX, &most);

	if (code == EXIT_YES)
		code = command_build(t, &question);
	if (code == EXIT_YES)
		code = resolve_ids(t, question);
	if (code == EXIT_YES)
		code = command_check(t, question);
	if (code != EXIT_YES)
		return code;
	struct ask ask = {.method = t->verb->call, .body = question};
	return client_list(t, &ask, (size_t)most, answer);
}

enum exit_code
list_run(struct tool *t)
{
	void *answer = NULL;
	enum exit_code code = list_ask(t, &answer);

	return code == EXIT_YES ? command_show(t, answer) : code;
}

void
list_end(size_t n, const char *one, const char *many, bool is_more, const char *key)
{
	(void)printf("%zu %s%s. %s" NOTICE "\n", n, n == 1 ? one : many,
	    is_more ? ", and more behind them (--most N)" : "", key);
}
