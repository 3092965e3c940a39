#include "members/wire_inside.h"

#include <string.h>

#include "base/day.h"
#include "base/message.h"
#include "base/row.h"
#include "base/str.h"

#define PEOPLE_USUAL 200
#define PEOPLE_MAX 500
#define ACCOUNTS_USUAL 100
#define ACCOUNTS_MAX 200
/* What people fill of an answer before another page is begun. */
#define PAGE_BYTES_MAX ((size_t)128 * 1024)

/* ---- a page of people ---- */

struct page {
	Members__Person **people;
	size_t n;
	char *next_id;          /* NULL at the end */
	bool is_of_accounts;    /* so without systems; and those two */
	const char *person_id;  /* that one alone; NULL: any */
	const char *containing; /* in name or login; NULL: any */
};

static bool
is_system(struct svc_ask *ask, const char *person_id)
{
	const char *id;

	return members_held(
		   ask->txn, ask->arena, person_id, MEMBERS_HELD_API_KEY, &id, 1) > 0;
}

static bool
has_words(struct svc_ask *ask, const Members__Person *person, const char *words)
{
	size_t mark = ask->arena->used;

	if (person->name != NULL && strcasestr(person->name, words) != NULL)
		return true;
	const Members__Account *account =
	    members_account(ask->txn, ask->arena, person->person_id);
	bool has = account != NULL && account->login != NULL &&
	           strcasestr(account->login, words) != NULL;
	arena_release(ask->arena, mark);
	return has;
}

static bool
is_wanted(struct svc_ask *ask, const struct page *page, const Members__Person *person)
{
	if (!page->is_of_accounts)
		return true;
	if (page->person_id != NULL && !str_equal(page->person_id, person->person_id))
		return false;
	if (page->containing != NULL && !has_words(ask, person, page->containing))
		return false;
	return !is_system(ask, person->person_id);
}

static size_t
limit_of(bool has_limit, uint32_t limit, uint32_t usual, uint32_t max)
{
	if (!has_limit || limit == 0)
		return usual;
	return limit < max ? limit : max;
}

/* The people whose id comes after `after_id`, in the order of ids. */
static enum err
read_page(struct svc_ask *ask, const char *after_id, size_t limit, struct page *page)
{
	struct kv_walk w;
	size_t bytes = 0;

	page->people = LIST_NEW(ask->arena, limit, Members__Person *);
	if (page->people == NULL)
		return ERR_MEMORY;
	kv_walk(ask->txn, &w, SVC_ACCESS_PEOPLE, BYTES_NONE,
	    row_key_after(ask->txn, ask->arena, BYTES_NONE, after_id));
	while (kv_next(&w)) {
		if (page->n == limit || bytes > PAGE_BYTES_MAX) {
			page->next_id = page->people[page->n - 1]->person_id;
			break;
		}
		Members__Person *person =
		    row_at(&w, ask->arena, &members__person__descriptor);
		if (person == NULL)
			break;
		if (!is_wanted(ask, page, person))
			continue;
		page->people[page->n++] = person;
		bytes += w.value.len;
	}
	kv_walk_end(&w);
	return ask->txn->err;
}

enum err
members_on_people(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__PeopleAsked *asked = (const void *)call;
	Members__People *list = MESSAGE_NEW(ask->arena, members__people);
	uint64_t changed = members_accounts_changed_number(ask->txn);
	struct page page = {0};

	if (list == NULL)
		return ERR_MEMORY;
	SET(list, changed_number, changed);
	if (!asked->has_known_number || asked->known_number != changed) {
		enum err e = read_page(ask, asked->after_id,
		    limit_of(asked->has_limit, asked->limit, PEOPLE_USUAL, PEOPLE_MAX),
		    &page);
		if (e != ERR_NONE)
			return e;
	}
	list->people = page.people;
	list->n_people = page.n;
	list->next_id = page.next_id;
	svc_answer(ask, &list->base);
	return ask->txn->err;
}

/* ---- accounts ---- */

/* The people who have a key that is not revoked. */
struct keyed {
	const char **people;
	size_t n;
};

static enum err
read_keyed(struct svc_ask *ask, struct keyed *out)
{
	uint64_t count = kv_count(ask->txn, SVC_ACCESS_KEYS);
	struct kv_walk w;

	out->n = 0;
	out->people = LIST_NEW(ask->arena, count + 1, const char *);
	if (out->people == NULL)
		return ERR_MEMORY;
	kv_walk(ask->txn, &w, SVC_ACCESS_KEYS, BYTES_NONE, BYTES_NONE);
	while (out->n < count && kv_next(&w)) {
		const Members__Key *key =
		    row_at(&w, ask->arena, &members__key__descriptor);
		if (key == NULL)
			break;
		if (!key->revoked)
			out->people[out->n++] = key->person_id;
	}
	kv_walk_end(&w);
	return ask->txn->err;
}

static bool
has_key(const struct keyed *keyed, const char *person_id)
{
	for (size_t i = 0; i < keyed->n; i++) {
		if (str_equal(keyed->people[i], person_id))
			return true;
	}
	return false;
}

/* When the person's invitation lapses; false where there is none. */
static bool
read_invitation(struct svc_ask *ask, const char *person_id, int64_t *expires_ms)
{
	const char *ids[MEMBERS_LINKS_MAX];
	size_t n = members_held(
	    ask->txn, ask->arena, person_id, MEMBERS_HELD_LINK, ids, MEMBERS_LINKS_MAX);

	for (size_t i = 0; i < n; i++) {
		const Members__Link *link = members_link(ask->txn, ask->arena, ids[i]);
		if (link == NULL ||
		    link->purpose != MEMBERS__LINK_PURPOSE__LINK_PURPOSE_INVITATION)
			continue;
		*expires_ms = link->expires_time;
		return true;
	}
	return false;
}

static Members__AccountShown *
show_account(struct svc_ask *ask, Members__Person *person, const struct keyed *keyed)
{
	Members__AccountShown *shown = MESSAGE_NEW(ask->arena, members__account_shown);
	const Members__Account *account =
	    members_account(ask->txn, ask->arena, person->person_id);
	const char *sessions[MEMBERS_SESSIONS_MAX];
	int64_t expires_ms;

	if (shown == NULL)
		return NULL;
	bool is_invited = read_invitation(ask, person->person_id, &expires_ms);
	shown->person = person;
	if (is_invited)
		SET(shown, link_expires_time, expires_ms);
	if (account != NULL) {
		shown->login = account->login;
		SET_FROM(shown, signed_in_time, account, signed_in_time);
		SET_FROM(shown, signed_in_via, account, signed_in_via);
	}
	SET(shown, state, members_account_state(account, is_invited));
	SET(shown, sessions,
	    (uint32_t)members_held(ask->txn, ask->arena, person->person_id,
		MEMBERS_HELD_SESSION, sessions, MEMBERS_SESSIONS_MAX));
	SET(shown, has_key, has_key(keyed, person->person_id));
	return shown;
}

enum err
members_on_accounts(struct svc_ask *ask, const ProtobufCMessage *call)
{
	const Members__AccountsAsked *asked = (const void *)call;
	Members__Accounts *list = MESSAGE_NEW(ask->arena, members__accounts);
	struct page page = {.is_of_accounts = true,
	    .person_id = asked->person_id,
	    .containing = asked->containing};
	struct keyed keyed;

	if (list == NULL)
		return ERR_MEMORY;
	enum err e = read_keyed(ask, &keyed);
	if (e == ERR_NONE)
		e = read_page(ask, asked->after_id,
		    limit_of(
			asked->has_limit, asked->limit, ACCOUNTS_USUAL, ACCOUNTS_MAX),
		    &page);
	if (e != ERR_NONE)
		return e;
	list->accounts = LIST_NEW(ask->arena, page.n + 1, Members__AccountShown *);
	if (list->accounts == NULL)
		return ERR_MEMORY;
	for (; list->n_accounts < page.n; list->n_accounts++) {
		Members__AccountShown *shown =
		    show_account(ask, page.people[list->n_accounts], &keyed);
		if (shown == NULL)
			return ERR_MEMORY;
		list->accounts[list->n_accounts] = shown;
	}
	list->next_id = page.next_id;
	svc_answer(ask, &list->base);
	return ask->txn->err;
}
