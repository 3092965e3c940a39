#include "gateway/routes.h"

#include <string.h>

#include "base/str.h"

/* One part of a path, up to its "/" or its end. */
static size_t
part_len(const char *text)
{
	return strcspn(text, "/?");
}

/* What may stand for ":id": nothing that is escaped, and no dots alone. */
static bool
is_plain(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return len > 0 && len <= 80;
}

static char *
copy_part(struct page *p, const char *text, size_t len)
{
	char *copy = arena_take(p->arena, len + 1);

	if (copy != NULL)
		memcpy(copy, text, len);
	return copy;
}

static bool
take_param(struct page *p, const char *pattern, const char *path)
{
	size_t name_len = part_len(pattern), len = part_len(path);

	if (p->params_n == PAGE_PARAMS_MAX || !is_plain(path, len))
		return false;
	p->params[p->params_n].name = copy_part(p, pattern + 1, name_len - 1);
	p->params[p->params_n].value = copy_part(p, path, len);
	if (p->params[p->params_n].name == NULL || p->params[p->params_n].value == NULL)
		return false;
	p->params_n++;
	return true;
}

static bool
fits(struct page *p, const char *pattern, const char *path)
{
	p->params_n = 0;
	while (*pattern == '/' && *path == '/') {
		size_t pattern_len = part_len(++pattern), path_len = part_len(++path);

		if (pattern[0] == ':') {
			if (!take_param(p, pattern, path))
				return false;
		} else if (pattern_len != path_len ||
			   memcmp(pattern, path, path_len) != 0) {
			return false;
		}
		pattern += pattern_len;
		path += path_len;
	}
	return *pattern == '\0' && *path == '\0';
}

/* Whatever is written out comes before what ":id" could also be. */
const struct route *
route_find(struct page *p, const char *path)
{
	const struct route *found = NULL;

	for (size_t i = 0; i < routes_n && found == NULL; i++) {
		if (strchr(routes[i].path, ':') == NULL &&
		    fits(p, routes[i].path, path))
			found = &routes[i];
	}
	for (size_t i = 0; i < routes_n && found == NULL; i++) {
		if (fits(p, routes[i].path, path))
			found = &routes[i];
	}
	return found;
}

const char *
route_fill(struct page *p, const char *pattern, const char *answer_id)
{
	char *out = str_copy(p->arena, "");

	while (out != NULL && *pattern != '\0') {
		size_t len = *pattern == ':' ? 1 + strcspn(pattern + 1, "/?&:=")
		                             : strcspn(pattern, ":");
		char *part = copy_part(p, pattern, len);
		const char *value = part;

		if (part != NULL && part[0] == ':')
			value = str_equal(part, ":answer_id") ? answer_id
			                                      : page_param(p, part + 1);
		out = str_format(p->arena, "%s%s", out, value == NULL ? "" : value);
		pattern += len;
	}
	return out;
}

static const char *
whom(uint32_t roles, char out[16])
{
	if (roles == ROUTE_ANYONE)
		return "all";
	if (roles == ROUTE_SIGNED_IN)
		return "signed-in";
	snprintf(out, 16, "%x", roles);
	return out;
}

void
routes_print(FILE *out)
{
	for (size_t i = 0; i < routes_n; i++) {
		const struct route *r = &routes[i];
		char roles[16];

		fprintf(out, "%s %s %s %s\n", r->path, whom(r->roles, roles),
		    r->act != NULL || r->service != NULL ? "form" : "-",
		    r->live == NULL ? "-" : r->live);
	}
}
