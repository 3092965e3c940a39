#include "gateway/guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "gateway/http.h"

/* A token of RFC 9110. */
static bool
is_name(const char *text, size_t len)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < len; i++) {
		char c = text[i], letter = (char)(c | 0x20);

		if ((letter < 'a' || letter > 'z') && (c < '0' || c > '9') &&
		    (c == '\0' || strchr(marks, c) == NULL))
			return false;
	}
	return len > 0;
}

static bool
has_control(const char *text)
{
	for (; *text != '\0'; text++) {
		if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7f)
			return true;
	}
	return false;
}

void
gateway_guard_header(struct gateway_guard *g, const char *name, const char *value)
{
	g->seen++;
	if (!is_name(name, strlen(name)) || value == NULL || has_control(value)) {
		g->is_bad = true; /* a blank before the colon, among others */
		return;
	}
	if (strcasecmp(name, "Host") == 0) {
		g->hosts++;
	} else if (strcasecmp(name, "Content-Length") == 0) {
		g->lengths++;
		if (!str_to_i64(value, 0, INT64_MAX, &g->length))
			g->length = INT64_MAX;
	} else if (strcasecmp(name, "Transfer-Encoding") == 0) {
		g->encodings++;
		if (strcasecmp(value, "chunked") != 0)
			g->is_bad = true;
	} else if (strcasecmp(name, "Expect") == 0) {
		g->expectations++;
		g->is_waiting = strcasecmp(value, "100-continue") == 0;
	}
}

/* Takes `text` and the NUL behind it off. */
static bool
take_text(struct bytes *rest, struct bytes *text)
{
	const uint8_t *end =
	    rest->len == 0 ? NULL : memchr(rest->data, '\0', rest->len);

	if (end == NULL)
		return false;
	*text = (struct bytes){rest->data, (size_t)(end - rest->data)};
	rest->data = end + 1;
	rest->len -= text->len + 1;
	return true;
}

/* CR and LF are a NUL each; take_text took the first. */
static bool
take_end(struct bytes *rest)
{
	if (rest->len == 0 || rest->data[0] != '\0')
		return false;
	rest->data++;
	rest->len--;
	return true;
}

bool
gateway_guard_are_lines(const struct gateway_guard *g, struct bytes lines)
{
	struct bytes text;

	if (!take_text(&lines, &text) || !take_end(&lines)) /* HTTP/1.1 */
		return false;
	for (unsigned i = 0; i < g->seen; i++) {
		if (!take_text(&lines, &text) ||
		    !is_name((const char *)text.data, text.len) ||
		    !take_text(&lines, &text) || !take_end(&lines))
			return false;
	}
	return take_text(&lines, &text) && text.len == 0 && take_end(&lines) &&
	       lines.len == 0;
}

struct gateway_guard_no
gateway_guard_says(const struct gateway_guard *g, bool is_http_1_0)
{
	if (g->is_bad || g->hosts != 1 || g->lengths + g->encodings > 1 ||
	    (is_http_1_0 && g->encodings > 0) || g->expectations > 1)
		return (struct gateway_guard_no){
		    400, "The request can be read in two ways.\n"};
	if (g->expectations > 0 && !g->is_waiting)
		return (struct gateway_guard_no){
		    417, "It expects what is not done here.\n"};
	if (g->length > (int64_t)GATEWAY_BODY_MAX)
		return (struct gateway_guard_no){413, GATEWAY_TOO_LARGE};
	return (struct gateway_guard_no){0, NULL};
}

bool
gateway_guard_is_path(const char *path_and_query)
{
	for (const char *c = path_and_query; *c != '\0'; c++) {
		if (*c <= ' ' || *c >= 0x7f || *c == '#')
			return false;
	}
	return path_and_query[0] == '/';
}

bool
gateway_guard_forwarded(const char *value, char *out, size_t size)
{
	const char *last = strrchr(value, ',');
	struct in6_addr address;

	last = last == NULL ? value : last + 1;
	last += strspn(last, " \t");
	if (inet_pton(AF_INET, last, &address) != 1 &&
	    inet_pton(AF_INET6, last, &address) != 1)
		return false;
	return snprintf(out, size, "%s", last) < (int)size;
}
