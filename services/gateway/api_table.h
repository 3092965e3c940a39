#ifndef RCC_GATEWAY_API_TABLE_H
#define RCC_GATEWAY_API_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#define API_ROOT "/api/v1"
#define API_NAME_MAX 48

/*
 * One operation of the programming interface: a method of a service that a system may
 * call with a key of its own. Its path is /api/v1/SERVICE/NAME, where NAME is the
 * method's in the service's contract, with "-" for "_"; its messages are those of the
 * contract under that number. No key approves or administers: those methods are for
 * people.
 */
struct api_operation {
	const char *service;
	uint32_t method;
	uint32_t roles; /* bits, 1 << members.Role: which keys may */
	bool is_command;
	const char *summary;
};

extern const struct api_operation api_operations[];
extern const size_t api_operations_n;

/* "keep_draft", as the contract has it, or with "-" as a path has it. */
const char *api_name(const struct api_operation *o);
void api_path_name(const struct api_operation *o, char out[API_NAME_MAX]);

/* The operation at this path (all of it, /api/v1/...); NULL where there is none. */
const struct api_operation *api_find(const char *path);

const ProtobufCMessageDescriptor *api_input(const struct api_operation *o);
const ProtobufCMessageDescriptor *api_output(const struct api_operation *o);

#endif
