/** Every view on terminals of several widths, with the longest that it can be given. */
import { EMPTY_OVERRIDE } from "../../../../src/core/model/intent/runtime-override.ts";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { helpText } from "../../../../src/cli/program.ts";
import { commands, groupSummaries } from "../../../../src/cli/commands/registry.ts";
import { formatUtc } from "../../../../src/core/model/utc.ts";
import type { Diagnostic } from "../../../../src/core/model/diagnostics.ts";
import { block, ok, warn } from "../../../../src/core/model/host/finding.ts";
import { LabFileError, UsageError } from "../../../../src/core/model/errors.ts";
import { NODES } from "../../../../src/core/render/nodes/registry.ts";
import type { Plan, Step } from "../../../../src/core/render/plan/plan.ts";
import type { Delegation, LabStatus, ProviderStatus } from "../../../../src/core/model/status/model.ts";
import { renderFindings } from "../../../../src/cli/views/doctor.ts";
import { renderError } from "../../../../src/cli/views/error.ts";
import { openFrames } from "../../../../src/cli/views/frames.ts";
import { renderPruned } from "../../../../src/cli/views/images.ts";
import { renderKeys } from "../../../../src/cli/views/keys.ts";
import { renderBriefly, renderLabs } from "../../../../src/cli/views/labs.ts";
import { renderNextSteps } from "../../../../src/cli/views/next-steps.ts";
import { renderPlan } from "../../../../src/cli/views/plan.ts";
import { openProgress } from "../../../../src/cli/views/progress.ts";
import { renderStatus } from "../../../../src/cli/views/status.ts";
import { visibleWidth } from "../../../../src/cli/views/width.ts";
import { renderAssumed, renderDiff, renderPreview, renderWelcome } from "../../../../src/cli/views/wizard.ts";

const LONG_NAME = "the-customer-at-the-end-of-the-street";
const ADDRESS = "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff";
const LINK_LOCAL = "fe80::ffff:ffff:ffff:ffff";
const PREFIX = "2001:db8:ffff:ff00::/56";
const SENTENCE =
  "the far side does not answer any more, and its last handshake was three hours ago: look at 全角文字 there";
const AT = "2026-11-24T16:00:00Z";
const FILE = `/home/somebody/${"a-folder-with-a-long-name/".repeat(5)}lab.yaml`;

const delegation = (index: number): Delegation => ({
  prefix: `2001:db8:ffff:${index.toString(16).padStart(4, "f")}::/64`,
  via: LINK_LOCAL,
  duid: "00",
  iaid: 1,
  mac: null,
  preferredS: 1800,
  validS: 1_000_000,
  expiresAt: formatUtc(Date.parse(AT) / 1000 + 900_000 + index),
  routed: index % 2 === 0,
});

function provider(index: number, delegations: number): ProviderStatus {
  const name = `provider-${String(index).padStart(3, "0")}`;
  const blank = NODES.bng.silent({
    name,
    state: "running",
    problem: { code: "stale-tunnel", message: SENTENCE },
  });
  return {
    ...blank,
    state: index % 2 === 0 ? "running" : "restarting",
    prefix: "2001:db8:ffff:ffff::/64",
    uplink: {
      ...blank.uplink,
      state: "waiting",
      backend: "userspace",
      handshakeAt: "2026-11-23T12:13:21Z",
      rttMs: 1234.5,
    },
    subscriber: { ...blank.subscriber, interface: "enp123s0f0np0", present: true, carrier: index % 3 === 0 },
    delegations: Array.from({ length: delegations }, (_, number) => delegation(number)),
    faults: [
      {
        id: "provider-000-12",
        kind: "upstream-unreachable",
        since: "2026-11-24T12:00:00.000Z",
        endsAt: null,
        keepaliveS: null,
        direction: "up",
        options: { from: "2001:db8:ffff:ffff::/64", code: "admin-prohibited" },
        hits: { up: 123_456_789, down: 0 },
      },
    ],
    override: { settings: { DNS_SERVERS: `${ADDRESS},${ADDRESS},${ADDRESS}` }, faults: [] },
    sourceValidation: { wanted: "reject-routed", effective: "drop" },
  };
}

const LIVED = {
  state: "preferred",
  preferredUntil: AT,
  validUntil: AT,
  rttMs: null,
  lossPct: null,
} as const;

const host = (name: string): LabStatus["hosts"][number] => ({
  role: "host",
  name,
  state: "running",
  ready: false,
  lan: LONG_NAME,
  interface: "eth0",
  place: "lan",
  addresses: [
    { ...LIVED, address: ADDRESS, provider: "provider-001", router: LINK_LOCAL },
    { ...LIVED, address: ADDRESS, provider: null, router: null },
  ],
  defaultRouters: [],
  problems: [],
});

const lab: LabStatus = {
  lab: LONG_NAME,
  healthy: false,
  providers: [provider(0, 8000), ...Array.from({ length: 49 }, (_, index) => provider(index + 1, index % 3))],
  cpes: [
    {
      ...NODES.cpe.silent({ name: LONG_NAME, state: "running", problem: { code: "x", message: SENTENCE } }),
      wans: Array.from({ length: 50 }, (_, index) => ({
        provider: `provider-${String(index).padStart(3, "0")}`,
        interface: "wan0",
        present: index % 5 !== 0,
        carrier: true,
        defaultRouter: LINK_LOCAL,
        addresses: [],
        delegatedPrefix: PREFIX,
        formerPrefixes: [],
        validUntil: AT,
        preferredUntil: AT,
        reach: index % 2 === 0 ? ("yes" as const) : ("not-measured" as const),
        rttMs: 1234.5,
        lossPct: null,
      })),
      hosts: [
        {
          ...NODES.host.silent({
            name: `${LONG_NAME}-host1`,
            state: "missing",
            problem: { code: "x", message: SENTENCE },
          }),
        },
        { ...host(`${LONG_NAME}-host2`), addresses: [] },
      ],
    },
  ],
  hosts: [host(LONG_NAME), host("pc")],
  internet: {
    ...NODES.internet.silent({
      name: "internet",
      state: "running",
      problem: { code: "x", message: SENTENCE },
    }),
    address: ADDRESS,
  },
};

const step = (action: Step["action"], name: string): Step => ({
  action,
  name,
  role: "bng",
  reason: SENTENCE,
});
const plan: Plan = {
  lab: LONG_NAME,
  steps: [
    step("build", "mhlab/internet:0123456789ab"),
    step("recreate", `${LONG_NAME}-host1`),
    step("create", "a"),
  ],
  unchanged: lab.providers.map(({ name }) => name),
  overrides: [{ name: "provider-000", override: lab.providers[0]?.override ?? EMPTY_OVERRIDE }],
};
const diagnostic: Diagnostic = {
  severity: "error",
  code: "MHLAB_LAB_ADDRESS",
  message: SENTENCE,
  file: FILE,
  line: 1234,
  column: 50,
  length: 60,
  path: "",
  sourceLine: `${" ".repeat(40)}${"全角".repeat(80)}`,
  hint: SENTENCE,
};
const key = {
  provider: "provider-000",
  kind: "bng",
  publicKey: `${"a".repeat(43)}=`,
  fingerprint: "0123456789abcdef",
  file: FILE,
};

const VIEWS: Record<string, (columns: number, colour: boolean) => string> = {
  status: (columns, colour) => renderStatus(lab, { colour, columns }),
  "status --all": (columns, colour) => renderStatus(lab, { colour, columns, all: true }),
  "status of several": (columns, colour) => renderBriefly([lab, lab], { colour, columns }),
  "next steps": (columns, colour) =>
    renderNextSteps(lab, {
      colour,
      columns,
      several: true,
      self: "mhlab --host ssh://root@a-machine-with-a-name.example.net",
    }),
  plan: (columns, colour) => renderPlan(plan, { colour, columns }),
  "plan without steps": (columns, colour) => renderPlan({ ...plan, steps: [] }, { colour, columns }),
  ls: (columns, colour) =>
    renderLabs(
      [{ lab: LONG_NAME, state: "partly", file: FILE, sinceS: 0, containers: 100, running: 99, keys: true }],
      { colour, columns, nowS: 1e9 },
    ),
  doctor: (columns, colour) =>
    renderFindings(
      [
        ok("a", SENTENCE),
        warn(
          "b",
          SENTENCE,
          `sudo ip link add br-lab type bridge && ${"sudo sysctl -w net.ipv6.conf.br-lab.accept_ra=0 && ".repeat(3)}true`,
        ),
        block("c", SENTENCE, `ask the one who runs it, because ${SENTENCE}`),
      ],
      { colour, columns, asCalled: (text) => text },
    ),
  keys: (columns, colour) => renderKeys([key, { ...key, publicKey: null }], { colour, columns }),
  "image prune": (columns, colour) =>
    renderPruned(
      { removed: [`sha256:${"a".repeat(64)}`], kept: [{ image: "b", reason: SENTENCE }], freedBytes: 1 },
      { colour, columns, dryRun: true },
    ),
  error: (columns, colour) =>
    renderError(
      new UsageError(SENTENCE, { hint: `${SENTENCE}\nsudo ${"modprobe ".repeat(20)}`, state: SENTENCE }),
      {
        colour,
        columns,
        verbose: false,
        version: "1",
        asCalled: (text) => text,
      },
    ),
  "errors of a lab file": (columns, colour) =>
    renderError(new LabFileError([diagnostic]), {
      colour,
      columns,
      verbose: false,
      version: "1",
      asCalled: (text) => text,
    }),
  "the wizard's welcome": (columns, colour) =>
    renderWelcome(
      {
        engine: SENTENCE,
        wireguard: "kernel",
        seen: "here",
        cards: [
          { name: "enp123s0f0np0", mac: "02:00:00:00:00:01", carrier: true, against: `it has ${ADDRESS}/64` },
        ],
        bridges: [],
      },
      { colour, columns },
    ),
  "the wizard's preview": (columns, colour) =>
    renderPreview(
      FILE,
      `# yaml-language-server: $schema=${FILE}\nname: x\n  prefix: ${ADDRESS} # ${SENTENCE}\n`,
      { colour, columns },
    ),
  "the wizard's diff": (columns, colour) =>
    renderDiff(FILE, { before: `a: 1\nb: ${SENTENCE}\n`, after: `a: 1\nb: ${FILE}\n` }, { colour, columns }),
  "the wizard's assumptions": (columns, colour) =>
    renderAssumed(
      "--provider",
      `name=alpha,endpoint=[${ADDRESS}]:51820,peer=${key.publicKey},prefix=${PREFIX}`,
      { colour, columns },
    ),
};
const HELP = [[], ...commands.map(({ path }) => path)];
for (const words of HELP) {
  VIEWS[`help ${words.join(" ")}`] = (columns) =>
    helpText(words, { definitions: commands, groupSummaries, version: "1", columns });
}

describe.each([80, 100, 120])("on %i columns", (columns) => {
  test.each(Object.keys(VIEWS))("%s fits", (name) => {
    for (const colour of [false, true]) {
      const lines = VIEWS[name]?.(columns, colour).split("\n") ?? [];
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.filter((line) => visibleWidth(line) > columns)).toEqual([]);
    }
  });
});

test("what is wrong comes first, and nothing of it is lost for want of room", () => {
  const text = renderStatus(lab, { colour: false, columns: 80 });
  expect(text).toMatch(
    /^the-customer-at-the-end-of-the-street {2}degraded: \d+ faults, \d+ problems\n.*\n {2}✗ internet {2}the far side/,
  );
  expect(text.replaceAll(/\s+/g, " ")).toContain(`✗ provider-049 ${SENTENCE}`);
});

test("of very many delegations the newest are shown, with how many there are", () => {
  const text = renderStatus(
    { ...lab, providers: [provider(0, 8000)] },
    { colour: false, columns: 80, nowMs: Date.parse(AT) },
  );
  expect(text.match(/expires in 10 d/g)).toHaveLength(10);
  expect(text).toContain(delegation(7999).prefix);
  expect(text).not.toContain(delegation(7989).prefix);
  expect(text.replaceAll(/\s+/g, " ")).toContain(
    "8000 delegations, of which the newest 10 are shown; all: `mhlab status --all`",
  );
  const all = renderStatus(
    { ...lab, providers: [provider(0, 8000)] },
    { colour: false, columns: 80, all: true, nowMs: Date.parse(AT) },
  );
  expect(all.match(/expires in 10 d/g)).toHaveLength(8000);
});

test("faults and overrides are shown", () => {
  const text = renderStatus(lab, { colour: false, columns: 80 });
  expect(text.replaceAll(/\s+/g, " ")).toContain(
    "provider-000: fault provider-000-12: upstream-unreachable up,",
  );
  expect(text.replaceAll(/\s+/g, " ")).toContain(`provider-000: override DNS_SERVERS=${ADDRESS},`);
});

test("a live status keeps what is wrong in sight, and says what does not fit", () => {
  let drawn = "";
  const screen = {
    write: (text: string) => void (drawn = text),
    rows: 24,
    colour: false,
    asCalled: (text: string) => text,
  };
  const draw = openFrames(screen);
  const { internet: _, ...rest } = lab;
  const text = renderStatus({ ...rest, providers: [provider(0, 3)] }, { colour: false, columns: 79 });
  draw(text);
  const lines = stripVTControlCharacters(drawn).split("\n");
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(lines[0]).toContain("degraded");
  expect(lines[1]).toContain("✗ provider-000");
  expect(lines.slice(-4)).toEqual([
    expect.stringMatching(/^… \d+ more lines do not fit; `mhlab status` prints them$/),
    "",
    "Ctrl-C ends this",
    "",
  ]);
  const shown = lines.length - 4;
  expect(Number(/\d+/.exec(lines.at(-4) ?? "")?.[0])).toBe(text.trimEnd().split("\n").length - shown);
});

test("of more nodes than rows, those that are under way are drawn", () => {
  const pieces: string[] = [];
  const screen = { write: (text: string) => void pieces.push(text), columns: 80, rows: 24 };
  const view = openProgress({ screen, live: true, colour: false });
  const steps = lab.providers.map(({ name }) => step("create", name));
  view.show({ kind: "plan", plan: { ...plan, steps, unchanged: [], overrides: [] } });
  view.show({ kind: "step", step: step("create", "provider-049"), phase: "begin" });
  view.close();
  const lines = pieces.join("").split("\n");
  expect(lines.length).toBeLessThanOrEqual(screen.rows);
  expect(lines.join("\n")).toContain("provider-049");
  expect(lines.join("\n")).toContain("… and 28 more");
});
