#include <assert.h>
#include <string.h>

#include "base/check.h"
#include "base/field.h"
#include "base/json_names.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/form_inside.h"

/* Lists that one form may fill; no page asks for a tenth of it. */
#define LISTS_MAX 1000
#define POINTER sizeof(void *) /* what a message in a message is */

/*
 * A list of messages as the form fills it: which of the elements 0 to 63 it speaks of.
 * The i-th of them is the list's i-th element, whatever gaps there are.
 */
struct list {
	const ProtobufCMessage *of;
	const ProtobufCFieldDescriptor *field;
	uint64_t keys;
};

struct walk {
	struct form_reader reader;
	ProtobufCMessage *root;
	struct list *lists;
	size_t lists_n;
};

/* One segment of a name, and what follows its dot; NULL where nothing does. */
struct segment {
	char text[FORM_NAME_BYTES_MAX + 1];
	const char *rest;
};

static struct segment
segment_of(const char *name)
{
	size_t len = strcspn(name, ".");
	struct segment s = {.rest = name[len] == '.' ? name + len + 1 : NULL};

	memcpy(s.text, name, len < FORM_NAME_BYTES_MAX ? len : FORM_NAME_BYTES_MAX);
	return s;
}

const ProtobufCFieldDescriptor *
form_key_of(const ProtobufCFieldDescriptor *list)
{
	const ProtobufCMessageDescriptor *type = list->descriptor;

	if (type->n_fields == 0 || type->fields[0].type != PROTOBUF_C_TYPE_ENUM ||
	    type->fields[0].label == PROTOBUF_C_LABEL_REPEATED)
		return NULL;
	return &type->fields[0];
}

/* Which element a segment names, 0 to 63; `is_value` where by its enum's value. */
static bool
key_in(
    const ProtobufCFieldDescriptor *f, const char *text, unsigned *out, bool *is_value)
{
	const ProtobufCFieldDescriptor *key = form_key_of(f);
	int64_t number;
	int value;

	*is_value = false;
	if (str_to_i64(text, 0, FORM_LIST_MAX - 1, &number) && text[0] != '-') {
		*out = (unsigned)number;
		return true;
	}
	if (key == NULL || !json_enum_value(key->descriptor, text, &value) ||
	    value <= 0 || value >= FORM_LIST_MAX)
		return false;
	*out = (unsigned)value;
	*is_value = true;
	return true;
}

static bool
is_own(const char *name)
{
	return str_equal(name, "token") || str_equal(name, "done") ||
	       str_equal(name, "button");
}

#define BLANK " \t\r\n"

/* Commas alone are a list of nothing. */
static bool
is_blank(const char *value)
{
	return value[strspn(value, BLANK ",")] == '\0';
}

static const char *
trimmed(struct arena *a, const char *value, size_t len)
{
	const char *start = value + strspn(value, BLANK);

	len = (size_t)(value + len > start ? value + len - start : 0);
	while (len > 0 && strchr(BLANK, start[len - 1]) != NULL)
		len--;
	return str_format(a, "%.*s", (int)len, start);
}

/* Which elements of the list at the head of `name` (up to `path_len`) the form fills.
 */
static uint64_t
keys_below(const struct walk *w, const ProtobufCFieldDescriptor *f, const char *name,
    size_t path_len)
{
	uint64_t keys = 0;

	for (size_t i = 0; i < w->reader.form->n; i++) {
		const struct form_pair *pair = &w->reader.form->pairs[i];
		bool is_value;
		unsigned key;
		if (strncmp(pair->name, name, path_len) != 0 || is_blank(pair->value))
			continue;
		struct segment s = segment_of(pair->name + path_len);
		if (key_in(f, s.text, &key, &is_value))
			keys |= UINT64_C(1) << key;
	}
	return keys;
}

static size_t
bits(uint64_t keys)
{
	return (size_t)__builtin_popcountll(keys);
}

static bool
refuse(struct walk *w, const char *name, const char *sentence)
{
	form_problem_add(w->reader.problems, name, "%s", sentence);
	return false;
}

#define UNKNOWN                                                                        \
	"The page sent an answer that it does not ask for. Reload it and try again"
#define TWICE "Give one answer here"

/* The list's elements, made when it is first met; NULL: there is no room. */
static struct list *
list_of(struct walk *w, ProtobufCMessage *m, const ProtobufCFieldDescriptor *f,
    const char *name, size_t path_len)
{
	for (size_t i = 0; i < w->lists_n; i++)
		if (w->lists[i].of == m && w->lists[i].field == f)
			return &w->lists[i];
	if (w->lists_n == LISTS_MAX) {
		refuse(w, name, UNKNOWN);
		return NULL;
	}
	struct list *list = &w->lists[w->lists_n];
	*list = (struct list){m, f, keys_below(w, f, name, path_len)};
	size_t n = bits(list->keys);
	ProtobufCMessage **elements = field_make(w->reader.arena, m, f, n);
	if (elements == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		elements[i] = message_new(w->reader.arena, f->descriptor);
		if (elements[i] == NULL)
			return NULL;
	}
	w->lists_n++;
	return list;
}

/* An element named by its enum has that value from the name. */
static bool
set_key(struct walk *w, ProtobufCMessage *element, const ProtobufCFieldDescriptor *list,
    unsigned value, const char *name)
{
	const ProtobufCFieldDescriptor *key = form_key_of(list);
	int there;

	if (field_count(element, key) > 0) {
		memcpy(&there, field_at(element, key, 0), sizeof there);
		return there == (int)value || refuse(w, name, TWICE);
	}
	memcpy(field_make(w->reader.arena, element, key, 1), &(int){(int)value},
	    sizeof(int));
	return true;
}

/* Into the list of messages `f` of *m, as the next segment at `*at` says. */
static bool
enter_list(struct walk *w, const ProtobufCFieldDescriptor *f, const char *name,
    const char **at, ProtobufCMessage **m)
{
	struct segment s = segment_of(*at);
	bool is_value;
	unsigned key;

	if (s.rest == NULL || !key_in(f, s.text, &key, &is_value))
		return refuse(w, name, UNKNOWN);
	struct list *list = list_of(w, *m, f, name, (size_t)(*at - name));
	if (list == NULL)
		return false;
	/* "children.00" is the child of "children.0", but was not counted under it. */
	if ((list->keys & UINT64_C(1) << key) == 0)
		return refuse(w, name, UNKNOWN);
	size_t i = bits(list->keys & ((UINT64_C(1) << key) - 1));
	memcpy(m, (const char *)field_at(*m, f, 0) + i * POINTER, POINTER);
	*at = s.rest;
	return !is_value || set_key(w, *m, f, key, name);
}

/* Into the one message `f` of *m, made when it is first met. */
static bool
enter_message(struct walk *w, const ProtobufCFieldDescriptor *f, ProtobufCMessage **m)
{
	ProtobufCMessage *inner;

	if (field_count(*m, f) > 0) {
		memcpy(m, field_at(*m, f, 0), POINTER);
		return true;
	}
	inner = message_new(w->reader.arena, f->descriptor);
	if (inner == NULL)
		return false;
	memcpy(field_make(w->reader.arena, *m, f, 1), &inner, POINTER);
	*m = inner;
	return true;
}

/* The field that is meant, and whether by one of the three parts of a day. */
static const ProtobufCFieldDescriptor *
field_named(const ProtobufCMessage *m, char *text, bool *is_part)
{
	static const char *const parts[] = {"-day", "-month", "-year"};
	const ProtobufCFieldDescriptor *f;

	*is_part = false;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (str_ends(text, parts[i])) {
			text[strlen(text) - strlen(parts[i])] = '\0';
			*is_part = true;
			break;
		}
	}
	f = protobuf_c_message_descriptor_get_field_by_name(m->descriptor, text);
	if (f == NULL || !*is_part)
		return f;
	return field_kind(f) == FIELD_DAY && f->label != PROTOBUF_C_LABEL_REPEATED
	           ? f
	           : NULL;
}

/* Follows a name to the field that it means and the message that has it. */
static const ProtobufCFieldDescriptor *
find(struct walk *w, const char *name, ProtobufCMessage **m, bool *is_part)
{
	const char *at = name;

	*m = w->root;
	for (;;) {
		struct segment s = segment_of(at);
		const ProtobufCFieldDescriptor *f = field_named(*m, s.text, is_part);
		bool is_message = f != NULL && f->type == PROTOBUF_C_TYPE_MESSAGE;
		if (f == NULL || (s.rest != NULL) != is_message) {
			refuse(w, name, UNKNOWN);
			return NULL;
		}
		if (!is_message)
			return f;
		at = s.rest;
		bool is_list = f->label == PROTOBUF_C_LABEL_REPEATED;
		if (is_list ? !enter_list(w, f, name, &at, m) : !enter_message(w, f, m))
			return NULL;
	}
}

/* Text in a list may be several values with commas between them. */
static size_t
pieces(const ProtobufCFieldDescriptor *f, const char *value)
{
	size_t n = 1;

	for (; f->type == PROTOBUF_C_TYPE_STRING && *value != '\0'; value++)
		n += *value == ',';
	return n;
}

static bool
read_piece(struct walk *w, const ProtobufCFieldDescriptor *f, const char *name,
    const char *value, void *element)
{
	return value != NULL && form_value_read(&w->reader, f, name, value, element);
}

/* All values of this name, in their order. */
static void
read_list(struct walk *w, ProtobufCMessage *m, const ProtobufCFieldDescriptor *f,
    const char *name)
{
	const struct form *form = w->reader.form;
	size_t most = 0, n = 0, size = field_element_size(f);

	for (size_t i = 0; i < form->n; i++)
		if (str_equal(form->pairs[i].name, name))
			most += pieces(f, form->pairs[i].value);
	char *list = field_make(w->reader.arena, m, f, most);
	for (size_t i = 0; list != NULL && i < form->n; i++) {
		const char *value = form->pairs[i].value;
		size_t left = pieces(f, value);
		if (!str_equal(form->pairs[i].name, name))
			continue;
		for (; left > 0; left--) {
			size_t len = left > 1 ? strcspn(value, ",") : strlen(value);
			const char *piece = trimmed(w->reader.arena, value, len);
			value += len + (left > 1);
			if (piece != NULL && *piece == '\0')
				continue;
			if (!read_piece(w, f, name, piece, list + n * size))
				return;
			n++;
		}
	}
	memcpy((char *)m + f->quantifier_offset, &n, sizeof n);
}

/* The three fields of a day, once for all of them. */
static void
read_day(struct walk *w, ProtobufCMessage *m, const ProtobufCFieldDescriptor *f,
    const char *name)
{
	static const char *const suffixes[3] = {"-day", "-month", "-year"};
	const char *parts[3];
	size_t len = (size_t)(strrchr(name, '-') - name);
	const char *whole = str_format(w->reader.arena, "%.*s", (int)len, name);

	if (whole == NULL || field_count(m, f) > 0 ||
	    form_problem_of(w->reader.problems, whole) != NULL)
		return; /* another of the three has been here */
	for (int i = 0; i < 3; i++) {
		const char *part =
		    str_format(w->reader.arena, "%s%s", whole, suffixes[i]);
		const char *value =
		    part != NULL ? form_first(w->reader.form, part) : NULL;
		parts[i] =
		    value != NULL ? trimmed(w->reader.arena, value, strlen(value)) : "";
		if (part == NULL || parts[i] == NULL)
			return;
		if (form_count(w->reader.form, part) > 1) {
			refuse(w, whole, TWICE);
			return;
		}
	}
	int32_t day;
	if (form_value_read_day(&w->reader, whole, parts, &day))
		memcpy(field_make(w->reader.arena, m, f, 1), &day, sizeof day);
}

static void
read_one(struct walk *w, ProtobufCMessage *m, const ProtobufCFieldDescriptor *f,
    const struct form_pair *pair)
{
	const char *value = trimmed(w->reader.arena, pair->value, strlen(pair->value));
	uint64_t element[2] = {0};
	size_t size = field_element_size(f);

	static_assert(sizeof element >= sizeof(ProtobufCBinaryData), "any element");
	if (value == NULL ||
	    !form_value_read(&w->reader, f, pair->name, value, element))
		return;
	/* needs.autism.kind=autism says again what its name says. */
	if (field_count(m, f) == 0)
		memcpy(field_make(w->reader.arena, m, f, 1), element, size);
	else if (f->type != PROTOBUF_C_TYPE_ENUM ||
		 memcmp(field_at(m, f, 0), element, size) != 0)
		refuse(w, pair->name, TWICE);
}

static void
read_pair(struct walk *w, const struct form_pair *pair)
{
	ProtobufCMessage *m;
	bool is_part;
	const ProtobufCFieldDescriptor *f = find(w, pair->name, &m, &is_part);

	if (f == NULL)
		return;
	if (is_part) {
		read_day(w, m, f, pair->name);
		return;
	}
	if (f->label == PROTOBUF_C_LABEL_REPEATED) {
		if (field_count(m, f) == 0)
			read_list(w, m, f, pair->name);
		return;
	}
	read_one(w, m, f, pair);
}

/* "children[0].languages[2]" as a form names it: "children.0.languages". */
static const char *
name_of(struct arena *a, const char *path)
{
	char *name = str_copy(a, path), *to = name;

	for (; name != NULL && *path != '\0'; path++)
		if (*path != ']')
			*to++ = *path == '[' ? '.' : *path;
	if (name == NULL)
		return path;
	*to = '\0';
	if (to > name && path[-1] == ']')
		*strrchr(name, '.') = '\0';
	return name;
}

/* The last word is base/check's, as for every message of ours. */
static enum err
checked(struct arena *a, ProtobufCMessage *m, ProtobufCMessage **out,
    struct form_problems *problems)
{
	struct check_problem why;
	struct bytes packed;
	enum err e = message_pack(a, m, &packed);

	if (e != ERR_NONE)
		return e;
	if (!check_message(m, packed, &why)) {
		form_problem_add(
		    problems, name_of(a, why.field), "This answer %s", why.reason);
		return ERR_MALFORMED;
	}
	*out = m;
	return ERR_NONE;
}

enum err
form_to_message(struct arena *a, const ProtobufCMessageDescriptor *type,
    const struct form *form, ProtobufCMessage **out, struct form_problems *problems)
{
	struct walk w = {.reader = {a, form, problems}, .root = message_new(a, type)};

	problems->n = 0;
	w.lists = arena_take(a, LISTS_MAX * sizeof *w.lists);
	if (w.root == NULL || w.lists == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < form->n; i++)
		if (!is_blank(form->pairs[i].value) && !is_own(form->pairs[i].name))
			read_pair(&w, &form->pairs[i]);
	if (a->is_full)
		return ERR_MEMORY;
	if (problems->n > 0)
		return ERR_MALFORMED;
	return checked(a, w.root, out, problems);
}
