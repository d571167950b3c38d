import { PHASES, type PhaseName, type Requirement } from "./requirement.ts";

/** Who takes part in a check. */
export interface Cast {
  readonly cpe: string;
  /** A host on its LAN. */
  readonly host: string;
  /** The providers of the CPE; at least one. */
  readonly providers: readonly string[];
  /** A prefix that no provider has, for the renumbering of the first provider. */
  readonly freshPrefix: string;
}

/** A source on the LAN that no provider delegated (RFC 3849). */
export const FOREIGN_SOURCE = "2001:db8:ffff:ffff::bad";
/** A local source on the LAN, and a local destination outside of it (RFC 4193). */
export const LOCAL_SOURCE = "fd0c:4ec0::bad";
export const LOCAL_TARGET = "fd0c:4ec1::1";
/** What is sent from both goes here. */
const TARGET = "2001:db8::1";

type WrittenStep = Readonly<Record<string, unknown>>;

interface Phase {
  readonly title: string;
  /** About how long it takes, in seconds. */
  readonly lastsS: number;
  steps(cast: Cast): WrittenStep[];
}

const pauseS = (seconds: number, { host }: Cast): WrittenStep => ({
  run: ["sleep", String(seconds)],
  in: host,
});

/** The access links of the providers lose their carrier for a second. */
const flap = (providers: readonly string[]): WrittenStep[] =>
  providers.map((provider) => ({ fault: "link-carrier-down", provider, for: "1s" }));

const solicit = ({ host }: Cast): WrittenStep => ({ run: ["rdisc6", "-1", "eth0"], in: host });

/** Pings once from a source that is given to the host for that time. */
const SEND_FROM = `ip -6 address add "$1/128" dev eth0 nodad preferred_lft 0
router=$(ip -6 route show default | sed -n 's/.* via \\([^ ]*\\).*/\\1/p' | head -n 1)
ip -6 route add "$2/128" via "\${router:-fe80::1}" dev eth0 src "$1" metric 1
ping -6 -n -c 2 -i 0.3 -W 1 -I "$1" "$2"
ip -6 route delete "$2/128" metric 1
ip -6 address delete "$1/128" dev eth0`;

/** Pings an address of each delegation that is in no prefix of the LAN: the last /64 of the /60 around the host's. */
const SEND_UNASSIGNED = `ip -6 -o address show dev eth0 scope global -deprecated | sed -n 's/.* inet6 \\([0-9a-f:]*\\)\\/.*/\\1/p' |
while read -r address; do
  unassigned=$(printf '%s' "$address" | sed -E 's/^(([0-9a-f]+:){3})([0-9a-f]*)[0-9a-f]:.*/\\1\\3f::1/')
  ping -6 -n -c 2 -i 0.3 -W 1 -I "$address" "$unassigned"
done`;

const shell = (script: string, words: readonly string[], { host }: Cast): WrittenStep => ({
  run: ["sh", "-c", script, "sh", ...words],
  in: host,
});

/** What is done in each phase, after its mark. */
export const SCHEDULE: Readonly<Record<PhaseName, Phase>> = {
  lan: {
    title: "Everything works; the host solicits routers and sends from sources that are not delegated",
    lastsS: 8,
    steps: (cast) => [
      solicit(cast),
      shell(SEND_FROM, [FOREIGN_SOURCE, TARGET], cast),
      shell(SEND_FROM, [LOCAL_SOURCE, TARGET], cast),
      { run: ["ping", "-6", "-n", "-c", "2", "-i", "0.3", "-W", "1", LOCAL_TARGET], in: cast.host },
      shell(SEND_UNASSIGNED, [], cast),
      solicit(cast),
      pauseS(1, cast),
    ],
  },
  restart: {
    title: "The CPE restarts, and its access links lose their carrier",
    lastsS: 8,
    steps: (cast) => [
      { id: "cpe-restarts", restart: cast.cpe },
      pauseS(2, cast),
      ...flap(cast.providers),
      pauseS(4, cast),
    ],
  },
  "no-router": {
    title: "All providers advertise a router lifetime of 0",
    lastsS: 7,
    steps: (cast) => [
      ...cast.providers.map((provider, index) => ({
        ...(index === cast.providers.length - 1 ? { id: "routers-end" } : {}),
        fault: "ra-lifetime-zero",
        provider,
      })),
      pauseS(2, cast),
      solicit(cast),
      pauseS(1, cast),
      ...cast.providers.map((provider, index) => ({
        ...(index === 0 ? { id: "routers-return" } : {}),
        heal: provider,
      })),
      { wait: { router: cast.cpe, at: cast.host, is: "present" }, within: "30s" },
    ],
  },
  renumber: {
    title: "The first provider replaces its prefix, and its access link loses its carrier",
    lastsS: 9,
    steps: (cast) => {
      const first = cast.providers.slice(0, 1);
      return [
        ...first.map((renumber) => ({ renumber, to: cast.freshPrefix, how: "withdraw" })),
        ...flap(first),
        pauseS(5, cast),
        solicit(cast),
        pauseS(1, cast),
      ];
    },
  },
};

/** Every check begins so: the CPE asks for its leases, which says what is delegated and who the CPE is. */
const BEGIN = {
  title: "The access links lose their carrier for a second",
  lastsS: 5,
  steps: (cast: Cast): WrittenStep[] => [...flap(cast.providers), pauseS(4, cast)],
} as const satisfies Phase;

/** How long the run goes on after its last step, in seconds. */
const SETTLE_S = 1;

/** The phases that requirements need, in their order. */
export function phasesOf(requirements: readonly Pick<Requirement, "phase">[]): PhaseName[] {
  return PHASES.filter((name) => requirements.some(({ phase }) => phase === name));
}

/** About how long a check takes once the lab is up, in seconds. */
export function durationOf(phases: readonly PhaseName[]): number {
  return phases.reduce((sum, name) => sum + SCHEDULE[name].lastsS, BEGIN.lastsS + SETTLE_S);
}

/** The id of the mark with which a phase begins. */
export const markOf = (phase: PhaseName): string => `phase-${phase}`;

/** The scenario of a check, as a scenario file has it. */
export function scenarioOf(
  phases: readonly PhaseName[],
  cast: Cast,
  lab: { readonly name: string; readonly file: string },
): Readonly<Record<string, unknown>> {
  return {
    name: `check-${lab.name}-${cast.cpe}`,
    title: `Conformance check of ${cast.cpe}`,
    lab: lab.file,
    settle: `${SETTLE_S}s`,
    captures: [
      ...cast.providers.map((provider) => ({ in: provider, interface: "subscriber" })),
      { in: cast.host, interface: "eth0" },
    ],
    probes: { every: "500ms", from: [cast.host] },
    steps: [
      { at: "500ms", mark: BEGIN.title },
      ...BEGIN.steps(cast),
      ...phases.flatMap((phase) => [
        { id: markOf(phase), mark: SCHEDULE[phase].title },
        ...SCHEDULE[phase].steps(cast),
      ]),
    ],
    expect: [],
  };
}
