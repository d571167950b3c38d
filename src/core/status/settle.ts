import type { CpeStatus, InternetStatus, Problem, ProviderStatus } from "./model.ts";

/** How far a member is on its way to being usable. */
export type Verdict =
  | { readonly kind: "ready" }
  | { readonly kind: "waiting"; readonly detail: string }
  /** As far as it comes without the outside world; the warning says what is missing. */
  | { readonly kind: "settled"; readonly warning: Problem };

export interface Patience {
  /** Whether the far side of the tunnel is someone else's. */
  readonly realFarSide: boolean;
  /** `--wait`: nothing less than ready will do. */
  readonly strict: boolean;
  /** How long the agent answers already. */
  readonly answeredForMs: number;
}

/** How long a real far side is given before its silence is reported. */
export const FAR_SIDE_PATIENCE_MS = 5000;
const UPLINK_PROBLEMS: readonly string[] = [
  "no-handshake",
  "handshake-stale",
  "endpoint-unresolved",
  "no-answer",
];

/** Judges a provider by what its agent says. */
export function judgeProvider(status: ProviderStatus, patience: Patience): Verdict {
  const absent = status.problems.find(({ code }) => code === "no-subscriber");
  if (status.ready && absent === undefined) return { kind: "ready" };
  if (!patience.strict) {
    const up = status.uplink.state === "up";
    const tried = patience.realFarSide && patience.answeredForMs >= FAR_SIDE_PATIENCE_MS;
    if (absent !== undefined && (up || tried)) return { kind: "settled", warning: absent };
    const others = status.problems.filter(({ code }) => !UPLINK_PROBLEMS.includes(code));
    if (tried && !up && status.subscriber.present && others.length === 0) {
      return { kind: "settled", warning: farSideSilent(status) };
    }
  }
  return { kind: "waiting", detail: status.problems[0]?.message ?? providerDetail(status) };
}

/** Judges a CPE or the bundled internet. */
export function judgeReady(status: CpeStatus | InternetStatus): Verdict {
  if (status.ready) return { kind: "ready" };
  const problem = status.problems[0]?.message;
  return {
    kind: "waiting",
    detail: problem ?? ("wans" in status ? cpeDetail(status) : "it prepares its tunnels"),
  };
}

function farSideSilent({ uplink, problems }: ProviderStatus): Problem {
  return (
    problems.find(({ code }) => UPLINK_PROBLEMS.includes(code)) ?? {
      code: "no-handshake",
      message: `the far side at ${uplink.endpoint} does not answer yet`,
    }
  );
}

function providerDetail({ uplink, subscriber, state }: ProviderStatus): string {
  if (uplink.state !== "up") return "waiting for a handshake";
  if (!subscriber.present) return `waiting for the subscriber interface ${subscriber.interface}`;
  return state === "starting" ? "starting its daemons" : "not ready yet";
}

function cpeDetail({ wans }: CpeStatus): string {
  const without = wans
    .filter(({ delegatedPrefix }) => delegatedPrefix === null)
    .map(({ provider }) => provider);
  if (without.length > 0) return `waiting for a prefix from ${without.join(", ")}`;
  const cut = wans.filter(({ reachable }) => !reachable).map(({ provider }) => provider);
  return cut.length > 0 ? `waiting to reach the internet by ${cut.join(", ")}` : "not ready yet";
}
