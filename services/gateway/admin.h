#ifndef RCC_GATEWAY_ADMIN_H
#define RCC_GATEWAY_ADMIN_H

#include "gateway/fields.h"
#include "gateway/page.h"

/*
 * What the administrator's pages share: lists ("admin_list"), forms ("admin_form") and
 * the page before something that cannot be undone ("admin_confirm").
 */

#define ADMIN_CALL(name) MEMBERS__MEMBERS_CALL__CALL_##name

/* Where the link above the heading leads. */
void admin_put_back(struct page *p, const char *href, const char *text);

/* A table, row by row. */
struct admin_table {
	struct page *p;
	json_t *head, *rows, *cells; /* cells: of the row that is being written */
};
/* Heads with | between; one that ends with > is of numbers. */
void admin_table_begin(struct admin_table *t, struct page *p, const char *heads);
void admin_table_row(struct admin_table *t);
/* The next cell; the first of a row is its head. `href` may be NULL. */
void admin_table_cell(struct admin_table *t, const char *text, const char *href);
void admin_table_tag(struct admin_table *t, const char *text, const char *colour);
void admin_table_number(struct admin_table *t, uint64_t n);
/* Into the view, as "list"; where it has no rows, `empty` says what to do instead. */
void admin_table_put(struct admin_table *t, const char *caption, const char *empty);

/* The button beside the heading of a list. */
void admin_put_action(struct page *p, const char *href, const char *text);

/* The next control of a form; `kind` is that of its partial: "text", "select", "day",
 * "radios", "checkboxes", "hidden". The view has them in "fields". */
void admin_put_field(struct page *p, const char *kind, const struct field *field);
/* A select of every organisation somebody may work for. */
void admin_put_organisations(struct page *p, const char *name);
/* What the button says, and where the link beside it leads. */
void admin_put_button(struct page *p, const char *text, const char *cancel);

/* One line of a summary list: into "rows". `href` (may be NULL) is where to change it.
 */
void admin_put_row(
    struct page *p, const char *key, const char *value, const char *href);

#endif
