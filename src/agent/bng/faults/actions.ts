import type { BngConfig } from "../../../core/render/bng/config.ts";
import type { Lease } from "../../../core/render/bng/leases.ts";
import type { HeldLease } from "../../../core/model/faults/fault.ts";
import type { Injection } from "../../../core/model/faults/injection.ts";
import type { Fault, FaultKind, SingleKind } from "../../../core/model/faults/kinds.ts";
import { containsPrefix, parsePrefix6, type Prefix6 } from "../../../core/model/ip6.ts";
import { RequestError } from "../../../core/model/protocol/failure.ts";
import { formatUtc } from "../../../core/model/utc.ts";
import { counted } from "../../../core/model/words.ts";
import type { Intent } from "../../intent/intent.ts";

/** What a kind does that happens once. */
export interface SingleAction {
  /** Does it; resolves to a sentence that says what was done. */
  act: () => Promise<string>;
  /** Runs once the answer has left; the agent may not survive it. */
  after?: () => void;
}

/** What is done when a lasting fault begins and ends, beside its effects. */
export interface LastingAction {
  /** Which leases it takes away or changes; they are kept with the fault before anything is done. Throws RequestError when the fault is not possible. */
  hold?: (injection: Injection) => readonly HeldLease[];
  begin?: (fault: Fault) => Promise<void>;
  end?: (fault: Fault) => Promise<void>;
}

/** What the kinds do beside their effects; the compiler asks for those that happen once. */
export type Actions = Readonly<Record<SingleKind, SingleAction>> &
  Readonly<Partial<Record<Exclude<FaultKind, SingleKind>, LastingAction>>>;

/** The DHCPv6 server's leases, for actions. */
export interface LeaseAccess {
  all(): readonly Lease[];
  /** Takes leases out of the DHCPv6 server's database; resolves to those that were in it. */
  forget(prefixes: readonly string[]): Promise<readonly string[]>;
  /** Puts those back that still run and that nobody has got meanwhile; resolves to them. */
  giveBack(leases: readonly HeldLease[]): Promise<readonly string[]>;
}

/** The actions of a BNG's faults. */
export function actionsOf(intent: Intent<BngConfig>, leases: LeaseAccess): Actions {
  // Refuses to change the answers of resolvers that are not announced.
  const resolvers: LastingAction = {
    hold({ kind }) {
      if (intent.config.dns.length > 0) return [];
      throw new RequestError("bad-request", `${kind}: the provider announces no resolvers; set dns`);
    },
  };
  return {
    // The container and every process in it end with the agent, as by a power cut.
    "bng-crash": {
      act: () => Promise.resolve("its BNG dies, and starts anew"),
      after: () => process.kill(process.pid, "SIGKILL"),
    },
    "bng-lease-loss": {
      act: async () => {
        const forgotten = await leases.forget(leases.all().map(({ prefix }) => prefix));
        return `its BNG forgot ${counted(forgotten.length, "lease")}`;
      },
    },
    "bng-lease-lost": {
      hold: (injection) => chosenLeases(leases.all(), injection),
      begin: async ({ held = [] }) => void (await leases.forget(held.map(({ prefix }) => prefix))),
      end: async ({ held = [] }) => void (await leases.giveBack(held)),
    },
    "dhcpv6-old-and-new": { hold: (injection) => chosenLeases(leases.all(), injection) },
    "dhcpv6-duplicate": {
      hold(injection) {
        if (injection.values["prefix"] !== undefined) return [];
        const [first] = chosenLeases(leases.all(), injection).sort((one, other) =>
          one.prefix < other.prefix ? -1 : 1,
        );
        if (first !== undefined) return [first];
        const { kind } = injection;
        throw new RequestError("bad-request", `${kind}: nobody has a prefix yet; say which: prefix=…`);
      },
    },
    "dns-slow": resolvers,
    "dns-lie": resolvers,
    "dns-other-view": resolvers,
  };
}

function chosenLeases(leases: readonly Lease[], { values }: Injection): HeldLease[] {
  const { from } = values as { from?: Prefix6 };
  return leases.flatMap(({ kind, prefix, customer, duid, iaid, preferredS, validS, endsAtS }) => {
    const parsed = parsePrefix6(prefix);
    const chosen = parsed !== undefined && (from === undefined || containsPrefix(from, parsed));
    if (kind !== "prefix" || customer === undefined || !chosen) return [];
    return [{ prefix, ...customer, duid, iaid, preferredS, validS, expiresAt: formatUtc(endsAtS) }];
  });
}
