/* What all roles of the probe program share: time, words, lines of output, and the rights of nobody. */
#ifndef PROBE_H
#define PROBE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define SECOND INT64_C(1000000000)
#define MILLISECOND INT64_C(1000000)

/* Lines wait for at most so long, so that many go by one write. */
#define FLUSH_NS (100 * MILLISECOND)

/* Nanoseconds since 1970, by the clock that stamps of packets are of. */
int64_t now_ns(void);
/* Nanoseconds of a clock that never jumps. */
int64_t steady_ns(void);

/* Ends the program: a line for people on standard error. */
void fail(const char *what, int error) __attribute__((noreturn));
void refuse(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
/* A number of an argument between two bounds. */
int number_of(const char *text, int least, int most, const char *what);
struct in6_addr address_of(const char *text);

/* Readable when SIGTERM or SIGINT asks to end, or SIGUSR1 for a mark. */
int open_signals(void);
/* The signal that came; 0 when none did. */
int read_signal(int signals);
/* Waits until one of them is ready, or for so many nanoseconds. */
struct pollfd;
void await(struct pollfd *fds, int count, int64_t ns);

/* Adds to the line that is being made. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Adds a string of JSON, or null. Only for words of our own, addresses and names of interfaces. */
void say_word(const char *word);
/* Adds an address as a string of JSON. */
void say_address(const struct in6_addr *address);
/* Writes what waits, as far as it is taken. Ends the program when nobody has read for too long. */
void flush(void);
/* Writes all that waits, however long that takes. */
void flush_all(void);
/* When the oldest waiting line has to go, by the steady clock; INT64_MAX when none waits. */
int64_t flush_due(void);

/* A control message of what was received. */
const void *control(struct msghdr *message, int level, int type);
/* When the kernel stamped it; `otherwise` when it did not. */
int64_t stamped(struct msghdr *message, int64_t otherwise);
void set_option(int socket, int level, int option, int value);
/* A name for an errno, such as ENETUNREACH. */
const char *name_of(int error);

int run_sender(int count, char **words);
int run_reflector(int count, char **words);
int run_flow(int count, char **words);

#endif
