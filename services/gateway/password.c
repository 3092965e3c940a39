#include "gateway/password.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/str.h"

#define DISTINCT_MIN 5

/* Of those that are long enough, the ones at the head of every list of broken
 * passwords, and what somebody in this trade would think of first. Small letters and
 * digits alone: that is how they are compared. */
static const char *const common[] = {
    "123456789012",
    "1234567890123",
    "12345678901234",
    "123456789123456",
    "1234567890qwerty",
    "0123456789abc",
    "098765432109",
    "987654321098",
    "password1234",
    "password12345",
    "password123456",
    "passwordpassword",
    "password1password",
    "mypassword123",
    "mypassword1234",
    "newpassword1",
    "newpassword123",
    "passw0rd1234",
    "p4ssw0rd1234",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiop1234",
    "qwertyuiopasdf",
    "qwertyuiopasdfghjkl",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwerty123456",
    "qwerty1234567",
    "qwerty12345678",
    "qwertyqwerty",
    "asdfghjklqwerty",
    "asdfghjkl123",
    "zxcvbnmasdfghjkl",
    "zxcvbnm12345",
    "1qaz2wsx3edc",
    "1qaz2wsx3edc4rfv",
    "1q2w3e4r5t6y",
    "1q2w3e4r5t6y7u",
    "1q2w3e4r5t6y7u8i",
    "q1w2e3r4t5y6",
    "zaq12wsxcde3",
    "qazwsxedcrfv",
    "qazwsx123456",
    "abcdefghijkl",
    "abcdefghijklm",
    "abcdefghijklmnop",
    "abcd12345678",
    "abc123456789",
    "abcd1234abcd",
    "iloveyou1234",
    "iloveyouforever",
    "iloveyousomuch",
    "letmeinletmein",
    "letmein12345",
    "letmein123456",
    "welcome12345",
    "welcome123456",
    "welcome2026welcome",
    "changeme1234",
    "changemeplease",
    "changemenow1",
    "administrator",
    "administrator1",
    "adminadmin123",
    "admin1234567",
    "trustno1trustno1",
    "football1234",
    "liverpool123",
    "liverpool1234",
    "manchester12",
    "manchester123",
    "manchesterunited",
    "manchestercity",
    "arsenalarsenal",
    "chelsea12345",
    "sunshine1234",
    "princess1234",
    "superman1234",
    "unitedkingdom",
    "england12345",
    "correcthorsebatterystaple",
    "thisismypassword",
    "idontknow1234",
    "secretsecret1",
    "summersummer",
    "summer2026summer",
    "socialworker",
    "socialworker1",
    "socialworker123",
    "childrenshome",
    "childrenshome1",
    "childrenservices",
    "childrensservices",
    "fostercare123",
    "fostercare1234",
    "fostercarefoster",
    "fostering1234",
    "careplacement",
    "careplacements",
    "careplacements1",
    "carecooperative",
    "localauthority",
    "safeguarding",
    "safeguarding1",
    "safeguarding123",
};

/* Of `len` bytes the small letters and digits, as many as there is room for. */
static void
plain(const char *text, size_t len, char out[PASSWORD_BYTES_MAX + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < len && n < PASSWORD_BYTES_MAX; i++) {
		char c = text[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[n++] = c;
	}
	out[n] = '\0';
}

static bool
is_common(const char *password)
{
	char text[PASSWORD_BYTES_MAX + 1];

	plain(password, strlen(password), text);
	for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
		if (str_equal(common[i], text))
			return true;
	return false;
}

/* "aaaaaaaaaaaa", "121212121212": so few different characters that it is no secret. */
static bool
is_monotonous(const char *password)
{
	bool is_seen[256] = {false};
	unsigned n = 0;

	for (; *password != '\0'; password++) {
		unsigned char c = (unsigned char)*password;

		n += is_seen[c] ? 0 : 1;
		is_seen[c] = true;
	}
	return n < DISTINCT_MIN;
}

/* The account's own name, or what stands before its "@". */
static bool
is_login(const char *password, const char *login)
{
	char text[PASSWORD_BYTES_MAX + 1], name[PASSWORD_BYTES_MAX + 1];

	plain(password, strlen(password), text);
	plain(login, strlen(login), name);
	if (name[0] != '\0' && str_equal(text, name))
		return true;
	plain(login, strcspn(login, "@"), name);
	return strlen(name) >= PASSWORD_CHARACTERS_MIN && str_starts(text, name);
}

const char *
password_problem(const char *password, const char *login)
{
	if (str_characters(password) < PASSWORD_CHARACTERS_MIN)
		return "Your password must have 12 characters or more. Three or four "
		       "words that do not belong together are easy to remember.";
	if (strlen(password) > PASSWORD_BYTES_MAX)
		return "Your password is too long.";
	if (is_monotonous(password) || is_common(password))
		return "This password is one of those that are tried first. Choose "
		       "another.";
	if (login != NULL && is_login(password, login))
		return "Your password must not be your login.";
	return NULL;
}
