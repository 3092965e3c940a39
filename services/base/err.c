#include "base/err.h"

const char *
err_name(enum err e)
{
	switch (e) {
	case ERR_NONE: return "none";
	case ERR_MALFORMED: return "malformed";
	case ERR_MEMORY: return "memory";
	case ERR_DENIED: return "denied";
	case ERR_UNKNOWN_METHOD: return "unknown_method";
	case ERR_BUSY: return "busy";
	case ERR_LATE: return "late";
	case ERR_STALE: return "stale";
	case ERR_FULL: return "full";
	case ERR_STORAGE: return "storage";
	case ERR_CORRUPT: return "corrupt";
	case ERR_UNREACHABLE: return "unreachable";
	case ERR_INTERNAL: return "internal";
	}
	return "unknown"; /* a number cast from elsewhere */
}
