#include "base/id.h"
#include "base/message.h"
#include "base/str.h"
#include "gateway/ours.h"
#include "gateway/pages.h"

/*
 * What a tap on /vacancies does. Every button says what shall be and not what shall be
 * done, and each has a number of its own in the form: pressing one twice, or another
 * after going back, is the same as pressing it once.
 */

#define PLACES_MAX 60u
/* The numbers: so many places, opened with so many (0: all), and these. */
#define NTH_OPEN 100u
#define NTH_SAME 200u
#define NTH_CLOSE 201u

/* What a button asks for. */
struct wish {
	const char *vacancy_id, *place_id;
	Common__AgeBand age_band;
	bool is_home;
	uint32_t places; /* 0: all that are free */
};

/* The same to either service, whichever the place is with: `foster` and `home` are its
 * message in the words of each. */
#define TELL_OWNER(p, w, nth, call, foster, home)                                      \
	((w)->is_home                                                                  \
		? page_do((p), (nth), "residential",                                   \
		      RESIDENTIAL__RESIDENTIAL_CALL__CALL_##call, &(home).base, NULL)  \
		: page_do((p), (nth), "foster", FOSTER__FOSTER_CALL__CALL_##call,      \
		      &(foster).base, NULL))

static enum page_state
confirm(struct page *p, const struct wish *w)
{
	Foster__ConfirmVacancy foster = FOSTER__CONFIRM_VACANCY__INIT;
	Residential__ConfirmVacancy home = RESIDENTIAL__CONFIRM_VACANCY__INIT;

	foster.vacancy_id = home.vacancy_id = str_copy(p->arena, w->vacancy_id);
	return TELL_OWNER(p, w, NTH_SAME, CONFIRM_VACANCY, foster, home);
}

static enum page_state
close(struct page *p, const struct wish *w)
{
	Foster__CloseVacancy foster = FOSTER__CLOSE_VACANCY__INIT;
	Residential__CloseVacancy home = RESIDENTIAL__CLOSE_VACANCY__INIT;

	foster.vacancy_id = home.vacancy_id = str_copy(p->arena, w->vacancy_id);
	return TELL_OWNER(p, w, NTH_CLOSE, CLOSE_VACANCY, foster, home);
}

static enum page_state
set_places(struct page *p, const struct wish *w)
{
	Foster__SetOpenPlaces foster = FOSTER__SET_OPEN_PLACES__INIT;
	Residential__SetOpenPlaces home = RESIDENTIAL__SET_OPEN_PLACES__INIT;

	foster.vacancy_id = home.vacancy_id = str_copy(p->arena, w->vacancy_id);
	SET(&foster, open_places, w->places);
	SET(&home, open_places, w->places);
	return TELL_OWNER(p, w, w->places, SET_OPEN_PLACES, foster, home);
}

static enum page_state
open(struct page *p, const struct wish *w)
{
	Foster__OpenVacancy foster = FOSTER__OPEN_VACANCY__INIT;
	Residential__OpenVacancy home = RESIDENTIAL__OPEN_VACANCY__INIT;
	unsigned nth = NTH_OPEN + w->places;

	foster.household_id = home.home_id = str_copy(p->arena, w->place_id);
	SET(&home, age_band, w->age_band);
	if (w->places > 0) {
		SET(&foster, open_places, w->places);
		SET(&home, open_places, w->places);
	}
	return TELL_OWNER(p, w, nth, OPEN_VACANCY, foster, home);
}

/* "places-2", "open-1", "open", "close", "same". */
static enum page_state
do_it(struct page *p, struct wish *w, const char *what)
{
	int64_t n = 0;

	if (str_equal(what, "same"))
		return confirm(p, w);
	if (str_equal(what, "close"))
		return close(p, w);
	if (str_equal(what, "open"))
		return open(p, w);
	if (what != NULL && str_starts(what, "open-") &&
	    str_to_i64(what + 5, 1, PLACES_MAX, &n)) {
		w->places = (uint32_t)n;
		return open(p, w);
	}
	if (what != NULL && str_starts(what, "places-") &&
	    str_to_i64(what + 7, 1, PLACES_MAX, &n)) {
		w->places = (uint32_t)n;
		return set_places(p, w);
	}
	page_error(p, NULL, "This button is not known here. Nothing was changed.");
	return PAGE_NO;
}

static struct wish
wish_of(struct page *p)
{
	const char *band = form_first(p->form, "age_band");
	struct wish w = {.vacancy_id = form_first(p->form, "vacancy_id"),
	    .place_id = form_first(p->form, "place_id"),
	    .is_home = str_equal(form_first(p->form, "kind"), "home")};
	int64_t n = 0;

	if (band != NULL && str_to_i64(band, COMMON__AGE_BAND__AGE_BAND_UNDER_1,
				COMMON__AGE_BAND__AGE_BAND_16_TO_17, &n))
		w.age_band = (Common__AgeBand)n;
	return w;
}

/* Back to where the button stood: the same list, and there the same place. */
static void
go_back(struct page *p, const struct wish *w)
{
	const char *show = form_first(p->form, "show");
	const char *at = form_first(p->form, "page"),
		   *name = form_first(p->form, "name");
	int64_t page = 1;

	if (str_equal(form_first(p->form, "back"), "today")) {
		page_go(p, "/today?done=confirmed#confirm");
		return;
	}
	if (w->place_id == NULL || !id_is_well_formed(w->place_id)) {
		page_go(p, "/vacancies");
		return;
	}
	if (at == NULL || !str_to_i64(at, 1, OURS_MAX, &page))
		page = 1;
	const char *anchor =
	    str_format(p->arena, "at-%s-%d", w->place_id, (int)w->age_band);
	page_go(p, "/vacancies?show=%s&page=%d&name=%s&said=%s#%s",
	    form_escape(p->arena, show == NULL ? "all" : show), (int)page,
	    form_escape(p->arena, name == NULL ? "" : name), anchor, anchor);
}

void
page_vacancies_act(struct page *p)
{
	struct wish w = wish_of(p);

	if (do_it(p, &w, form_first(p->form, "do")) == PAGE_YES)
		go_back(p, &w);
}
