#ifndef RCC_GATEWAY_NEED_FORM_H
#define RCC_GATEWAY_NEED_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "gateway/fields.h"
#include "gateway/page.h"

#include "requests.pb-c.h"

/*
 * A need as a form, and back. The names of the controls are paths in requests.Submit
 * ("children.0.age_years"), so what is typed becomes the message without translation;
 * only `splits`, how brothers and sisters may live apart, has words of its own.
 */

#define NEED_CHILDREN_MAX 6

/* What was typed, as a message; NULL: the page's errors say what is wrong with it. Ages
 * are as of today, several children are brothers and sisters, and an emergency without
 * a day is needed today. `removed`: a child that is left out; none is SIZE_MAX. */
Requests__Submit *need_form_read(struct page *p, size_t removed);

/* How many children the form has room for, filled in or not. */
size_t need_form_children(const struct form *form);

/* All controls, put into the page's view under the names of their sections, with at
 * least so many children; `form` is what they show. */
void need_form_put(struct page *p, const struct form *form, size_t children);

/* The form that shows this draft; NULL without memory, which breaks the page. */
const struct form *need_form_of(struct page *p, const Requests__Submit *draft);

/* "children[0].age_years" of a service as the control's name "children.0.age_years",
 * and "children.age_years" with "child B" in the sentence likewise; in the arena. */
const char *need_form_name(struct arena *a, const char *field, const char *sentence);
/* What a field that is missing is called, of a need for so many children: "the child's
 * age", "the age of child B". */
const char *need_form_missing(struct arena *a, const char *field, size_t children);

/* A split in words: "A and B together, C alone". */
const char *need_form_split(struct arena *a, const Requests__Split *split);
/* The same, with one home more behind what there is of it. */
const char *need_form_home(
    struct arena *a, const char *before, const char *const *letters, size_t n);

#endif
