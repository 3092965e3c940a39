#include "names.h"

#include <string.h>

#include "base/str.h"

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

struct names
names_of(struct arena *a, uint64_t seed, size_t room)
{
	return (struct names){
	    .chance = chance_of(seed, "names", 0),
	    .given = TAKE_LIST(a, room, char *),
	    .room = room,
	};
}

static bool
is_given(const struct names *s, const char *word)
{
	for (size_t i = 0; i < s->n; i++) {
		if (str_equal(s->given[i], word))
			return true;
	}
	return false;
}

/* A word that was not made before: 6,240 there are. */
static char *
new_word(struct names *s, struct arena *a)
{
	for (;;) {
		size_t mark = a->used;
		char *word = take_format(a, "%s%s%s",
		    heads[chance_below(&s->chance, COUNT(heads))],
		    middles[chance_below(&s->chance, COUNT(middles))],
		    tails[chance_below(&s->chance, COUNT(tails))]);
		if (s->n < s->room && !is_given(s, word)) {
			s->given[s->n++] = word;
			return word;
		}
		if (s->n == s->room)
			fail("there are not enough invented names for a region of this "
			     "size");
		arena_release(a, mark);
	}
}

char *
names_person(struct names *s, struct arena *a)
{
	const char *word = new_word(s, a);

	return take_format(
	    a, "%s %s", firsts[chance_below(&s->chance, COUNT(firsts))], word);
}

char *
names_agency(struct names *s, struct arena *a)
{
	return take_format(a, "%s Fostering (invented)", new_word(s, a));
}

char *
names_owner(struct names *s, struct arena *a)
{
	return take_format(a, "%s Holdings (invented)", new_word(s, a));
}
