#include "gateway/metrics.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/field.h"

#define SERVICE (&gateway__service_state__descriptor)
#define FOLLOW (&gateway__follow_state__descriptor)
#define TEXT_BYTES_MAX ((size_t)128 * 1024)
#define LABEL_BYTES_MAX 512 /* a text of the most bytes, each of them escaped */

/* The text so far; once it is full nothing more is put. */
struct page {
	char *text;
	size_t len, size;
	int64_t asked_time;
	bool is_full;
};

__attribute__((format(printf, 2, 3))) static void
put(struct page *p, const char *format, ...)
{
	size_t left = p->size - p->len;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(p->text + p->len, left, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= left) {
		p->is_full = true;
		p->text[p->len] = '\0';
		return;
	}
	p->len += (size_t)len;
}

/* A label's value: of all characters only these three have to be escaped. */
static const char *
escape(const char *value, char out[LABEL_BYTES_MAX])
{
	size_t n = 0;

	for (; value != NULL && *value != '\0' && n < LABEL_BYTES_MAX - 2; value++) {
		if (*value == '\\' || *value == '"' || *value == '\n')
			out[n++] = '\\';
		out[n++] = *value == '\n' ? 'n' : *value;
	}
	out[n] = '\0';
	return out;
}

/* ---- the numbers ---- */

enum unit {
	UNIT_ONE,     /* a number, or true: as it stands */
	UNIT_SAID,    /* a text: 1 where there is one, else 0 */
	UNIT_PERCENT, /* as a ratio */
	UNIT_TIME,    /* milliseconds since 1970, as seconds */
	UNIT_AGE,     /* the same, as seconds before asked_time */
};

static const struct metric {
	const ProtobufCMessageDescriptor *of;
	const char *field;
	enum unit unit;
	const char *name;
	const char *help;
} metrics[] = {
    {SERVICE, "up", UNIT_ONE, "rcc_service_up",
	"1 if the service answered when last asked."},
    {SERVICE, "answered_time", UNIT_AGE, "rcc_service_answer_age_seconds",
	"Since the service last answered."},
    {SERVICE, "ready", UNIT_ONE, "rcc_service_ready",
	"1 if the service says that it is ready."},
    {SERVICE, "started_time", UNIT_TIME, "rcc_service_start_time_seconds",
	"When the service started, since 1970 UTC."},
    {SERVICE, "head_number", UNIT_ONE, "rcc_journal_head_number",
	"The number of the last entry of its journal."},
    {SERVICE, "owed_calls", UNIT_ONE, "rcc_owed_calls",
	"Calls that it owes to other services, not answered yet."},
    {SERVICE, "oldest_owed_time", UNIT_AGE, "rcc_owed_oldest_age_seconds",
	"Since the oldest call was owed; absent if none is."},
    {SERVICE, "store_used_percent", UNIT_PERCENT, "rcc_store_used_ratio",
	"Of the room that its store may grow to, 0 to 1."},
    {SERVICE, "copied_time", UNIT_AGE, "rcc_backup_age_seconds",
	"Since its last backup was begun; absent if there is none since it was "
	"restored."},
    {SERVICE, "uncopied_events", UNIT_ONE, "rcc_backup_lag_events",
	"Entries of its journal that are in no backup."},
    {FOLLOW, "lag_events", UNIT_ONE, "rcc_follow_lag_events",
	"Entries behind the head of the source, as last heard."},
    {FOLLOW, "fresh_time", UNIT_AGE, "rcc_follow_fresh_age_seconds",
	"Since the copy last reached the head of the source."},
    {FOLLOW, "stopped", UNIT_SAID, "rcc_follow_stopped",
	"1 if following this source stopped on a fault."},
};

/* A number of the message, or true as 1. */
static int64_t
number_at(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	const void *element = field_at(m, f, 0);
	uint32_t v32;
	int64_t v64;

	if (field_element_size(f) == sizeof v64) {
		memcpy(&v64, element, sizeof v64);
		return v64;
	}
	memcpy(&v32, element, sizeof v32);
	return v32;
}

/* Clocks may differ between machines: nothing is older than nothing. */
static void
put_thousandths(struct page *p, int64_t n)
{
	if (n < 0)
		n = 0;
	put(p, " %" PRId64 ".%03" PRId64 "\n", n / 1000, n % 1000);
}

static void
put_value(struct page *p, const struct metric *metric, const ProtobufCMessage *m,
    const ProtobufCFieldDescriptor *f)
{
	switch (metric->unit) {
	case UNIT_ONE: put(p, " %" PRId64 "\n", number_at(m, f)); return;
	case UNIT_SAID: put(p, " %d\n", field_count(m, f) > 0); return;
	case UNIT_PERCENT: put_thousandths(p, number_at(m, f) * 10); return;
	case UNIT_TIME: put_thousandths(p, number_at(m, f)); return;
	case UNIT_AGE: put_thousandths(p, p->asked_time - number_at(m, f)); return;
	}
}

/* One line, or none where it is not known. `source` is NULL but for a follow. */
static void
put_line(struct page *p, const struct metric *metric, const ProtobufCMessage *m,
    const char *service, const char *source)
{
	const ProtobufCFieldDescriptor *f =
	    protobuf_c_message_descriptor_get_field_by_name(metric->of, metric->field);
	char escaped_service[LABEL_BYTES_MAX], escaped_source[LABEL_BYTES_MAX];

	assert(f != NULL && m->descriptor == metric->of);
	if (metric->unit != UNIT_SAID && field_count(m, f) == 0)
		return;
	put(p, "%s{service=\"%s\"", metric->name, escape(service, escaped_service));
	if (source != NULL)
		put(p, ",source=\"%s\"", escape(source, escaped_source));
	put(p, "}");
	put_value(p, metric, m, f);
}

static void
put_metric(struct page *p, const struct metric *metric, const Gateway__Health *view)
{
	put(p, "# HELP %s %s\n# TYPE %s gauge\n", metric->name, metric->help,
	    metric->name);
	for (size_t i = 0; i < view->n_services; i++) {
		const Gateway__ServiceState *s = view->services[i];

		if (metric->of == SERVICE)
			put_line(p, metric, &s->base, s->service, NULL);
		else
			for (size_t j = 0; j < s->n_follows; j++)
				put_line(p, metric, &s->follows[j]->base, s->service,
				    s->follows[j]->service);
	}
}

/* A restore changes the incarnation: a label, so that the change is seen. */
static void
put_incarnations(struct page *p, const Gateway__Health *view)
{
	char service[LABEL_BYTES_MAX], incarnation[LABEL_BYTES_MAX];

	put(p, "# HELP rcc_journal_info Always 1; the label changes with a restore.\n"
	       "# TYPE rcc_journal_info gauge\n");
	for (size_t i = 0; i < view->n_services; i++) {
		const Gateway__ServiceState *s = view->services[i];

		if (s->incarnation != NULL)
			put(p,
			    "rcc_journal_info{service=\"%s\",incarnation=\"%s\"} 1\n",
			    escape(s->service, service),
			    escape(s->incarnation, incarnation));
	}
}

enum err
gateway_metrics_text(struct arena *a, const Gateway__Health *view, const char **out)
{
	struct page p = {
	    .text = arena_take_raw(a, TEXT_BYTES_MAX),
	    .size = TEXT_BYTES_MAX,
	    .asked_time = view->asked_time,
	};

	if (p.text == NULL)
		return ERR_MEMORY;
	put(&p, "# %s\n", view->notice);
	for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
		put_metric(&p, &metrics[i], view);
	put_incarnations(&p, view);
	if (p.is_full)
		return ERR_MEMORY;
	*out = p.text;
	return ERR_NONE;
}
