#include "guise.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

/* What stands behind the beginning of a word; NULL when it begins otherwise. */
static const char *after(const char *word, const char *beginning) {
  const size_t length = strlen(beginning);
  return strncmp(word, beginning, length) == 0 ? word + length : NULL;
}

static bool read_number(const char *text, uint32_t *number) {
  char *end;
  errno = 0;
  const unsigned long value = strtoul(text, &end, 10);
  if (errno != 0 || end == text || *end != '\0' || value > UINT32_MAX - 1) return false;
  *number = (uint32_t)value;
  return true;
}

/* Reads `-all,+net_raw,+net_admin`: nothing but what is named. */
static bool read_capabilities(const char *text, uint64_t *set) {
  char name[64] = "cap_";
  const char *at = after(text, "-all");
  *set = 0;
  while (at != NULL && *at != '\0') {
    at = after(at, ",+");
    if (at == NULL) return false;
    const size_t length = strcspn(at, ",");
    if (length == 0 || length >= sizeof name - 4) return false;
    memcpy(name + 4, at, length);
    name[4 + length] = '\0';
    cap_value_t one;
    if (cap_from_name(name, &one) < 0) return false;
    *set |= UINT64_C(1) << one;
    at += length;
  }
  return at != NULL;
}

/* `nsenter --net=FILE program …` */
static bool read_nsenter(struct guise *guise) {
  char *const *words = guise->argv;
  if (strcmp(words[0], "nsenter") != 0 || words[1] == NULL || words[2] == NULL || words[2][0] == '-') return false;
  const char *path = after(words[1], "--net=");
  if (path == NULL || guise->network != NULL) return false;
  guise->network = path;
  guise->argv = words + 2;
  return true;
}

/* `setpriv --no-new-privs --reuid=U --regid=G --clear-groups --ambient-caps=C --inh-caps=C --bounding-set=C --seccomp-filter=F -- program …` */
static bool read_setpriv(struct guise *guise) {
  if (strcmp(guise->argv[0], "setpriv") != 0 || guise->confined) return false;
  struct guise read = *guise;
  bool has_group = false, leaves_groups = false, has_inheritable = false, has_bounding = false;
  char *const *at = guise->argv + 1;
  for (; *at != NULL && strcmp(*at, "--") != 0; at++) {
    const char *value;
    bool fine = true;
    if (strcmp(*at, "--no-new-privs") == 0) read.no_new_privileges = true;
    else if (strcmp(*at, "--clear-groups") == 0) leaves_groups = true;
    else if ((value = after(*at, "--reuid=")) != NULL) fine = read.has_user = read_number(value, &read.uid);
    else if ((value = after(*at, "--regid=")) != NULL) fine = has_group = read_number(value, &read.gid);
    else if ((value = after(*at, "--ambient-caps=")) != NULL) fine = read_capabilities(value, &read.ambient);
    else if ((value = after(*at, "--inh-caps=")) != NULL) fine = has_inheritable = read_capabilities(value, &read.inheritable);
    else if ((value = after(*at, "--bounding-set=")) != NULL) fine = has_bounding = read_capabilities(value, &read.bounding);
    else if ((value = after(*at, "--seccomp-filter=")) != NULL) read.filter = value;
    else fine = false;
    if (!fine) return false;
  }
  if (*at == NULL || at[1] == NULL || !has_inheritable || !has_bounding) return false;
  if (read.has_user != has_group || has_group != leaves_groups) return false;
  read.confined = true;
  read.argv = at + 1;
  *guise = read;
  return true;
}

/* `env NAME=VALUE … program …` */
static bool read_env(struct guise *guise) {
  if (strcmp(guise->argv[0], "env") != 0 || guise->variable_count > 0) return false;
  char *const *at = guise->argv + 1;
  int count = 0;
  for (; *at != NULL && (*at)[0] != '-' && strchr(*at, '=') != NULL; at++) {
    if (count == MOST_VARIABLES) return false;
    guise->variables[count++] = *at;
  }
  if (*at == NULL || (*at)[0] == '-' || count == 0) return false;
  guise->variable_count = count;
  guise->argv = at;
  return true;
}

void read_guise(struct guise *guise, char *const argv[]) {
  *guise = (struct guise){.argv = argv};
  while (read_nsenter(guise) || read_setpriv(guise) || read_env(guise)) continue;
}
