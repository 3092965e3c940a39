#ifndef RCC_OBSERVATORY_WIRE_H
#define RCC_OBSERVATORY_WIRE_H

#include "base/svc.h"

/* The machine that is rcc-observatory: three questions, no events of its own. */
extern const struct service observatory_service;

#endif
