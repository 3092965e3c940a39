#ifndef RCC_TESTS_FALL_H
#define RCC_TESTS_FALL_H

/*
 * From now on, should this process crash or abort, it first says on stderr in which
 * libraries it stood, innermost first: "faults: signal 11 in libc.so.6 < libzmq.so.5 <
 * rccctl". What it does about such a signal itself it does afterwards.
 */
void fall_tell(void);

#endif
