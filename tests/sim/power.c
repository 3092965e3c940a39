#include "sim/power.h"

#include <limits.h>

#include "base/kv.h"

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker's
 * own names for what it wraps. */
enum err __real_kv_end(struct kv_txn *txn);
enum err __wrap_kv_end(struct kv_txn *txn);

static unsigned commits_left = UINT_MAX;
static bool is_gone;

void
power_goes_after(unsigned commits)
{
	commits_left = commits;
	is_gone = false;
}

bool
power_was_gone(void)
{
	bool was = is_gone;

	commits_left = UINT_MAX;
	is_gone = false;
	return was;
}

enum err
__wrap_kv_end(struct kv_txn *txn)
{
	if (commits_left == UINT_MAX || !txn->is_write || !txn->is_dirty ||
	    txn->err != ERR_NONE)
		return __real_kv_end(txn);
	if (commits_left > 0) {
		commits_left--;
		return __real_kv_end(txn);
	}
	is_gone = true;
	kv_fail(txn, ERR_STORAGE);
	return __real_kv_end(txn);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
