#include "gateway/totp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <qrencode.h>

#include "support/memory.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))
#define QUIET 4
#define MODULES_MAX 185

static const struct totp_secret rfc = {"12345678901234567890"};

/* RFC 6238, appendix B: the last six of its eight digits. */
static const struct {
	int64_t seconds;
	const char *code;
} vectors[] = {
    {59, "287082"},
    {1111111109, "081804"},
    {1111111111, "050471"},
    {1234567890, "005924"},
    {2000000000, "279037"},
    {20000000000, "353130"},
};

static void
codes_are_those_of_the_rfc(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(vectors); i++)
		assert_string_equal(
		    totp_code_at(&rfc, vectors[i].seconds / 30).text, vectors[i].code);
}

static void
a_code_is_good_for_a_step_on_either_side(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(vectors); i++) {
		int64_t step = vectors[i].seconds / 30, found = -1;

		for (int64_t off = step > 3 ? -3 : -1; off <= 3; off++) {
			int64_t now_ms = (step + off) * TOTP_STEP_MS + 29999;
			bool is_near = off >= -1 && off <= 1;

			found = -1;
			assert_int_equal(
			    totp_check(&rfc, vectors[i].code, now_ms, &found), is_near);
			assert_int_equal(found, is_near ? step : -1);
		}
	}
}

static void
a_code_is_read_as_people_type(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool is_right;
	} cases[] = {
	    {"287082", true},
	    {"287 082", true},
	    {" 287082\t", true},
	    {"287081", false},
	    {"28708", false},
	    {"2870820", false},
	    {"0287082", false},
	    {"28708a", false},
	    {"287-082", false},
	    {"+287082", false},
	    {"", false},
	    {NULL, false},
	};
	int64_t step;

	for (size_t i = 0; i < N(cases); i++)
		assert_int_equal(
		    totp_check(&rfc, cases[i].text, 59000, &step), cases[i].is_right);
}

static void
an_app_is_told_in_text(void **state)
{
	(void)state;
	assert_string_equal(
	    totp_secret_text(&arena, &rfc), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
	assert_string_equal(
	    totp_uri(&arena, &rfc, "Care co\xe2\x80\x91op & <x>", "ann@a.example?"),
	    "otpauth://totp/Care%20co%E2%80%91op%20%26%20%3Cx%3E:ann%40a.example%3F"
	    "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	    "&issuer=Care%20co%E2%80%91op%20%26%20%3Cx%3E");
}

/* ---- the picture ---- */

/* The dark modules that a path draws, quiet zone and all. */
static size_t
read_path(const char *path, bool dark[MODULES_MAX][MODULES_MAX])
{
	size_t n = 0;

	while (*path == 'M') {
		char *end;
		unsigned long x = strtoul(path + 1, &end, 10);
		unsigned long y = strtoul(end + 1, &end, 10), width, back;

		assert_true(*end == 'h');
		width = strtoul(end + 1, &end, 10);
		assert_memory_equal(end, "v1h-", 4);
		back = strtoul(end + 4, &end, 10);
		assert_int_equal(width, back);
		assert_true(*end == 'z' && y < MODULES_MAX && x + width < MODULES_MAX);
		for (unsigned long i = x; i < x + width; i++, n++)
			dark[y][i] = true;
		path = end + 1;
	}
	assert_memory_equal(path, "\"/></svg>", sizeof "\"/></svg>");
	return n;
}

static void
the_picture_is_the_code(void **state)
{
	(void)state;
	static bool dark[MODULES_MAX][MODULES_MAX];
	const char *uri = totp_uri(&arena, &rfc, "A region", "ann@a.example"), *svg;
	QRcode *code = QRcode_encodeString8bit(uri, 0, QR_ECLEVEL_M);
	size_t width = (size_t)code->width, n = 0, drawn;

	memset(dark, 0, sizeof dark);
	assert_int_equal(totp_qr_svg(&arena, uri, "A code to scan", &svg), ERR_NONE);
	assert_non_null(strstr(svg, "<title>A code to scan</title>"));
	assert_null(strstr(svg, "style"));
	drawn = read_path(strstr(svg, "#000\" d=\"") + strlen("#000\" d=\""), dark);
	for (size_t y = 0; y < width; y++)
		for (size_t x = 0; x < width; x++) {
			bool is_dark = (code->data[y * width + x] & 1) != 0;

			assert_int_equal(dark[y + QUIET][x + QUIET], is_dark);
			n += is_dark ? 1 : 0;
		}
	assert_int_equal(drawn, n);
	QRcode_free(code);
}

static void
the_longest_text_fits_and_a_longer_is_refused(void **state)
{
	(void)state;
	static char text[4000];
	const char *svg;

	for (size_t len = 1; len < sizeof text; len += len < 2300 ? 761 : 1) {
		enum err e;

		memset(text, 'a', len);
		text[len] = '\0';
		arena_reset(&arena);
		e = totp_qr_svg(&arena, text, "x", &svg);
		assert_int_equal(e, len <= 2331 ? ERR_NONE : ERR_MALFORMED);
		if (e == ERR_NONE)
			assert_string_equal(
			    svg + strlen(svg) - strlen("</svg>"), "</svg>");
		if (len == 2332)
			break;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(codes_are_those_of_the_rfc),
	    cmocka_unit_test(a_code_is_good_for_a_step_on_either_side),
	    cmocka_unit_test(a_code_is_read_as_people_type),
	    cmocka_unit_test(an_app_is_told_in_text),
	    cmocka_unit_test(the_picture_is_the_code),
	    cmocka_unit_test(the_longest_text_fits_and_a_longer_is_refused),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
