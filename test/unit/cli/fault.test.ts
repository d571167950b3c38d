/** `mhlab fault` against a fake engine: whom it asks, what it takes for an answer, and what it refuses. */
import { dirname } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Label } from "../../../src/core/model/names.ts";
import { NODES } from "../../../src/core/render/nodes/registry.ts";
import type { FaultStatus } from "../../../src/core/model/status/model.ts";
import { statusLine } from "../support/agent-lines.ts";
import { FakeDaemon, type FakeContainer } from "../support/fake-daemon.ts";
import { TWO_ISPS } from "../support/planned-lab.ts";
import { mhlab, temporaryFile, type Ran } from "./run.ts";

let daemon: FakeDaemon;
/** Requests to agents, with the node before each. */
let asked: string[];
/** What `inject` is answered with. */
let answer: object;

const FAULT: FaultStatus = {
  id: "alpha-1",
  kind: "ra-stop",
  since: "2026-11-24T12:00:00.000Z",
  endsAt: new Date(Date.now() + 30_400).toISOString(),
  keepaliveS: null,
  direction: "down",
  options: {},
  hits: { up: 0, down: 7 },
};

beforeEach(async () => {
  daemon = await new FakeDaemon().listen();
  daemon.agent = agent;
  asked = [];
  answer = { fault: FAULT };
  for (const name of ["alpha", "beta"]) container("desk", name, "bng");
  container("desk", "home", "cpe");
});
afterEach(async () => {
  await daemon.close();
});

function container(lab: string, name: string, role: string, state = "running"): void {
  const labels = { [Label.lab]: lab, [Label.name]: name, [Label.role]: role };
  const own = `mhlab-${lab}-${name}`;
  daemon.containers.set(own, { name: own, image: "x", state, labels, restarts: 0, created: 0 });
}

function agent({ labels }: FakeContainer, [, ...words]: readonly string[]): string {
  const name = labels[Label.name] ?? "";
  asked.push([name, ...words].join(" "));
  if (words[0] === "inject") return `${JSON.stringify(answer)}\n`;
  if (words[0] === "clear") return `${JSON.stringify({ cleared: [FAULT] })}\n`;
  const silence = { name, state: "running", problem: { code: "x", message: "x" } } as const;
  const faults = name === "alpha" ? [FAULT] : [];
  return `${statusLine({ ...NODES.bng.silent(silence), faults })}\n`;
}

const here = (...argv: string[]): Promise<Ran> =>
  mhlab(["fault", ...argv], { DOCKER_HOST: `unix://${daemon.socket}` });

test("a fault is injected as it was typed, and the answer says until when it is in force", async () => {
  const { exitCode, stdout } = await here("inject", "ra-stop", "alpha", "--for", "30s");
  expect([exitCode, asked]).toEqual([0, ["alpha inject ra-stop for=30s"]]);
  expect(stdout).toBe("alpha-1: ra-stop is in force at alpha for 30s; sooner: mhlab fault clear alpha-1\n");
  await here("inject", "upstream-blackhole", "alpha", "protocol=tcp", "--from", "2001:db8:a::/56");
  expect(asked.at(-1)).toBe("alpha inject upstream-blackhole from=2001:db8:a::/56 protocol=tcp");
  answer = { fault: FAULT, done: "its BNG dies" };
  expect(JSON.parse((await here("inject", "bng-crash", "alpha", "--json")).stdout)).toMatchObject({
    lab: "desk",
    provider: "alpha",
    done: "its BNG dies",
  });
});

test.each([
  [["inject", "ra-stop", "home"], 2, /home is no provider/],
  [["inject", "ra-stop", "gamma"], 2, /no provider named 'gamma'/],
  [["inject", "ra-stopp", "alpha"], 2, /did you mean ra-stop\?/],
  [["inject", "ra-mtu-lie", "alpha", "9000"], 2, /'9000' is no option/],
  [["inject", "ra-stop", "alpha", "for=1s", "--for", "2s"], 2, /for is given twice/],
  [["clear"], 2, /to be cleared is not said/],
  [["clear", "alpha-1", "--all"], 2, /to be cleared is not said/],
  [["clear", "beta"], 2, /no fault 'beta'.*there are: alpha-1/],
  [["kinds", "dance"], 2, /no fault 'dance'/],
])("%j is refused", async (argv, code, message) => {
  const { exitCode, stderr } = await here(...argv);
  expect(exitCode).toBe(code);
  expect(stderr.replaceAll(/\s+/g, " ")).toMatch(message);
  expect(asked.filter((one) => !one.endsWith(" status"))).toEqual([]);
});

test("what the agent cannot do is told in its words", async () => {
  answer = { error: "ra-stop cannot be injected: nft: no such hook", code: "failed", exitCode: 1 };
  const { exitCode, stderr } = await here("inject", "ra-stop", "alpha");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("MHLAB_FAULT");
  expect(stderr).toContain("no such hook");
});

test("list tells what each has met, and of whom nothing is known", async () => {
  container("desk", "gamma", "bng", "exited");
  const left = (): number => (Date.parse(FAULT.endsAt ?? "") - Date.now()) / 1000;
  const most = left();
  const { stdout, stderr } = await here("list");
  const seconds = Number(/^alpha-1 +ra-stop +(\d+) s +down +7 down$/m.exec(stdout)?.[1]);
  expect(seconds).toBeLessThanOrEqual(Math.ceil(most));
  expect(seconds).toBeGreaterThanOrEqual(Math.floor(left()));
  expect(stderr).toContain("nothing is known of their faults: gamma");
  expect(JSON.parse((await here("list", "desk", "--json")).stdout)).toMatchObject({
    faults: [{ lab: "desk", provider: "alpha", ...FAULT }],
    silent: ["gamma"],
  });
});

test("clear by id, by provider and all ends each fault by its id", async () => {
  for (const words of [["alpha-1"], ["alpha"], ["--all"]]) {
    asked = [];
    const { exitCode, stdout } = await here("clear", ...words);
    expect([exitCode, asked.at(-1)]).toEqual([0, "alpha clear alpha-1"]);
    expect(stdout).toContain("alpha-1: ra-stop at alpha is cleared; it met 0 packets up, 7 down");
  }
  expect((await here("clear", "--all", "--lab", "other")).stdout).toBe("no fault is injected\n");
});

test("where no lab runs, list and inject say that, and of a lab only providers are proposed", async () => {
  container("desk", "home", "cpe");
  const unknown = await here("inject", "ra-stop", "gamma");
  expect(unknown.stderr).toContain("there is no provider named 'gamma'");
  expect(unknown.stderr).toContain("there are: alpha, beta\n");
  daemon.containers.clear();
  for (const words of [["list"], ["inject", "ra-stop", "alpha"]]) {
    const { exitCode, stderr } = await here(...words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("no lab is running on this engine\n");
  }
});

test("an id that two labs have is not guessed at", async () => {
  container("other", "alpha", "bng");
  expect((await here("clear", "alpha-1")).stderr).toContain("in several labs: desk, other");
  expect((await here("clear", "alpha-1", "--lab", "desk")).exitCode).toBe(0);
});

test("of several labs, list and clear take that of this folder first", async () => {
  container("two-isps", "alpha", "bng");
  const home = process.cwd();
  process.chdir(dirname(temporaryFile("lab.yaml", TWO_ISPS)));
  try {
    const { faults } = JSON.parse((await here("list", "--json")).stdout) as { faults: object[] };
    expect(faults).toEqual([expect.objectContaining({ lab: "two-isps" })]);
    for (const words of [["alpha-1"], ["--all"]]) {
      const { cleared } = JSON.parse((await here("clear", ...words, "--json")).stdout) as {
        cleared: object[];
      };
      expect(cleared).toEqual([expect.objectContaining({ lab: "two-isps" })]);
    }
    // One that this folder's lab has not is looked for in all.
    daemon.containers.delete("mhlab-two-isps-alpha");
    container("two-isps", "beta", "bng");
    expect((await here("clear", "alpha-1", "--json")).stdout).toContain('"lab": "desk"');
    expect((await here("clear", "alpha", "--lab", "desk", "--json")).stdout).toContain('"lab": "desk"');
  } finally {
    process.chdir(home);
  }
  expect((await here("list", "--json")).stdout).toContain('"lab": "desk"');
});

test("kinds: all in a line each, as data with their options", async () => {
  expect((await here("kinds")).stdout).toMatch(/^ra-stop +router advertisements stop/m);
  const { kinds } = JSON.parse((await here("kinds", "--json")).stdout) as { kinds: object[] };
  expect(kinds).toContainEqual(
    expect.objectContaining({ kind: "ra-mtu-lie", once: false, directions: ["down"], needs: [] }),
  );
});
