#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/journal.h"
#include "base/json.h"
#include "base/kv.h"
#include "base/message.h"
#include "base/str.h"

#include "args.h"
#include "method.h"
#include "path.h"
#include "verbs.h"
#include "words.h"

static const struct flag flags[] = {
    {"--store", "DIR", "the service's store, or a copy of it; or just DIR", NULL, NULL},
    {"--service", "NAME", "whose it is, where the folder has another name", NULL, NULL},
    {"--from", "N", "from this entry on; 1 unless told", NULL, NULL},
    {"--most", "N", "at most so many entries", NULL, NULL},
    {"--type", "NAME", "only events of this type: placement_started", NULL, NULL},
};

/* What is to be shown. */
struct wish {
	const struct contract *contract;
	int64_t from, most;
	uint32_t type; /* 0: every one */
};

static enum exit_code
read_wish(struct tool *t, const char *store, struct wish *out)
{
	const char *service = args_value(t, "--service");
	const char *type = args_value(t, "--type");
	char *copy = str_copy(&t->arena, store);
	size_t len = copy ? strlen(copy) : 0;
	enum exit_code code;

	*out = (struct wish){.contract = &contracts[0], .from = 1, .most = INT64_MAX};
	if (!copy)
		return complain_memory();
	while (len > 1 && copy[len - 1] == '/')
		copy[--len] = '\0';
	if (!service) {
		const char *slash = strrchr(copy, '/');
		service = slash ? slash + 1 : copy;
	}
	*out = (struct wish){
	    .contract = contract_of(service), .from = 1, .most = INT64_MAX};
	if (!out->contract)
		return complain_usage(t,
		    "'%.40s' is no service: say with --service whose store "
		    "this is",
		    service);
	if (type) {
		const ProtobufCFieldDescriptor *f =
		    protobuf_c_message_descriptor_get_field_by_name(
			out->contract->event, type);
		if (!f)
			return complain_usage(t, "%s has no event called %.40s",
			    out->contract->service, type);
		out->type = f->id;
	}
	code = args_number(t, "--from", 1, INT64_MAX, &out->from);
	return code == EXIT_YES ? args_number(t, "--most", 1, INT64_MAX, &out->most)
	                        : code;
}

/* The event as JSON; "null" where this build does not know its type. */
static const char *
event_json(struct tool *t, const struct contract *c, uint32_t type, struct bytes event)
{
	const ProtobufCFieldDescriptor *f =
	    protobuf_c_message_descriptor_get_field(c->event, type);
	ProtobufCMessage *m = NULL;
	const char *json = NULL;

	if (!f || message_unpack(&t->arena, f->descriptor, event, &m) != ERR_NONE ||
	    json_from_message(&t->arena, m, t->is_json ? 0 : 2, &json) != ERR_NONE)
		return "null";
	return json;
}

static void
print_entry(struct tool *t, const struct contract *c, const Journal__Record *record,
    const Journal__Body *body)
{
	const Journal__Header *h = record->header;
	const ProtobufCFieldDescriptor *f =
	    protobuf_c_message_descriptor_get_field(c->event, h->type);
	const char *type = f ? f->name : "unknown";
	const char *json = event_json(t, c, h->type, BYTES_OF(body->event));
	const char *command = words_safe(&t->arena, h->command_id);
	const char *header = NULL;

	if (!t->is_json) {
		(void)printf("%s  %s  %s  command %s\n%s\n",
		    words_number(&t->arena, h->number),
		    words_time(&t->arena, h->time, t->now_ms), type, command, json);
		return;
	}
	if (json_from_message(&t->arena, &h->base, 0, &header) == ERR_NONE)
		(void)printf("{\"header\": %s, \"type\": \"%s\", \"event\": %s}\n",
		    header, type, json);
}

static enum exit_code
walk(struct tool *t, struct kv *kv, const struct wish *wish)
{
	struct kv_txn txn;
	struct journal_walk w = {0};
	size_t mark = t->arena.used;
	int64_t shown = 0;
	enum err e;

	kv_begin(kv, &txn, false);
	journal_walk(&txn, &w, (uint64_t)wish->from);
	while (journal_next(&w, &t->arena)) {
		bool is_wanted =
		    wish->type == 0 || w.record->header->type == wish->type;
		if (is_wanted)
			print_entry(t, wish->contract, w.record, w.body);
		arena_release(&t->arena, mark);
		if (is_wanted && ++shown == wish->most) {
			kv_walk_end(&w.rows);
			break;
		}
	}
	e = txn.err;
	kv_abort(&txn);
	if (e != ERR_NONE) {
		complain("the journal could not be read on (%s)", err_name(e));
		return EXIT_FAULT;
	}
	if (w.bad) {
		complain("entry %" PRIu64 " does not hold: %s", w.number, w.bad);
		return EXIT_BROKEN;
	}
	if (!t->is_json)
		(void)printf("%" PRId64 " entries. " NOTICE "\n", shown);
	return EXIT_YES;
}

static enum exit_code
run(struct tool *t)
{
	const char *store = args_store(t);
	struct kv_options options = {.path = store,
	    .tables = journal_tables,
	    .tables_n = JOURNAL_TABLES_N,
	    .read_only = true};
	struct kv *kv = NULL;
	char problem[256] = "";
	struct wish wish;
	enum exit_code code;

	if (!store)
		return complain_usage(t, "say which store: --store DIR");
	code = read_wish(t, store, &wish);
	if (code != EXIT_YES)
		return code;
	if (kv_open(&kv, &options, problem, sizeof(problem)) != ERR_NONE) {
		complain("%s", problem);
		return EXIT_FAULT;
	}
	code = walk(t, kv, &wish);
	kv_close(kv);
	return code;
}

const struct verb verb_journal_show = {
    .name = "journal show",
    .takes = "[DIR]",
    .summary =
	"the entries of a service's journal, one event each, checked as they are read",
    .text = "Reads the store on this machine and asks no service; who may read its "
	    "folder may "
	    "read it. For a store that may be damaged use journal verify.",
    .example =
	"rccctl journal show --store /var/lib/rcc/requests --type placement_started",
    FLAGS(flags),
    .words_max = 1,
    .run = run,
};
