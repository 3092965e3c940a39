#ifndef RCC_TESTS_SUPPORT_WELLFORMED_H
#define RCC_TESTS_SUPPORT_WELLFORMED_H

/*
 * Is this one element of well-formed XML (no prologue, comments, or CDATA, which
 * nothing here writes)? Beyond that: no attribute twice in an element, no id twice,
 * none that the policy of the pages forbids (style, on...), and what refers to an id
 * finds it. NULL, or what is wrong with it.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define WELLFORMED_DEPTH 32
#define WELLFORMED_IDS 64
#define WELLFORMED_ATTRIBUTES 24

struct wellformed_name {
	const char *text;
	size_t len;
};

struct wellformed {
	const char *at, *wrong;
	struct wellformed_name open[WELLFORMED_DEPTH], ids[WELLFORMED_IDS];
	size_t depth, ids_n;
};

static inline bool
wellformed_same(struct wellformed_name a, struct wellformed_name b)
{
	return a.len == b.len && memcmp(a.text, b.text, a.len) == 0;
}

static inline struct wellformed_name
wellformed_name(struct wellformed *w)
{
	struct wellformed_name name = {w->at, 0};

	while (isalnum((unsigned char)*w->at) || strchr("-_:", *w->at) != NULL) {
		if (*w->at == '\0')
			break;
		w->at++;
		name.len++;
	}
	if (name.len == 0)
		w->wrong = "a name is missing";
	return name;
}

static inline void
wellformed_character(struct wellformed *w)
{
	static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;"};
	unsigned char c = (unsigned char)*w->at;

	if (c == '<' || (c < ' ' && c != '\n' && c != '\t'))
		w->wrong = "a character that has to be escaped";
	if (c == '&') {
		for (size_t i = 0; i < 4; i++) {
			if (strncmp(w->at, entities[i], strlen(entities[i])) == 0) {
				w->at += strlen(entities[i]);
				return;
			}
		}
		w->wrong = "an entity that is none";
	}
	w->at++;
}

static inline void
wellformed_attribute(
    struct wellformed *w, struct wellformed_name *names, size_t *names_n)
{
	struct wellformed_name name = wellformed_name(w), value;

	for (size_t i = 0; i < *names_n; i++) {
		if (wellformed_same(names[i], name))
			w->wrong = "an attribute twice";
	}
	if (*names_n < WELLFORMED_ATTRIBUTES)
		names[(*names_n)++] = name;
	if (strncmp(name.text, "on", 2) == 0 || strncmp(name.text, "style=", 6) == 0)
		w->wrong = "an attribute that the policy of the pages forbids";
	if (w->at[0] != '=' || w->at[1] != '"') {
		w->wrong = "an attribute without its value in quotes";
		return;
	}
	w->at += 2;
	value.text = w->at;
	while (w->wrong == NULL && *w->at != '"' && *w->at != '\0')
		wellformed_character(w);
	value.len = (size_t)(w->at - value.text);
	if (*w->at++ != '"')
		w->wrong = "a value that does not end";
	if (w->wrong == NULL && name.len == 2 && memcmp(name.text, "id", 2) == 0) {
		for (size_t i = 0; i < w->ids_n; i++) {
			if (wellformed_same(w->ids[i], value))
				w->wrong = "an id twice";
		}
		if (w->ids_n < WELLFORMED_IDS)
			w->ids[w->ids_n++] = value;
	}
}

static inline void
wellformed_tag(struct wellformed *w)
{
	bool is_end = w->at[1] == '/';
	struct wellformed_name name, names[WELLFORMED_ATTRIBUTES];
	size_t names_n = 0;

	w->at += is_end ? 2 : 1;
	name = wellformed_name(w);
	while (w->wrong == NULL && *w->at == ' ' && !is_end) {
		w->at++;
		wellformed_attribute(w, names, &names_n);
	}
	if (w->wrong == NULL && w->at[0] == '/' && w->at[1] == '>' && !is_end) {
		w->at += 2;
		return;
	}
	if (w->wrong == NULL && *w->at++ != '>')
		w->wrong = "a tag that does not end";
	if (w->wrong != NULL)
		return;
	if (!is_end && w->depth == WELLFORMED_DEPTH)
		w->wrong = "too deep";
	else if (!is_end)
		w->open[w->depth++] = name;
	else if (w->depth == 0 || !wellformed_same(w->open[w->depth - 1], name))
		w->wrong = "an end of what is not open";
	else
		w->depth--;
}

/* href="#id", url(#id) and aria-labelledby="id id": is there such an id? */
static inline bool
wellformed_refers(const struct wellformed *w, const char *text)
{
	static const char *const marks[] = {"\"#", "(#", "labelledby=\""};

	for (size_t k = 0; k < 3; k++) {
		const char *at = text;
		while ((at = strstr(at, marks[k])) != NULL) {
			struct wellformed_name id = {at + strlen(marks[k]), 0};
			bool is_there = false;
			id.len = strcspn(id.text, "\") ");
			for (size_t i = 0; i < w->ids_n; i++)
				is_there = is_there || wellformed_same(w->ids[i], id);
			/* A colour is written the same way in an attribute. */
			if (!is_there && strspn(id.text, "0123456789abcdef") != id.len)
				return false;
			at = id.text;
		}
	}
	return true;
}

static inline const char *
wellformed_wrong(const char *text)
{
	static struct wellformed w;

	w = (struct wellformed){.at = text};
	if (text == NULL || *text != '<')
		return "it does not begin with an element";
	while (w.wrong == NULL && *w.at != '\0') {
		if (*w.at == '<')
			wellformed_tag(&w);
		else
			wellformed_character(&w);
		if (w.depth == 0 && w.wrong == NULL && *w.at != '\0')
			w.wrong = "more than one element";
	}
	if (w.wrong == NULL && w.depth > 0)
		w.wrong = "an element that is not ended";
	if (w.wrong == NULL && !wellformed_refers(&w, text))
		w.wrong = "a reference to an id that is not there";
	return w.wrong;
}

#endif
