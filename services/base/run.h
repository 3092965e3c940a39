#ifndef RCC_RUN_H
#define RCC_RUN_H

#include "base/svc.h"

/*
 * The loop around a service: options, sockets, turns, group commit, readiness,
 * clean stop. `main` of every service is one call of this. Options:
 *   --config FILE   ini; [service] peers, key, option, log, store, room_mib
 *   --check         reads the configuration, opens nothing, says what it read
 *   --verify-tables DIR   serves nothing: svc_verify_tables of DIR/kept and
 * DIR/rebuilt, said as JSON on stdout
 *   --version, --help
 * Exit: 0 after a clean stop (SIGTERM, SIGINT), 1 with one sentence on stderr, 2
 * for a wrong command line. Tells the service manager READY when it is ready.
 */
int run_service(const struct service *service, int argc, char **argv);

#endif
