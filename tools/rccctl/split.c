#include "split.h"

#include <string.h>

#include "base/message.h"
#include "base/str.h"

/* Letters up to the stroke, or the end; what stands between them is passed over. */
static const char *
read_part(struct arena *a, const char *text, Requests__Part *out)
{
	out->child_refs = LIST_NEW(a, strlen(text) + 1, char *);
	for (; out->child_refs && *text && *text != '/'; text++) {
		if (*text >= 'A' && *text <= 'Z')
			out->child_refs[out->n_child_refs++] =
			    str_format(a, "%c", *text);
		else if (*text != ',' && *text != ' ')
			return NULL;
	}
	return out->n_child_refs > 0 ? text : NULL;
}

bool
split_read(struct arena *a, const char *text, Requests__Split *out)
{
	requests__split__init(out);
	out->parts = LIST_NEW(a, strlen(text) + 1, Requests__Part *);
	while (out->parts) {
		Requests__Part *part = MESSAGE_NEW(a, requests__part);

		text = part ? read_part(a, text, part) : NULL;
		if (!text)
			return false;
		out->parts[out->n_parts++] = part;
		if (*text == '\0')
			return !a->is_full;
		text++;
	}
	return false;
}
