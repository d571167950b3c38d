import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { docker, eventually, labState } from "../support/sandbox.ts";
import { ALPHA, BETA, containersOf, startMhlab, succeed, useLabs, writeLab } from "./fixture.ts";

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
  const watch = startMhlab(["status", "watched", "--watch", "0.2", "--json"]);
  await sleep(2000);
  watch.kill("SIGINT");
  expect((await watch).exitCode).toBe(0);
  expect(await lastAskers("watched")).toEqual([]);
});

test.each(["SIGINT", "SIGKILL"] as const)("after %s to an `up` that waits neither", async (signal) => {
  const file = labWithoutFarSide();
  await succeed(["up", file]);
  const up = startMhlab(["up", file, "--wait"]);
  await eventually(async () => expect((await askers("streams")).length).toBeGreaterThan(0), { everyMs: 50 });
  up.kill(signal);
  await up;
  expect(await lastAskers("streams")).toEqual([]);
});
