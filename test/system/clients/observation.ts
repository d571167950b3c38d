/** What one client was seen to do; times in seconds. */
export interface Observation {
  readonly client: string;
  readonly version: string;
  readonly releasedBy: string;
  attached?: Seen & { numbersLan: boolean };
  renewed?: Seen;
  reattached?: Seen;
  restarted?: Seen;
  /** Without seconds: it did not release, and the route stayed. */
  released?: { seconds: number | null; messages: string[] };
}

interface Seen {
  readonly seconds: number;
  /** DHCPv6 message types that the client sent, each once, in order. */
  readonly messages: string[];
}

/** Seconds since a moment of performance.now(), to a tenth. */
export function secondsSince(from: number, to = performance.now()): number {
  return Math.round((to - from) / 100) / 10;
}

/** What must not change from run to run; times, versions and retransmissions may. */
export function facts(observations: readonly Observation[]): object[] {
  return observations.map(({ client, attached, released }) => ({
    client,
    numbersLan: attached?.numbersLan,
    releases: released?.messages.includes("release"),
    routeGone: released !== undefined && released.seconds !== null,
  }));
}

/** The table of docs/clients.md. */
export function observationTable(observations: readonly Observation[]): string {
  const rows = observations.map((seen) => [
    `${seen.client} ${seen.version}`,
    cell(seen.attached),
    seen.attached?.numbersLan ? "an address" : "nothing",
    cell(seen.renewed),
    cell(seen.reattached),
    cell(seen.restarted),
    releaseCell(seen),
  ]);
  const header = [
    "client",
    "delegated after",
    "puts on its LAN",
    "renews after (T1 is 12 s)",
    "cable pulled for 2 s: packets again after",
    "BNG restarted: packets again after",
    "release",
  ];
  return [header, header.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |\n`).join("");
}

function cell(seen: Seen | undefined): string {
  if (seen === undefined) return "not seen";
  const words = seen.messages.length === 0 ? "it sends nothing" : seen.messages.join(", ");
  return `${seen.seconds.toFixed(1)} s: ${words}`;
}

function releaseCell({ released, releasedBy }: Observation): string {
  if (released === undefined) return "not seen";
  const words = released.messages.length === 0 ? "sends nothing" : `sends ${released.messages.join(", ")}`;
  const route =
    released.seconds === null
      ? "the route stays until the lease runs out"
      : `the route is gone after ${released.seconds.toFixed(1)} s`;
  return `${releasedBy}: ${words}; ${route}`;
}

/** What one client was seen to do when its provider was renumbered. */
export interface RenumberedClient {
  readonly client: string;
  /** Of the new and of the former prefix on its LAN, once it had renewed. */
  overlap?: { fresh: string; former: string };
  /** Of the former prefix on its LAN, when that had gone. */
  afterwards?: { former: string };
  /** What it sends first when it is started anew. */
  restarts?: string;
}

const ON_LAN: Readonly<Record<string, string>> = {
  preferred: "an address",
  deprecated: "an address, deprecated",
  none: "nothing",
};

/** The table of docs/renumbering.md. */
export function renumberingTable(observations: readonly RenumberedClient[]): string {
  const header = [
    "client",
    "on its LAN, of the new prefix",
    "of the former, during the overlap",
    "of the former, afterwards",
    "started anew, it sends first",
  ];
  const said = (state: string | undefined): string => ON_LAN[state ?? ""] ?? "not seen";
  const rows = observations.map(({ client, overlap, afterwards, restarts = "not seen" }) => [
    client,
    said(overlap?.fresh),
    said(overlap?.former),
    said(afterwards?.former),
    restarts,
  ]);
  return [header, header.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |\n`).join("");
}
