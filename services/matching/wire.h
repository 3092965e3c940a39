#ifndef RCC_MATCHING_WIRE_H
#define RCC_MATCHING_WIRE_H

#include "base/svc.h"

/* The machine that is rcc-matching: three questions, three sources, no events. */
extern const struct service matching_service;

#endif
