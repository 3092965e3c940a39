#include "gateway/finding.h"

#include <inttypes.h>
#include <stdbool.h>

#include "base/str.h"

#define NAMES_MAX 3 /* more are counted instead of named */
/* Where the arena is full the page fails as a whole. */
#define OR(text) ((text) != NULL ? (text) : "?")

/* Is this row one of a list? */
typedef bool finding_member(const struct finding_row *row, uint32_t value);

static bool
has_value(const struct finding_row *row, uint32_t value)
{
	return row->figure.state == FINDING_KNOWN && row->figure.value == value;
}

static bool
is_known(const struct finding_row *row, uint32_t value)
{
	(void)value;
	return row->figure.state == FINDING_KNOWN && row->beside.state == FINDING_KNOWN;
}

static bool
is_short(const struct finding_row *row, uint32_t value)
{
	return is_known(row, value) && row->beside.value < row->figure.value;
}

static bool
is_hidden(const struct finding_row *row, uint32_t value)
{
	(void)value;
	return row->figure.state == FINDING_HIDDEN ||
	       row->beside.state == FINDING_HIDDEN;
}

static size_t
count(const struct finding_row *rows, size_t n, finding_member *is_in, uint32_t value)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += is_in(&rows[i], value);
	return found;
}

/* "Bury", "Bolton, Bury and Wigan", "4 councils". */
static const char *
names(struct arena *a, const struct finding_row *rows, size_t n, finding_member *is_in,
    uint32_t value)
{
	size_t all = count(rows, n, is_in, value), said = 0;
	const char *text = NULL;

	if (all > NAMES_MAX)
		return OR(str_format(a, "%zu councils", all));
	for (size_t i = 0; i < n; i++) {
		if (!is_in(&rows[i], value))
			continue;
		said++;
		text = text == NULL ? rows[i].name
		                    : str_format(a, "%s%s%s", text,
					  said == all ? " and " : ", ", rows[i].name);
		if (text == NULL)
			return OR(text);
	}
	return OR(text);
}

/* "" or " (12% each)", by how many there are. */
static const char *
where(struct arena *a, const struct finding_row *rows, size_t n, uint32_t value,
    const char *unit)
{
	size_t all = count(rows, n, has_value, value);

	return OR(str_format(a, "%s (%" PRIu32 "%s%s)",
	    names(a, rows, n, has_value, value), value, unit, all == 1 ? "" : " each"));
}

/* What is said of that much being hidden, in front of a finding and behind it. */
static const char *
councils(size_t n)
{
	return n == 1 ? "council" : "councils";
}

static const char *
with_hidden(struct arena *a, const char *finding, size_t hidden)
{
	if (hidden == 0)
		return finding;
	return OR(str_format(a, "%s The figures of %zu %s are hidden [c].", finding,
	    hidden, councils(hidden)));
}

static const char *
nothing(struct arena *a, size_t hidden)
{
	return with_hidden(a,
	    hidden > 0 ? "No council\u2019s figure can be shown."
		       : "There is nothing to show yet.",
	    hidden);
}

const char *
finding_extremes(
    struct arena *a, const struct finding_row *rows, size_t n, const char *unit)
{
	uint32_t least = UINT32_MAX, most = 0;
	size_t known = 0, hidden = 0;
	const char *finding;

	for (size_t i = 0; i < n; i++) {
		const struct finding_figure *f = &rows[i].figure;
		hidden += f->state == FINDING_HIDDEN;
		if (f->state != FINDING_KNOWN)
			continue;
		known++;
		least = f->value < least ? f->value : least;
		most = f->value > most ? f->value : most;
	}
	if (known == 0)
		return nothing(a, hidden);
	if (known == 1)
		finding = str_format(a, "In %s it is %" PRIu32 "%s.",
		    names(a, rows, n, has_value, most), most, unit);
	else if (least == most)
		finding = str_format(a,
		    "It is the same in all %zu councils%s: %" PRIu32 "%s.", known,
		    hidden > 0 ? " that are shown" : "", most, unit);
	else
		finding = str_format(a, "%s in %s, lowest in %s.",
		    hidden > 0 ? "Of those shown, highest" : "Highest",
		    where(a, rows, n, most, unit), where(a, rows, n, least, unit));
	return with_hidden(a, OR(finding), hidden);
}

const char *
finding_cover(struct arena *a, const struct finding_row *rows, size_t n)
{
	size_t known = count(rows, n, is_known, 0);
	size_t shorter = count(rows, n, is_short, 0);
	size_t hidden = count(rows, n, is_hidden, 0);
	const char *finding;

	if (known == 0)
		return nothing(a, hidden);
	if (shorter == 0)
		finding = str_format(a,
		    "There are at least as many free places as children waiting in %s "
		    "%zu %s%s.",
		    known == 1 ? "the" : "all", known, councils(known),
		    hidden > 0 ? " shown" : "");
	else
		finding = str_format(a,
		    "There are at least as many free places as children waiting in %zu "
		    "of %zu %s%s, and fewer in %s.",
		    known - shorter, known, councils(known), hidden > 0 ? " shown" : "",
		    names(a, rows, n, is_short, 0));
	return with_hidden(a, OR(finding), hidden);
}
