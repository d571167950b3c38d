/**
 * Every system call that a node may make, by what it is for. What is not here is refused: above all what changes mounts,
 * makes namespaces, traces or reads other processes, or loads something into the kernel. A new call of a later kernel is
 * refused until somebody needs it.
 */
const BY_PURPOSE = {
  processes:
    "execve execveat exit exit_group fork vfork wait4 waitid kill tkill tgkill getpid getppid gettid getpgid getpgrp " +
    "getsid setsid setpgid pidfd_open pidfd_send_signal prctl arch_prctl set_tid_address rseq restart_syscall " +
    "riscv_flush_icache riscv_hwprobe",
  users:
    "getuid geteuid getgid getegid getgroups getresuid getresgid setuid setgid setreuid setregid setresuid setresgid " +
    "setgroups setfsuid setfsgid capget capset umask seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self",
  signals:
    "rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_tgsigqueueinfo rt_sigreturn rt_sigsuspend " +
    "rt_sigtimedwait sigaltstack signalfd signalfd4 pause",
  memory:
    "brk mmap mremap munmap mprotect madvise mincore msync mlock mlock2 mlockall munlock munlockall membarrier memfd_create " +
    "pkey_alloc pkey_free pkey_mprotect shmat shmctl shmdt shmget",
  scheduling:
    "futex futex_waitv set_robust_list get_robust_list sched_yield sched_getaffinity sched_setaffinity sched_getattr " +
    "sched_setattr sched_getparam sched_setparam sched_getscheduler sched_setscheduler sched_get_priority_max " +
    "sched_get_priority_min sched_rr_get_interval getpriority setpriority ioprio_get ioprio_set getcpu",
  time:
    "alarm clock_getres clock_gettime clock_nanosleep getitimer setitimer gettimeofday nanosleep time times timer_create " +
    "timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime",
  limits: "getrlimit setrlimit prlimit64 getrusage sysinfo uname getrandom",
  files:
    "open openat openat2 creat close close_range read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 " +
    "lseek dup dup2 dup3 fcntl flock ioctl fsync fdatasync sync syncfs sync_file_range truncate ftruncate fallocate " +
    "fadvise64 readahead copy_file_range sendfile splice tee vmsplice pipe pipe2 stat lstat fstat newfstatat statx access " +
    "faccessat faccessat2 statfs fstatfs readlink readlinkat getdents getdents64 getcwd chdir fchdir",
  folders:
    "mkdir mkdirat rmdir rename renameat renameat2 link linkat unlink unlinkat symlink symlinkat mknod mknodat chmod fchmod " +
    "fchmodat fchmodat2 chown fchown lchown fchownat utime utimes utimensat futimesat getxattr lgetxattr fgetxattr " +
    "listxattr llistxattr flistxattr",
  events:
    "select pselect6 poll ppoll epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2 " +
    "inotify_init inotify_init1 inotify_add_watch inotify_rm_watch io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents",
  sockets:
    "socketpair bind listen accept accept4 connect shutdown getsockname getpeername getsockopt setsockopt sendto sendmsg " +
    "sendmmsg recvfrom recvmsg recvmmsg",
} as const;

/** Their names, sorted. */
export const ALLOWED_SYSCALLS: readonly string[] = Object.values(BY_PURPOSE)
  .flatMap((names) => names.split(" "))
  .sort();
