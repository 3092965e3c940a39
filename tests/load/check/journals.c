/* Every entry of a journal, shown to whoever keeps count. */
#include "load/check/check.h"

#include <inttypes.h>

#include "base/journal.h"
#include "base/message.h"

#include "foster.pb-c.h"
#include "members.pb-c.h"
#include "requests.pb-c.h"
#include "residential.pb-c.h"

static const struct {
	const ProtobufCMessageDescriptor *event;
	void (*see)(struct check *c, const struct check_entry *e);
} readers[CHECK_SERVICES] = {
    [CHECK_MEMBERS] = {&members__members_event__descriptor, NULL},
    [CHECK_FOSTER] = {&foster__foster_event__descriptor, check_see_foster},
    [CHECK_RESIDENTIAL] = {&residential__residential_event__descriptor,
	check_see_residential},
    [CHECK_REQUESTS] = {&requests__requests_event__descriptor, check_see_requests},
};

static void
see(struct check *c, enum check_service service, const struct journal_walk *w)
{
	const Journal__Header *h = w->record->header;
	const ProtobufCFieldDescriptor *f =
	    protobuf_c_message_descriptor_get_field(readers[service].event, h->type);
	ProtobufCMessage *event = NULL;
	struct check_entry e = {
	    .service = service,
	    .number = h->number,
	    .time_ms = h->time,
	    .type = h->type,
	    .command_id = h->command_id,
	    .command = w->body->command,
	};

	c->entries++;
	if (f == NULL || message_unpack(&c->arena, f->descriptor,
			     BYTES_OF(w->body->event), &event) != ERR_NONE) {
		check_wrong(c, "%s: entry %" PRIu64 " cannot be read",
		    check_service_name(service), h->number);
		return;
	}
	e.event = event;
	check_see_command(c, &e);
	if (readers[service].see != NULL)
		readers[service].see(c, &e);
}

static void
walk(struct check *c, enum check_service service, struct kv *kv)
{
	struct kv_txn txn;
	struct journal_walk w = {.number = 0};

	kv_begin(kv, &txn, false);
	arena_reset(&c->arena);
	journal_walk(&txn, &w, 1);
	while (journal_next(&w, &c->arena)) {
		see(c, service, &w);
		arena_reset(&c->arena);
	}
	if (w.bad != NULL)
		check_wrong(c, "%s: entry %" PRIu64 " does not hold: %s",
		    check_service_name(service), w.number, w.bad);
	if (txn.err != ERR_NONE)
		check_wrong(c, "%s: its journal cannot be read (%s)",
		    check_service_name(service), err_name(txn.err));
	kv_abort(&txn);
}

void
check_journal(struct check *c, enum check_service service, const char *store)
{
	const struct kv_options options = {.path = store,
	    .tables = journal_tables,
	    .tables_n = JOURNAL_TABLES_N,
	    .read_only = true};
	char problem[256] = "";
	struct kv *kv = NULL;

	if (kv_open(&kv, &options, problem, sizeof problem) != ERR_NONE) {
		check_wrong(c, "%s: %s", check_service_name(service), problem);
		return;
	}
	walk(c, service, kv);
	kv_close(kv);
}
