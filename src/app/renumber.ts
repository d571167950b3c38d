import { OperationError, UsageError } from "../core/model/errors.ts";
import { INTERNET_PREFIX } from "../core/model/internet/config.ts";
import { formatPrefix6, overlaps, parsePrefix6 } from "../core/model/ip6.ts";
import type { RenumberOrder } from "../core/model/renumbering/order.ts";
import type { LabStatus, ProviderPrefix, ProviderStatus } from "../core/model/status/model.ts";
import { evidenceOf } from "./agents/ask.ts";
import { nodesOf, refuseSilent, type Engines } from "./agents/engines.ts";
import type { SeenNode } from "./agents/node.ts";
import { pause } from "./ports/time.ts";
import type { LabLock } from "./ports/lab-lock.ts";
import { labStatus } from "./status.ts";

export interface RenumberPorts {
  readonly engines: Engines;
  readonly lock: LabLock;
}

/** What came of it. */
export interface Renumbered {
  /** As it was before. */
  readonly provider: ProviderStatus;
  readonly prefixes: readonly ProviderPrefix[];
  /** Who routes the prefixes to it; `late`: the bundled internet has not followed yet. */
  readonly farSide: "bundled" | "late" | "real";
}

/** The bundled internet looks four times a second. */
const FOLLOWED = { everyMs: 100, tries: 100 };

const NO_FORMER =
  "after --flash, and once an overlap has ended, there is no former prefix to go back to; renumber to it";

/** Gives a provider that runs another prefix, or what else is ordered; in force when it resolves. Throws UsageError or OperationError. */
export async function renumber(
  node: SeenNode,
  order: RenumberOrder,
  { engines, lock }: RenumberPorts,
  signal: AbortSignal,
): Promise<Renumbered> {
  const { lab, name } = node;
  const release = await lock.acquire(lab, "renumber");
  try {
    const seen = await engines.look(signal);
    // A prefix is the lab's: its internet and whoever may have the same one have to be heard.
    refuseSilent(seen, lab);
    const nodes = nodesOf(seen, lab);
    const before = await labStatus({ lab, nodes, signal });
    const provider = before.providers.find((one) => one.name === name);
    if (provider === undefined || provider.linkLocal === "") {
      throw new OperationError("MHLAB_RENUMBER", `${name} does not answer`, {
        evidence: (provider?.problems ?? []).map(({ message }) => message),
        hint: `see: mhlab status ${lab}`,
        state: "Nothing was changed.",
      });
    }
    refuseTaken(order, name, before);
    const reply = await node.ask({ verb: "renumber", order }, { signal });
    if (reply.kind === "failure" && reply.failure.exitCode === 2)
      throw new UsageError(`${name} cannot be renumbered so: ${reply.failure.error}`, {
        ...(order.how === "abort" ? { hint: `${NO_FORMER}: mhlab renumber ${name} PREFIX --flash` } : {}),
        state: "Nothing was changed.",
      });
    if (reply.kind !== "answer") {
      throw new OperationError("MHLAB_RENUMBER", `${name} was not renumbered`, {
        evidence: evidenceOf(reply),
        hint: `see: mhlab logs ${name}`,
      });
    }
    const { prefixes } = reply.value;
    const internet = nodes.find(({ role }) => role === "internet");
    const farSide = internet === undefined ? "real" : await followed(internet, name, prefixes, signal);
    return { provider, prefixes, farSide };
  } finally {
    await release();
  }
}

/** No address belongs to two providers, or to a provider and the bundled internet. */
function refuseTaken(order: RenumberOrder, name: string, { providers, internet }: LabStatus): void {
  const to = order.how === "abort" ? undefined : order.to;
  if (to === undefined) return;
  const taken = [
    ...(internet === undefined
      ? []
      : [{ owner: "the bundled internet", prefix: formatPrefix6(INTERNET_PREFIX) }]),
    ...providers
      .filter((one) => one.name !== name)
      .flatMap((one) => prefixesOf(one).map((prefix) => ({ owner: one.name, prefix }))),
  ];
  const clash = taken.find(({ prefix }) => {
    const other = parsePrefix6(prefix);
    return other !== undefined && overlaps(other, to);
  });
  if (clash === undefined) return;
  throw new UsageError(`${formatPrefix6(to)} overlaps ${clash.prefix}, which ${clash.owner} has`, {
    hint: "choose a prefix that nobody in the lab has",
    state: "Nothing was changed.",
  });
}

/** An agent of an earlier version tells no list. */
function prefixesOf({ prefix, prefixes }: ProviderStatus): string[] {
  return [prefix, ...prefixes.map((one) => one.prefix)].filter((one) => one !== "");
}

/** Those that packets can have as a source. */
export function livePrefixes(prefixes: readonly ProviderPrefix[]): string[] {
  return prefixes.filter(({ state }) => state !== "withdrawn").map(({ prefix }) => prefix);
}

async function followed(
  internet: SeenNode,
  provider: string,
  prefixes: readonly ProviderPrefix[],
  signal: AbortSignal,
): Promise<"bundled" | "late"> {
  const wanted = livePrefixes(prefixes).sort().join();
  for (let tries = 0; tries < FOLLOWED.tries; tries++) {
    const reply = await internet.ask({ verb: "status" }, { signal });
    if (reply.kind === "answer" && reply.value.role === "internet") {
      const peer = reply.value.peers.find((one) => one.provider === provider);
      if ([...(peer?.prefixes ?? [])].sort().join() === wanted) return "bundled";
    }
    await pause(FOLLOWED.everyMs, signal);
  }
  return "late";
}
