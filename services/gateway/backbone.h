#ifndef RCC_GATEWAY_BACKBONE_H
#define RCC_GATEWAY_BACKBONE_H

#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

/* A service behind the gateway, and the messages it takes and gives. */
struct backbone_service {
	const char *name;
	const ProtobufCMessageDescriptor *call, *answer;
	const char *works; /* what works while it is up, for a person: "taking needs" */
};

extern const struct backbone_service backbone_services[];
extern const size_t backbone_services_n;

/* NULL where there is none of that name. */
const struct backbone_service *backbone_service(const char *name);

/* The messages under this number of the service's call and answer; NULL: no such. */
const ProtobufCMessageDescriptor *backbone_call(const char *service, uint32_t method);
const ProtobufCMessageDescriptor *backbone_answer(const char *service, uint32_t method);

#endif
