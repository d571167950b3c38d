import { inLabHost } from "./lab-host.ts";
import { docker } from "./place.ts";

export interface HostLink {
  ifname: string;
  mtu: number;
  flags: string[];
  ifalias?: string;
  master?: string;
  addr_info: { local: string; scope: string }[];
}

/** A link of the lab host as it is; undefined when there is none of that name. */
export async function hostLink(name: string): Promise<HostLink | undefined> {
  const { code, stdout } = await inLabHost(["ip", "-j", "-d", "addr", "show", "dev", name], { check: false });
  return code === 0 ? (JSON.parse(stdout) as HostLink[])[0] : undefined;
}

/** Addresses of a link of the lab host that reach beyond it. */
export const globalsOf = (link: HostLink | undefined): string[] =>
  (link?.addr_info ?? []).filter(({ scope }) => scope === "global").map(({ local }) => local);

/** Runs a script in the lab host. */
export const sh = (script: string): Promise<unknown> => inLabHost(["sh", "-c", script]);

/** Runs a command in a container and returns what it said. */
export async function inContainer(name: string, argv: readonly string[]): Promise<string> {
  const exec = await docker
    .getContainer(name)
    .exec({ Cmd: [...argv], AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  let text = "";
  for await (const piece of stream) text += String(piece);
  return text;
}
