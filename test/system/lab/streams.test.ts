import { execa } from "execa";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { docker, eventually, labState, paths, PROJECT } from "../support/sandbox.ts";
import { ALPHA, BETA, containersOf, succeed, useLabs, writeLab } from "./fixture.ts";

useLabs();

/** The command lines of what asks the agents of a lab, in all its containers. */
async function askers(lab: string): Promise<string[]> {
  const ids = Object.values(await containersOf(lab));
  const tables = await Promise.all(ids.map((id) => docker.getContainer(id).top({ ps_args: "-eo pid,args" })));
  const commands = (tables as { Processes: string[][] }[]).flatMap(({ Processes }) =>
    Processes.map((columns) => columns.at(-1) ?? ""),
  );
  return commands.filter((command) => /\bnc\b|bin\/agent\b/.test(command));
}

/** Who asks still after five seconds. */
async function lastAskers(lab: string): Promise<string[]> {
  const deadline = performance.now() + 5000;
  let found = await askers(lab);
  while (found.length > 0 && performance.now() < deadline) found = await askers(lab);
  return found;
}

/** Starts mhlab in the background. */
function start(args: readonly string[]): { kill(signal: NodeJS.Signals): void; code: Promise<unknown> } {
  const child = execa(process.execPath, [join(PROJECT, "bin/mhlab.js"), ...args], {
    reject: false,
    env: { MHLAB_SANDBOX: "1", MHLAB_SANDBOX_DIR: paths.root, MHLAB_STATE_DIR: labState(), NO_COLOR: "1" },
    stdin: "ignore",
  });
  return { kill: (signal) => void child.kill(signal), code: child.then(({ exitCode }) => exitCode) };
}

/** A lab whose far side never answers, so that `up --wait` waits for it. */
function labWithoutFarSide(): string {
  const file = join(labState(), "streams.yaml");
  const lines = [
    "name: streams",
    "providers:",
    "  - name: alpha",
    "    prefix: 2001:db8:a::/48",
    "    subscriber: {veth: streams-a}",
    "    wireguard:",
    "      endpoint: 192.0.2.42:51820",
    "      peer: 7EuKHgmVWYbJ2CKsAfn6AQoxVOBdlKdGdNLDmjc31FQ=",
    "      address: 2001:db8:0:a::2/64",
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

test("after `up` nobody asks the agents any more", async () => {
  const providers = [ALPHA, BETA].map((one) => ({ ...one, subscriber: `{veth: watched-${one.name}}` }));
  await succeed(["up", writeLab("watched", providers)]);
  expect(await lastAskers("watched")).toEqual([]);
});

test("after `status --watch` neither", async () => {
  const watch = start(["status", "watched", "--watch", "0.2", "--json"]);
  await sleep(2000);
  watch.kill("SIGINT");
  expect(await watch.code).toBe(0);
  expect(await lastAskers("watched")).toEqual([]);
});

test.each(["SIGINT", "SIGKILL"] as const)("after %s to an `up` that waits neither", async (signal) => {
  const file = labWithoutFarSide();
  await succeed(["up", file]);
  const up = start(["up", file, "--wait"]);
  await eventually(async () => expect((await askers("streams")).length).toBeGreaterThan(0), { everyMs: 50 });
  up.kill(signal);
  await up.code;
  expect(await lastAskers("streams")).toEqual([]);
});
