/* What a yes tells: ids of what was made, and what was asked to see. */
#include "sim/actors.h"

#include "base/message.h"

#include "foster.pb-c.h"

#define REQUESTS_CALL(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define FOSTER_CALL(name) FOSTER__FOSTER_CALL__CALL_##name
#define RESIDENTIAL_CALL(name) RESIDENTIAL__RESIDENTIAL_CALL__CALL_##name

static const char *
done_id(struct actors *a, struct bytes body)
{
	ProtobufCMessage *m;

	if (message_unpack(&a->arena, &common__done__descriptor, body, &m) == ERR_NONE)
		return ((const Common__Done *)m)->id;
	world_fail(a->world, "an answer cannot be read");
	return NULL;
}

static void
hear_requests(struct actors *a, struct actor *c, struct bytes body)
{
	ProtobufCMessage *m;

	switch (c->method) {
	case REQUESTS_CALL(REQUEST): actors_read_request(a, c, body); break;
	case REQUESTS_CALL(REQUESTS): actors_read_list(a, c, body); break;
	case REQUESTS_CALL(DRAFT): actors_read_draft(a, c, body); break;
	case REQUESTS_CALL(DRAFTS): actors_read_drafts(a, c, body); break;
	case REQUESTS_CALL(TIMELINE): actors_read_timeline(a, c, body); break;
	case REQUESTS_CALL(KEEP_DRAFT):
		actors_learn(&a->drafts, done_id(a, body), NULL, c->organisation);
		break;
	case REQUESTS_CALL(SHORTLIST): a->world->tally.n[TALLY_SHORTLISTS]++; break;
	case REQUESTS_CALL(SUBMIT):
		if (message_unpack(&a->arena, &requests__submitted__descriptor, body,
			&m) == ERR_NONE)
			actors_learn(&a->requests,
			    ((const Requests__Submitted *)m)->request_id, NULL,
			    c->organisation);
		break;
	case REQUESTS_CALL(OFFER):
		actors_learn(&a->offers, done_id(a, body), c->about, c->organisation);
		break;
	default: break;
	}
}

static void
hear_foster(struct actors *a, struct actor *c, struct bytes body)
{
	switch (c->method) {
	case FOSTER_CALL(HOUSEHOLD): actors_read_home(a, c, body); break;
	case FOSTER_CALL(RECORD_OCCUPANT):
		actors_learn(&a->occupants, done_id(a, body), NULL, c->organisation);
		break;
	case FOSTER_CALL(WITHHOLD_PLACES):
		actors_learn(&a->withheld, done_id(a, body), NULL, c->organisation);
		break;
	case FOSTER_CALL(GRANT_EXEMPTION):
		actors_learn(&a->exemptions, done_id(a, body), NULL, c->organisation);
		break;
	default: break;
	}
}

static void
hear_residential(struct actors *a, struct actor *c, struct bytes body)
{
	ProtobufCMessage *m;

	switch (c->method) {
	case RESIDENTIAL_CALL(HOME): actors_read_care_home(a, c, body); break;
	case RESIDENTIAL_CALL(REGISTER_HOME):
		actors_learn(&a->care_homes, done_id(a, body), NULL, c->organisation);
		break;
	case RESIDENTIAL_CALL(RECORD_OCCUPANT):
		actors_learn(&a->occupants, done_id(a, body), NULL, c->organisation);
		break;
	case RESIDENTIAL_CALL(CLOSE_BEDS):
		actors_learn(&a->withheld, done_id(a, body), NULL, c->organisation);
		break;
	case RESIDENTIAL_CALL(RESERVE_BED):
		actors_learn(&a->reservations, done_id(a, body), NULL, c->organisation);
		break;
	case RESIDENTIAL_CALL(OPEN_VACANCY):
		if (message_unpack(&a->arena, &residential__vacancy__descriptor, body,
			&m) == ERR_NONE)
			actors_learn(&a->vacancies,
			    ((const Residential__Vacancy *)m)->vacancy_id,
			    ((const Residential__Vacancy *)m)->home_id,
			    c->organisation);
		break;
	default: break;
	}
}

void
actors_read(struct actors *a, struct actor *c, struct bytes body)
{
	if (c->to == NODE_REQUESTS)
		hear_requests(a, c, body);
	else if (c->to == NODE_FOSTER)
		hear_foster(a, c, body);
	else if (c->to == NODE_MEMBERS)
		doorkeeper_hears(a, c, body);
	else
		hear_residential(a, c, body);
}
