#ifndef RCC_RCCCTL_METHOD_H
#define RCC_RCCCTL_METHOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

/* The contracts of the services, as their oneofs say them. */
struct contract {
	const char *service;
	const ProtobufCMessageDescriptor *call, *answer, *event;
};

/* In such an order that each stands after those that it follows. */
extern const struct contract contracts[];
extern const size_t contracts_n;

/* NULL when there is no such service. */
const struct contract *contract_of(const char *service);

/* One method: the row of the call oneof, and that of the answer under its number. */
struct method {
	const char *service;
	const char *name;
	uint32_t number;
	const ProtobufCMessageDescriptor *input;
	const ProtobufCMessageDescriptor *output; /* NULL: the answer carries nothing */
};

/* "requests.decide"; false when there is none. */
bool method_find(const char *name, struct method *out);
void method_of(
    const struct contract *c, const ProtobufCFieldDescriptor *call, struct method *out);

#endif
