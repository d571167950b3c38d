import type { CommandOptions, CommandResult } from "../support/command.ts";
import { inLabHost, newNetns, type TestNetns } from "../support/sandbox.ts";

/** A network namespace and a mount namespace of one client: what it writes to /etc, /run or /var/lib ends with it. */
export interface Cell {
  readonly netns: TestNetns;
  run(argv: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** Starts a command that lasts; what it said so far can be asked for. */
  start(argv: readonly string[]): Promise<{ said(): string }>;
  write(path: string, text: string, mode?: string): Promise<void>;
}

/**
 * The machine's resolv.conf is out of reach because /etc is a copy. /sys is read-only, as in a container: networkd would
 * wait for udev where it is not.
 */
const CLOSE = `set -e
  mount -t sysfs -o ro sysfs /sys
  mount -t tmpfs tmpfs /run
  mount -t tmpfs tmpfs /var/lib
  cp -a /etc /run/etc
  rm -f /run/etc/resolv.conf; : > /run/etc/resolv.conf
  mount --bind /run/etc /etc
  echo $$
  exec sleep infinity`;

/** Makes a cell with `lan0`, a link without anybody behind it. Needs `useSandbox()` in the test file. */
export async function newCell(label: string): Promise<Cell> {
  const netns = await newNetns(label);
  await netns.run([
    "sh",
    "-ec",
    `sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.conf.default.dad_transmits=0
     ip link add lan0 type veth peer name nobody
     sysctl -qw net.ipv6.conf.nobody.disable_ipv6=1
     ip link set nobody up; ip link set lan0 up`,
  ]);
  const holder = await netns.start(["unshare", "--mount", "sh", "-c", CLOSE]);
  const pid = await firstLine(holder.stdout, () => holder.stderr?.read() as unknown);
  const enter = ["nsenter", "-t", pid, "-m", "-n", "--"];
  const run: Cell["run"] = (argv, options) => inLabHost([...enter, ...argv], options);
  return {
    netns,
    run,
    async start(argv) {
      const child = await netns.start(["nsenter", "-t", pid, "-m", "--", ...argv]);
      let text = "";
      for (const stream of [child.stdout, child.stderr])
        stream?.on("data", (piece: Buffer) => (text += piece.toString()));
      return { said: () => text };
    },
    async write(path, text, mode = "644") {
      const script = 'mkdir -p "$(dirname "$0")" && cat > "$0" && chmod "$1" "$0"';
      await run(["sh", "-c", script, path, mode], { input: text });
    },
  };
}

async function firstLine(stream: NodeJS.ReadableStream | null, complaint: () => unknown): Promise<string> {
  let text = "";
  for await (const piece of stream ?? []) {
    text += piece.toString();
    if (text.includes("\n")) return text.trim();
  }
  throw new Error(`the client's namespace was not made: ${String(complaint())}`);
}
