#ifndef RCC_RCCCTL_WITNESS_H
#define RCC_RCCCTL_WITNESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/verify.h"

#include "tool.h"

#define WITNESSES_MAX 16

/* What the journals beside one say of it. */
struct witnesses {
	const char *service; /* whose journal it is */
	struct {
		const char *service;
		struct verify_witness report;
	} list[WITNESSES_MAX];
	size_t n;
};

/* Asks the stores in `folder` (each in a folder of its service's name) about this one
 * of `service`, which holds by itself. EXIT_FAULT, said, where that could not be done.
 */
enum exit_code witness_ask_all(
    struct tool *t, const char *folder, const char *store, struct witnesses *out);
bool witness_contradicts(const struct witnesses *w);
void witness_print(struct tool *t, const struct witnesses *w);
void witness_print_json(struct tool *t, const struct witnesses *w);

#endif
