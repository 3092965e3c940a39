#include "home.h"

#include "args.h"
#include "command.h"
#include "input.h"

enum exit_code
home_run_file(struct tool *t)
{
	const char *path = args_value(t, "--file"), *text = NULL;
	ProtobufCMessage *message = NULL;
	void *answer = NULL;
	enum exit_code code;

	if (!path)
		return complain_usage(t, "%s needs --file FILE", t->verb->name);
	code = input_read(t, path, &text);
	if (code == EXIT_YES)
		code = command_read(t, t->verb->call, text, &message);
	if (code == EXIT_YES)
		code = command_check(t, message);
	if (code == EXIT_YES)
		code = command_send(t, message, &answer);
	return code == EXIT_YES ? command_show(t, answer) : code;
}
