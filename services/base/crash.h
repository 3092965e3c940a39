#ifndef RCC_CRASH_H
#define RCC_CRASH_H

/*
 * From now on a process that dies of what it reads in its store says so first, in one
 * sentence that names the store. A store's file is read as memory: cut short, or on a
 * disk that fails, it answers with SIGBUS, and the process leaves with 1 as for any
 * other trouble with the store. SIGSEGV may be a damaged page or our own fault: the
 * sentence says how to tell, and the signal ends the process as ever.
 */
void crash_explain(const char *service, const char *store);

#endif
