#include "gateway/backbone.h"

#include "base/str.h"

#include "foster.pb-c.h"
#include "matching.pb-c.h"
#include "members.pb-c.h"
#include "observatory.pb-c.h"
#include "requests.pb-c.h"
#include "residential.pb-c.h"

#define SERVICE(name, works)                                                           \
	{                                                                              \
#name, &name##__##name##_call__descriptor,                             \
		    &name##__##name##_answer__descriptor, works                        \
	}

const struct backbone_service backbone_services[] = {
    SERVICE(members, "Signing in, organisations, people and roles"),
    SERVICE(requests, "Placement needs: sending, answering, deciding, starting"),
    SERVICE(foster, "Fostering households and their vacancies"),
    SERVICE(residential, "Children\u2019s homes and their vacancies"),
    SERVICE(matching, "Shortlists, and why a home is or is not on one"),
    SERVICE(observatory, "Sufficiency figures"),
};
const size_t backbone_services_n =
    sizeof backbone_services / sizeof backbone_services[0];

const struct backbone_service *
backbone_service(const char *name)
{
	for (size_t i = 0; i < backbone_services_n; i++) {
		if (str_equal(backbone_services[i].name, name))
			return &backbone_services[i];
	}
	return NULL;
}

static const ProtobufCMessageDescriptor *
message_of(const ProtobufCMessageDescriptor *oneof, uint32_t number)
{
	const ProtobufCFieldDescriptor *f =
	    protobuf_c_message_descriptor_get_field(oneof, number);

	return f == NULL ? NULL : f->descriptor;
}

const ProtobufCMessageDescriptor *
backbone_call(const char *service, uint32_t method)
{
	const struct backbone_service *s = backbone_service(service);

	return s == NULL ? NULL : message_of(s->call, method);
}

const ProtobufCMessageDescriptor *
backbone_answer(const char *service, uint32_t method)
{
	const struct backbone_service *s = backbone_service(service);

	return s == NULL ? NULL : message_of(s->answer, method);
}
