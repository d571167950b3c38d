/** What shows a lab as it is: events, graph, metrics; on a fake engine whose agents are ready. */
import { expect, beforeEach, afterEach, test } from "vitest";
import { Label } from "../../../src/core/model/names.ts";
import { FakeDaemon } from "../support/fake-daemon.ts";
import { readExposition } from "../support/exposition.ts";
import { TWO_ISPS } from "../support/planned-lab.ts";
import { readyAgent } from "./agents.ts";
import { mhlab, temporaryFile, type Ran } from "./run.ts";

let daemon: FakeDaemon;
beforeEach(async () => {
  daemon = await new FakeDaemon().listen();
  daemon.agent = readyAgent;
});
afterEach(() => daemon.close());

const here = (...argv: string[]): Promise<Ran> => mhlab(argv, { DOCKER_HOST: `unix://${daemon.socket}` });

function running(lab: string, name: string): void {
  const labels = { [Label.lab]: lab, [Label.name]: name, [Label.role]: "bng" };
  const container = {
    name: `mhlab-${lab}-${name}`,
    image: "x",
    state: "running",
    labels,
    restarts: 0,
    created: 0,
  };
  daemon.containers.set(container.name, container);
}

test("graph of a file asks no engine, in each format", async () => {
  const file = temporaryFile("lab.yaml", TWO_ISPS);
  const nowhere = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };
  const of = async (format: string): Promise<string> =>
    (await mhlab(["graph", file, "--format", format], nowhere)).stdout;
  expect(await of("svg")).toMatch(/^<svg [^]*home-host1[^]*<\/svg>\n$/);
  expect(await of("dot")).toMatch(/^graph "two-isps" \{/);
  expect(await of("mermaid")).toBe((await mhlab(["graph", file], nowhere)).stdout);
  expect(JSON.parse(await of("json"))).toMatchObject({
    lab: "two-isps",
    nodes: [{ id: "internet:internet" }, {}, {}, {}, {}],
  });
});

test("graph of what runs tells its states", async () => {
  running("one", "alpha");
  const { stdout } = await here("graph", "one", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    lab: "one",
    nodes: [{ kind: "far-side" }, { id: "bng:alpha", state: "up" }],
  });
  expect((await here("graph", "two")).stderr).toContain("no lab 'two' is running");
});

test("metrics of one lab, and of all", async () => {
  running("one", "alpha");
  running("two", "beta");
  const labs = async (...argv: string[]): Promise<string[]> =>
    readExposition((await here("metrics", ...argv)).stdout)
      .filter(({ name }) => name === "mhlab_node_ready")
      .map(({ labels, value }) => `${labels["lab"]} ${labels["provider"]} ${value}`);
  expect(await labs()).toEqual(["one alpha 1", "two beta 1"]);
  expect(await labs("two")).toEqual(["two beta 1"]);
});

test("events begin with how each node is, as sentences and as JSON, until Ctrl-C", async () => {
  running("one", "alpha");
  const read = async (...argv: string[]): Promise<Ran> => {
    const stop = new AbortController();
    const env = { DOCKER_HOST: `unix://${daemon.socket}` };
    return await mhlab(["events", ...argv], env, stop.signal, { onOutput: () => stop.abort() });
  };
  const { stdout, exitCode } = await read();
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^12:00:00\.000 {2}alpha {2}ready\n/)]);
  const [line = ""] = (await read("--json")).stdout.split("\n");
  expect(JSON.parse(line)).toMatchObject({ event: "snapshot", node: "alpha", seq: 0, epoch: "1" });
  expect((await here("events", "--since", "alpha")).stderr).toContain("--since is 'alpha'");
});
