#ifndef GUISE_H
#define GUISE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define MOST_VARIABLES 32

/* As what a program runs, and where. */
struct guise {
  /* A file that is a network namespace; NULL for the runner's own. */
  const char *network;
  /* Whether its user and group are others. It is in no other group then. */
  bool has_user;
  uid_t uid;
  gid_t gid;
  /* Whether its sets of capabilities are these. */
  bool confined;
  uint64_t bounding, inheritable, ambient;
  bool no_new_privileges;
  /* A file with a seccomp filter, or NULL. */
  const char *filter;
  const char *variables[MOST_VARIABLES];
  int variable_count;
  /* The program and its words. */
  char *const *argv;
};

/* Takes `nsenter`, `setpriv` and `env` off a command, as far as they are understood wholly; what is not stays part of the program. */
void read_guise(struct guise *guise, char *const argv[]);

#endif
