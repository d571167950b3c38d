/** Two engines, each with a host of its own, joined by a cable: the test's sandbox, and one that is the file's own. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type Dockerode from "dockerode";
import { expect } from "vitest";
import { openEngine } from "../../../src/adapters/docker/engine.ts";
import { parseEndpoint } from "../../../src/adapters/docker/endpoint.ts";
import { sandboxStatus } from "../../../src/adapters/sandbox/sandbox.ts";
import * as second from "../support/own-sandbox.ts";
import { imageOf, mhlab, paths, run, type CommandResult } from "../support/sandbox.ts";

export const LAB = "two-machines";
const folder = mkdtempSync(join(tmpdir(), "mhlab-engines-"));
export const FILE = join(folder, "lab.yaml");
export const NO_SANDBOX = { MHLAB_SANDBOX: "0", DOCKER_HOST: "" };
/** Where the two answer. */
export const HOSTS = { a: `unix://${paths.socket}`, b: `unix://${second.paths.socket}` };

/** Starts the second one, with the images of the first. */
export async function startBoth(mtu?: number): Promise<void> {
  const images = await Promise.all(["bng", "internet", "cpe"].map(imageOf));
  await second.start();
  const { reader } = openEngine(parseEndpoint(paths.socket, {}), {});
  await second.docker.loadImage(Readable.from(await reader.saveImages(images)));
  await joinHosts(mtu);
}

export async function endBoth(): Promise<void> {
  await mhlab(["down", FILE, "--purge", "--yes"], { env: NO_SANDBOX });
  await second.stop(true);
  rmSync(folder, { recursive: true, force: true });
}

/** A cable between the two hosts, as machines on one network have it. */
export async function joinHosts(mtu = 1500): Promise<void> {
  const [first, other] = [(await sandboxStatus(paths)).pid, await second.labHostPid()];
  const inside = (pid: number | null, ...argv: string[]) =>
    run(["nsenter", "-t", String(pid), "-n", "ip", ...argv]);
  await inside(first, "link", "add", "eng0", "type", "veth", "peer", "name", "eng0", "netns", String(other));
  for (const [pid, address] of [
    [first, "192.0.2.11/24"],
    [other, "192.0.2.12/24"],
  ] as const) {
    await inside(pid, "address", "add", address, "dev", "eng0");
    await inside(pid, "link", "set", "eng0", "mtu", String(mtu), "up");
  }
}

/** Writes the lab file with these providers and CPEs. */
export function writeNodes(nodes: string, hosts: { a: string; b: string } = HOSTS): void {
  const text = `name: ${LAB}
engines:
  - {name: a, host: "${hosts.a}", address: 192.0.2.11}
  - {name: b, host: "${hosts.b}", address: 192.0.2.12}
internet: {bundled: true, engine: a}
${nodes}`;
  writeFileSync(FILE, text);
}

/** A lab in which beta and its CPE run on one engine. */
export function labFile(engineOfBeta: string, hosts: { a: string; b: string }): void {
  const nodes = `providers:
  - {name: alpha, prefix: "2001:db8:a::/48", subscriber: {cpe: home}}
  - {name: beta, prefix: "2001:db8:b::/48", engine: ${engineOfBeta}, subscriber: {cpe: away}}
cpes:
  - {name: home}
  - {name: away, engine: ${engineOfBeta}}
`;
  writeNodes(nodes, hosts);
}

export async function good(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<CommandResult> {
  const result = await mhlab(args, { env: { ...NO_SANDBOX, ...env } });
  expect({ args, code: result.code, said: result.code === 0 ? "" : result.stderr }).toEqual({
    args,
    code: 0,
    said: "",
  });
  return result;
}

export async function namesOn(engine: Dockerode): Promise<string[]> {
  const prefix = `/mhlab-${LAB}-`;
  const found = await engine.listContainers({ all: true });
  return found
    .flatMap(({ Names: [name = ""] }) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []))
    .sort();
}
