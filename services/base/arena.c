#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "base/sanitized.h"

#if IS_SANITIZED
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

#define ALIGN ((size_t)16)
#define FENCE ((size_t)(IS_SANITIZED ? 32 : 0))
#define KEPT_BYTES ((size_t)1024 * 1024) /* of touched pages, over a reset */

static_assert(ALIGN >= alignof(max_align_t), "blocks must suit any type");

enum err
arena_open(struct arena *a, size_t size)
{
	*a = (struct arena){0};
	void *base = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (base == MAP_FAILED)
		return ERR_MEMORY;
	a->base = base;
	a->size = size;
	ASAN_POISON_MEMORY_REGION(a->base, size);
	return ERR_NONE;
}

void
arena_close(struct arena *a)
{
	if (a == NULL || a->base == NULL)
		return;
	/* Whatever is mapped here next must not find our fences. */
	ASAN_UNPOISON_MEMORY_REGION(a->base, a->size);
	munmap(a->base, a->size);
	*a = (struct arena){0};
}

void *
arena_take_raw(struct arena *a, size_t size)
{
	size_t left = a->size - a->used;
	size_t room = size == 0 ? ALIGN : (size + ALIGN - 1) / ALIGN * ALIGN;
	/* Compared before rounding too: the sum may have wrapped. */
	if (size > left || room + FENCE > left) {
		a->is_full = true;
		return NULL;
	}
	unsigned char *block = a->base + a->used;
	a->used += room + FENCE;
	if (a->used > a->touched)
		a->touched = a->used;
	ASAN_UNPOISON_MEMORY_REGION(block, size);
	return block;
}

void *
arena_take(struct arena *a, size_t size)
{
	void *block = arena_take_raw(a, size);

	return block == NULL ? NULL : memset(block, 0, size);
}

void
arena_release(struct arena *a, size_t mark)
{
	assert(mark <= a->used);
	ASAN_POISON_MEMORY_REGION(a->base + mark, a->used - mark);
	a->used = mark;
}

void
arena_reset(struct arena *a)
{
	arena_release(a, 0);
	a->is_full = false;
	if (a->touched > KEPT_BYTES) {
		/* A hint: should the system refuse it, the pages merely stay. */
		(void)madvise(
		    a->base + KEPT_BYTES, a->touched - KEPT_BYTES, MADV_DONTNEED);
		a->touched = KEPT_BYTES;
	}
}
