/** All kinds of claims; what depends on the kind of one is looked up here. */
import type { Claim } from "../model.ts";
import type { ClaimKind, Finding, Judged } from "./claim-kind.ts";
import { condition } from "./condition.ts";
import { exit } from "./exit.ts";
import { failover } from "./failover.ts";
import { flow } from "./flow.ts";
import { leaks } from "./leaks.ts";
import { loss } from "./loss.ts";
import { outage } from "./outage.ts";
import { throughput } from "./throughput.ts";
import { wire } from "./wire.ts";

const CLAIMS = { condition, leaks, outage, failover, loss, wire, flow, throughput, exit } as const satisfies {
  readonly [K in Claim["claim"]]: ClaimKind<Extract<Claim, { claim: K }>>;
};

function kindOf(claim: Claim): ClaimKind<never> {
  return CLAIMS[claim.claim];
}

/** A claim in words. */
export function claimText(claim: Claim): string {
  return kindOf(claim).text(claim as never);
}

/** What a record says of a claim. */
export function judgeClaim(claim: Claim, record: Judged, id: string): Finding {
  return kindOf(claim).judge(claim as never, record, id);
}
