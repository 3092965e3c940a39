#include "gateway/pages.h"
#include "gateway/routes.h"

/* Whoever is signed in begins at their own first page. */
void
page_start_view(struct page *p)
{
	if (p->who != NULL)
		page_go(p, "%s", route_home(p->who->roles));
}

/* A page whose template says it all. */
void
page_words_view(struct page *p)
{
	(void)p;
}
