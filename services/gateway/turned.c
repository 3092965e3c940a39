#include "gateway/turned.h"

#include <jansson.h>

#include "base/log.h"
#include "gateway/assets.h"
#include "gateway/template.h"

#define MEMORY_BYTES ((size_t)1024 * 1024)

static const struct turned_words {
	unsigned status;
	const char *heading, *sentence;
} words[] = {
    {400, "This request could not be read",
	"Nothing was changed. Go back and try again. If it happens again, something "
	"between your browser and this service changes what is sent: tell whoever "
	"looks after your computer."},
    {413, "What was sent is too large",
	"Nothing was changed. Go back in your browser, shorten what you entered, and "
	"send it again. A need you were entering is kept as it was last saved. One "
	"page takes up to 64\u00a0KiB, far more than its questions need."},
    {417, "This request could not be answered",
	"Nothing was changed. Your browser, or something between it and this service, "
	"expects what is not done here: tell whoever looks after your computer."},
    {503, "There was no answer in time",
	"What you sent may have been done, or not. Look before you send it again: the "
	"same form, sent twice, does nothing twice."},
};
_Static_assert(sizeof words / sizeof words[0] == TURNED_PAGES_MAX, "a page each");

enum err
turned_open(struct turned *t, struct template_set *templates, const char *region)
{
	*t = (struct turned){.templates = templates, .region = region};
	return arena_open(&t->memory, MEMORY_BYTES);
}

void
turned_close(struct turned *t)
{
	if (t->memory.base != NULL)
		arena_close(&t->memory);
}

/* Who asks is not known here: the page is nobody's. */
static json_t *
view_of(const struct turned *t, const struct turned_words *w)
{
	return json_pack("{s:{s:s, s:s}, s:s, s:s, s:b, s:i, s:s, s:s}", "page", "path",
	    "", "title", w->heading, "region", t->region, "assets_tag",
	    gateway_assets_tag, "is_of_door", true, "status", (int)w->status, "heading",
	    w->heading, "sentence", w->sentence);
}

static struct bytes
made(struct turned *t, const struct turned_words *w)
{
	struct bytes body, whole = BYTES_NONE;
	json_t *view = view_of(t, w);
	enum err e = template_render(t->templates, "error", view, &t->memory, &body);

	if (e == ERR_NONE && json_object_set_new(view, "body",
				 json_stringn((const char *)body.data, body.len)) != 0)
		e = ERR_MEMORY;
	if (e == ERR_NONE)
		e = template_render(t->templates, "layout", view, &t->memory, &whole);
	if (e != ERR_NONE)
		log_line(LOG_LEVEL_ERROR, "page.not_rendered", "template", "error",
		    "why", err_name(e), NULL);
	json_decref(view);
	return e == ERR_NONE ? whole : BYTES_NONE;
}

struct bytes
turned_page(struct turned *t, unsigned status)
{
	for (size_t i = 0; i < TURNED_PAGES_MAX; i++) {
		if (words[i].status != status)
			continue;
		if (t->pages[i].data == NULL)
			t->pages[i] = made(t, &words[i]);
		return t->pages[i];
	}
	return BYTES_NONE;
}
