#include "load/history/history.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/str.h"

#define LINE_BYTES 256
#define COLUMNS 9

static const char *const events[] = {
    [HISTORY_INVOKE] = "invoke",
    [HISTORY_RESEND] = "resend",
    [HISTORY_OK] = "ok",
    [HISTORY_REFUSED] = "refused",
    [HISTORY_FAULT] = "fault",
    [HISTORY_ASK] = "ask",
    [HISTORY_TOLD] = "told",
};
#define EVENTS (sizeof events / sizeof events[0])

void
history_digest(struct bytes body, char out[HISTORY_DIGEST])
{
	uint8_t hash[crypto_generichash_BYTES];

	crypto_generichash(hash, sizeof hash, body.data, body.len, NULL, 0);
	bytes_to_hex((struct bytes){hash, (HISTORY_DIGEST - 1) / 2}, out);
}

int
history_open(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static const char *
or_nothing(const char *text)
{
	return text[0] == '\0' ? "-" : text;
}

bool
history_write(int file, const struct history_line *line)
{
	char text[LINE_BYTES], number[HISTORY_WORD] = "-";
	int n;

	if (line->has_number)
		(void)snprintf(number, sizeof number, "%" PRIu64, line->number);
	n = snprintf(text, sizeof text, "%" PRId64 " %s %u %s %s %s %s %s %s\n",
	    line->time_us, events[line->event], line->client, line->service,
	    line->method, line->id, or_nothing(line->about), number,
	    or_nothing(line->detail));
	return n > 0 && n < LINE_BYTES && write(file, text, (size_t)n) == n;
}

/* Copies a word; false where it is too long for where it goes. */
static bool
take(char *out, size_t size, const char *word)
{
	if (strlen(word) >= size)
		return false;
	memcpy(out, word, strlen(word) + 1);
	if (str_equal(word, "-"))
		out[0] = '\0';
	return true;
}
#define TAKE(field, word) take((field), sizeof(field), (word))

static bool
read_words(char *const words[COLUMNS], struct history_line *out)
{
	int64_t client, number = 0;
	size_t event = 0;

	while (event < EVENTS && !str_equal(words[1], events[event]))
		event++;
	out->event = (enum history_event)event;
	out->has_number = !str_equal(words[7], "-");
	if (event == EVENTS || !str_to_i64(words[0], 0, INT64_MAX, &out->time_us) ||
	    !str_to_i64(words[2], 0, UINT32_MAX, &client) ||
	    (out->has_number && !str_to_i64(words[7], 0, INT64_MAX, &number)))
		return false;
	out->client = (unsigned)client;
	out->number = (uint64_t)number;
	return id_is_well_formed(words[5]) && TAKE(out->service, words[3]) &&
	       TAKE(out->method, words[4]) && TAKE(out->id, words[5]) &&
	       TAKE(out->about, words[6]) && TAKE(out->detail, words[8]);
}

enum history_read
history_next(FILE *file, struct history_line *out)
{
	char text[LINE_BYTES], *words[COLUMNS], *rest = text;
	size_t n = 0;

	do {
		if (fgets(text, sizeof text, file) == NULL)
			return ferror(file) ? HISTORY_BAD : HISTORY_END;
	} while (text[0] == '#');
	text[strcspn(text, "\n")] = '\0';
	memset(out, 0, sizeof *out);
	while (n < COLUMNS && (words[n] = strsep(&rest, " ")) != NULL)
		n++;
	return n == COLUMNS && rest == NULL && read_words(words, out) ? HISTORY_LINE
	                                                              : HISTORY_BAD;
}
