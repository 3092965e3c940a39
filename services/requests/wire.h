#ifndef RCC_REQUESTS_WIRE_H
#define RCC_REQUESTS_WIRE_H

#include "base/svc.h"

/* All of rcc-requests as one description: methods, tables, sources, releases. */
extern const struct service requests_service;

#endif
