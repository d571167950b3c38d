/** What not even a node's root may ask of the kernel, and what it still may. */
import { expect, test } from "vitest";
import { NODES, inNode, linesOf, useBoundaryLab } from "./fixture.ts";

useBoundaryLab();

test.each(NODES)(
  "root of %s mounts nothing, makes no namespace and enters none but a network",
  async (node) => {
    for (const attempt of [
      "mount -t proc proc /mnt",
      "mount -t tmpfs tmpfs /tmp",
      "mount -o remount,rw /",
      "mount --bind /tmp /usr",
      "umount /tmp",
      "unshare --net true",
      "unshare --user true",
      "unshare --mount true",
      "nsenter --target 1 --mount true",
      "nsenter --target 1 --uts true",
    ]) {
      const { code, stderr } = await inNode(node, ["sh", "-c", attempt]);
      expect([attempt, code === 0]).toEqual([attempt, false]);
      expect(stderr).toMatch(/not permitted|denied|must be superuser/);
    }
    expect((await inNode(node, ["nsenter", "--net=/var/run/netns/host", "true"])).code).toBe(0);
  },
);

/** Numbers of the calls on this architecture; with arguments that a kernel which took them would complain about otherwise. */
const NUMBERS: Readonly<Record<string, readonly [number, number]>> = {
  // name: [x86-64, arm64 and riscv64]
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  chroot: [161, 51],
  unshare: [272, 97],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],
  userfaultfd: [323, 282],
  keyctl: [250, 219],
  add_key: [248, 217],
  request_key: [249, 218],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  quotactl: [179, 60],
  setdomainname: [171, 162],
  sethostname: [170, 161],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  acct: [163, 89],
  syslog: [103, 116],
  open_by_handle_at: [304, 265],
  io_uring_setup: [425, 425],
  fanotify_init: [300, 262],
};

test.each(NODES)("root of %s gets no answer to a call that no node makes", async (node) => {
  const column = process.arch === "x64" ? 0 : 1;
  const numbers = Object.entries(NUMBERS).map(([name, both]) => `${name} ${both[column]}`);
  // The numbers of errors are the same everywhere: 1 is EPERM.
  const script = `while read name number; do
    perl -e '$! = 0; $answer = syscall($ARGV[1] + 0, 0, 0, 0, 0, 0); printf "%s %d\\n", $ARGV[0], $answer < 0 ? $! + 0 : 0' "$name" "$number"
  done`;
  const { stdout } = await inNode(node, ["sh", "-c", script], { input: `${numbers.join("\n")}\n` });
  const answers = stdout.trimEnd().split("\n");
  expect(answers).toEqual(Object.keys(NUMBERS).map((name) => `${name} 1`));
});

test("sockets are for the families that nodes talk by", async () => {
  const families = { AF_UNIX: 1, AF_INET: 2, AF_INET6: 10, AF_NETLINK: 16, AF_ALG: 38, AF_VSOCK: 40 };
  const script = Object.entries(families)
    .map(
      ([name, number]) =>
        `perl -MSocket -e 'print socket(my $s, ${number}, ${number === 38 ? 5 : 2}, 0) ? "" : "${name}\\n"'`,
    )
    .join("; ");
  expect(await linesOf("alpha", script)).toEqual(["AF_ALG", "AF_VSOCK"]);
});

test("what people look at networks with still works", async () => {
  for (const command of [
    "ping -6 -c 1 -W 2 2001:db8::1",
    "tcpdump -Z root -c 1 -i wg-alpha > /dev/null & ping -6 -c 2 -W 2 2001:db8::1; wait $!",
    "nft list ruleset",
    "ss -lunp",
    "wg show",
    "ip -6 route",
    "agent status",
  ]) {
    const { code, stderr } = await inNode("alpha", ["sh", "-c", command]);
    expect([command, code, code === 0 ? "" : stderr]).toEqual([command, 0, ""]);
  }
  const { stdout } = await inNode("home-host1", ["dig", "+short", "AAAA", "internet.example"]);
  expect(stdout).toContain("2001:db8::1");
});
