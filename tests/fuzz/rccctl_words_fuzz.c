/*
 * What people type within an option, and how messages are shown to them. The first byte
 * says which: a child, a split of siblings, a day or another word, a path into an
 * answer.
 */
#include "fuzz/support/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/day.h"
#include "base/json.h"
#include "base/message.h"
#include "base/str.h"
#include "fuzz/support/speak.h"
#include "fuzz/support/types.h"
#include "rccctl/child.h"
#include "rccctl/path.h"
#include "rccctl/split.h"
#include "rccctl/words.h"

#define TODAY 20778

static struct speak_words no_words;

/* ---- typed ---- */

static void
a_child(const char *text)
{
	Requests__ChildNeed child;
	struct check_problem why;
	struct bytes packed;
	const char *said;

	if (!child_read(&fuzz_arena, text, TODAY, &child, &why)) {
		FUZZ_CHECK(
		    why.reason[0] != '\0', "'%s' is refused without a reason", text);
		return;
	}
	FUZZ_CHECK(message_pack(&fuzz_arena, &child.base, &packed) == ERR_NONE,
	    "'%s' does not pack", text);
	FUZZ_CHECK(!child.has_age_years || child.age_day == TODAY, "no day of the age");
	said = child_say(&fuzz_arena, &child);
	FUZZ_CHECK(fuzz_is_plain(said, 0), "'%s' is said as '%s'", text, said);
}

/* The same split, written with commas. */
static const char *
write_split(const Requests__Split *s)
{
	char *text = arena_take(&fuzz_arena, 4096), *to = text;

	for (size_t i = 0; i < s->n_parts; i++) {
		FUZZ_CHECK(s->parts[i]->n_child_refs > 0, "a part of nobody");
		for (size_t k = 0; k < s->parts[i]->n_child_refs; k++) {
			*to++ = s->parts[i]->child_refs[k][0];
			*to++ = ',';
		}
		*to++ = '/';
	}
	if (to > text)
		to[-1] = '\0';
	return text;
}

static void
a_split(const char *text)
{
	Requests__Split split, again;
	struct bytes one, two;
	const char *written;

	if (strlen(text) > 1000 || !split_read(&fuzz_arena, text, &split))
		return;
	written = write_split(&split);
	FUZZ_CHECK(split_read(&fuzz_arena, written, &again), "'%s' became '%s'", text,
	    written);
	FUZZ_CHECK(message_pack(&fuzz_arena, &split.base, &one) == ERR_NONE &&
		       message_pack(&fuzz_arena, &again.base, &two) == ERR_NONE &&
		       bytes_equal(one, two),
	    "'%s' became '%s'", text, written);
}

static void
every_enum(const char *text)
{
	for (size_t i = 0; i < message_types_n; i++) {
		for (unsigned k = 0; k < message_types[i]->n_fields; k++) {
			const ProtobufCFieldDescriptor *f =
			    &message_types[i]->fields[k];
			int value, same;
			if (f->type != PROTOBUF_C_TYPE_ENUM ||
			    !words_enum_parse(f->descriptor, text, &value))
				continue;
			const char *word =
			    words_enum(&fuzz_arena, f->descriptor, value);
			const char *json =
			    words_enum_json(&fuzz_arena, f->descriptor, value);
			FUZZ_CHECK(words_enum_parse(f->descriptor, word, &same) &&
				       same == value &&
				       words_enum_parse(f->descriptor, json, &same) &&
				       same == value,
			    "'%s' is '%s' is '%s'", text, word, json);
		}
	}
}

static void
a_day(const char *text)
{
	int32_t day, again;

	if (!words_day_parse(text, TODAY, &day))
		return;
	const char *said = words_day(&fuzz_arena, day);
	FUZZ_CHECK(words_day_parse(said, TODAY, &again) && again == day, "'%s' is '%s'",
	    text, said);
}

/* ---- shown ---- */

static void
shown(const char *text, size_t width)
{
	const char *safe = words_safe(&fuzz_arena, text);
	const char *cut = words_cut(&fuzz_arena, safe, width);
	char *wrapped = NULL;
	size_t size = 0;

	FUZZ_CHECK(fuzz_is_plain(safe, 0) && strlen(safe) == strlen(text),
	    "'%s' is not safe", safe);
	FUZZ_CHECK(words_width(cut) <= width, "'%s' is wider than %zu", cut, width);
	if (str_is_utf8(text, strlen(text))) {
		const char *inside = words_json(&fuzz_arena, text);
		json_t *json = json_loads(
		    str_format(&fuzz_arena, "\"%s\"", inside), JSON_DECODE_ANY, NULL);
		FUZZ_CHECK(str_equal(json_string_value(json), safe),
		    "'%s' is '%s' in JSON", safe, inside);
		json_decref(json);
	}
	FILE *out = open_memstream(&wrapped, &size);
	FUZZ_CHECK(out != NULL, "no room");
	words_wrap(out, safe, 4, 4);
	(void)fclose(out);
	FUZZ_CHECK(size > 0 && wrapped[size - 1] == '\n', "a line without an end");
	free(wrapped);
}

/* What stands at a path of a message that the input makes. */
static void
a_path(struct bytes input)
{
	struct bytes path = fuzz_cut(&input, '\n');
	struct speaker s = {
	    dice_of(input), &fuzz_arena, &no_words, INT64_C(1795262400000)};
	struct path_texts texts = {0};
	const ProtobufCMessage *m;

	if (input.len < 2)
		return;
	s.dice.at += 2;
	m = speak_message(
	    &s, message_type_at((uint16_t)(input.data[0] << 8 | input.data[1])));
	if (!path_texts(&fuzz_arena, m, fuzz_text(path), &texts))
		return;
	for (size_t i = 0; i < texts.n; i++)
		FUZZ_CHECK(texts.list[i] != NULL, "nothing at %s", fuzz_text(path));
}

/* The same text into every field that a verb could fill. */
static void
into_fields(const char *text)
{
	for (size_t i = 0; i < message_types_n; i += 3) {
		ProtobufCMessage *m = message_new(&fuzz_arena, message_types[i]);
		for (unsigned k = 0; k < message_types[i]->n_fields; k++) {
			const ProtobufCFieldDescriptor *f =
			    &message_types[i]->fields[k];
			struct check_problem why;
			if (f->type == PROTOBUF_C_TYPE_MESSAGE ||
			    (f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
				continue;
			if (!path_set(&fuzz_arena, m, f->name, text, TODAY, &why))
				FUZZ_CHECK(why.reason[0] != '\0' &&
					       str_equal(why.field, f->name),
				    "%s: '%s'", f->name, text);
		}
	}
}

static void
one(struct bytes input)
{
	if (input.len < 2)
		return;
	struct bytes rest = {input.data + 1, input.len - 1};
	switch (input.data[0] % 8) {
	case 0: a_path(rest); break;
	case 1:
	case 2: a_child(fuzz_text(rest)); break;
	case 3: a_split(fuzz_text(rest)); break;
	case 4: every_enum(fuzz_text(rest)); break;
	case 5: a_day(fuzz_text(rest)); break;
	case 6: shown(fuzz_text(rest), 1 + (size_t)input.data[0] / 8 * 3); break;
	case 7: into_fields(fuzz_text(rest)); break;
	}
}

const struct fuzz_target fuzz_target = {.rounds = 4000, .bytes_max = 512, .one = one};
