#ifndef RCC_TESTS_STILL_BUS_H
#define RCC_TESTS_STILL_BUS_H

#include <stdint.h>

#include "base/bus.h"

/*
 * The parts of the bus that have nothing to do where whoever links this is the network:
 * it opens, connects and waits for nothing. Put beneath by --wrap; sending and
 * receiving are the linker's own.
 */
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the names that
 * the linker puts in the place of ours. */
enum err __wrap_bus_open(
    struct bus **out, const struct bus_options *o, char *problem, size_t problem_size);
void __wrap_bus_close(struct bus *bus);
enum err __wrap_bus_connect(struct bus *bus, const struct conf_peer *peer);
enum err __wrap_bus_wait(struct bus *bus, int64_t wait_ms, int extra_fd);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

#endif
