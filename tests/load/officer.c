/* The co-operative's officer reads: what is asked for, what is there, what is missing.
 */
#include "load/load.h"

#include "base/message.h"

#include "foster.pb-c.h"
#include "observatory.pb-c.h"
#include "residential.pb-c.h"

#define LIMIT 50

void
load_officer_act(struct load *l, struct load_client *c)
{
	Requests__RequestsAsked *r = MESSAGE_NEW(&l->arena, requests__requests_asked);
	Foster__VacanciesAsked *f = MESSAGE_NEW(&l->arena, foster__vacancies_asked);
	Residential__VacanciesAsked *h =
	    MESSAGE_NEW(&l->arena, residential__vacancies_asked);
	Observatory__SufficiencyAsked *s =
	    MESSAGE_NEW(&l->arena, observatory__sufficiency_asked);

	SET(r, limit, LIMIT);
	SET(f, limit, LIMIT);
	SET(h, limit, LIMIT);
	switch (random_below(&l->random, 4)) {
	case 0:
		load_call(l, c, LOAD_REQUESTS, REQUESTS__REQUESTS_CALL__CALL_REQUESTS,
		    NULL, &r->base);
		break;
	case 1:
		load_call(l, c, LOAD_FOSTER, FOSTER__FOSTER_CALL__CALL_VACANCIES, NULL,
		    &f->base);
		break;
	case 2:
		load_call(l, c, LOAD_RESIDENTIAL,
		    RESIDENTIAL__RESIDENTIAL_CALL__CALL_VACANCIES, NULL, &h->base);
		break;
	default:
		load_call(l, c, LOAD_OBSERVATORY,
		    OBSERVATORY__OBSERVATORY_CALL__CALL_SUFFICIENCY, NULL, &s->base);
		break;
	}
}
