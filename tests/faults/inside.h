#ifndef RCC_TESTS_FAULTS_INSIDE_H
#define RCC_TESTS_FAULTS_INSIDE_H

/* What is wanted (faults.c), and the files that ask at each call. */

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum kind { KIND_NONE, KIND_WRITE, KIND_FLUSH, KIND_ALLOC, KIND_SOCKET, KIND_FILE };

#define SHORT_WRITE (-1)

extern enum kind faults_kind;
extern int faults_error;
extern _Atomic int64_t *faults_room; /* NULL: the disk is as large as it is */

/* Is this the call to fail? It is of `kind`, and may legally fail with `legal`. */
bool faults_are_due(enum kind kind, const int *legal);
#define STRUCK(kind, ...) faults_are_due(kind, (const int[]){__VA_ARGS__, 0})

#endif
