import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { inLabHost, labHostWords } from "./lab-host.ts";
import type { CommandOptions, CommandResult } from "./command.ts";

/** A network namespace inside the lab host, for a far side or a CPE. */
export interface TestNetns {
  name: string;
  /** Its path in the lab host, as for `ip link set … netns <name>` and bind mounts. */
  path: string;
  /** Runs a command in it and waits. */
  run(argv: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** Starts a command in it that runs until the namespace is removed; its output is piped. */
  start(argv: readonly string[]): Promise<ChildProcess>;
  /** Ends all that runs in it and removes it; done anyway at the end of the test file. */
  remove(): Promise<void>;
}

const open = new Set<TestNetns>();

/** Makes a network namespace in the lab host, loopback up, IPv6 on. Needs `useSandbox()` in the test file. */
export async function newNetns(label = "t"): Promise<TestNetns> {
  const name = `${label}-${randomBytes(3).toString("hex")}`;
  const path = `/run/netns/${name}`;
  const enter = ["nsenter", `--net=${path}`, "--"];
  await inLabHost(["ip", "netns", "add", name]);
  const started: ChildProcess[] = [];
  const netns: TestNetns = {
    name,
    path,
    run: (argv, options) => inLabHost([...enter, ...argv], options),
    start: async (argv) => {
      const [program = "false", ...words] = [...(await labHostWords()), ...enter, ...argv];
      const child = spawn(program, words, { stdio: ["pipe", "pipe", "pipe"] });
      started.push(child);
      return child;
    },
    remove: async () => {
      open.delete(netns);
      // Ends every process in the namespace, whatever it was started by; the kernel then takes its interfaces.
      const script =
        'for pid in $(ip netns pids "$0"); do kill -9 "$pid" 2>/dev/null; done; ip netns del "$0"';
      await inLabHost(["sh", "-c", script, name], { check: false });
      // The nsenter of a command that was stopped is stopped, too, and would stay.
      for (const child of started) child.kill("SIGCONT");
    },
  };
  open.add(netns);
  await netns.run(["ip", "link", "set", "lo", "up"]);
  return netns;
}

/** Removes the namespaces that are left. */
export async function removeNamespaces(): Promise<void> {
  await Promise.all([...open].map((netns) => netns.remove()));
}
