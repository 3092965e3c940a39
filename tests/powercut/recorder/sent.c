/* What is sent. */
#include "powercut/recorder/recorder.h"

#define ZMQ_SNDMORE 2

typedef int send_function(void *, const void *, size_t, int);

/* allowed: it stands in for libzmq's */
int zmq_send(void *socket, const void *data, size_t len, int flags);

int
zmq_send(void *socket, const void *data, size_t len, int flags) /* allowed: so */
{
	REAL("zmq_send", send_function)
	static unsigned parts;
	int code = real(socket, data, len, flags);

	if (code < 0)
		return code;
	parts++;
	if ((flags & ZMQ_SNDMORE) == 0) {
		recorder_say(RECORD_SENT, 0, parts, data, len);
		parts = 0;
	}
	return code;
}
