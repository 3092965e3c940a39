#ifndef RCC_GATEWAY_PAGES_H
#define RCC_GATEWAY_PAGES_H

#include "gateway/page.h"

/* Every view and every form answered by hand, by the file it stands in. */

/* page_start.c */
page_view page_start_view, page_words_view;

#endif
