#ifndef RCC_RCCCTL_COMMAND_H
#define RCC_RCCCTL_COMMAND_H

#include "tool.h"

/*
 * A verb that is one call: its message is made of its words and options, checked
 * as the service would check it, sent, and the answer printed.
 */
enum exit_code command_run(struct tool *t);

/* The parts of it, for verbs that do more. */

/* A new message of the verb's call, filled from its words and options. */
enum exit_code command_build(struct tool *t, ProtobufCMessage **out);
/* The message of a call, as JSON has it; which field is wrong is said. */
enum exit_code command_read(
    struct tool *t, const char *call, const char *json, ProtobufCMessage **out);
/* Is it what the contract says? Says which field is not, and why. */
enum exit_code command_check(struct tool *t, const ProtobufCMessage *message);
/* Asks on a terminal whether to go on with what cannot be undone. */
enum exit_code command_confirm(struct tool *t, const char *subject);
/* Sends the verb's call as it is. */
enum exit_code command_send(
    struct tool *t, const ProtobufCMessage *message, void **answer);
/* --json, --field, or else the verb's own print. */
enum exit_code command_show(struct tool *t, const ProtobufCMessage *answer);
/* The same where people are shown something that takes more than the answer: true
 * when --json or --field was asked for and has been printed. */
bool command_is_shown(
    struct tool *t, const ProtobufCMessage *answer, enum exit_code *code);

#endif
