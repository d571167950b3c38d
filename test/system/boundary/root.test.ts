/** A container's root, its files, and how much of the machine it may take. */
import { expect, test } from "vitest";
import type { LabStatus } from "../../../src/core/model/status/model.ts";
import { docker, eventually, mhlab } from "../support/sandbox.ts";
import { startMhlab, succeed } from "../lab/fixture.ts";
import { containerOf, inNode, LAB, labFile, linesOf, NODES, useBoundaryLab } from "./fixture.ts";

useBoundaryLab();

/** Where a host takes programs of the user, which are to run there (docs/tasks/program-on-host.md). */
const PROGRAMS = "/opt";

test.each(NODES)(
  "not even root writes where programs of %s are, nor runs what it can write on a tmpfs",
  async (node) => {
    const folders = "/ /etc /usr /usr/bin /usr/local/bin /usr/local/lib/mhlab /usr/lib /var /root /home";
    const written = await linesOf(
      node,
      `for at in ${folders} ${PROGRAMS}; do touch "$at/probe" 2>/dev/null && echo "$at"; done`,
    );
    expect(written).toEqual(node === "home-host1" ? [PROGRAMS] : []);
    for (const folder of ["/run", "/tmp", "/dev/shm"]) {
      const { code, stderr } = await inNode(node, [
        "sh",
        "-c",
        `cp /bin/true ${folder}/probe && ${folder}/probe`,
      ]);
      expect([folder, code]).toEqual([folder, 126]);
      expect(stderr).toContain("denied");
    }
  },
);

test.each(NODES)("%s has an end of processes, memory, core files and logs", async (node) => {
  const { HostConfig } = await docker.getContainer(containerOf(node)).inspect();
  expect(HostConfig.PidsLimit).toBeGreaterThan(100);
  expect(HostConfig.Memory).toBeGreaterThan(200 * 2 ** 20);
  expect(HostConfig.LogConfig).toMatchObject({ Type: "json-file", Config: { "max-size": "10m" } });
  expect((await inNode(node, ["sh", "-c", "ulimit -H -c"])).stdout.trim()).toBe("0");
});

test("a node that forks without end is held, and the lab beside it lives", async () => {
  const bomb = 'i=0; while [ $i -lt 1200 ]; do sleep 20 & i=$((i + 1)); done 2>&1 | grep -m1 -c "fork"';
  expect((await inNode("beta", ["sh", "-c", bomb])).stdout.trim()).toBe("1");
  expect((await inNode("alpha", ["ping", "-6", "-c", "1", "-W", "2", "2001:db8::1"])).code).toBe(0);
  await eventually(
    async () => expect((await inNode("beta", ["agent", "status"])).stdout).toContain('"ready":true'),
    { timeoutMs: 60_000 },
  );
});

test("keys are root's alone, are no part of what the engine tells, and survive a restart", async () => {
  const keysOf = (): Promise<string[]> =>
    linesOf(
      "alpha",
      "stat -c '%n %a %U' /etc/mhlab/keys /etc/mhlab/keys/*; sha256sum /etc/mhlab/keys/private.key",
    );
  const before = await keysOf();
  expect(before.slice(0, 2)).toEqual(["/etc/mhlab/keys 700 root", "/etc/mhlab/keys/private.key 600 root"]);
  const container = docker.getContainer(containerOf("alpha"));
  const key = (await inNode("alpha", ["cat", "/etc/mhlab/keys/private.key"])).stdout.trim();
  expect(key).toHaveLength(44);
  expect(JSON.stringify(await container.inspect())).not.toContain(key);
  await container.restart({ t: 3 });
  await eventually(async () => expect(await keysOf()).toEqual(before));
});

test("a container is healthy by its own check", async () => {
  // The first check comes after the start period, the next a minute later.
  await eventually(
    async () => {
      const { State } = await docker.getContainer(containerOf("home")).inspect();
      expect(State.Health?.Status).toBe("healthy");
    },
    { timeoutMs: 90_000, everyMs: 1000 },
  );
});

test("what a customer hears of DNS is in its /etc/resolv.conf, with a read-only root", async () => {
  const told = async (node: string): Promise<string[]> =>
    (await inNode(node, ["cat", "/etc/resolv.conf"])).stdout.trim().split("\n").sort();
  // The resolver that alpha has of its own, and the one that beta shares with all others.
  const both = [
    expect.stringMatching(/^nameserver 2001:db8:0:[0-9a-f]+::53$/) as string,
    "nameserver 2001:db8::1",
  ];
  for (const node of ["home", "home-host1"])
    await eventually(async () => expect(await told(node)).toEqual(both));
});

/** Listens in the place of alpha in the shared folder, and of the own agent: alpha has stopped, and its prefix is another one. */
const FORGER = `
const net = require("node:net"), fs = require("node:fs");
const forged = (text) => text.replaceAll("2001:db8:a:", "2001:db8:bad:").replaceAll('"ready":true', '"ready":false');
const ask = (path, request) => new Promise((resolve) => {
  let said = "";
  const socket = net.connect(path, () => socket.write(request + "\\n"));
  socket.on("data", (piece) => { said += piece; if (request.startsWith("events") && said.includes("\\n")) socket.end(); });
  socket.on("close", () => resolve(said.split("\\n")[0]));
});
const [alpha, own] = ["/run/mhlab-lab/alpha.sock", "/run/mhlab/agent.sock"];
const answer = async (socket, line) => {
  const nonce = line.split(" ").filter((word) => word.startsWith("nonce=")).join(" ");
  const events = line.includes("events");
  const told = forged(await ask(alpha + ".true", (events ? "events " : "status ") + nonce));
  const text = line.startsWith("all status") ? '{"node":"alpha","status":' + told + "}" : told;
  socket.write(text + "\\n");
  fs.appendFileSync("/tmp/forged", line + "\\n");
  if (!events) socket.end();
};
const serve = (path) => net.createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("error", () => {}).once("data", (line) => answer(socket, String(line).trim()));
}).listen(path);
fs.renameSync(alpha, alpha + ".true");
serve(alpha);
fs.rmSync(own);
serve(own);
`;

test("root of one node does not speak in the name of another one", async () => {
  const look = async (): Promise<unknown> => {
    const { stdout } = await mhlab(["status", labFile(), "--json"]);
    const alpha = (JSON.parse(stdout) as LabStatus).providers.find(({ name }) => name === "alpha");
    return {
      ready: alpha?.ready,
      state: alpha?.state,
      prefixes: alpha?.prefixes.map(({ prefix }) => prefix),
    };
  };
  const before = await look();
  expect(before).toMatchObject({ ready: true, state: "running" });
  // Also in the one that is asked for all: whichever that is.
  for (const node of ["beta", "internet"]) {
    await inNode(node, [
      "sh",
      "-c",
      `node -e '${FORGER.replaceAll("'", `'"'"'`)}' >/tmp/forger 2>&1 & sleep 1`,
    ]);
    expect(await look()).toEqual(before);
    const events = startMhlab(["events", LAB, "--json"]);
    let told = "";
    events.stdout?.on("data", (piece) => (told += String(piece)));
    await eventually(() => expect(told).toContain('"node":"alpha"'), { timeoutMs: 30_000 });
    events.kill("SIGINT");
    await events;
    expect(told).not.toContain("2001:db8:bad:");
    expect((await linesOf(node, "cat /tmp/forged")).length).toBeGreaterThan(0);
    for (const one of [node, "alpha"]) await docker.getContainer(containerOf(one)).restart({ t: 3 });
    await eventually(async () => expect(await look()).toEqual(before), { timeoutMs: 60_000 });
  }
});

test("nothing is left after down: no volume, with or without a name", async () => {
  await succeed(["down", labFile()]);
  const { Volumes } = await docker.listVolumes();
  expect(
    (Volumes ?? []).filter(
      ({ Labels }) => (Labels as Record<string, string> | null)?.["io.mhlab.lab"] === LAB,
    ),
  ).toEqual([]);
});
