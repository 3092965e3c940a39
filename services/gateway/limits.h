#ifndef RCC_GATEWAY_LIMITS_H
#define RCC_GATEWAY_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How often somebody may try to sign in. Three things are counted of a browser that has
 * never signed in to the account: all that comes from its address, what comes from its
 * address for this account, and what comes for this account from all such browsers
 * together. A browser that has signed in to it before (secrets.h, devices) is counted
 * by itself alone. So a thousand addresses together are slowed to the pace of one, and
 * whoever the account belongs to signs in meanwhile where they always do.
 *
 * Each count is a bucket of tries that fills up again with time; a try that goes well
 * is given back. In memory alone, and bounded: where there is no room, the bucket that
 * has most left is forgotten.
 */
enum limits_kind {
	LIMITS_ADDRESS,
	LIMITS_ACCOUNT_AT_ADDRESS,
	LIMITS_ACCOUNT,
	LIMITS_DEVICE,
	LIMITS_KINDS,
};

#define LIMITS_ADDRESS_TRIES 50
#define LIMITS_ADDRESS_EACH_MS INT64_C(10000)
#define LIMITS_ACCOUNT_AT_ADDRESS_TRIES 10
#define LIMITS_ACCOUNT_AT_ADDRESS_EACH_MS INT64_C(60000)
#define LIMITS_ACCOUNT_TRIES 20
#define LIMITS_ACCOUNT_EACH_MS INT64_C(300000)
#define LIMITS_DEVICE_TRIES 10
#define LIMITS_DEVICE_EACH_MS INT64_C(60000)

#define LIMITS_SETS 512
#define LIMITS_WAYS 8

struct limits_bucket {
	uint64_t key; /* 0: nobody's */
	/* When it will be full again; earlier or now: it is. What is missing in it is
	 * the time until then. */
	int64_t full_ms;
};

struct limits {
	uint8_t key[16]; /* by which names become keys: nobody can choose whose place
	                  * they take */
	struct limits_bucket buckets[LIMITS_KINDS][LIMITS_SETS][LIMITS_WAYS];
};

/* Who tries. */
struct limits_who {
	const char *address; /* as the front or the socket has it */
	const char
	    *account;       /* what they gave as their login; NULL: none is asked for */
	const char *device; /* the id of secrets_device_knows for that login, or NULL */
};

void limits_open(struct limits *l, const uint8_t key[16]);
/*
 * May they try now? Then it is counted. If not nothing is, and *wait_ms says how long
 * until they may, if nobody else does.
 */
bool limits_take(
    struct limits *l, const struct limits_who *who, int64_t now_ms, int64_t *wait_ms);
/* It went well: it is not counted after all. */
void limits_give_back(struct limits *l, const struct limits_who *who, int64_t now_ms);

#endif
