#ifndef RCC_TESTS_FUZZ_FUZZ_H
#define RCC_TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"
#include "base/bytes.h"

/*
 * One thing that is attacked with bytes: every NAME_fuzz.c has one. Linked with
 * libFuzzer under CONFIG=fuzz, and with replay.c under every other.
 */
struct fuzz_target {
	unsigned rounds;    /* mutations that a short pass tries */
	size_t bytes_max;   /* of one input */
	void (*open)(void); /* once; may be NULL */
	void (*one)(struct bytes input);
	void (*close)(void); /* at the end, if it is reached; may be NULL */
};
extern const struct fuzz_target fuzz_target;

/* Memory for one input, empty at its beginning. */
extern struct arena fuzz_arena;
#define FUZZ_ARENA_BYTES ((size_t)8 * 1024 * 1024)

/* What is claimed of every input. One that breaks it ends the process. */
#define FUZZ_CHECK(claim, ...)                                                         \
	do {                                                                           \
		if (!(claim))                                                          \
			fuzz_broken(__FILE__, __LINE__, #claim, __VA_ARGS__);          \
	} while (0)
__attribute__((noreturn, format(printf, 4, 5))) void fuzz_broken(
    const char *file, int line, const char *claim, const char *format, ...);

/* Opens the target, once; then each input. */
void fuzz_begin(void);
void fuzz_take(const uint8_t *data, size_t size);
void fuzz_end(void);

/* The input as text, up to its first NUL, in the arena. */
char *fuzz_text(struct bytes input);
/* Cuts the input at the first of this byte; the rest moves on, to BYTES_NONE. */
struct bytes fuzz_cut(struct bytes *rest, uint8_t at);

/* A message that can be packed, or unpacked, whatever the input was; in the arena. */
struct bytes fuzz_pack(const ProtobufCMessage *m);
void *fuzz_unpack(const ProtobufCMessageDescriptor *type, struct bytes packed);

/* A file that holds these bytes, in memory: its path until the next one is made. */
const char *fuzz_file(struct bytes content);

/* From here on what is said on stderr (by stdio) can be heard; since the input began.
 */
void fuzz_listen(void);
const char *fuzz_heard(void);
/* Can nothing in it steer a terminal, and is it at most so many lines, each ended? Of
 * none: is it a sentence, without an end of line? */
bool fuzz_is_plain(const char *text, unsigned most);

#endif
