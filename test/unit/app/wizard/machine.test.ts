/** Where the wizard's look at the machine comes from. */
import { expect, test } from "vitest";
import { openMachine } from "../../../../src/app/wizard/machine.ts";
import type { AskedEngine, MachineSources } from "../../../../src/app/ports/machine.ts";
import { HERE_SCRIPT } from "../../../../src/features/doctor/probe-script.ts";
import type { MachineFacts } from "../../../../src/features/wizard/machine.ts";

const seenOf = (name: string): string =>
  [
    ["links", JSON.stringify([{ ifname: name, link_type: "ether", flags: [], addr_info: ADDRESSES }])],
    ["try-wireguard", ""],
  ]
    .map(([section, text]) => `@@ ${section}\n${text}\n\n@@= 0\n`)
    .join("");
const ADDRESSES = [{ family: "inet", local: "192.0.2.5", prefixlen: 24, scope: "global" }];

const engine = (more: Partial<AskedEngine> = {}): AskedEngine => ({
  where: "unix:///run/docker.sock",
  local: true,
  reader: { listImages: async () => ["mhlab/cpe:2", "mhlab/bng:2", "mhlab/bng:1"] },
  runOnce: async ({ image }) => ({ exitCode: 0, stdout: seenOf(image.replace(/.*:/, "eth")), stderr: "" }),
  ...more,
});
const refuse = async (): Promise<never> => await Promise.reject(new Error("no engine"));

const look = async (
  asked: AskedEngine | undefined,
  more: Partial<MachineSources> = {},
): Promise<MachineFacts> =>
  await openMachine({
    engine: async () => asked ?? (await refuse()),
    sandbox: false,
    here: async () => seenOf("here0"),
    sshAddress: undefined,
    ...more,
  }).look(new AbortController().signal);

const cardsOf = ({ seen, engine: where, cards }: MachineFacts): unknown[] => [
  seen,
  where,
  ...cards.map(({ name }) => name),
];

const UNIX = "unix:///run/docker.sock";
test.each<[string, AskedEngine | undefined, Partial<MachineSources>, unknown[]]>([
  ["the newest BNG image shows the engine's host", engine(), {}, ["engine", UNIX, "eth2"]],
  ["without an engine, it is this machine", undefined, {}, ["here", undefined, "here0"]],
  [
    "an engine that does not answer is none",
    engine({ reader: { listImages: refuse } }),
    {},
    ["here", undefined, "here0"],
  ],
  [
    "without an image, it is this machine",
    engine({ reader: { listImages: async () => [] } }),
    {},
    ["here", UNIX, "here0"],
  ],
  ["where no container runs, it is this machine", engine({ runOnce: refuse }), {}, ["here", UNIX, "here0"]],
  [
    "an engine elsewhere is not this machine",
    engine({ local: false, runOnce: refuse }),
    {},
    ["nowhere", UNIX],
  ],
  ["nor is the sandbox", undefined, { sandbox: true }, ["nowhere", undefined]],
  [
    "what cannot be read is nothing",
    undefined,
    { here: async () => "@@ links\n{\n\n@@= 0\n" },
    ["nowhere", undefined],
  ],
])("%s", async (_, asked, more, expected) => {
  expect(cardsOf(await look(asked, more))).toEqual(expected);
});

test("the SSH session that mhlab runs in counts, whatever its server's port", async () => {
  for (const asked of [engine(), undefined]) {
    const [card] = (await look(asked, { sshAddress: "192.0.2.5" })).cards;
    expect(card?.against).toBe("an SSH session comes in by it");
  }
});

test("on this machine nothing is made", () => {
  expect(HERE_SCRIPT).not.toMatch(/\badd\b|nsenter|modprobe|sysctl/);
});
