#ifndef RCC_GATEWAY_PAGE_WORKER_H
#define RCC_GATEWAY_PAGE_WORKER_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "gateway/page.h"

#include "members.pb-c.h"

/* The name under which a page asks its worker, beside those of the services. */
#define PAGE_WORKER "worker"

/*
 * The key of a password as members knows it. Asked of the worker, and answered as a
 * service would: NULL with PAGE_WAITS until it is there, with PAGE_DOWN where too many
 * are waiting already or it cannot be made. WORKER_KEY_BYTES, in the page's arena.
 */
const uint8_t *page_password_key(struct page *p, const char *password,
    const Members__Derivation *derivation, enum page_state *state);

/* ---- for page.c and site.c ---- */

/* Sends the i-th of what is asked to the worker. */
enum err page_worker_send(struct page *p, size_t i) MUST_CHECK;
/* It waits for none of them any more, and no password stays in its memory. */
void page_worker_forget(struct page *p);
/* For the worker. */
void page_worker_answered(void *site, uint64_t ticket, const uint8_t *key);

#endif
