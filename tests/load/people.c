/* Who there is. */
#include "load/load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/str.h"

#include "foster.pb-c.h"
#include "residential.pb-c.h"

#define LINE_BYTES 512
#define PAGE 100

static const char *const roles[LOAD_ROLES] = {
    [LOAD_COMMISSIONER] = "commissioner",
    [LOAD_NOMINATED] = "nominated officer",
    [LOAD_DIRECTOR] = "director",
    [LOAD_PLACEMENT] = "placement officer",
    [LOAD_OFFICER] = "co-operative officer",
    [LOAD_ADMINISTRATOR] = "administrator",
};

void
load_path(char *out, size_t size, const struct load *l, const char *name)
{
	int n = snprintf(out, size, "%s/%s", l->options.run, name);

	if (n < 0 || (size_t)n >= size)
		load_fail("the path of %s is too long", l->options.run);
}

size_t
load_desk_of(const struct load *l, enum load_role role, const char *organisation)
{
	for (size_t i = 0; i < l->desks_n; i++)
		if (l->desks[i].role == role &&
		    (organisation == NULL ||
			str_equal(l->desks[i].organisation, organisation)))
			return i;
	load_fail("%s has no %s", organisation != NULL ? organisation : "nobody",
	    roles[role]);
}

/* "file<tab>role<tab>organisation..." as rcc-region leaves it with the keys. */
static void
open_desk(struct load *l, char *line)
{
	char *file = strsep(&line, "\t"), *role = strsep(&line, "\t");
	char *organisation = strsep(&line, "\t\n");
	struct load_desk *d = &l->desks[l->desks_n];
	char name[LINE_BYTES], path[2 * LINE_BYTES], problem[200] = "";
	size_t i = 0;

	while (role != NULL && i < LOAD_ROLES && !str_equal(role, roles[i]))
		i++;
	if (organisation == NULL || i == LOAD_ROLES)
		load_fail("keys/README: a line that is not 'file role organisation'");
	if (l->desks_n == LOAD_DESKS_MAX)
		return;
	d->role = (enum load_role)i;
	load_keep(d->organisation, organisation);
	(void)snprintf(name, sizeof name, "keys/%s", file);
	load_path(path, sizeof path, l, name);
	if (conf_read_key(path, d->public_key, d->secret_key, problem,
		sizeof problem) != ERR_NONE)
		load_fail("%s", problem);
	l->desks_n++;
}

void
load_people(struct load *l)
{
	char path[LINE_BYTES], line[LINE_BYTES];
	FILE *f;

	load_path(path, sizeof path, l, "keys/README");
	f = fopen(path, "re");
	if (f == NULL)
		load_fail("%s: %s", path, strerror(errno));
	while (fgets(line, sizeof line, f) != NULL)
		if (line[0] != '#')
			open_desk(l, line);
	(void)fclose(f);
}

/* ---- places ---- */

static struct load_place *
add_place(struct load *l, enum load_service owner, size_t desk)
{
	struct load_place *p = &l->places[l->places_n];

	if (l->places_n == LOAD_PLACES_MAX)
		load_fail("there are more than %d vacancies", LOAD_PLACES_MAX);
	*p = (struct load_place){.owner = owner, .desk = desk, .age_max = 17};
	l->places_n++;
	l->desks[desk].places_n++;
	return p;
}

static void
read_households(struct load *l, size_t desk)
{
	const struct load_desk *d = &l->desks[desk];
	struct load_line line =
	    load_line_open(l, LOAD_FOSTER, d->public_key, d->secret_key);
	Foster__VacanciesAsked asked = FOSTER__VACANCIES_ASKED__INIT;
	char after[LOAD_ID];

	asked.provider_id = TEXT(d->organisation);
	SET(&asked, limit, PAGE);
	do {
		const Foster__Vacancies *page;

		arena_reset(&l->arena);
		page = load_ask(
		    l, &line, FOSTER__FOSTER_CALL__CALL_VACANCIES, &asked.base);
		for (size_t i = 0; i < page->n_vacancies; i++) {
			const Foster__Vacancy *v = page->vacancies[i];
			struct load_place *p = add_place(l, LOAD_FOSTER, desk);

			load_keep(p->id, v->household_id);
			load_keep(p->vacancy, v->vacancy_id);
			p->age_min = v->approval->age_min_years;
			p->age_max = v->approval->age_max_years;
		}
		load_keep(after, page->next_id);
		asked.after_id = after;
	} while (after[0] != '\0');
	bus_client_close(line.line);
}

static void
read_homes(struct load *l, size_t desk)
{
	const struct load_desk *d = &l->desks[desk];
	struct load_line line =
	    load_line_open(l, LOAD_RESIDENTIAL, d->public_key, d->secret_key);
	Residential__VacanciesAsked asked = RESIDENTIAL__VACANCIES_ASKED__INIT;
	char after[LOAD_ID];

	asked.provider_id = TEXT(d->organisation);
	SET(&asked, limit, PAGE);
	do {
		const Residential__Vacancies *page;

		arena_reset(&l->arena);
		page = load_ask(l, &line, RESIDENTIAL__RESIDENTIAL_CALL__CALL_VACANCIES,
		    &asked.base);
		for (size_t i = 0; i < page->n_vacancies; i++) {
			const Residential__Vacancy *v = page->vacancies[i];
			struct load_place *p = add_place(l, LOAD_RESIDENTIAL, desk);

			load_keep(p->id, v->home_id);
			load_keep(p->vacancy, v->vacancy_id);
			p->band = v->age_band;
			p->age_min = v->age_min_years;
			p->age_max = v->age_max_years;
		}
		load_keep(after, page->next_id);
		asked.after_id = after;
	} while (after[0] != '\0');
	bus_client_close(line.line);
}

void
load_read_places(struct load *l)
{
	for (size_t i = 0; i < l->desks_n; i++) {
		if (l->desks[i].role != LOAD_PLACEMENT || l->desks[i].clients == 0)
			continue;
		l->desks[i].first_place = l->places_n;
		read_households(l, i);
		read_homes(l, i);
	}
	if (l->places_n == 0)
		load_fail("nobody has a vacancy");
}

/* ---- clients ---- */

static void
sit_down(struct load *l, size_t desk)
{
	struct load_client *c = &l->clients[l->clients_n];

	c->number = (unsigned)++l->clients_n;
	c->desk = desk;
	l->desks[desk].clients++;
}

/*
 * One client at each desk of the councils and of the officer, as far as half of the
 * clients go; then at the providers' one after the other, and more of them at the
 * commissioners' and providers' desks.
 */
void
load_sit(struct load *l)
{
	size_t most = (size_t)l->options.clients;

	for (size_t i = 0; i < l->desks_n && 2 * l->clients_n < most; i++)
		if (l->desks[i].role != LOAD_PLACEMENT &&
		    l->desks[i].role != LOAD_ADMINISTRATOR)
			sit_down(l, i);
	while (l->clients_n < most) {
		size_t before = l->clients_n;

		for (size_t i = 0; i < l->desks_n && l->clients_n < most; i++)
			if (l->desks[i].role == LOAD_PLACEMENT)
				sit_down(l, i);
		for (size_t i = 0; i < l->desks_n && l->clients_n < most; i++)
			if (l->desks[i].role == LOAD_COMMISSIONER &&
			    l->desks[i].clients > 0)
				sit_down(l, i);
		if (l->clients_n == before)
			load_fail("nobody is there to act");
	}
}
