import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
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

interface WatchedLine {
  at: string;
  providers: { name: string; state: string; problems: { code: string }[] }[];
}

test("`status --watch --json` has a dated line at each change, also of a node that goes and comes; after it nobody asks either", async () => {
  const watch = startMhlab(["status", "watched", "--watch", "3600", "--json"]);
  const lines: WatchedLine[] = [];
  createInterface({ input: watch.stdout }).on("line", (line) => lines.push(JSON.parse(line) as WatchedLine));
  const seen = (what: (alpha: WatchedLine["providers"][number] | undefined) => boolean): Promise<void> =>
    eventually(() => {
      const alpha = lines.at(-1)?.providers.find(({ name }) => name === "alpha");
      if (!what(alpha)) throw new Error(`not seen: ${JSON.stringify(lines.at(-1))}`);
    });
  await seen((alpha) => alpha?.state === "running");
  const alpha = docker.getContainer((await containersOf("watched"))["alpha"] ?? "");
  await alpha.kill();
  await seen((one) => one?.state === "stopped");
  await alpha.start();
  await seen((one) => one?.state === "running");
  const times = lines.map(({ at }) => at);
  expect(times).toEqual([...times].sort());
  expect(times.every((at) => /^\d{4}-.*Z$/.test(at))).toBe(true);
  watch.kill("SIGINT");
  expect((await watch).exitCode).toBe(0);
  expect(await lastAskers("watched")).toEqual([]);
});

test("a node whose agent hangs is seen to be silent, and to be back", async () => {
  const id = (await containersOf("watched"))["alpha"] ?? "";
  const watch = startMhlab(["status", "watched", "--watch", "1", "--json"]);
  let codes = ["nothing heard yet"];
  createInterface({ input: watch.stdout }).on("line", (line) => {
    const { providers } = JSON.parse(line) as WatchedLine;
    codes = providers.find(({ name }) => name === "alpha")?.problems.map(({ code }) => code) ?? [];
  });
  const signal = async (name: string): Promise<void> => {
    const exec = await docker.getContainer(id).exec({ Cmd: ["pkill", `-${name}`, "-x", "-o", "node"] });
    await exec.start({ Detach: true });
  };
  await eventually(() => expect(codes).toEqual([]));
  await signal("STOP");
  await eventually(() => expect(codes).toEqual(["agent-silent"]), { timeoutMs: 25_000 });
  await signal("CONT");
  await eventually(() => expect(codes).toEqual([]));
  watch.kill("SIGINT");
  await watch;
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
