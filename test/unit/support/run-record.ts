/**
 * A record as a run would make it, without a lab: two providers, a CPE and a host with a source address of each. Alpha's upstream
 * is a blackhole from 10 to 40 s, so the CPE deprecates its prefix; beta is renumbered at 60 s without a warning.
 */
import type {
  Fact,
  FlowSample,
  LoadSample,
  Outage,
  ProbeSample,
} from "../../../src/core/judge/experiment/record.ts";
import type { RunRecord } from "../../../src/core/judge/scenario/record.ts";
import { expectations, TARGET, verdictsOf } from "./run-verdicts.ts";
import { parsePrefix6 } from "../../../src/core/model/ip6.ts";

export interface Wanted {
  readonly seed?: number;
  readonly everyMs?: number;
  readonly durationS?: number;
  /** Seconds after a fault until the CPE tells of it. */
  readonly noticedS?: number;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Numbers from 0 to 1 that look like chance and are the same each time (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FAULT = [10, 40] as const;
const RENUMBER_S = 60;

interface Path {
  readonly node: string;
  readonly source: string;
  readonly provider: string;
  readonly baseMs: number;
  readonly from: number;
  readonly until: number;
  readonly works: (atS: number) => boolean;
}

function pathsOf(noticedS: number, durationS: number): Path[] {
  const nodes = [
    { node: "home", alpha: "2001:db8:a:1::1", beta: "2001:db8:b:1::1", next: "2001:db8:bb:1::1", more: 0 },
    {
      node: "home-host1",
      alpha: "2001:db8:a:1:5054:ff:fe00:10",
      beta: "2001:db8:b:1:5054:ff:fe00:10",
      next: "2001:db8:bb:1:5054:ff:fe00:10",
      more: 0.4,
    },
  ];
  const always = { from: 0, until: durationS };
  const old = { from: 0, until: RENUMBER_S + 2 * noticedS };
  return nodes.flatMap(({ node, alpha, beta, next, more }) => [
    {
      ...always,
      node,
      source: alpha,
      provider: "alpha",
      baseMs: 11.8 + more,
      works: (atS) => atS < FAULT[0] || atS >= FAULT[1] + 0.1,
    },
    { ...old, node, source: beta, provider: "beta", baseMs: 24.5 + more, works: (atS) => atS < RENUMBER_S },
    {
      node,
      source: next,
      provider: "beta",
      baseMs: 24.5 + more,
      from: RENUMBER_S + noticedS,
      until: durationS,
      works: () => true,
    },
  ]);
}

function probesOf(path: Path, everyMs: number, random: () => number): ProbeSample[] {
  const { node, source, provider, baseMs, works } = path;
  const first = Math.ceil((path.from * 1000) / everyMs);
  const last = Math.floor((path.until * 1000) / everyMs);
  return Array.from({ length: Math.max(0, last - first) }, (_, seq): ProbeSample => {
    const sentNs = (first + seq) * everyMs * 1e6 + Math.floor(random() * 400_000);
    const rttNs = Math.round((baseMs + random() ** 4 * 9 + (random() < 0.004 ? 22 : 0)) * 1e6);
    const base = { node, source, target: TARGET, seq, sentNs, waitedNs: 40_000 };
    const silent = { ...base, receivedNs: null, reason: null, arrivedBy: null, arrivedNs: null };
    const arrived = { arrivedBy: provider, arrivedNs: sentNs + Math.round(rttNs / 2) };
    const atS = sentNs / 1e9;
    if (node === "home" && provider === "alpha" && atS > 13.4 && atS < 15.2)
      return { ...silent, outcome: "not-sent", reason: "ENETUNREACH" };
    if (!works(atS)) return { ...silent, outcome: "no-answer" };
    if (random() < 0.003) return { ...silent, ...arrived, outcome: "no-answer" };
    return { ...base, ...arrived, receivedNs: sentNs + rttNs, outcome: "answered", reason: null };
  });
}

function outagesOf(probes: readonly ProbeSample[]): Outage[] {
  const found: Outage[] = [];
  let open: { fromNs: number; lost: number } | undefined;
  const [{ node, source, target } = { node: "", source: "", target: "" }] = probes;
  for (const { outcome, sentNs } of probes) {
    if (outcome === "answered" && open !== undefined) {
      found.push({ node, source, target, fromS: open.fromNs / 1e9, toS: sentNs / 1e9, lost: open.lost });
      open = undefined;
    } else if (outcome !== "answered") open = { fromNs: open?.fromNs ?? sentNs, lost: (open?.lost ?? 0) + 1 };
  }
  if (open !== undefined)
    found.push({ node, source, target, fromS: open.fromNs / 1e9, toS: null, lost: open.lost });
  return found;
}

function factsOf(paths: readonly Path[], noticedS: number): Fact[] {
  const facts: Fact[] = [];
  const add = (atS: number, node: string, kind: Fact["kind"], subject: string, more: Partial<Fact>): void => {
    facts.push({ atS, node, kind, subject, provider: null, state: "preferred", ...more });
  };
  for (const { node, source, provider, from, until } of paths) {
    const of = { provider };
    add(from, node, "address", source, of);
    if (provider === "alpha") {
      add(FAULT[0] + noticedS, node, "address", source, { ...of, state: "deprecated" });
      add(FAULT[1] + 1.1, node, "address", source, of);
    } else if (from === 0) {
      add(RENUMBER_S + noticedS, node, "address", source, { ...of, state: "deprecated" });
      add(until, node, "address", source, { ...of, state: null });
    }
  }
  add(0, "home", "router", "fe80::a", { provider: "alpha", state: "medium" });
  add(0, "home", "router", "fe80::b", { provider: "beta", state: "medium" });
  add(FAULT[0] + noticedS, "home", "router", "fe80::a", { provider: "alpha", state: null });
  add(FAULT[1] + 1.1, "home", "router", "fe80::a", { provider: "alpha", state: "medium" });
  add(0, "home-host1", "router", "fe80::1", { state: "medium" });
  add(0, "home", "delegation", "2001:db8:a:100::/56", { provider: "alpha", state: "bound" });
  add(0, "home", "delegation", "2001:db8:b:100::/56", { provider: "beta", state: "bound" });
  add(RENUMBER_S + noticedS - 0.2, "home", "delegation", "2001:db8:bb:100::/56", {
    provider: "beta",
    state: "bound",
  });
  return facts.sort((one, other) => one.atS - other.atS);
}

function flowsOf(durationS: number, noticedS: number, random: () => number): FlowSample[] {
  const flow = (id: string, works: (atS: number) => boolean, diesAtS: number): FlowSample[] => {
    const steps = Array.from(
      { length: Math.floor(Math.min(durationS, diesAtS) / 0.2) },
      (_, index) => index * 0.2,
    );
    const messages = steps.map((atS): FlowSample => {
      const atNs = Math.round((atS + 0.01) * 1e9);
      return works(atS)
        ? { flow: id, atNs, event: "answered", rttNs: Math.round((25 + random() * 4) * 1e6), detail: null }
        : { flow: id, atNs, event: "lost", rttNs: null, detail: null };
    });
    const begin: FlowSample = { flow: id, atNs: 0, event: "connected", rttNs: null, detail: null };
    const end: FlowSample =
      diesAtS < durationS
        ? { flow: id, atNs: diesAtS * 1e9, event: "broken", rttNs: null, detail: "ETIMEDOUT" }
        : { flow: id, atNs: durationS * 1e9, event: "closed", rttNs: null, detail: null };
    return [begin, ...messages, end];
  };
  return [
    ...flow("download", (atS) => atS < RENUMBER_S, RENUMBER_S + 24),
    ...flow("lookup", (atS) => atS < FAULT[0] || atS > FAULT[0] + noticedS, Infinity),
  ];
}

function loadsOf(): LoadSample[] {
  return [0, 1, 2, 3].flatMap((index): LoadSample[] => {
    const at = { load: "steps[2]", atNs: (70 + index) * 1e9, lastsNs: 1e9, about: null };
    return [
      { ...at, metric: "throughput", value: 9_000_000 + index * 250_000 },
      { ...at, metric: "rtt", value: 0.025 + index / 1000 },
    ];
  });
}

/** All of one run; the same for the same wishes. */
export function runRecord(wanted: Wanted = {}): RunRecord {
  const { seed = 7, everyMs = 100, durationS = 90, noticedS = 3.2, variables = {} } = wanted;
  const random = chance(seed);
  const paths = pathsOf(noticedS, durationS);
  const perPath = paths.map((path) => probesOf(path, everyMs, random));
  const to = parsePrefix6("2001:db8:bb::/48");
  if (to === undefined) throw new Error("no prefix");
  const step = { detail: null, exitCode: null, faultId: null, outcome: "done" as const };
  return {
    format: 1,
    inherited: [],
    scenario: {
      name: "silent-upstream",
      title:
        "A provider's upstream dies without a word; later the other one is renumbered without a warning.",
      source: "RFC 7084 G-5, RFC 9096 section 3.5",
      lab: "../two-isps/lab.yaml",
      seed,
      probes: { everyMs, targets: [TARGET], from: null },
      flows: [
        { id: "download", kind: "tcp", from: "home-host1", target: TARGET, source: "beta", everyMs: 200 },
        { id: "lookup", kind: "dns", from: "home-host1", target: "2001:db8::53", source: null, everyMs: 200 },
      ],
      captures: [],
      steps: [
        {
          id: "dead",
          atS: 10,
          do: "fault",
          kind: "upstream-blackhole",
          provider: "alpha",
          options: { for: "30s" },
        },
        { id: "steps[1]", atS: 60, do: "renumber", provider: "beta", order: { how: "flash", to } },
        {
          id: "steps[2]",
          atS: 70,
          do: "load",
          kind: "iperf3",
          node: "home-host1",
          source: null,
          target: TARGET,
          options: {},
          forS: 10,
        },
      ],
      expect: expectations(),
      settleS: 10,
    },
    scenarioText:
      "name: silent-upstream\nlab: ../two-isps/lab.yaml\nseed: 7\nprobes: {every: 100ms, targets: [2001:db8::1]}\nsteps:\n  - {id: dead, at: 10s, fault: upstream-blackhole, provider: alpha, for: 30s}\n  - {at: 60s, renumber: beta, to: 2001:db8:bb::/48, how: flash}\n",
    labText:
      "name: two-isps\nproviders:\n  alpha: {prefix: 2001:db8:a::/48}\n  beta: {prefix: 2001:db8:b::/48}\n",
    lab: "two-isps",
    variables,
    licence: "CC-BY-4.0",
    startedAt: "2026-11-28T12:00:00.123456Z",
    startedNs: "1795867200123456789",
    durationS,
    partial: false,
    machine: {
      mhlab: "0.1.0",
      commit: "48cf53e8f0e8c0a1b2c3d4e5f60718293a4b5c6d",
      hardware: { cpu: "AMD EPYC 7763", cores: 4, memoryBytes: 8_345_231_360 },
      load: { everyS: 2, samples: 31, mostLoad1: 1.93, mostBusy: 0.715 },
      packages: { "mhlab/bng:1f0c": { bird2: "2.17.1-1", "kea-dhcp6-server": "2.6.3-1", node: "24.11.1" } },
      kernel: "Linux 6.12.57+deb13-amd64",
      engine: "Docker 26.1.5 (overlay2)",
      images: { bng: `sha256:${"3f".repeat(32)}`, cpe: `sha256:${"a1".repeat(32)}` },
      sysctls: {
        "alpha: net.ipv6.conf.all.forwarding": "1",
        "home: net.ipv6.conf.all.forwarding": "1",
        "home-host1: net.ipv6.conf.all.forwarding": "0",
        "alpha: net.ipv6.route.max_size": "2147483647",
        "home: net.ipv6.route.max_size": "2147483647",
        "home-host1: net.ipv6.route.max_size": "2147483647",
      },
      queues: { alpha: "qdisc noqueue 0: dev wg0 root refcnt 2\n Sent 0 bytes 0 pkt (dropped 0)" },
      clock: { offsetMs: 0.4, uncertaintyMs: 0.9 },
    },
    providers: ["alpha", "beta"],
    nodes: ["home", "home-host1"],
    steps: [
      {
        ...step,
        id: "dead",
        text: "fault inject upstream-blackhole alpha --for 30s",
        action: "fault",
        plannedS: 10,
        startedS: 10.003,
        endedS: 10.021,
        faultId: "alpha-1",
        node: "alpha",
      },
      {
        ...step,
        id: "steps[1]",
        text: "renumber beta --to 2001:db8:bb::/48 --flash",
        action: "renumber",
        plannedS: 60,
        startedS: 60.001,
        endedS: 60.018,
        node: "beta",
      },
      {
        ...step,
        id: "steps[2]",
        text: "load iperf3 --from home-host1 --for 10s",
        action: "load",
        plannedS: 70,
        startedS: 70.002,
        endedS: 80.31,
        exitCode: 0,
        node: "home-host1",
      },
    ],
    bands: [
      {
        id: "alpha-1",
        kind: "fault",
        label: "upstream-blackhole",
        node: "alpha",
        fromS: 10.012,
        toS: 40.013,
      },
      {
        id: "beta-r1",
        kind: "renumbering",
        label: "to 2001:db8:bb::/48",
        node: "beta",
        fromS: 60.01,
        toS: 66.4,
      },
    ],
    facts: factsOf(paths, noticedS),
    probes: perPath.flat().sort((one, other) => one.sentNs - other.sentNs),
    flows: flowsOf(durationS, noticedS, random).sort((one, other) => one.atNs - other.atNs),
    loads: loadsOf(),
    wires: [],
    leaks: {
      alpha: { up: 0, down: 0, addresses: [], gaps: [] },
      beta: {
        up: 2,
        down: 0,
        addresses: [{ direction: "up", address: "2001:db8:a:8000::5", packets: 2, provider: "alpha" }],
        gaps: [[10, 12.5]],
      },
    },
    unheard: [],
    probing: [],
    outages: perPath.flatMap(outagesOf),
    verdicts: verdictsOf(noticedS),
  };
}
