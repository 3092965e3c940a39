#include "fuzz/support/speak.h"

#include <string.h>

#include "base/check.h"
#include "base/day.h"
#include "base/field.h"
#include "base/id.h"
#include "base/message.h"
#include "base/str.h"
#include "fuzz/support/fuzz.h"

#define DAY_MS INT64_C(86400000)
#define LIST_MAX 4
#define SEEN_A_TYPE_MAX 8

/* ---- dice ---- */

struct dice
dice_of(struct bytes input)
{
	return (struct dice){
	    input.data, input.len == 0 ? input.data : input.data + input.len};
}

bool
dice_is_over(const struct dice *d)
{
	return d->at == d->end;
}

uint32_t
dice_below(struct dice *d, uint32_t n)
{
	unsigned bytes = n <= 1 ? 0 : n <= 256 ? 1 : n <= 65536 ? 2 : 4;
	uint32_t v = 0;

	for (; bytes > 0 && d->at < d->end; bytes--)
		v = v << 8 | *d->at++;
	return n <= 1 ? 0 : v % n;
}

struct bytes
dice_take(struct dice *d, size_t n)
{
	size_t left = (size_t)(d->end - d->at);
	struct bytes out = {d->at, n < left ? n : left};

	if (out.len > 0)
		d->at += out.len;
	return out;
}

/* ---- words ---- */

static bool
is_known(const struct speak_words *words, const struct speak_word *word)
{
	for (size_t i = 0; i < words->n; i++) {
		const struct speak_word *w = &words->list[i];

		if (w->number == word->number && str_equal(w->text, word->text) &&
		    str_equal(w->field, word->field))
			return true;
	}
	return false;
}

static void
learn(struct speak_words *words, const ProtobufCFieldDescriptor *f, const void *element)
{
	struct speak_word word = {.field = f->name};

	if (f->type == PROTOBUF_C_TYPE_STRING && field_kind(f) != FIELD_PLAIN)
		word.text = field_text(element);
	else if (f->type == PROTOBUF_C_TYPE_UINT64)
		memcpy(&word.number, element, sizeof word.number);
	else
		return;
	if (words->n == SPEAK_WORDS_MAX || is_known(words, &word))
		return;
	if (word.text != NULL)
		word.text = str_copy(&words->arena, word.text);
	if (!words->arena.is_full)
		words->list[words->n++] = word;
}

const char *
speak_word(const struct speak_words *words, const char *field, size_t i)
{
	for (size_t w = 0; w < words->n; w++)
		if (words->list[w].text != NULL &&
		    str_equal(words->list[w].field, field) && i-- == 0)
			return words->list[w].text;
	return NULL;
}

/* The i-th that was seen of this type; NULL beyond. */
static const ProtobufCMessage *
seen(const struct speak_words *words, const ProtobufCMessageDescriptor *type, size_t i)
{
	for (size_t k = 0; k < words->seen_n; k++)
		if (words->seen[k]->descriptor == type && i-- == 0)
			return words->seen[k];
	return NULL;
}

static void
learn_whole(struct speak_words *words, const ProtobufCMessage *m)
{
	const ProtobufCMessage *copy;

	if (words->seen_n == SPEAK_SEEN_MAX ||
	    seen(words, m->descriptor, SEEN_A_TYPE_MAX - 1) != NULL)
		return;
	copy = message_copy(&words->arena, m);
	if (copy != NULL)
		words->seen[words->seen_n++] = copy;
}

/* NOLINTBEGIN(misc-no-recursion): the contracts' messages never contain themselves
 * (tools/lint), so their descriptors bound it. */

void
speak_learn(struct speak_words *words, const ProtobufCMessage *m)
{
	learn_whole(words, m);
	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];
		size_t n = field_count(m, f);

		for (size_t j = 0; j < n; j++) {
			if (f->type == PROTOBUF_C_TYPE_MESSAGE)
				speak_learn(words, field_message(field_at(m, f, j)));
			else
				learn(words, f, field_at(m, f, j));
		}
	}
}

/* NOLINTEND(misc-no-recursion) */

/* One learnt of a field called so, or, where there is none or the dice want it, of any
 * that is a text (or a number) too. */
static const struct speak_word *
recall(struct speaker *s, const char *field, bool is_text)
{
	const struct speak_words *words = s->words;
	bool any = dice_below(&s->dice, 16) == 15;
	size_t n = 0, chosen;

	for (unsigned pass = 0; pass < 2; pass++, any = true) {
		for (size_t i = 0; i < words->n; i++)
			n += (words->list[i].text != NULL) == is_text &&
			     (any || str_equal(words->list[i].field, field));
		if (n > 0)
			break;
	}
	if (n == 0)
		return NULL;
	chosen = dice_below(&s->dice, (uint32_t)n);
	for (size_t i = 0; i < words->n; i++)
		if ((words->list[i].text != NULL) == is_text &&
		    (any || str_equal(words->list[i].field, field)) && chosen-- == 0)
			return &words->list[i];
	return NULL;
}

/* ---- values ---- */

static const char *
plain_text(struct speaker *s)
{
	static const char *const texts[] = {"en", "A", "B", "C", "D", "ur", "pl",
	    "Invented", "SC123456", "1234567", "", "Si\xc3\xa2n", "members", "foster",
	    "requests", "\x01\n\x1b[2J", "\xff\xfe", "co-operative"};
	uint32_t which = dice_below(&s->dice, sizeof texts / sizeof texts[0] + 1);
	struct bytes raw;
	char *text;

	if (which < sizeof texts / sizeof texts[0])
		return texts[which];
	raw = dice_take(&s->dice, dice_below(&s->dice, 250));
	text = arena_take(s->arena, raw.len + 1);
	if (raw.len > 0 && text != NULL)
		memcpy(text, raw.data, raw.len);
	return text;
}

static const char *
some_text(struct speaker *s, const ProtobufCFieldDescriptor *f)
{
	enum field_kind kind = field_kind(f);
	const struct speak_word *word;

	if (str_equal(f->name, "login") && dice_below(&s->dice, 16) != 15)
		return dice_below(&s->dice, 2) == 0 ? "a@b.example" : " C@D.example";
	if (kind == FIELD_PLAIN || dice_below(&s->dice, 32) == 31)
		return plain_text(s);
	if (kind == FIELD_ID && dice_below(&s->dice, 16) == 15) { /* a new one */
		uint8_t random[ID_RANDOM_BYTES] = {0};
		struct id id;

		random[0] = (uint8_t)dice_below(&s->dice, 256);
		id = id_make(s->now_ms, random);
		return str_copy(s->arena, id.text);
	}
	word = recall(s, f->name, true);
	return word == NULL ? "01jd5r0000aaaaaaaaaaaaaaaa" : word->text;
}

static int64_t
odd_number(struct speaker *s)
{
	static const int64_t odd[] = {0, 1, -1, INT32_MAX, INT32_MIN, UINT32_MAX,
	    INT64_MAX, INT64_MIN, 1000000, 255, 65536, INT64_C(1) << 53};

	return odd[dice_below(&s->dice, sizeof odd / sizeof odd[0])];
}

static int64_t
some_number(struct speaker *s, const ProtobufCFieldDescriptor *f)
{
	enum field_kind kind = field_kind(f);
	const struct speak_word *word;
	int64_t n = (int64_t)dice_below(&s->dice, 128) - 64;

	if (dice_below(&s->dice, 24) == 23)
		return odd_number(s);
	if (str_equal(f->name, "memory_kib"))
		return 65536;
	if (str_equal(f->name, "totp_step"))
		return s->now_ms / 30000 + n % 4;
	switch (kind) {
	case FIELD_DAY:
		return day_in_london(s->now_ms) + (n / 4) * (n / 4) * (n < 0 ? -1 : 1);
	case FIELD_TIME: return s->now_ms + n * 3600000;
	case FIELD_PENCE: return (n + 64) * 1500;
	case FIELD_YEARS: return (n + 64) % 20;
	case FIELD_PLAIN:
		if (f->type == PROTOBUF_C_TYPE_UINT64) {
			word = recall(s, f->name, false);
			return word == NULL ? n : (int64_t)word->number;
		}
		return (n + 64) % 12;
	case FIELD_ID:
	case FIELD_ORGANISATION:
	case FIELD_COUNCIL:
	case FIELD_SECTOR: break;
	}
	return n;
}

/* What is kept of a secret: one of a few, or nothing would ever be found by it. */
static ProtobufCBinaryData
some_digest(struct speaker *s)
{
	uint8_t *data = arena_take(s->arena, 32);

	FUZZ_CHECK(data != NULL, "no room for a digest");
	memset(data, 1 + (int)dice_below(&s->dice, 7), 32);
	return (ProtobufCBinaryData){32, data};
}

static ProtobufCBinaryData
some_bytes(struct speaker *s, const ProtobufCFieldDescriptor *f)
{
	static const size_t lengths[] = {32, 32, 32, 16, 0, 1, 31, 33, 64, 200};
	bool is_digest = str_ends(f->name, "digest") || str_ends(f->name, "digests") ||
	                 str_ends(f->name, "password_key");

	if (is_digest && dice_below(&s->dice, 16) != 15)
		return some_digest(s);
	if (str_equal(f->name, "salt"))
		return (ProtobufCBinaryData){16, some_digest(s).data};
	size_t len = lengths[dice_below(&s->dice, 10)];
	struct bytes known = dice_take(&s->dice, 1 + dice_below(&s->dice, 32));
	uint8_t *data = arena_take(s->arena, len + known.len);

	FUZZ_CHECK(data != NULL, "no room for bytes");
	memset(data, 0x40, len); /* as the keys of machines are */
	if (known.len > 0)
		memcpy(data, known.data, known.len < len ? known.len : len);
	return (ProtobufCBinaryData){len, data};
}

static int32_t
some_enum(struct speaker *s, const ProtobufCEnumDescriptor *type)
{
	uint32_t odd = dice_below(&s->dice, 24);

	if (odd > 21) /* not said, and never heard of */
		return odd == 22 ? 0 : 77;
	return type->values[1 + dice_below(&s->dice, type->n_values - 1)].value;
}

/* NOLINTBEGIN(misc-no-recursion): as above. */

static void
say(struct speaker *s, const ProtobufCFieldDescriptor *f, void *place)
{
	if (f->type == PROTOBUF_C_TYPE_STRING) {
		const char *text = some_text(s, f);
		memcpy(place, &text, sizeof text);
	} else if (f->type == PROTOBUF_C_TYPE_MESSAGE) {
		*(ProtobufCMessage **)place = speak_message(s, f->descriptor);
	} else if (f->type == PROTOBUF_C_TYPE_BYTES) {
		*(ProtobufCBinaryData *)place = some_bytes(s, f);
	} else if (f->type == PROTOBUF_C_TYPE_ENUM) {
		int32_t value = some_enum(s, f->descriptor);
		memcpy(place, &value, sizeof value);
	} else if (f->type == PROTOBUF_C_TYPE_BOOL) {
		protobuf_c_boolean value = dice_below(&s->dice, 4) != 0;
		memcpy(place, &value, sizeof value);
	} else if (field_element_size(f) == sizeof(int64_t)) {
		int64_t value = some_number(s, f);
		memcpy(place, &value, sizeof value);
	} else {
		int32_t value = (int32_t)some_number(s, f);
		memcpy(place, &value, sizeof value);
	}
}

/* Is another of the same oneof said already? */
static bool
is_taken(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *other = &m->descriptor->fields[i];

		if ((f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
		    other->quantifier_offset == f->quantifier_offset &&
		    field_count(m, other) > 0)
			return true;
	}
	return false;
}

static void
say_field(struct speaker *s, ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	bool is_list = f->label == PROTOBUF_C_LABEL_REPEATED;
	size_t n = is_list ? dice_below(&s->dice, LIST_MAX) : 1;
	char *place;

	if (n == 0 || is_taken(m, f))
		return;
	place = field_make(s->arena, m, f, n);
	FUZZ_CHECK(place != NULL, "no room for %s", f->name);
	for (size_t j = 0; j < n; j++)
		say(s, f, place + j * field_element_size(f));
}

/* As somebody said it before, but for a field or two. */
static ProtobufCMessage *
say_again(struct speaker *s, const ProtobufCMessage *before)
{
	ProtobufCMessage *m = message_copy(s->arena, before);
	const ProtobufCMessageDescriptor *type = before->descriptor;

	FUZZ_CHECK(m != NULL, "no room for a %s", type->name);
	for (uint32_t n = type->n_fields == 0 ? 0 : dice_below(&s->dice, 3); n > 0; n--)
		say_field(s, m, &type->fields[dice_below(&s->dice, type->n_fields)]);
	return m;
}

ProtobufCMessage *
speak_message(struct speaker *s, const ProtobufCMessageDescriptor *type)
{
	uint32_t how = dice_below(&s->dice, 16);
	const ProtobufCMessage *before =
	    how < 9 ? seen(s->words, type, how % SEEN_A_TYPE_MAX) : NULL;
	ProtobufCMessage *m;

	if (how < 9 && before == NULL)
		before = seen(s->words, type, 0);
	if (before != NULL)
		return say_again(s, before);
	m = message_new(s->arena, type);
	FUZZ_CHECK(m != NULL, "no room for a %s", type->name);
	for (unsigned i = 0; i < type->n_fields && !dice_is_over(&s->dice); i++)
		if (dice_below(&s->dice, 16) != 15)
			say_field(s, m, &type->fields[i]);
	return m;
}

/* NOLINTEND(misc-no-recursion) */

struct bytes
speak_packed(struct speaker *s, const ProtobufCMessageDescriptor *type)
{
	struct bytes packed = BYTES_NONE;
	uint8_t *data;
	uint32_t hits = dice_below(&s->dice, 16);

	FUZZ_CHECK(message_pack(s->arena, speak_message(s, type), &packed) == ERR_NONE,
	    "no room for a packed %s", type->name);
	if (hits < 13 || packed.len == 0)
		return packed;
	data = message_data(packed); /* ours, in the arena */
	for (; hits > 13; hits--)
		data[dice_below(&s->dice, (uint32_t)packed.len)] ^=
		    (uint8_t)(1u << dice_below(&s->dice, 8));
	if (hits == 13 && dice_below(&s->dice, 2) == 1)
		packed.len = dice_below(&s->dice, (uint32_t)packed.len);
	return packed;
}
