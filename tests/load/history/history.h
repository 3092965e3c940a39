#ifndef RCC_LOAD_HISTORY_H
#define RCC_LOAD_HISTORY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/id.h"

/*
 * What clients asked and heard, and when: one line an event, in a text file.
 *
 *   microseconds event client service method id about number detail
 *   81234567 invoke 3 requests decide 01jd5r...a 01jd5q...b - -
 *   81239871 ok 3 requests decide 01jd5r...a 01jd5q...b 4711 9f0c3d52aa17e6b4
 *
 * The time is the machine's monotonic clock, so that lines of several processes on
 * one machine compare. `about` is the request, household or home; `number` the
 * answer's journal number (0: the answer says that nothing was recorded). `detail`
 * is of an ok the digest of its body, of a refusal its number, of a fault its name.
 * "-" stands where there is nothing. A line is one write to a file opened for
 * appending: a client killed at any time leaves whole lines, and an answer is
 * written down before anything is done about it.
 */
enum history_event {
	HISTORY_INVOKE,
	HISTORY_RESEND,
	HISTORY_OK,
	HISTORY_REFUSED,
	HISTORY_FAULT,
	HISTORY_ASK, /* a question: it writes nothing */
	HISTORY_TOLD,
};

#define HISTORY_WORD 24
#define HISTORY_DIGEST (16 + 1)

struct history_line {
	int64_t time_us;
	enum history_event event;
	unsigned client;
	char service[HISTORY_WORD];
	char method[HISTORY_WORD];
	char id[ID_LEN + 1];
	char about[ID_LEN + 1]; /* empty: nothing */
	bool has_number;
	uint64_t number;
	char detail[HISTORY_WORD]; /* empty: nothing */
};

/* A file opened for appending; -1 where it cannot be. */
int history_open(const char *path);
/* False where it could not be written whole. */
bool history_write(int file, const struct history_line *line);

enum history_read { HISTORY_LINE, HISTORY_END, HISTORY_BAD };
/* The next line that is not a comment (#). */
enum history_read history_next(FILE *file, struct history_line *out);

/* The digest by which an answer's body is known. */
void history_digest(struct bytes body, char out[HISTORY_DIGEST]);

#endif
