#include "child.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/field.h"
#include "base/message.h"
#include "base/str.h"

#include "path.h"
#include "words.h"

/* What may stand before the sign of equality, and the field it fills. */
static const struct part {
	const char *name;
	const char *field;
	bool is_many; /* + stands between several */
} parts[] = {
    {"age", "age_years", false},
    {"sex", "sex", false},
    {"needs", "needs", true},
    {"not-safe-with", "not_safe_with", true},
    {"language", "languages", true},
    {"ethnicity", "ethnicity", false},
    {"religion", "religion", false},
};

#define PARTS_N (sizeof(parts) / sizeof(parts[0]))

static bool fail(struct check_problem *why, const char *field, const char *reason, ...)
    __attribute__((format(printf, 3, 4)));

static bool
fail(struct check_problem *why, const char *field, const char *reason, ...)
{
	va_list values;

	(void)snprintf(why->field, sizeof(why->field), "%s", field);
	va_start(values, reason);
	(void)vsnprintf(why->reason, sizeof(why->reason), reason, values);
	va_end(values);
	return false;
}

static const struct part *
part_of(const char *name)
{
	for (size_t i = 0; i < PARTS_N; i++) {
		if (str_equal(parts[i].name, name))
			return &parts[i];
	}
	return NULL;
}

/* "trauma:medium" */
static bool
read_need(struct arena *a, char *text, Common__Need *out, struct check_problem *why)
{
	char *colon = strchr(text, ':');
	bool ok;

	if (!colon)
		return fail(why, "needs",
		    "'%.60s' has no level: write it as trauma:medium", text);
	*colon = '\0';
	ok = path_set(a, &out->base, "kind", text, 0, why) &&
	     path_set(a, &out->base, "level", colon + 1, 0, why);
	if (!ok && str_equal(why->field, "kind") && *why->reason)
		return fail(why, "needs",
		    "'%.40s' is not a need: rccctl call requests.submit lists them",
		    text);
	return ok;
}

static bool
add_need(
    struct arena *a, Requests__ChildNeed *child, char *text, struct check_problem *why)
{
	Common__Need **list = LIST_NEW(a, child->n_needs + 1, Common__Need *);
	Common__Need *need = MESSAGE_NEW(a, common__need);

	if (!list || !need)
		return false; /* no room: the reason stays empty */
	if (!read_need(a, text, need, why))
		return false;
	if (child->n_needs > 0)
		memcpy(list, child->needs, child->n_needs * sizeof(Common__Need *));
	list[child->n_needs++] = need;
	child->needs = list;
	return true;
}

static bool
read_part(struct arena *a, char *text, int32_t today, Requests__ChildNeed *child,
    struct check_problem *why)
{
	char *value = strchr(text, '=');
	const struct part *part;
	char *plus;

	if (!value)
		return fail(why, "", "'%.60s' is not like age=7", text);
	*value++ = '\0';
	part = part_of(text);
	if (!part)
		return fail(why, "",
		    "'%.40s' is not one of: age, sex, needs, not-safe-with, language, "
		    "ethnicity, religion",
		    text);
	const ProtobufCFieldDescriptor *f =
	    protobuf_c_message_descriptor_get_field_by_name(
		child->base.descriptor, part->field);
	if (field_count(&child->base, f) > 0)
		return fail(why, part->field, "is said twice (put + between several)");
	do {
		plus = part->is_many ? strchr(value, '+') : NULL;
		if (plus)
			*plus = '\0';
		if (!(f->type == PROTOBUF_C_TYPE_MESSAGE
			    ? add_need(a, child, value, why)
			    : path_set(
				  a, &child->base, part->field, value, today, why)))
			return false;
		value = plus ? plus + 1 : value;
	} while (plus);
	return true;
}

bool
child_read(struct arena *a, const char *text, int32_t today, Requests__ChildNeed *out,
    struct check_problem *why)
{
	char *rest = str_copy(a, text);

	*why = (struct check_problem){0};
	requests__child_need__init(out);
	if (!rest)
		return false;
	if (!*rest)
		return fail(why, "", "says nothing: write it like age=7,sex=female");
	while (rest) {
		char *comma = strchr(rest, ',');
		if (comma)
			*comma = '\0';
		if (!read_part(a, rest, today, out, why))
			return false;
		rest = comma ? comma + 1 : NULL;
	}
	if (out->has_age_years)
		SET(out, age_day, today);
	return true;
}

/* ---- out ---- */

static const char *
person_word(const Requests__ChildNeed *c)
{
	if (!c->has_sex)
		return "child";
	switch (c->sex) {
	case COMMON__SEX__SEX_FEMALE: return "girl";
	case COMMON__SEX__SEX_MALE: return "boy";
	case COMMON__SEX__SEX_UNSPECIFIED:
	case COMMON__SEX__SEX_UNKNOWN: break;
	}
	return "child";
}

static const char *
or_full(const char *text)
{
	return text ? text : "?";
}

static const char *
say_needs(struct arena *a, const Requests__ChildNeed *c)
{
	const char *text = "";

	for (size_t i = 0; i < c->n_needs; i++)
		text = or_full(str_format(a, "%s%s%s %s", text, i > 0 ? ", " : "",
		    words_enum(
			a, &common__need_kind__descriptor, (int)c->needs[i]->kind),
		    words_enum(
			a, &common__level__descriptor, (int)c->needs[i]->level)));
	return text;
}

static const char *
say_more(struct arena *a, const Requests__ChildNeed *c, const char *text)
{
	for (size_t i = 0; i < c->n_not_safe_with; i++)
		text = or_full(
		    str_format(a, "%s%s%s", text, i > 0 ? ", " : "; not safe with ",
			words_enum(a, &common__not_safe_with__descriptor,
			    (int)c->not_safe_with[i])));
	for (size_t i = 0; i < c->n_languages; i++)
		text = or_full(str_format(a, "%s%s%s", text, i > 0 ? ", " : "; speaks ",
		    words_safe(a, c->languages[i])));
	if (c->has_ethnicity)
		text = or_full(str_format(a, "%s; %s", text,
		    words_enum(a, &common__ethnicity__descriptor, (int)c->ethnicity)));
	if (c->has_religion)
		text = or_full(str_format(a, "%s; religion %s", text,
		    words_enum(a, &common__religion__descriptor, (int)c->religion)));
	return text;
}

const char *
child_say(struct arena *a, const Requests__ChildNeed *c)
{
	const char *age =
	    c->has_age_years ? or_full(str_format(a, " of %u", c->age_years)) : "";
	const char *on =
	    c->has_age_day
		? or_full(str_format(a, " (on %s)", words_day(a, c->age_day)))
		: "";
	const char *needs = c->n_needs > 0 ? say_needs(a, c) : "no need recorded";
	const char *text = or_full(str_format(a, "%s%s%s%s%s: %s",
	    c->child_ref ? words_safe(a, c->child_ref) : "",
	    c->child_ref ? ", a " : "a ", person_word(c), age, on, needs));

	return say_more(a, c, text);
}
