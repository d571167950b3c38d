#ifndef LAUNCH_H
#define LAUNCH_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Starts a program in a process group of its own, with those three ends for its standard input, output and error. What nsenter(1),
 * setpriv(1) and env(1) in front of it would do is done here, without starting them, where they are written as the agent writes
 * them; otherwise they are started like any program. `argv` ends with NULL. Returns its number; a negative errno when it could not
 * be started, with why in `complaint` when that takes more than a number; 0 when it ended before it was the program.
 */
pid_t launch(char *const argv[], const int stdio[3], char *complaint, size_t size);

#endif
