#include "names.h"

#include <assert.h>

#include "take.h"

#define COUNT(list) ((uint32_t)(sizeof(list) / sizeof(list)[0]))

static const char *const firsts[] = {"Tavi", "Orlen", "Mirra", "Jessun", "Kelda",
    "Bram", "Ysolde", "Perrin", "Nuala", "Aziran", "Corvin", "Delwyn", "Farida",
    "Ismet", "Halvar", "Lunette", "Oswen", "Rukhsa", "Sorrel", "Tamsyn", "Ulric",
    "Vesna", "Wendar", "Zadie", "Anselm", "Bettan", "Chidi", "Dorrit", "Emrys",
    "Gwenla"};
static const char *const heads[] = {"Quel", "Bren", "Thrum", "Ozz", "Velm", "Druv",
    "Skell", "Yarr", "Plim", "Grost", "Fenn", "Zell", "Wrax", "Mork", "Jund", "Tarv",
    "Hesk", "Lorb", "Nath", "Culv", "Dask", "Ebbl", "Varn", "Ising", "Kest", "Ummer"};
static const char *const middles[] = {
    "a", "o", "i", "u", "ano", "iva", "emo", "oru", "ane", "uli", "ebo", "atu"};
static const char *const tails[] = {"morrow", "vossel", "dwick", "lathe", "bindle",
    "tarrow", "nockle", "grave", "sedge", "quill", "rundle", "threp", "mossop", "dell",
    "wether", "zamble", "flint", "crake", "pellow", "strand"};

static const char *const lasts[] = {"House", "Lodge", "View", "Cottage", "Grange",
    "Gate", "Bank", "Croft", "Mount", "Rise"};
#define WORDS (COUNT(heads) * COUNT(middles) * COUNT(tails)) /* 6,240 */
#define FORMS_MAX 32u
/* Beyond this part of all, finding one that is not given takes too long. */
#define GIVEN_PER_CENT_MAX 70

struct names
names_of(struct arena *a, uint64_t seed)
{
	static_assert(COUNT(firsts) <= FORMS_MAX && COUNT(lasts) <= FORMS_MAX, "room");
	return (struct names){
	    .chance = chance_of(seed, "names", 0),
	    .given = take(a, WORDS * FORMS_MAX / 8),
	};
}

/* A word in one of so many forms that was not given before: *form says which. */
static char *
new_word(struct names *s, struct arena *a, uint32_t forms, uint32_t *form)
{
	if (s->n++ >= (size_t)WORDS * forms * GIVEN_PER_CENT_MAX / 100)
		fail("there are not enough invented names for a region of this size");
	for (;;) {
		uint32_t head = chance_below(&s->chance, COUNT(heads));
		uint32_t middle = chance_below(&s->chance, COUNT(middles));
		uint32_t tail = chance_below(&s->chance, COUNT(tails));
		*form = chance_below(&s->chance, forms);
		uint32_t at = (head * COUNT(middles) + middle) * COUNT(tails) + tail;
		at = at * FORMS_MAX + *form;
		if ((s->given[at / 8] >> at % 8 & 1) != 0)
			continue;
		s->given[at / 8] = (uint8_t)(s->given[at / 8] | 1u << at % 8);
		return take_format(
		    a, "%s%s%s", heads[head], middles[middle], tails[tail]);
	}
}

char *
names_person(struct names *s, struct arena *a)
{
	uint32_t form;
	const char *word = new_word(s, a, COUNT(firsts), &form);

	return take_format(a, "%s %s", firsts[form], word);
}

char *
names_house(struct names *s, struct arena *a)
{
	uint32_t form;
	const char *word = new_word(s, a, COUNT(lasts), &form);

	return take_format(a, "%s %s", word, lasts[form]);
}

char *
names_firm(struct names *s, struct arena *a, const char *what)
{
	uint32_t form;
	const char *word = new_word(s, a, 1, &form);

	return take_format(a, "%s %s (invented)", word, what);
}
