import { readFileSync } from "node:fs";
import { holds, run, same } from "./shell.ts";

/** Throws unless every process of every container runs under AppArmor, seccomp and without new privileges. */
export async function confined(): Promise<void> {
  for (const container of (await run(["docker", "ps", "--format", "{{.Names}}"])).trim().split("\n")) {
    const privileged = (
      await run(["docker", "inspect", "-f", "{{.HostConfig.Privileged}}", container])
    ).trim();
    same(`${container} privileged`, privileged, "false");
    const pids = (await run(["docker", "top", container, "-eo", "pid"])).trim().split(/\s+/).slice(1);
    holds(`${container} has processes`, pids.length > 1, pids);
    for (const pid of pids) {
      const fields = processFields(pid);
      if (fields === undefined) continue;
      same(
        `${container} ${fields["Name"]}`,
        [fields["profile"], fields["Seccomp"], fields["NoNewPrivs"]],
        ["docker-default (enforce)", "2", "1"],
      );
    }
  }
}

/** Throws unless the daemons of these containers have no way to CAP_SYS_ADMIN, which entering a namespace needs. */
export async function daemonsAreBound(containers: readonly string[]): Promise<void> {
  const sysAdmin = 1n << 21n;
  const seen = new Set<string>();
  for (const container of containers) {
    const pids = (await run(["docker", "top", container, "-eo", "pid"])).trim().split(/\s+/).slice(1);
    for (const pid of pids) {
      const fields = processFields(pid);
      const name = fields?.["Name"] ?? "";
      if (fields === undefined || !["kea-dhcp6", "bird", "dnsmasq"].includes(name)) continue;
      seen.add(name);
      const may = BigInt(`0x${fields["CapBnd"]}`) & sysAdmin;
      same(`CAP_SYS_ADMIN in reach of ${name}`, may === 0n, true);
    }
  }
  holds("the daemons run", seen.has("kea-dhcp6") && seen.has("bird"), [...seen]);
}

/** What the kernel says of a process; undefined when it ended. */
function processFields(pid: string): Record<string, string> | undefined {
  try {
    const lines = readFileSync(`/proc/${pid}/status`, "utf8").split("\n");
    const fields = lines.flatMap((line) => {
      const [key, value] = line.split(":\t");
      return key === undefined || value === undefined ? [] : [[key, value.trim()] as const];
    });
    return {
      ...Object.fromEntries(fields),
      profile: readFileSync(`/proc/${pid}/attr/current`, "utf8").trim(),
    };
  } catch {
    return undefined;
  }
}
