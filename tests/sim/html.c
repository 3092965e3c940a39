/* As much of HTML as the gateway's own pages have: tags, attributes in double quotes.
 */
#include "sim/html.h"

#include <stdio.h>
#include <string.h>

#define NAME 200
#define VALUE 1200
#define CHOICES 64

struct tag {
	char name[24];
	const char *attributes, *end;
};

/* What is being read: the form it stands in, and the choices of one name so far. */
struct reading {
	struct random *chance;
	const struct html_today *today;
	struct html_page *page;
	struct html_form *form;
	char radio[NAME]; /* the name whose choices are being gathered */
	char choices[CHOICES][NAME];
	size_t choices_n;
	char select[NAME];
	bool has_button;
};

static bool
starts(const char *at, const char *end, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(end - at) >= len && memcmp(at, word, len) == 0;
}

/* "&amp;" and its like, as the character. */
static char
entity(const char **at)
{
	static const struct {
		const char *name;
		char c;
	} known[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'},
	    {"&#39;", '\''}, {"&#x2F;", '/'}, {"&#x27;", '\''}, {"&apos;", '\''}};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		size_t len = strlen(known[i].name);

		if (strncmp(*at, known[i].name, len) == 0) {
			*at += len;
			return known[i].c;
		}
	}
	return *(*at)++;
}

/* The value of an attribute; false where the tag has none of that name. */
static bool
attribute(const struct tag *tag, const char *name, char *out, size_t size)
{
	size_t len = strlen(name), n = 0;

	for (const char *at = tag->attributes; at < tag->end; at++) {
		if (at[0] != ' ' || !starts(at + 1, tag->end, name))
			continue;
		at += 1 + len;
		if (at >= tag->end || *at == ' ' || *at == '/') {
			out[0] = '\0';
			return true;
		}
		if (!starts(at, tag->end, "=\"")) {
			at--;
			continue;
		}
		for (at += 2; at < tag->end && *at != '"' && n < size - 1;)
			out[n++] = entity(&at);
		out[n] = '\0';
		return true;
	}
	return false;
}

/* ---- filling in ---- */

static void
add_escaped(struct html_form *form, const char *text)
{
	size_t len = strlen(form->body);

	for (; *text != '\0' && len + 4 < sizeof form->body; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-')
			form->body[len++] = (char)c;
		else
			len += (size_t)snprintf(
			    form->body + len, sizeof form->body - len, "%%%02X", c);
	}
	form->body[len] = '\0';
}

static void
add_pair(struct reading *r, const char *name, const char *value)
{
	size_t len = strlen(r->form->body);

	if (len + 2 >= sizeof r->form->body)
		return;
	if (len > 0)
		r->form->body[len++] = '&';
	r->form->body[len] = '\0';
	add_escaped(r->form, name);
	len = strlen(r->form->body);
	if (len + 2 < sizeof r->form->body) {
		r->form->body[len++] = '=';
		r->form->body[len] = '\0';
	}
	add_escaped(r->form, value);
}

static bool
ends(const char *text, const char *with)
{
	size_t len = strlen(text), n = strlen(with);

	return len >= n && strcmp(text + len - n, with) == 0;
}

/* Something that may well be right, by what the field is called. */
static const char *
likely(struct reading *r, const char *name, char out[16])
{
	if (ends(name, "-day"))
		return r->today->day;
	if (ends(name, "-month"))
		return r->today->month;
	if (ends(name, "-year"))
		return r->today->year;
	if (strstr(name, "sector") != NULL)
		return random_one_in(r->chance, 2) ? "M14 5" : "BL9 0";
	snprintf(out, 16, "%u", random_below(r->chance, 18));
	if (strstr(name, "fee") != NULL)
		snprintf(out, 16, "%u", 500 + random_below(r->chance, 5000));
	return out;
}

static void
end_radio(struct reading *r)
{
	if (r->choices_n > 0 && !random_one_in(r->chance, 20))
		add_pair(r, r->radio,
		    r->choices[random_below(r->chance, (uint32_t)r->choices_n)]);
	r->choices_n = 0;
}

static void
add_choice(struct reading *r, const char *name, const char *value)
{
	if (strcmp(name, r->radio) != 0) {
		end_radio(r);
		snprintf(r->radio, sizeof r->radio, "%s", name);
	}
	if (r->choices_n < CHOICES)
		snprintf(r->choices[r->choices_n++], NAME, "%s", value);
}

static void
read_input(struct reading *r, const struct tag *tag)
{
	char name[NAME], type[24] = "text", value[VALUE] = "", buffer[16];

	if (!attribute(tag, "name", name, sizeof name))
		return;
	(void)attribute(tag, "type", type, sizeof type);
	(void)attribute(tag, "value", value, sizeof value);
	if (strcmp(type, "radio") == 0) {
		add_choice(r, name, value);
		return;
	}
	end_radio(r);
	if (strcmp(type, "checkbox") == 0) {
		if (random_one_in(r->chance, 3))
			add_pair(r, name, value);
		return;
	}
	if (strcmp(type, "hidden") == 0 ||
	    (value[0] != '\0' && !random_one_in(r->chance, 8)))
		add_pair(r, name, value);
	else
		add_pair(r, name,
		    random_one_in(r->chance, 12) ? "<b>&\"'" : likely(r, name, buffer));
}

static void
read_button(struct reading *r, const struct tag *tag)
{
	char name[NAME], value[VALUE] = "";

	end_radio(r);
	if (!attribute(tag, "name", name, sizeof name))
		return;
	(void)attribute(tag, "value", value, sizeof value);
	if (r->has_button || !random_one_in(r->chance, 2))
		return;
	r->has_button = true;
	add_pair(r, name, value);
}

static void
begin_form(struct reading *r, const struct tag *tag)
{
	char method[8] = "get";

	r->form = NULL;
	(void)attribute(tag, "method", method, sizeof method);
	if (strcmp(method, "post") != 0 || r->page->forms_n == HTML_FORMS_MAX)
		return;
	r->form = &r->page->forms[r->page->forms_n++];
	r->form->body[0] = r->form->action[0] = '\0';
	(void)attribute(tag, "action", r->form->action, HTML_TARGET);
	r->choices_n = 0;
	r->radio[0] = '\0';
	r->has_button = false;
}

static void
read_in_form(struct reading *r, const struct tag *tag)
{
	char value[NAME] = "";

	if (strcmp(tag->name, "input") == 0)
		read_input(r, tag);
	else if (strcmp(tag->name, "button") == 0)
		read_button(r, tag);
	else if (strcmp(tag->name, "select") == 0) {
		end_radio(r);
		if (attribute(tag, "name", r->select, NAME))
			snprintf(r->radio, sizeof r->radio, "%s", r->select);
	} else if (strcmp(tag->name, "option") == 0 &&
		   attribute(tag, "value", value, sizeof value))
		add_choice(r, r->select, value);
	else if (strcmp(tag->name, "/select") == 0)
		end_radio(r);
	else if (strcmp(tag->name, "/form") == 0) {
		end_radio(r);
		r->form = NULL;
	}
}

static void
read_tag(struct reading *r, const struct tag *tag)
{
	char href[HTML_TARGET];

	if (strcmp(tag->name, "form") == 0)
		begin_form(r, tag);
	else if (strcmp(tag->name, "a") == 0 &&
		 attribute(tag, "href", href, sizeof href) && href[0] == '/' &&
		 r->page->links_n < HTML_LINKS_MAX)
		memcpy(r->page->links[r->page->links_n++], href, sizeof href);
	else if (strcmp(tag->name, "main") == 0)
		(void)attribute(tag, "data-live", r->page->live, HTML_TARGET);
	if (r->form != NULL)
		read_in_form(r, tag);
}

bool
html_read(struct bytes text, struct random *chance, const struct html_today *today,
    struct html_page *out)
{
	static const char last[] = "</html>";
	struct reading r = {.chance = chance, .today = today, .page = out};
	const char *at = (const char *)text.data, *end = at + text.len;

	out->links_n = out->forms_n = 0;
	out->live[0] = '\0';
	while ((at = memchr(at, '<', (size_t)(end - at))) != NULL) {
		struct tag tag = {.attributes = ++at};
		size_t n = 0;

		while (tag.attributes < end && *tag.attributes != ' ' &&
		       *tag.attributes != '>' && n < sizeof tag.name - 1)
			tag.name[n++] = *tag.attributes++;
		tag.name[n] = '\0';
		tag.end = memchr(at, '>', (size_t)(end - at));
		if (tag.end == NULL)
			return false;
		read_tag(&r, &tag);
		at = tag.end;
	}
	while (text.len > 0 && text.data[text.len - 1] == '\n')
		text.len--;
	return text.len >= sizeof last - 1 &&
	       memcmp(text.data + text.len - (sizeof last - 1), last,
		   sizeof last - 1) == 0;
}
