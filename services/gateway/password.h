#ifndef RCC_GATEWAY_PASSWORD_H
#define RCC_GATEWAY_PASSWORD_H

#define PASSWORD_CHARACTERS_MIN 12
#define PASSWORD_BYTES_MAX 512

/*
 * Why this password may not be chosen, as a sentence for whoever typed it; NULL: it
 * may. Long enough and not among those that everybody tries; nothing is asked of it
 * beside that (NIST SP 800-63B, 5.1.1.2). `login` is the account's, which it may not
 * be; may be NULL.
 */
const char *password_problem(const char *password, const char *login);

#endif
