#include "base/ask.h"

#include "base/day.h"
#include "base/message.h"
#include "base/str.h"

#include "common.pb-c.h"

#define PAGE_ROWS 50u
#define PAGE_ROWS_MAX 200u

char *
ask_text(struct svc_ask *ask, const char *text)
{
	if (text == NULL)
		return NULL;
	char *copy = str_copy(ask->arena, text);
	if (copy == NULL)
		kv_fail(ask->txn, ERR_MEMORY);
	return copy;
}

char *
ask_new_id(struct svc_ask *ask)
{
	return ask_text(ask, svc_new_id(ask));
}

int32_t
ask_today(const struct svc_ask *ask)
{
	return day_in_london(ask->now_ms);
}

enum err
ask_done(struct svc_ask *ask, const char *id, uint64_t number)
{
	Common__Done *done = MESSAGE_NEW(ask->arena, common__done);

	if (done == NULL)
		return ERR_MEMORY;
	done->id = ask_text(ask, id);
	if (number > 0)
		SET(done, number, number);
	svc_answer(ask, &done->base);
	return ask->txn->err;
}

uint32_t
ask_page_rows(uint32_t asked)
{
	if (asked == 0)
		return PAGE_ROWS;
	return asked < PAGE_ROWS_MAX ? asked : PAGE_ROWS_MAX;
}
