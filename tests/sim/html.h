#ifndef RCC_SIM_HTML_H
#define RCC_SIM_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "sim/random.h"

#define HTML_LINKS_MAX 128
#define HTML_FORMS_MAX 40
#define HTML_TARGET 400
#define HTML_BODY 16384

/* A form of a page, filled in by chance, as a browser would send it. */
struct html_form {
	char action[HTML_TARGET]; /* "": to where it stands */
	char body[HTML_BODY];
};

/* What can be done on a page: where its links of this site lead, and its forms. */
struct html_page {
	char links[HTML_LINKS_MAX][HTML_TARGET];
	size_t links_n;
	struct html_form forms[HTML_FORMS_MAX];
	size_t forms_n;
	char live[HTML_TARGET]; /* the stream of its live parts; "": none */
};

/* `today` as "2026", "11", "23". False where it is no page that ends as it should. */
struct html_today {
	char year[5], month[3], day[3];
};
bool html_read(struct bytes text, struct random *chance, const struct html_today *today,
    struct html_page *out);

#endif
