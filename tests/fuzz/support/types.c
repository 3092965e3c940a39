#include "fuzz/support/types.h"

/* FNV-1a, folded. */
uint16_t
message_type_place(const ProtobufCMessageDescriptor *type)
{
	uint32_t digest = 2166136261u;

	for (const char *c = type->name; *c != '\0'; c++)
		digest = (digest ^ (uint8_t)*c) * 16777619u;
	return (uint16_t)(digest >> 16 ^ digest);
}

const ProtobufCMessageDescriptor *
message_type_at(uint16_t place)
{
	const ProtobufCMessageDescriptor *found = message_types[0];
	uint16_t nearest = UINT16_MAX;

	for (size_t i = 0; i < message_types_n; i++) {
		uint16_t ahead =
		    (uint16_t)(message_type_place(message_types[i]) - place);
		if (ahead >= nearest)
			continue;
		nearest = ahead;
		found = message_types[i];
	}
	return found;
}
