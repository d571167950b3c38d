import { expect, test } from "vitest";
import { SECCOMP_PROFILE } from "../../../../../src/core/render/confinement/seccomp.ts";
import { ALLOWED_SYSCALLS } from "../../../../../src/core/render/confinement/syscalls.ts";

test("no call is listed twice, and none that changes more than the node itself", () => {
  expect(new Set(ALLOWED_SYSCALLS).size).toBe(ALLOWED_SYSCALLS.length);
  const forbidden = ALLOWED_SYSCALLS.filter((name) =>
    /mount|pivot|chroot|unshare|^bpf|perf|ptrace|process_vm|key|kexec|module|uring|userfault|swap|reboot|quota|settime|hostname|domainname|fsopen|fsconfig|handle_at|acct/.test(
      name,
    ),
  );
  expect(forbidden.filter((name) => !/^(pkey_|timer)/.test(name))).toEqual([]);
});

test("what is not listed is refused, and so are clones into new namespaces", () => {
  const { defaultAction, syscalls } = JSON.parse(SECCOMP_PROFILE) as {
    defaultAction: string;
    syscalls: { names: string[]; args?: { index: number; value: number; valueTwo?: number; op: string }[] }[];
  };
  expect(defaultAction).toBe("SCMP_ACT_ERRNO");
  const clone = syscalls.find(({ names }) => names.includes("clone"));
  const [flags] = clone?.args ?? [];
  for (const namespace of [
    0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
  ])
    expect((flags?.value ?? 0) & namespace).toBe(namespace);
  expect(flags).toMatchObject({ index: 0, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ" });
});
