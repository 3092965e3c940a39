#ifndef RCC_SANITIZED_H
#define RCC_SANITIZED_H

/* Does a sanitizer watch each address? 1 or 0, for #if as well; gcc says it in one way
 * and clang in another. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

#endif
