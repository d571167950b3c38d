import type { CpeStatus, HostStatus, InternetStatus, Problem, ProviderStatus } from "./model.ts";

/** How far a member is on its way to being usable. */
export type Verdict =
  | { readonly kind: "ready" }
  | { readonly kind: "waiting"; readonly detail: string }
  /** As far as it comes without the outside world; the warning says what is missing. */
  | { readonly kind: "settled"; readonly warning: Problem };

export interface Patience {
  /** Whether the far side of the tunnel is someone else's. */
  readonly realFarSide: boolean;
  /** Whether the subscriber's interface or its cable comes from outside the lab. */
  readonly realSubscriber: boolean;
  /** `--wait`: nothing less than ready will do. */
  readonly strict: boolean;
  /** How long the agent answers already. */
  readonly answeredForMs: number;
}

/** How long a real far side is given before its silence is reported. */
export const FAR_SIDE_PATIENCE_MS = 5000;
/** How long an interface from outside the lab is given. */
export const SUBSCRIBER_PATIENCE_MS = 2000;
/** What the far side of a tunnel owes. */
const UPLINK_PROBLEMS: ReadonlySet<string> = new Set(["no-handshake", "stale-tunnel"]);
/** What the subscriber's side owes: an interface, a cable in it, a host that lets its frames pass. */
const SUBSCRIBER_PROBLEMS: ReadonlySet<string> = new Set([
  "no-subscriber",
  "no-carrier",
  "nic-refused",
  "parent-down",
  "not-delivered",
  "no-bridge",
  "bridge-filtered",
]);

/** Judges a provider by what its agent says. */
export function judgeProvider(status: ProviderStatus, patience: Patience): Verdict {
  const { problems, uplink } = status;
  const absent = problems.find(({ code }) => SUBSCRIBER_PROBLEMS.has(code));
  if (status.ready && absent === undefined) return { kind: "ready" };
  if (!patience.strict) {
    const { answeredForMs, realFarSide, realSubscriber } = patience;
    const farSideDone = uplink.state === "up" || (realFarSide && answeredForMs >= FAR_SIDE_PATIENCE_MS);
    const subscriberDone =
      absent === undefined || (realSubscriber && answeredForMs >= SUBSCRIBER_PATIENCE_MS);
    const others = problems.filter(
      ({ code }) => !UPLINK_PROBLEMS.has(code) && !SUBSCRIBER_PROBLEMS.has(code),
    );
    const owed = absent ?? problems.find(({ code }) => UPLINK_PROBLEMS.has(code));
    if (farSideDone && subscriberDone && others.length === 0 && owed !== undefined)
      return { kind: "settled", warning: owed };
  }
  return { kind: "waiting", detail: problems[0]?.message ?? providerDetail(status) };
}

/** Judges a host: it runs once it has a router and an address. */
export function judgeHost({ state, problems }: HostStatus): Verdict {
  if (state === "running" && problems.length === 0) return { kind: "ready" };
  return { kind: "waiting", detail: problems[0]?.message ?? "waiting for an address" };
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
