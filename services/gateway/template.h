#ifndef RCC_GATEWAY_TEMPLATE_H
#define RCC_GATEWAY_TEMPLATE_H

#include <stddef.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "gateway/assets.h"

#define TEMPLATE_BYTES_MAX 1048576      /* of one, with its partials taken in */
#define TEMPLATE_PAGE_BYTES_MAX 4194304 /* of what one rendering may come to */
#define TEMPLATE_PARTIALS_MAX 16        /* one inside the other */
#define TEMPLATE_VIEW_DEPTH_MAX 32      /* objects and lists inside each other */

/*
 * Mustache (Debian's libkainjow-mustache): the templates of a service, parsed once.
 *
 *   {{name}}   the value, escaped for HTML; nothing where there is no such name
 *   {{{name}}} the value as it is: only for what the gateway itself rendered
 *   {{#name}}..{{/name}}   for each of a list; once inside an object, a text, a number,
 *                          true; not at all for false, null, "", an empty list, no
 * value
 *   {{^name}}..{{/name}}   where the section above would not be
 *   {{> name}}   templates/name.mustache, taken in where it stands
 *   {{a.b}}      b of a
 *   {{.}}        the item itself, in a list of texts
 *
 * A name is looked for in the innermost object, then in those around it. {{.name}} (and
 * {{#.name}}) looks in the innermost object alone: so an option without a hint does not
 * get that of its field. Indentation is not sent: it is for whoever reads the template.
 * There is no
 * {{=}}, and no code: a view says all, a template decides nothing.
 */
struct template_set;

/*
 * Parses those of the files that are templates (templates/NAME.mustache); the others
 * are passed over. ERR_MALFORMED: one does not parse, takes in one that there is not,
 * or itself; `problem` says which and what. Nothing of `files` is needed afterwards.
 */
enum err template_open(struct template_set **out, const struct gateway_asset *files,
    size_t n, char *problem, size_t problem_size) MUST_CHECK;
void template_close(struct template_set *t);

/*
 * The template of that name, with what `view` (an object) says; in the arena.
 * ERR_INTERNAL: no such template, or a view that is none; ERR_MEMORY: more than
 * TEMPLATE_PAGE_BYTES_MAX, or than the arena holds.
 */
enum err template_render(struct template_set *t, const char *name, const json_t *view,
    struct arena *a, struct bytes *out) MUST_CHECK;

#endif
