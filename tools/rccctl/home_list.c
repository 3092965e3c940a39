#include <stdio.h>

#include "base/str.h"

#include "list.h"
#include "table.h"
#include "vacancy.h"
#include "verbs.h"
#include "words.h"

#include "residential.pb-c.h"

static const struct flag flags[] = {
    {"--after", "ID", "go on behind this home", "after_id", NULL},
    LIST_MOST,
};

static void
print(struct tool *t, const ProtobufCMessage *answer)
{
	const Residential__Homes *list = (const void *)answer;
	struct arena *a = &t->arena;
	struct table table;

	table_begin(&table, a, "home|name~|type|urn|sector|takes|staffed>|grade~");
	for (size_t i = 0; i < list->n_homes; i++) {
		const Residential__Home *h = list->homes[i];
		table_cell(&table, h->home_id);
		table_cell(&table, h->home_name);
		table_cell(&table, vacancy_type(h->care_type));
		table_cell(&table, h->urn);
		table_cell(&table, h->home_sector);
		table_cell(&table, vacancy_takes_short(a, h->takes_girls, h->takes_boys,
				       h->age_min_years, h->age_max_years));
		table_cell(&table,
		    str_format(a, "%u of %u", h->staffed_beds, h->registered_places));
		table_cell(&table,
		    h->has_grade
			? words_enum(a, &members__grade__descriptor, (int)h->grade)
			: "");
	}
	table_print(&table, stdout);
	list_end(list->n_homes, "home", "homes", list->next_id, "");
}

const struct verb verb_home_list = {
    .name = "home list",
    .summary = "your provider's homes",
    .text = "By a placement officer of the provider.",
    .example = "rccctl home list",
    FLAGS(flags),
    .run = list_run,
    .call = "residential.homes",
    .print = print,
};
