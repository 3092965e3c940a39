#include "requests/clocks.h"

#include "base/day.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

uint32_t
requests_hold_minutes(bool is_emergency, int64_t now_ms)
{
	int64_t until_ms;

	if (is_emergency)
		return REQUESTS_HOLD_MINUTES_EMERGENCY;
	until_ms = day_working_deadline(now_ms, REQUESTS_HOLD_WORKING_DAYS_PLANNED);
	return (uint32_t)((until_ms - now_ms + MINUTE_MS - 1) / MINUTE_MS);
}

int64_t
requests_answer_by(bool is_emergency, uint32_t minutes, int64_t now_ms)
{
	if (minutes > 0)
		return now_ms + minutes * MINUTE_MS;
	if (is_emergency)
		return now_ms + REQUESTS_ANSWER_MINUTES_EMERGENCY * MINUTE_MS;
	return day_working_deadline(now_ms, REQUESTS_ANSWER_WORKING_DAYS_PLANNED);
}

int64_t
requests_latest_start(bool is_emergency, int64_t now_ms, int32_t earliest_start_day)
{
	int64_t from_ms = day_start_in_london(earliest_start_day);

	if (from_ms < now_ms)
		from_ms = now_ms;
	if (is_emergency)
		return from_ms + REQUESTS_LATEST_START_HOURS_EMERGENCY * HOUR_MS;
	return from_ms + REQUESTS_LATEST_START_DAYS_PLANNED * DAY_MS;
}

int64_t
requests_grounds_due(int64_t now_ms)
{
	return day_working_deadline(now_ms, REQUESTS_GROUNDS_WORKING_DAYS);
}

int64_t
requests_overdue(int32_t needed_by_day)
{
	return day_start_in_london(needed_by_day + 1);
}

int64_t
requests_draft_drops(int64_t now_ms)
{
	return now_ms + REQUESTS_DRAFT_DAYS * DAY_MS;
}
