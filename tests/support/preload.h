#ifndef RCC_TESTS_SUPPORT_PRELOAD_H
#define RCC_TESTS_SUPPORT_PRELOAD_H

/* What libraries that LD_PRELOAD lays over a process have in common. */

#include <dlfcn.h>
#include <string.h>

/* First in a function that stands before another of its name: `real` is that other, a
 * function of `type`. Through memcpy because ISO C has no cast for it. */
#define REAL(name, type)                                                               \
	static __typeof__(type) *real;                                                 \
	if (real == NULL) {                                                            \
		void *found = dlsym(RTLD_NEXT, name);                                  \
		memcpy(&real, &found, sizeof real);                                    \
	}

#endif
