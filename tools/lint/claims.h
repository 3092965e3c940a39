#ifndef RCC_LINT_CLAIMS_H
#define RCC_LINT_CLAIMS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/*
 * What cmocka's claims promise and its header does not say: nothing after one that
 * failed runs. Only gcc's analyzer is given this (CONFIG=analyzer), before every test;
 * without it each pointer that assert_non_null has looked at would still count as
 * perhaps null.
 */
void _fail(const char *file, int line) __attribute__((noreturn));
#define _assert_true(claim, text, file, line) ((claim) ? (void)0 : _fail(file, line))
#define _assert_int_equal(a, b, file, line) ((a) == (b) ? (void)0 : _fail(file, line))

#endif
