import { ALLOWED_SYSCALLS } from "./syscalls.ts";

interface Argument {
  readonly index: number;
  readonly value: number;
  readonly op: "SCMP_CMP_EQ" | "SCMP_CMP_MASKED_EQ";
  /** Of a masked comparison: what must be left. */
  readonly valueTwo?: number;
}

interface Rule {
  readonly names: readonly string[];
  readonly action: "SCMP_ACT_ALLOW" | "SCMP_ACT_ERRNO";
  readonly args?: readonly Argument[];
  readonly errnoRet?: number;
}

/** `linux/socket.h`: what nodes talk by. AF_VSOCK, AF_ALG and the like are for others. */
const SOCKET_FAMILIES = { AF_UNIX: 1, AF_INET: 2, AF_INET6: 10, AF_NETLINK: 16, AF_PACKET: 17 } as const;
/** `linux/sched.h`. */
const CLONE_NEWNET = 0x4000_0000;
/** CLONE_NEW* but for NEWTIME, which clone(2) cannot take. */
const NAMESPACES = 0x7e02_0000;
const EPERM = 1;
const ENOSYS = 38;

const RULES: readonly Rule[] = [
  { names: ALLOWED_SYSCALLS, action: "SCMP_ACT_ALLOW" },
  ...Object.values(SOCKET_FAMILIES).map((family) => allowedWith("socket", { index: 0, value: family })),
  // Into the host's network, where devices are born; into no other kind of namespace.
  allowedWith("setns", { index: 1, value: CLONE_NEWNET }),
  {
    names: ["clone"],
    action: "SCMP_ACT_ALLOW",
    args: [{ index: 0, value: NAMESPACES, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ" }],
  },
  // Its flags lie in memory, where no filter sees them; without it the C library uses clone.
  { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: ENOSYS },
];

function allowedWith(name: string, argument: Omit<Argument, "op">): Rule {
  return { names: [name], action: "SCMP_ACT_ALLOW", args: [{ ...argument, op: "SCMP_CMP_EQ" }] };
}

/**
 * The seccomp profile of every node, as JSON in Docker's form: an allow list, because Docker's own profile opens mounts, bpf
 * and new namespaces to whoever has SYS_ADMIN. It names no architecture, so calls by another one's numbers are refused too.
 */
export const SECCOMP_PROFILE = JSON.stringify({
  defaultAction: "SCMP_ACT_ERRNO",
  defaultErrnoRet: EPERM,
  syscalls: RULES,
});
