#include "powercut/trees.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A page: number (8), pad (2), flags (2), then lower and upper (2, 2) or, of pages that
 * hold one long value, how many they are (4); from byte 16 on where each node begins
 * (2). A node: lo, hi, flags, key's length (2 each), key, value. In a branch lo, hi and
 * flags are the number of the page below; in a leaf lo and hi are the value's length.
 * A tree: pad (4), flags (2), depth (2), branch, leaf and overflow pages, rows, root
 * page. A root page: from byte 16 magic, version (4, 4), address, map's size (8, 8),
 * the tree of free pages, the tree of tables, last page, transaction (8). All as this
 * machine has it.
 */
#define PAGE 4096u
#define PAGE_HEAD 16u
#define NODE_HEAD 8u
#define MAGIC 0xBEEFC0DEu
#define VERSION 1u
#define TREE_BYTES 48u
#define DEPTH_MAX 24
#define TREES_MAX 64
#define NO_PAGE UINT64_MAX

enum { PAGE_BRANCH = 1, PAGE_LEAF = 2, PAGE_OVERFLOW = 4, PAGE_ROOT = 8 };
enum { NODE_LONG = 1, NODE_TREE = 2 };

struct tree {
	uint16_t depth;
	uint64_t branches, leaves, overflows, rows, root;
};

struct step {
	uint64_t page;
	unsigned next; /* the node to look at */
};

struct walk {
	const uint8_t *file;
	size_t len;
	uint64_t pages; /* in all, the two roots too */
	uint8_t *seen;  /* a byte each */
	struct trees *out;
	struct tree trees[TREES_MAX]; /* of tables, still to be walked */
	size_t trees_n;
	/* of the tree being walked */
	bool is_free_list;
	struct tree found;
	struct step path[DEPTH_MAX];
	size_t depth;
	const uint8_t *last_key;
	size_t last_key_len;
};

static uint16_t
get16(const uint8_t *at)
{
	uint16_t n;

	memcpy(&n, at, sizeof n);
	return n;
}

static uint32_t
get32(const uint8_t *at)
{
	uint32_t n;

	memcpy(&n, at, sizeof n);
	return n;
}

static uint64_t
get64(const uint8_t *at)
{
	uint64_t n;

	memcpy(&n, at, sizeof n);
	return n;
}

static bool
wrong(struct walk *w, const char *what, uint64_t page)
{
	if (w->out->what[0] == '\0')
		snprintf(w->out->what, sizeof w->out->what, "%s (page %llu of %llu)",
		    what, (unsigned long long)page, (unsigned long long)w->pages);
	return false;
}

/* Takes pages as standing here, and nowhere else. */
static bool
take(struct walk *w, uint64_t page, uint64_t n, uint64_t *count)
{
	if (page < 2 || n == 0 || n > w->pages || page > w->pages - n)
		return wrong(w, "a page beyond the end is pointed at", page);
	/* A free page at the end may never have been written. */
	if (count != &w->out->pages_free && (page + n) * PAGE > w->len)
		return wrong(w, "a page in use is not in the file", page);
	for (uint64_t i = page; i < page + n; i++) {
		if (w->seen[i] != 0)
			return wrong(w, "a page stands in two places", i);
		w->seen[i] = 1;
	}
	*count += n;
	return true;
}

static struct tree
read_tree(const uint8_t *at)
{
	return (struct tree){get16(at + 6), get64(at + 8), get64(at + 16),
	    get64(at + 24), get64(at + 32), get64(at + 40)};
}

/* ---- nodes ---- */

static const uint8_t *
page_at(const struct walk *w, uint64_t page)
{
	return w->file + page * PAGE;
}

static unsigned
nodes_of(const uint8_t *page)
{
	return (get16(page + 12) - PAGE_HEAD) / 2;
}

/* Its node, which lies within the page; NULL: it does not. */
static const uint8_t *
node_at(struct walk *w, uint64_t number, unsigned i)
{
	const uint8_t *page = page_at(w, number);
	unsigned at = get16(page + PAGE_HEAD + (size_t)2 * i);

	if (at < get16(page + 14) || at + NODE_HEAD > PAGE ||
	    at + NODE_HEAD + get16(page + at + 6) > PAGE) {
		wrong(w, "a row lies outside its page", number);
		return NULL;
	}
	return page + at;
}

static bool
is_in_order(struct walk *w, const uint8_t *node)
{
	size_t len = get16(node + 6),
	       least = len < w->last_key_len ? len : w->last_key_len;
	const uint8_t *key = node + NODE_HEAD;
	int order = -1;

	if (w->last_key != NULL && w->is_free_list)
		order = get64(w->last_key) < get64(key) ? -1 : 1;
	else if (w->last_key != NULL)
		order = memcmp(w->last_key, key, least);
	if (order == 0)
		order = w->last_key_len < len ? -1 : 1;
	w->last_key = key;
	w->last_key_len = len;
	return order < 0;
}

/* A row of the list: how many pages (8), then their numbers, the highest first. */
static bool
take_free(struct walk *w, const uint8_t *value, size_t len, uint64_t number)
{
	uint64_t n = len < 8 ? 0 : get64(value);

	if (len < 8 || n > len / 8 - 1)
		return wrong(w, "a row of free pages is too short", number);
	for (uint64_t i = 1; i <= n; i++)
		if (!take(w, get64(value + 8 * i), 1, &w->out->pages_free))
			return false;
	return true;
}

static bool
take_row(struct walk *w, const uint8_t *node, uint64_t number)
{
	const uint8_t *value = node + NODE_HEAD + get16(node + 6);
	size_t len = get16(node) | (size_t)get16(node + 2) << 16;
	unsigned flags = get16(node + 4);

	w->found.rows++;
	if (!is_in_order(w, node))
		return wrong(w, "keys are not in order", number);
	if ((flags & NODE_LONG) != 0) {
		uint64_t page = get64(value), n = (len + PAGE_HEAD + PAGE - 1) / PAGE;

		if (!take(w, page, n, &w->found.overflows))
			return false;
		if (get64(page_at(w, page)) != page ||
		    get16(page_at(w, page) + 10) != PAGE_OVERFLOW ||
		    get32(page_at(w, page) + 12) != n)
			return wrong(w, "a long value is not where it should be", page);
		value = page_at(w, page) + PAGE_HEAD;
	} else if (value + len > page_at(w, number) + PAGE) {
		return wrong(w, "a value lies outside its page", number);
	}
	if (w->is_free_list)
		return take_free(w, value, len, number);
	if ((flags & NODE_TREE) == 0)
		return true;
	if (len != TREE_BYTES || w->trees_n == TREES_MAX)
		return wrong(w, "a table is none", number);
	w->trees[w->trees_n++] = read_tree(value);
	return true;
}

/* ---- a tree ---- */

static bool
enter(struct walk *w, uint64_t number, unsigned depth_of_tree)
{
	bool is_leaf;
	const uint8_t *page;

	if (w->depth == DEPTH_MAX || w->depth >= depth_of_tree)
		return wrong(w, "a tree is deeper than it says", number);
	is_leaf = w->depth + 1 == depth_of_tree;
	if (!take(w, number, 1, is_leaf ? &w->found.leaves : &w->found.branches))
		return false;
	page = page_at(w, number);
	if (get64(page) != number)
		return wrong(w, "a page bears another number", number);
	if (get16(page + 10) != (is_leaf ? PAGE_LEAF : PAGE_BRANCH))
		return wrong(w, "a page is of another kind than its place", number);
	if (get16(page + 12) < PAGE_HEAD || get16(page + 12) > get16(page + 14) ||
	    get16(page + 14) > PAGE)
		return wrong(w, "a page's bounds are impossible", number);
	w->path[w->depth++] = (struct step){number, 0};
	return true;
}

static bool
walk_pages(struct walk *w, const struct tree *t)
{
	while (w->depth > 0) {
		struct step *s = &w->path[w->depth - 1];
		const uint8_t *node;

		if (s->next == nodes_of(page_at(w, s->page))) {
			w->depth--;
			continue;
		}
		node = node_at(w, s->page, s->next++);
		if (node == NULL)
			return false;
		if (w->depth == t->depth
			? !take_row(w, node, s->page)
			: !enter(w,
			      get16(node) | (uint64_t)get16(node + 2) << 16 |
				  (uint64_t)get16(node + 4) << 32,
			      t->depth))
			return false;
	}
	return true;
}

static bool
walk_tree(struct walk *w, const struct tree *t, bool is_free_list)
{
	const struct tree *f = &w->found;

	w->is_free_list = is_free_list;
	w->found = (struct tree){.depth = 0};
	w->depth = 0;
	w->last_key = NULL;
	if (t->root == NO_PAGE)
		return t->rows == 0 || wrong(w, "a tree without a root has rows", 0);
	if (!enter(w, t->root, t->depth) || !walk_pages(w, t))
		return false;
	if (f->branches != t->branches || f->leaves != t->leaves ||
	    f->overflows != t->overflows || f->rows != t->rows)
		return wrong(w, "a tree is not of the size it says", t->root);
	w->out->rows += f->rows;
	w->out->pages_used += f->branches + f->leaves + f->overflows;
	return true;
}

/* ---- the file ---- */

static bool
is_root(const uint8_t *page)
{
	return (get16(page + 10) & PAGE_ROOT) != 0 && get32(page + 16) == MAGIC &&
	       get32(page + 20) == VERSION;
}

static bool
walk_all(struct walk *w, const uint8_t *root)
{
	struct tree free_list = read_tree(root + 40), tables = read_tree(root + 88);

	if (!walk_tree(w, &free_list, true) || !walk_tree(w, &tables, false))
		return false;
	for (size_t i = 0; i < w->trees_n; i++)
		if (!walk_tree(w, &w->trees[i], false))
			return false;
	for (uint64_t i = 2; i < w->pages; i++)
		if (w->seen[i] == 0)
			return wrong(w, "a page is neither in use nor free", i);
	return true;
}

bool
trees_walk(const uint8_t *file, size_t len, struct trees *out)
{
	struct walk w = {.file = file, .len = len, .out = out};
	const uint8_t *root = file;
	bool is_fine;

	*out = (struct trees){.what = ""};
	if (len < (size_t)2 * PAGE || !is_root(file) || !is_root(file + PAGE))
		return wrong(&w, "the root pages are none", 0);
	if (get64(file + PAGE + 144) > get64(file + 144))
		root += PAGE;
	out->transaction = get64(root + 144);
	w.pages = get64(root + 136) + 1;
	if (w.pages > (1u << 24))
		return wrong(&w, "more pages than could be", w.pages);
	w.seen = calloc(w.pages, 1);
	if (w.seen == NULL)
		return wrong(&w, "there is no memory to walk it", 0);
	is_fine = walk_all(&w, root);
	free(w.seen);
	return is_fine;
}
