#ifndef RCC_LOAD_IDS_H
#define RCC_LOAD_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"

/* Which row has this id: as many as memory holds. Zeroed, it is empty. */
struct ids {
	struct ids_slot {
		char id[ID_LEN + 1];
		size_t row;
	} * slots;
	size_t n, room; /* a power of two */
};

#define IDS_NONE SIZE_MAX

/* IDS_NONE where it is not there. */
size_t ids_find(const struct ids *m, const char *id);
/* False where it is there: then nothing changes. */
bool ids_put(struct ids *m, const char *id, size_t row);
void ids_free(struct ids *m);

#endif
