/** After `up` a lab is what its file says, whatever it was before: as a lab that was started from that file alone. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Label, linkName } from "../../../src/core/model/names.ts";
import type { LabStatus } from "../../../src/core/model/status/model.ts";
import { docker, eventually, inLabHost, mhlab } from "../support/sandbox.ts";
import { labFolder, statusOf, succeed, useLabs } from "./fixture.ts";

useLabs();

/** The lab that is changed, and the one that is always started afresh, beside it. */
const [CHANGED, FRESH] = ["changed", "fresh"];
const HOME = "subscriber: {cpe: home}";
const cpes = (...entries: string[]): string =>
  ["cpes:", ...entries.map((entry) => `  - ${entry}`)].join("\n");

interface State {
  /** What changed since the state before. */
  readonly what: string;
  readonly providers: readonly string[];
  readonly rest: string;
}

const ALPHA = `{name: alpha, prefix: 2001:db8:a::/48, ${HOME}}`;
const BETA = `{name: beta, prefix: 2001:db8:b::/48, ${HOME}}`;
const ONE_HOST = cpes("{name: home, hosts: 1}");
const IN_PLACE =
  "delegation: {preferred: 10m, valid: 20m}, router-advertisement: {preference: high, lifetime: 15m}, dns: [2001:db8:a::53], source-validation: drop";
const TUNNEL = "wireguard: {mtu: 1400, keepalive: 10s, preshared-key: true}";

/** Each is reached from the one before; `LAB` is the lab's name. */
const STATES: readonly State[] = [
  { what: "nothing", providers: [ALPHA, BETA], rest: ONE_HOST },
  {
    what: "lifetimes, advertisements, DNS and source validation of one; delegation length, recorder and tunnel of the other",
    providers: [
      `{name: alpha, prefix: 2001:db8:a::/48, ${IN_PLACE}, ${HOME}}`,
      `{name: beta, prefix: 2001:db8:b::/48, delegation: {length: 60}, capture: true, ${TUNNEL}, ${HOME}}`,
    ],
    rest: ONE_HOST,
  },
  {
    what: "the pool of one, the prefix of the other, a provider between them, a host more",
    providers: [
      `{name: alpha, prefix: 2001:db8:a::/48, delegation: {prefix: 2001:db8:a:4000::/50}, ${HOME}}`,
      `{name: delta, prefix: 2001:db8:d::/48, ${HOME}}`,
      `{name: beta, prefix: 2001:db8:bb::/48, ${HOME}}`,
    ],
    rest: cpes("{name: home, hosts: 2}"),
  },
  {
    what: "a provider's name, another one's CPE, a provider less, a host less",
    providers: [
      `{name: gamma, prefix: 2001:db8:a::/48, delegation: {prefix: 2001:db8:a:4000::/50}, ${HOME}}`,
      `{name: beta, prefix: 2001:db8:bb::/48, subscriber: {cpe: flat}}`,
    ],
    rest: cpes("{name: home, hosts: 1}", "{name: flat, hosts: 1}"),
  },
  {
    what: "a veth and a LAN instead of CPEs",
    providers: [
      `{name: gamma, prefix: 2001:db8:a::/48, subscriber: {lan: LAB}}`,
      `{name: beta, prefix: 2001:db8:bb::/48, subscriber: {veth: w-LAB}}`,
    ],
    rest: "hosts:\n  - {name: pc, lan: LAB}",
  },
  {
    what: "a provider more on the LAN, another prefix there",
    providers: [
      `{name: gamma, prefix: 2001:db8:c::/48, subscriber: {lan: LAB}}`,
      `{name: beta, prefix: 2001:db8:bb::/48, subscriber: {lan: LAB}}`,
    ],
    rest: "hosts:\n  - {name: pc, lan: LAB}",
  },
  {
    what: "a provider less on the LAN",
    providers: [`{name: beta, prefix: 2001:db8:bb::/48, subscriber: {lan: LAB}}`],
    rest: "hosts:\n  - {name: pc, lan: LAB}",
  },
  { what: "all of it, back to where it began", providers: [ALPHA, BETA], rest: ONE_HOST },
];

/** Lines that the lab beside the changed one may be laying at that moment. */
const FRESH_LINES: ReadonlySet<string> = new Set(
  ["alpha", "beta", "gamma", "delta", "home", "flat"].flatMap((one) =>
    ["home", "flat", "home-host1", "home-host2", "flat-host1"].map((other) => linkName(FRESH, one, other)),
  ),
);

/** The status of each lab that was started from a file alone, by the file's text. */
const fresh = new Map<string, Promise<LabStatus>>();
/** Resolves when none of them is there any more. */
let freshGone: Promise<unknown> = Promise.resolve();

beforeAll(async () => {
  // Whichever file of tests comes first builds them.
  await succeed(["image", "build"]);
  // One after the other beside the lab that is changed: neither waits for the other's slow moments.
  for (const state of STATES) {
    const text = textOf(state, "");
    if (fresh.has(text)) continue;
    const status = freshGone.then(async () => {
      await succeed(["up", labFile(state, FRESH)]);
      return await settledStatus();
    });
    freshGone = status.catch(() => {}).then(() => mhlab(["down", FRESH]));
    fresh.set(text, status);
  }
});
afterAll(() => freshGone);

/** The status of the fresh lab when nothing of it is slow any more: it is the measure, and not what is tried here. */
async function settledStatus(): Promise<LabStatus> {
  let status = await statusOf(FRESH);
  const look = async (): Promise<void> => {
    status = await statusOf(FRESH);
    expect(status.healthy).toBe(true);
  };
  if (!status.healthy) await eventually(look, { timeoutMs: 10_000 }).catch(() => {});
  return status;
}

for (const state of STATES) {
  test(`after ${state.what}`, async () => {
    await succeed(["up", labFile(state, CHANGED)]);
    // At once, and before anything else is asked: it is what `up` left.
    const status = await statusOf(CHANGED);
    const [reached, left, again] = await Promise.all([
      unreached(),
      leftovers(state),
      succeed(["up", labFile(state, CHANGED), "--dry-run"]),
    ]);
    const wanted = await (fresh.get(textOf(state, "")) ?? Promise.reject(new Error("no such state")));
    expect(normal(status)).toEqual(normal(wanted));
    // What changed is advertised a second after the last one at the earliest (BIRD: min delay).
    await eventually(async () => expect(advertised(await statusOf(CHANGED))).toEqual(advertised(wanted)));
    expect(reached).toEqual([]);
    expect(left).toEqual([]);
    expect(again.stdout).toContain("nothing to change");
  });
}

function textOf({ providers, rest }: State, lab: string): string {
  const lines = ["internet: bundled", "providers:", ...providers.map((entry) => `  - ${entry}`), rest];
  return lines.join("\n").replaceAll("LAB", lab);
}

function labFile(state: State, lab: string): string {
  const file = join(labFolder(), `${lab}.yaml`);
  writeFileSync(file, `name: ${lab}\n${textOf(state, lab)}\n`);
  return file;
}

/**
 * What differs between two labs of one file: counters, countdowns and times; keys, ports and MAC addresses, which are made
 * of a lab's name; who was heard, and what of its first packets came too early; what was advertised last; the loss of the
 * tunnel's echoes, of which the first are sent after `up`.
 */
const UNLIKE = new Set(
  `lab advertisement publicKey endpoint listenPort mac via neighbours leaks restarts rxBytes txBytes rttMs lossPct
  handshakeAt sentAt before answeredAt expiresAt validUntil preferredUntil
  subscriber.veth wireguard.address wireguard.endpoint wireguard.peer`.split(/\s+/),
);

function normal(status: LabStatus): unknown {
  // When it was asked for is the one thing that must differ.
  return likened({ ...status, at: "" }, "");
}

function advertised({ providers }: LabStatus): unknown {
  return providers.map(({ advertisement }) => advertisement?.fields);
}

function likened(value: unknown, key: string): unknown {
  if (typeof value === "string")
    return value.replace(/\b(changed|fresh)\b/g, "LAB").replace(/^wan\d+$/, "wan");
  if (Array.isArray(value)) {
    const items = value.map((item) => likened(item, key));
    // Kernels list addresses in the order in which they came; one that a line makes by itself comes a second later.
    return /address/i.test(key)
      ? items
          .map((item) => JSON.stringify(item))
          .filter(isTold)
          .sort()
      : items;
  }
  if (typeof value !== "object" || value === null) return value;
  // Of a lease these are settings, of an address they count down.
  const counts = (name: string): boolean => /^(valid|preferred)S$/.test(name) && !("iaid" in value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !UNLIKE.has(name) && !counts(name))
      .map(([name, item]) => [name, likened(item, name)]),
  );
}

function isTold(address: string): boolean {
  return address.startsWith("{") || !address.includes("ff:fe");
}

/** Each address of each host from which the far side does not answer. */
async function unreached(): Promise<string[]> {
  const { cpes: found, hosts } = await statusOf(CHANGED);
  const sources = [...found.flatMap((cpe) => cpe.hosts), ...hosts].flatMap(({ name, addresses }) =>
    addresses.map(({ address }) => [name, address] as const),
  );
  const failed = await Promise.all(
    sources.map(async ([name, address]) => {
      const ping = ["ping", "-6", "-c", "1", "-W", "2", "-I", address, "2001:db8::1"];
      return (await mhlab(["exec", "--lab", CHANGED, name, "--", ...ping])).code === 0
        ? []
        : [`${name} from ${address}`];
    }),
  );
  return failed.flat();
}

/** What is on the lab host that the state does not ask for. */
async function leftovers({ providers, rest }: State): Promise<string[]> {
  const { stdout } = await inLabHost(["ip", "-j", "link", "show"]);
  const links = (JSON.parse(stdout) as { ifname: string }[]).map(({ ifname }) => ifname);
  const wanted = [...providers, rest].join(" ");
  const made = links.filter(
    (name) =>
      (name === `w-${CHANGED}` && !wanted.includes("veth")) ||
      (name === `mh-${CHANGED}` && !wanted.includes("lan:")) ||
      (/^mh[0-9a-f]{8}$/.test(name) && !FRESH_LINES.has(name)),
  );
  const filters = { dangling: ["true"], label: [`${Label.lab}=${CHANGED}`] };
  const { Volumes } = await docker.listVolumes({ filters: JSON.stringify(filters) });
  return [...made, ...(Volumes ?? []).map(({ Name }) => Name)];
}
