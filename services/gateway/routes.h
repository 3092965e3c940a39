#ifndef RCC_GATEWAY_ROUTES_H
#define RCC_GATEWAY_ROUTES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <protobuf-c/protobuf-c.h>

#include "gateway/page.h"

/* Whom a page is for, beside the bits of the roles. */
#define ROUTE_ANYONE 0u /* signed in or not */
#define ROUTE_SIGNED_IN UINT32_MAX

#define ROLE_COMMISSIONER ROLE_BIT(MEMBERS__ROLE__ROLE_COMMISSIONER)
#define ROLE_NOMINATED ROLE_BIT(MEMBERS__ROLE__ROLE_NOMINATED_OFFICER)
#define ROLE_DIRECTOR ROLE_BIT(MEMBERS__ROLE__ROLE_DIRECTOR)
#define ROLE_COUNCIL (ROLE_COMMISSIONER | ROLE_NOMINATED | ROLE_DIRECTOR)
#define ROLE_PROVIDER ROLE_BIT(MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER)
#define ROLE_OFFICER ROLE_BIT(MEMBERS__ROLE__ROLE_COOPERATIVE_OFFICER)
#define ROLE_ADMINISTRATOR ROLE_BIT(MEMBERS__ROLE__ROLE_ADMINISTRATOR)

/*
 * One page: its path, whom it is for, who makes it, and what a form posted to it does.
 * A posted form is answered by `act`, or without it so: the form as a message of the
 * method, its field `subject` from the path; a yes goes on to `after`, a no shows the
 * page again with the sentence. A row with neither takes no form.
 */
struct route {
	const char *path; /* "/needs/:id/decide"; ":id" is any one part of it */
	uint32_t roles;
	const char *title; /* unless the view says another */
	page_view *view;
	const char *template; /* templates/NAME.mustache */
	page_view *act;
	const char *service;
	uint32_t method;
	const char *subject; /* "request_id": what ":id" is; NULL: nothing */
	const char *after;   /* "/needs/:id?done=decided"; ":answer_id" is Done's */
	/* Partials kept fresh while somebody looks, with spaces between; each stands in
	 * an element whose id is its name. */
	const char *live;
	const char *navigation; /* which item of the menu this page belongs to */
};

extern const struct route routes[];
extern const size_t routes_n;

/* The page of this path, with p->params set from it; NULL where there is none. */
const struct route *route_find(struct page *p, const char *path);
/* "/needs/:id?done=decided" with the values of the path in it; in the arena. */
const char *route_fill(struct page *p, const char *pattern, const char *answer_id);

/* One line a page: its path, whom it is for (roles in hex, "all", "signed-in"), "form"
 * where one may be posted to it, and its live parts. */
void routes_print(FILE *out);

/* An item of the menu, for whoever has one of these roles. */
struct route_item {
	const char *name, *href, *text;
	uint32_t roles;
};
extern const struct route_item route_menu[];
extern const size_t route_menu_n;
/* Where somebody with these roles begins. */
const char *route_home(uint32_t roles);

/* What is said after something was done ("?done=decided"); NULL for anything else. */
const char *route_done(const char *code);

#endif
