#ifndef RCC_TESTS_FAULTS_H
#define RCC_TESTS_FAULTS_H

#include <stdint.h>

/*
 * What faults.so, preloaded, lets a test say about its own process: from now on the
 * `nth` call of the kind and `many - 1` behind it fail (0: all of them; nth 0: none).
 * Kinds and errors by name, as faults.c lists them.
 */
void faults_arm(const char *kind, const char *error, uint64_t nth, uint64_t many);
/* No more of that; how many calls of the kind there were, and how many failed. */
void faults_disarm(uint64_t *calls, uint64_t *failed);

#endif
