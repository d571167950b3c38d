#include "launch.h"

#include "guise.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel takes no longer ones (BPF_MAXINSNS). */
#define MOST_INSTRUCTIONS 4096

extern char **environ;

/* What the process does before it is the program. */
struct birth {
  const struct guise *guise;
  const int *stdio;
  int network;
  struct sock_fprog filter;
};

/* For those who read its standard error. */
static int refused(const char *what) {
  dprintf(STDERR_FILENO, "%s: %m\n", what);
  return -1;
}

static int set_up(void *detail) {
  const struct birth *birth = detail;
  sigset_t none;
  sigemptyset(&none);
  setpgid(0, 0);
  signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int end = 0; end < 3; end++)
    if (dup2(birth->stdio[end], end) < 0) return -1;
  if (birth->network >= 0 && setns(birth->network, CLONE_NEWNET) < 0) return refused(birth->guise->network);
  if (birth->guise->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return refused("no new privileges");
  if (birth->filter.len > 0 && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &birth->filter) < 0)
    return refused(birth->guise->filter);
  return 0;
}

static int complain(char *complaint, size_t size, const char *who, const char *path) {
  const int failure = errno;
  snprintf(complaint, size, "%s: cannot open %s: %s\n", who, path, strerror(failure));
  return failure;
}

/* Where the program is; NULL with errno when there is none, because libcap does not tell why it could not start one. */
static const char *find(const char *name, char *room, size_t size) {
  const char *path = getenv("PATH");
  if (strchr(name, '/') != NULL) return access(name, X_OK) == 0 ? name : NULL;
  for (; path != NULL && *path != '\0'; path += strspn(path, ":")) {
    const size_t length = strcspn(path, ":");
    if (snprintf(room, size, "%.*s/%s", (int)length, path, name) < (int)size && access(room, X_OK) == 0) return room;
    path += length;
  }
  errno = ENOENT;
  return NULL;
}

static bool is_replaced(const struct guise *guise, const char *variable) {
  const size_t name = strcspn(variable, "=") + 1;
  for (int index = 0; index < guise->variable_count; index++)
    if (strncmp(variable, guise->variables[index], name) == 0) return true;
  return false;
}

/* The runner's environment with the program's own variables; NULL without memory. Only the array is to be freed. */
static const char **environment_of(const struct guise *guise) {
  size_t many = (size_t)guise->variable_count + 1;
  for (char **at = environ; *at != NULL; at++) many++;
  const char **all = calloc(many, sizeof *all), **next = all;
  if (all == NULL) return NULL;
  for (char **at = environ; *at != NULL; at++)
    if (!is_replaced(guise, *at)) *next++ = *at;
  for (int index = 0; index < guise->variable_count; index++) *next++ = guise->variables[index];
  return all;
}

/* The sets that a process without a user's number of its own is left with, too; NULL without memory. */
static cap_iab_t rights_of(const struct guise *guise) {
  cap_iab_t rights = cap_iab_init();
  if (rights == NULL) return NULL;
  for (cap_value_t one = 0; one < cap_max_bits(); one++) {
    const uint64_t bit = UINT64_C(1) << one;
    /* What is set in libcap's bounding vector is dropped. */
    if ((guise->bounding & bit) == 0) cap_iab_set_vector(rights, CAP_IAB_BOUND, one, CAP_SET);
    if ((guise->inheritable & bit) != 0) cap_iab_set_vector(rights, CAP_IAB_INH, one, CAP_SET);
    if ((guise->ambient & bit) != 0) cap_iab_set_vector(rights, CAP_IAB_AMB, one, CAP_SET);
  }
  return rights;
}

static pid_t start(struct birth *birth) {
  const struct guise *guise = birth->guise;
  char room[4096];
  const char *program = find(guise->argv[0], room, sizeof room);
  if (program == NULL) return -errno;
  const char **variables = environment_of(guise);
  cap_launch_t launcher = cap_new_launcher(program, (const char *const *)guise->argv, variables);
  cap_iab_t rights = guise->confined ? rights_of(guise) : NULL;
  pid_t pid = -1;
  errno = ENOMEM;
  if (variables != NULL && launcher != NULL && (rights != NULL || !guise->confined)) {
    cap_launcher_callback(launcher, set_up);
    if (guise->has_user) {
      cap_launcher_setuid(launcher, guise->uid);
      cap_launcher_setgroups(launcher, guise->gid, 0, NULL);
    }
    /* The launcher's own from now on. */
    if (rights != NULL) cap_launcher_set_iab(launcher, rights);
    rights = NULL;
    pid = cap_launch(launcher, birth);
  }
  /* It ended before it was the program. */
  const int failure = errno == ECHILD ? 0 : errno;
  cap_free(rights);
  cap_free(launcher);
  free(variables);
  return pid > 0 ? pid : -failure;
}

pid_t launch(char *const argv[], const int stdio[3], char *complaint, size_t size) {
  struct guise guise;
  struct sock_filter instructions[MOST_INSTRUCTIONS];
  struct birth birth = {.guise = &guise, .stdio = stdio, .network = -1, .filter = {.filter = instructions}};
  read_guise(&guise, argv);
  if (guise.network != NULL && (birth.network = open(guise.network, O_RDONLY | O_CLOEXEC)) < 0)
    return -complain(complaint, size, "nsenter", guise.network);
  pid_t pid = -1;
  if (guise.filter != NULL) {
    const int file = open(guise.filter, O_RDONLY | O_CLOEXEC);
    const ssize_t length = file < 0 ? -1 : read(file, instructions, sizeof instructions);
    if (length < 0) pid = -complain(complaint, size, "setpriv", guise.filter);
    else birth.filter.len = (unsigned short)((size_t)length / sizeof instructions[0]);
    if (length >= 0 && birth.filter.len == 0) {
      snprintf(complaint, size, "setpriv: %s holds no filter\n", guise.filter);
      pid = -EINVAL;
    }
    if (file >= 0) close(file);
  }
  if (guise.filter == NULL || birth.filter.len > 0) pid = start(&birth);
  if (pid == 0) snprintf(complaint, size, "%s was refused its network, user or rights\n", guise.argv[0]);
  if (birth.network >= 0) close(birth.network);
  return pid;
}
