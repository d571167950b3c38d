import { beforeAll } from "vitest";
import {
  docker,
  inLabHost,
  run,
  paths,
  type CommandOptions,
  type CommandResult,
} from "../support/sandbox.ts";
import { ALPHA, BETA, succeed, useLabs, writeLab } from "../lab/fixture.ts";

export const LAB = "boundary";
/** One of every role but the keeper, which is a BNG's image without daemons. */
export const NODES = ["internet", "alpha", "beta", "home", "home-host1"];

/** Call once at the top of a test file: the lab is up, and alpha records from its start. */
export function useBoundaryLab(): void {
  useLabs();
  beforeAll(() => succeed(["up", labFile()]));
}

export function labFile(): string {
  const more = "capture: true\n    router-advertisement: {pref64: '64:ff9b::/96'}";
  return writeLab(LAB, [{ ...ALPHA, more }, BETA]);
}

export const containerOf = (node: string): string => `mhlab-${LAB}-${node}`;

/** Runs a command in a node as its root; its exit code is data. */
export async function inNode(
  node: string,
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const words = ["docker", "-H", `unix://${paths.socket}`, "exec", "-i", containerOf(node), ...argv];
  return await run(words, { check: false, ...options });
}

/** Runs a script in a node and returns its lines. */
export async function linesOf(node: string, script: string): Promise<string[]> {
  const { stdout } = await inNode(node, ["sh", "-c", script]);
  return stdout.split("\n").filter((line) => line !== "");
}

/** A process of a node, as /proc/PID/status has it. */
export interface Process {
  readonly pid: string;
  readonly comm: string;
  readonly uid: number;
  readonly gid: number;
  /** Capabilities in effect, as hexadecimal digits. */
  readonly effective: string;
  readonly bounding: string;
  readonly noNewPrivileges: boolean;
  /** Its network namespace. */
  readonly network: string;
}

/** Every process of a node, as the lab host sees it. */
export async function processesOf(node: string): Promise<Process[]> {
  const { Processes } = (await docker.getContainer(containerOf(node)).top({ ps_args: "-eo pid" })) as {
    Processes: string[][];
  };
  const script = `for pid; do
    printf '%s|%s|' "$pid" "$(readlink "/proc/$pid/ns/net")"
    awk '/^(Name|Uid|Gid|CapEff|CapBnd|NoNewPrivs):/ { printf "%s|", $2 }' "/proc/$pid/status"; echo
  done`;
  const pids = Processes.map(([pid = ""]) => pid);
  const { stdout } = await inLabHost(["sh", "-c", script, "sh", ...pids]);
  return (
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split("|"))
      // Of one that ended meanwhile there is nothing but its number.
      .filter(([, , comm = ""]) => comm !== "")
      .map(([pid = "", network = "", comm = "", uid, gid, effective = "", bounding = "", fixed]) => ({
        pid,
        comm,
        uid: Number(uid),
        gid: Number(gid),
        effective,
        bounding,
        noNewPrivileges: fixed === "1",
        network,
      }))
  );
}

/** A command with exactly the rights that a process has. */
export function withRightsOf({ uid, gid, effective }: Process, argv: readonly string[]): string[] {
  const rights = rightsIn(effective).map((name) => `,+${name}`);
  return [
    "setpriv",
    "--no-new-privs",
    ...(uid === 0 ? [] : [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"]),
    `--inh-caps=-all${rights.join("")}`,
    ...(uid === 0 ? [] : [`--ambient-caps=-all${rights.join("")}`]),
    `--bounding-set=-all${rights.join("")}`,
    "--",
    ...argv,
  ];
}

/** `linux/capability.h`, as far as nodes have any. */
const CAPABILITIES = new Map([
  [0, "chown"],
  [1, "dac_override"],
  [5, "kill"],
  [6, "setgid"],
  [7, "setuid"],
  [8, "setpcap"],
  [12, "net_admin"],
  [13, "net_raw"],
  [21, "sys_admin"],
]);

/** The capabilities of a mask, sorted. */
export function rightsIn(mask: string): string[] {
  const bits = BigInt(`0x${mask}`);
  return [...CAPABILITIES]
    .filter(([number]) => ((bits >> BigInt(number)) & 1n) === 1n)
    .map(([, name]) => name)
    .sort();
}
