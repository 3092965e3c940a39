/*
 * How fast does a follower catch up? A journal of foster's with a million
 * publications of about 300 bytes is served by rcc-foster over CURVE.
 *   pulled and checked  pages pulled by this process, numbers and hash chain proved,
 *                       bodies not unpacked
 *   applied             by rcc-matching: checked, unpacked, written to its own store
 *                       and committed to disk, at least 2,000 events a commit
 * In the ordinary scheduling class: owner and follower are four threads, and on two
 * cores they overlap only where a woken one may interrupt another.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/journal.h"
#include "base/message.h"

#include "bench/support/bench.h"
#include "bench/support/supply.h"

#define EVENTS 1000000ull
#define ROUNDS 5
#define PAGE_BYTES (64u * 1024)
#define WAIT_MS 10000

struct puller {
	struct bus_client *client;
	struct arena arenas[2];
	uint64_t number;
	uint64_t incarnation;
	uint8_t hash[JOURNAL_HASH_BYTES];
};

static void
ask_page(struct puller *p, struct arena *a, uint64_t after)
{
	Journal__EventsAsked asked = JOURNAL__EVENTS_ASKED__INIT;
	Envelope__Envelope e = ENVELOPE__ENVELOPE__INIT;
	struct id id = bus_new_id();
	struct bytes body, packed;

	arena_reset(a);
	SET(&asked, after_number, after);
	SET(&asked, known_number, p->number);
	SET_BYTES(&asked, after_hash, ((struct bytes){p->hash, sizeof p->hash}));
	SET(&asked, incarnation, p->incarnation);
	SET(&asked, page_bytes, PAGE_BYTES);
	e.message_id = id.text;
	SET(&e, method, 1);
	SET(&e, wait_ms, WAIT_MS);
	if (message_pack(a, &asked.base, &body) != ERR_NONE)
		bench_fail("no memory");
	SET_BYTES(&e, body, body);
	if (message_pack(a, &e.base, &packed) != ERR_NONE ||
	    bus_client_post(p->client, packed) != ERR_NONE)
		bench_fail("foster cannot be asked");
}

static const Journal__EventsPage *
take_page(struct puller *p, struct arena *a)
{
	ProtobufCMessage *envelope, *page;
	struct bytes in;

	arena_reset(a);
	if (bus_client_take(p->client, WAIT_MS, &in) != ERR_NONE ||
	    message_unpack(a, &envelope__envelope__descriptor, in, &envelope) !=
		ERR_NONE ||
	    message_unpack(a, &journal__events_page__descriptor,
		BYTES_OF(((Envelope__Envelope *)envelope)->body), &page) != ERR_NONE)
		bench_fail("no page came");
	return (const Journal__EventsPage *)page;
}

/* The next page is asked for as soon as the last number of this one is known, so that
 * owner and follower work at the same time. Each question still bears the hash of all
 * that was checked before it, and the owner holds it against its own. */
static double
pull_all(struct puller *p)
{
	int64_t began = clock_ticks_us();
	unsigned which = 0;

	p->number = 0;
	p->incarnation = 0;
	memset(p->hash, 0, sizeof p->hash);
	ask_page(p, &p->arenas[which], 0);
	while (p->number < EVENTS) {
		const Journal__EventsPage *page = take_page(p, &p->arenas[which]);
		uint64_t last;

		if (page->n_entries == 0)
			bench_fail(
			    "an empty page after %llu", (unsigned long long)p->number);
		p->incarnation = page->incarnation;
		last = page->entries[page->n_entries - 1]->header->number;
		which = 1 - which;
		if (last < EVENTS)
			ask_page(p, &p->arenas[which], last);
		if (journal_check_page(page, &p->number, p->hash) != ERR_NONE)
			bench_fail("the chain does not hold");
	}
	return (double)p->number / ((double)(clock_ticks_us() - began) / 1e6);
}

static void
pulled(struct bench_region *r)
{
	double rates[ROUNDS];
	struct puller p = {.number = 0};

	p.client = bench_client(r, BENCH_FOSTER, &r->keys[BENCH_MATCHING]);
	for (unsigned i = 0; i < 2; i++) {
		if (arena_open(&p.arenas[i], 16u << 20) != ERR_NONE)
			bench_fail("no memory");
	}
	for (unsigned i = 0; i < ROUNDS; i++)
		rates[i] = pull_all(&p);
	bench_limit(
	    "follow.pulled", bench_median(rates, ROUNDS), "events/s", 500000, 1e12);
	for (unsigned i = 0; i < 2; i++)
		arena_close(&p.arenas[i]);
	bus_client_close(p.client);
}

static void
applied(struct bench_region *r)
{
	double rates[3];

	for (unsigned i = 0; i < 3; i++) {
		char store[200], path[220];
		struct bus_client *c;
		int64_t began;

		began = clock_ticks_us();
		bench_start(r, BENCH_MATCHING, NULL);
		c = bench_client(r, BENCH_MATCHING, &r->keys[BENCH_MEMBERS]);
		bench_await_followed(r, c, "foster", EVENTS);
		rates[i] = (double)EVENTS / ((double)(clock_ticks_us() - began) / 1e6);
		bus_client_close(c);
		bench_stop(r, BENCH_MATCHING, SIGTERM);
		/* Follow again from the first event next time. */
		bench_store(r, BENCH_MATCHING, store, sizeof store);
		snprintf(path, sizeof path, "%s/data.mdb", store);
		if (unlink(path) != 0)
			bench_fail("%s stays", path);
	}
	bench_limit("follow.applied", bench_median(rates, 3), "events/s", 100000, 1e12);
}

int
main(void)
{
	static struct bench_region r;

	bench_region_open(&r);
	bench_machine(r.folder);
	/* Opened once, so that its tables are there; then filled while it is stopped.
	 */
	bench_start(&r, BENCH_FOSTER, NULL);
	bench_stop(&r, BENCH_FOSTER, SIGTERM);
	bench_fill_foster(&r, EVENTS);
	bench_start(&r, BENCH_FOSTER, NULL);
	pulled(&r);
	applied(&r);
	bench_region_close(&r);
	return bench_exit();
}
