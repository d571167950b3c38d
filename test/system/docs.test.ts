/** The pages, run as they stand: each in a folder of its own with the files that it shows, on the lab host. */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blocksOf, pages, type Block } from "../docs/fences.ts";
import { labHostWords } from "./support/lab-host.ts";
import {
  docker,
  eventually,
  inLabHost,
  labState,
  mhlab,
  paths,
  PROJECT,
  run,
  useSandbox,
  type CommandResult,
} from "./support/sandbox.ts";

useSandbox();

/** Pages about the lab host itself are read on the machine. */
const ON_MACHINE = new Set(["docs/sandbox.md"]);

interface Story {
  /** Pages about one lab, which is started once. */
  readonly pages: readonly string[];
  /** What their reader has, from other pages or by nature. */
  readonly given?: string;
}

const CARD = "ip link add enp2s0 type veth peer name cable; ip link set cable up";
const STORIES: readonly Story[] = [
  {
    pages: [
      "README.md",
      "docs/cpe.md",
      "docs/internet.md",
      "docs/faults.md",
      "docs/renumbering.md",
      "docs/dashboard.md",
      "docs/tasks/capture.md",
      "docs/tasks/air-gapped.md",
      "docs/sandbox.md",
    ],
    // The page about captures tells of a provider that records.
    given: `sed '/name: alpha/a\\    capture: true' examples/two-isps/lab.yaml > lab.yaml; mhlab up lab.yaml`,
  },
  { pages: ["examples/two-isps/README.md"] },
  { pages: ["docs/tasks/first-lab.md"] },
  { pages: ["docs/tasks/load.md"] },
  { pages: ["docs/tasks/experiment.md", "docs/tasks/cite-a-result.md"] },
  { pages: ["docs/tasks/renumbering.md"] },
  {
    pages: ["docs/tasks/shared-lan.md", "docs/subscriber-links.md", "examples/shared-lan/README.md"],
    given: "ip netns add pc; ip link add br-lab type bridge",
  },
  { pages: ["docs/announcements.md", "examples/announcements/README.md"] },
  { pages: ["docs/tasks/vm-as-cpe.md"] },
  { pages: ["docs/tasks/test-my-router.md"] },
  { pages: ["docs/tasks/container-as-cpe.md"] },
  { pages: ["docs/tasks/program-on-host.md", "examples/own-program/README.md"] },
  { pages: ["docs/tasks/which-router.md"] },
  { pages: ["examples/host-links/README.md"], given: "ip netns add my-router" },
  { pages: ["docs/tasks/vlan-trunk.md", "examples/one-isp-nic/README.md"], given: CARD },
  { pages: ["docs/experiments.md"] },
  { pages: ["docs/bng.md"], given: "umask 077; wg genkey > isp1.key" },
  {
    pages: [
      "docs/tasks/far-side.md",
      "docs/lab-file.md",
      "docs/scenario-file.md",
      "docs/remote-engines.md",
      "docs/tasks/three-machines.md",
    ],
  },
];

const folder = mkdtempSync(join(tmpdir(), "mhlab-docs-"));
const bin = join(folder, "bin");

beforeAll(() => {
  mkdirSync(bin);
  const program = (name: string, line: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\nexec ${line} "$@"\n`);
    chmodSync(join(bin, name), 0o755);
  };
  program("mhlab", `${process.execPath} ${PROJECT}/bin/mhlab.js`);
  // The tests are root's.
  program("sudo", "env");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a page left: labs, containers, images, and interfaces and namespaces of the lab host. */
async function cleanUp(): Promise<void> {
  await mhlab(["down", "--all", "--purge"]);
  const containers = await docker.listContainers({ all: true });
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  await docker
    .getImage("mhlab/bng:latest")
    .remove()
    .catch(() => undefined);
  const script = `ip -all netns del; for name in $(ls /sys/class/net); do ip link del "$name" 2> /dev/null; done; true`;
  await inLabHost(["sh", "-c", script]);
}

/** Runs lines of a page in its folder; anything that fails ends them. */
async function shell(place: string, text: string, onMachine = false): Promise<CommandResult> {
  const env = {
    HOME: join(folder, "home"),
    MHLAB_STATE_DIR: labState(),
    NO_COLOR: "1",
    ...(onMachine ? { MHLAB_SANDBOX_DIR: paths.root } : {}),
  };
  const enter = onMachine ? [] : await labHostWords();
  const script = `cd '${place}'; PATH='${bin}':$PATH; ${text}`;
  const words = [...enter, "bash", "-euo", "pipefail", "-c", script];
  return await run(words, { env, timeoutMs: 240_000, check: false });
}

/** Times, counters and what the kernel can do differ from run to run, and with them the widths of columns. */
function shape(text: string): string {
  return (
    text
      .replace(/userspace|kernel/g, "<backend>")
      .replace(/\b\d+(\.\d+)? (ms|s|min|h|d)\b( \d+ (s|min|h)\b)?/g, "<time>")
      // Which of its addresses a host names first is the kernel's affair.
      .replace(/2001:db8:[ab](?=:8001:)/g, "2001:db8:<provider>")
      .replace(/[ \t]+/g, " ")
      .replace(/ *\n */g, "\n")
      .trim()
  );
}

interface Followed {
  readonly result: CommandResult;
  /** What the page says that is printed, and what is. */
  readonly told: string;
  readonly printed: string;
}

const LOOKS = 10;
const NOTHING: CommandResult = { code: 0, stdout: "", stderr: "" };

/** Does what a block says; `last` is what the block before it printed. */
async function follow(block: Block, place: string, last: string): Promise<Followed> {
  const { page, text } = block.fence;
  const onMachine = ON_MACHINE.has(page);
  if (block.kind === "file") writeFileSync(join(place, block.name), text);
  if (block.kind === "run") {
    return { result: await shell(place, text, onMachine), told: "", printed: "" };
  }
  if (block.kind !== "output") return { result: NOTHING, told: "", printed: "" };
  const { command } = block;
  const told = shape(text);
  const look = async (): Promise<CommandResult> =>
    command === undefined ? { ...NOTHING, stdout: last } : await shell(place, command, onMachine);
  let result = await look();
  // An address may be tentative for a second, and a reader looks again.
  for (let again = 0; command?.startsWith("mhlab status") === true && again < LOOKS; again++) {
    if (shape(result.stdout).includes(told)) break;
    await sleep(1000);
    result = await look();
  }
  return { result, told, printed: shape(result.stdout) };
}

/** Nobody reads the next page within a second: by then the lab is over what was done to it on the last one. */
async function turnPage(place: string): Promise<void> {
  const healthy = async (): Promise<void> => {
    const { code, stdout } = await shell(place, "mhlab status");
    if (code !== 0) throw new Error(stdout);
  };
  await eventually(healthy, { timeoutMs: 15_000 });
}

describe.each(STORIES)("$pages", (story) => {
  afterAll(cleanUp);

  test("is true", { timeout: 600_000 }, async () => {
    // The wizard names a lab after its folder.
    const place = join(mkdtempSync(join(folder, "page-")), "my-lab");
    mkdirSync(place);
    // A scenario names files beside it, and no part of their paths may be a link.
    cpSync(join(PROJECT, "examples"), join(place, "examples"), { recursive: true });
    for (const name of ["images", "schemas"]) symlinkSync(join(PROJECT, name), join(place, name));
    const { code, stderr } = await shell(place, story.given ?? "");
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    let last = "";
    let page = story.pages[0];
    for (const block of story.pages.flatMap(blocksOf)) {
      if (block.fence.page !== page) await turnPage(place);
      ({ page } = block.fence);
      const { result, told, printed } = await follow(block, place, last);
      const where = `${block.fence.page}:${block.fence.line}`;
      const said = result.code === 0 ? "" : `${result.stdout}\n${result.stderr}`;
      expect({ where, code: result.code, said }).toEqual({ where, code: 0, said: "" });
      expect(printed).toContain(told);
      last = result.stdout;
    }
  });
});

test("every page with commands is run; what is not run is told", () => {
  const told = new Set(STORIES.flatMap((story) => story.pages));
  const blocks = pages().flatMap(blocksOf);
  const forgotten = blocks.filter(({ kind, fence }) => kind === "run" && !told.has(fence.page));
  expect(forgotten.map(({ fence }) => fence.page)).toEqual([]);
  const skipped = blocks.flatMap((block) => (block.kind === "skip" ? [block] : []));
  const lines = skipped.map(({ fence, reason }) => `  not run: ${fence.page}:${fence.line}: ${reason}`);
  process.stderr.write(`${lines.join("\n")}\n`);
});
