#ifndef JOB_H
#define JOB_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Bytes that grow, or of which the first ones are taken already. */
struct text {
  char *bytes;
  size_t length;
  size_t taken;
};

/* One program that runs, or ran. */
struct job {
  uint32_t id;
  /* Whether it runs until it is told to end, and its output is told as it comes. */
  bool kept;
  /* Whether there may be more input for it. */
  bool fed;
  /* As launch() returned it. */
  pid_t pid;
  /* Ends of pipes, -1 once closed. */
  int in, out, err;
  struct text input, output, complaint;
  int64_t deadline;
  bool exited;
  /* Its exit code, 256 and the signal that ended it, or a negative errno when it could not be started. */
  int32_t status;
};

#define POLLS_OF_JOB 3
#define FOREVER INT64_C(-1)

/* Milliseconds of a clock that never goes back. */
int64_t now_ms(void);

/* Starts a program as launch() does. `argv` ends with NULL; `input` is taken over. What fails is in the job's status. */
void start_job(struct job *job, char *const argv[], struct text input, int64_t timeout_ms);

/* What to wait for: exactly POLLS_OF_JOB entries, of which some may be off. */
void polls_of_job(const struct job *job, struct pollfd polls[]);

/* Moves what can be moved without waiting. */
void move_job(struct job *job, const struct pollfd polls[]);

/* Notes that its process ended, if it may have and has; ends it and all that it started when its time is over. */
void look_after_job(struct job *job, bool may_have_ended);

/* Gives it more input, which ends with this when it is the last. */
void feed_job(struct job *job, const char *bytes, size_t length, bool last);

/* Sends it a signal, unless it ended. */
void signal_job(const struct job *job, int signal);

/* Whether it ended and all of its output is here. */
bool is_done(const struct job *job);

/* Forgets it; its input may hold keys and is overwritten. */
void free_job(struct job *job);

#endif
