#include "job.h"

#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STEP 65536
/* As shells say it. */
#define NOT_STARTED 127
/* More is no answer to any question that is asked here. */
#define MOST_OUTPUT (64u << 20)

int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static void shut(int *end) {
  if (*end >= 0) close(*end);
  *end = -1;
}

/* Returns 0 or an errno. */
static int open_pipe(int ends[2], int ours) {
  if (pipe2(ends, O_CLOEXEC) < 0) return errno;
  fcntl(ends[ours], F_SETFL, O_NONBLOCK);
  return 0;
}

void start_job(struct job *job, char *const argv[], struct text input, int64_t timeout_ms) {
  int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
  char complaint[512] = "";
  job->input = input;
  job->deadline = timeout_ms == FOREVER ? INT64_MAX : now_ms() + timeout_ms;
  int failure = open_pipe(in, 1);
  if (failure == 0) failure = open_pipe(out, 0);
  if (failure == 0) failure = open_pipe(err, 0);
  const int theirs[3] = {in[0], out[1], err[1]};
  job->pid = failure == 0 ? launch(argv, theirs, complaint, sizeof complaint) : -failure;
  shut(&in[0]);
  shut(&out[1]);
  shut(&err[1]);
  job->in = in[1];
  job->out = out[0];
  job->err = err[0];
  if (complaint[0] != '\0' && (job->complaint.bytes = strdup(complaint)) != NULL)
    job->complaint.length = strlen(complaint);
  if (job->pid > 0) {
    if (!job->fed && input.taken == input.length) shut(&job->in);
    return;
  }
  job->exited = true;
  job->status = job->pid < 0 && complaint[0] == '\0' ? job->pid : NOT_STARTED;
  shut(&job->in);
}

void polls_of_job(const struct job *job, struct pollfd polls[]) {
  polls[0] = (struct pollfd){.fd = job->input.taken < job->input.length ? job->in : -1, .events = POLLOUT};
  polls[1] = (struct pollfd){.fd = job->out, .events = POLLIN};
  polls[2] = (struct pollfd){.fd = job->err, .events = POLLIN};
}

static void end_all(const struct job *job) {
  if (job->pid > 0) kill(-job->pid, SIGKILL);
}

static void feed(struct job *job) {
  struct text *input = &job->input;
  const ssize_t written = write(job->in, input->bytes + input->taken, input->length - input->taken);
  if (written < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (written > 0) input->taken += (size_t)written;
  /* Who reads no further has said why on its standard error. */
  if (written <= 0 || (!job->fed && input->taken == input->length)) shut(&job->in);
}

void feed_job(struct job *job, const char *bytes, size_t length, bool last) {
  struct text *input = &job->input;
  if (job->in < 0) return;
  const size_t left = input->length - input->taken;
  char *whole = malloc(left + length + 1);
  if (whole == NULL) return end_all(job);
  memcpy(whole, input->bytes + input->taken, left);
  memcpy(whole + left, bytes, length);
  explicit_bzero(input->bytes, input->length);
  free(input->bytes);
  *input = (struct text){.bytes = whole, .length = left + length};
  job->fed = !last;
  if (input->length > 0)
    feed(job);
  else if (last)
    shut(&job->in);
}

void signal_job(const struct job *job, int signal) {
  if (!job->exited) kill(job->pid, signal);
}

static void drain(const struct job *job, int *end, struct text *text) {
  char *grown = text->length > MOST_OUTPUT ? NULL : realloc(text->bytes, text->length + STEP);
  if (grown == NULL) {
    end_all(job);
    return shut(end);
  }
  text->bytes = grown;
  const ssize_t count = read(*end, text->bytes + text->length, STEP);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count > 0)
    text->length += (size_t)count;
  else
    shut(end);
}

void move_job(struct job *job, const struct pollfd polls[]) {
  if (polls[0].revents != 0) feed(job);
  if (polls[1].revents != 0) drain(job, &job->out, &job->output);
  if (polls[2].revents != 0) drain(job, &job->err, &job->complaint);
}

void look_after_job(struct job *job, bool may_have_ended) {
  if (now_ms() >= job->deadline && !is_done(job)) {
    end_all(job);
    job->deadline = INT64_MAX;
  }
  int status;
  if (job->exited || !may_have_ended || waitpid(job->pid, &status, WNOHANG) != job->pid) return;
  job->exited = true;
  job->status = WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

bool is_done(const struct job *job) { return job->exited && job->out < 0 && job->err < 0; }

void free_job(struct job *job) {
  shut(&job->in);
  if (job->input.bytes != NULL) explicit_bzero(job->input.bytes, job->input.length);
  free(job->input.bytes);
  free(job->output.bytes);
  free(job->complaint.bytes);
}
