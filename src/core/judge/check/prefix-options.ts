import { containsPrefix, parsePrefix6 } from "../../model/ip6.ts";
import { finding, seen, type Finding, type Looking } from "./finding.ts";
import { latest, type Facts, type Granted } from "./facts.ts";
import { prefixOptions, type Packet, type PrefixOption } from "./packets.ts";
import type { Rule } from "./requirement.ts";

/** How long a CPE has to change its advertisements after a message of its provider, in seconds. */
const REACTION_S = 2;
/** Lifetimes are whole seconds on both sides, and a busy CPE takes note of a Reply some seconds after it came. */
const TOLERANCE_S = 5;

interface Told {
  readonly packet: Packet;
  readonly option: PrefixOption;
}

function toldIn(packets: readonly Packet[]): Told[] {
  return packets.flatMap((packet) =>
    (prefixOptions(packet) ?? []).map((option): Told => ({ packet, option })),
  );
}

function ofPackets(all: readonly Told[]): Packet[] {
  return [...new Set(all.map(({ packet }) => packet))];
}

/** Judges the prefix options of router advertisements by what the providers delegated. */
export function judgePrefixOptions(
  rule: Rule & { readonly kind: "prefix-options" },
  { matching, facts, window }: Looking,
): Finding {
  const packets = matching(rule.of);
  const observed = [seen(rule.of, packets)];
  const told = toldIn(packets);
  const judged = (samples: readonly Told[], wrong: readonly Told[], failure: string): Finding =>
    finding(ofPackets(samples), ofPackets(wrong), observed, failure);
  const each = (
    wanted: (packet: Packet) => readonly Granted[],
    holds: (option: PrefixOption) => boolean,
    failure: string,
  ): Finding => {
    const samples = packets.filter((packet) => wanted(packet).length > 0);
    const wrong = samples.filter((packet) => !hasEach(packet, wanted(packet), holds));
    return finding(
      samples,
      wrong,
      observed,
      `${wrong.length} of ${samples.length} advertisements ${failure}`,
    );
  };
  if (facts.granted.length === 0)
    return { ...judged([], [], ""), reason: "no delegation of a provider was captured" };
  switch (rule.options.check) {
    case "inside a delegation, /64": {
      const current = told.filter(({ option }) => option.validS > 0);
      const wrong = current.filter(
        ({ option }) => option.length !== 64 || facts.granted.every((one) => !isIn(option, one)),
      );
      return judged(
        current,
        wrong,
        `${wrong[0]?.option.prefix ?? ""}/${wrong[0]?.option.length ?? ""} is no /64 of a delegation`,
      );
    }
    case "no longer than the delegation": {
      const samples = told.flatMap((one) => {
        const grant = grantOf(one, facts, one.packet.atS);
        return grant === undefined || grant.validS === 0 ? [] : [{ ...one, grant }];
      });
      const wrong = samples.filter(({ option, packet, grant }) => {
        const passed = packet.atS - grant.atS;
        const left = (lifetime: number): number => Math.max(0, lifetime - passed) + TOLERANCE_S;
        return option.validS > left(grant.validS) || option.preferredS > left(grant.preferredS);
      });
      const [first] = wrong;
      return judged(
        samples,
        wrong,
        `${first?.option.prefix ?? ""} is preferred for ${first?.option.preferredS ?? 0} s and valid for ${first?.option.validS ?? 0} s, longer than what remains of the delegation`,
      );
    }
    case "one in each delegation":
      return each(
        ({ atS }) => latest(facts, atS).filter(isValid),
        () => true,
        "lack a prefix of a delegation",
      );
    case "each is deprecated":
      return each(
        ({ atS }) => latest(facts, atS).filter(isValid),
        ({ preferredS }) => preferredS === 0,
        "do not deprecate the prefix of a delegation",
      );
    case "valid lifetimes stay": {
      const samples = told.filter((one) => (grantOf(one, facts, one.packet.atS)?.validS ?? 0) > 0);
      const wrong = samples.filter(({ option }) => option.validS === 0);
      return judged(samples, wrong, `${wrong[0]?.option.prefix ?? ""} has a valid lifetime of 0`);
    }
    case "others stay preferred": {
      const all = latest(facts, window.toS);
      const touched = new Set(all.filter((one) => !isValid(one)).map(({ file }) => file));
      const others = all.filter(({ file }) => !touched.has(file));
      if (touched.size === 0) return { ...judged([], [], ""), reason: "no delegation was taken back" };
      if (others.length === 0)
        return {
          ...judged([], [], ""),
          verdict: "not-applicable",
          reason: "there is no delegation of another provider",
        };
      return each(
        () => others,
        ({ preferredS }) => preferredS > 0,
        "lack the prefix of another provider, or deprecate it",
      );
    }
    case "lifetimes 0/0, flags as before":
      return judgeStale(told, packets, {
        facts,
        toS: window.toS,
        judged,
        all: matching(rule.of, { fromS: 0, toS: window.toS }),
      });
  }
}

function isValid({ validS }: Granted): boolean {
  return validS > 0;
}

/** Whether an advertisement has a prefix option that holds in each delegation. */
function hasEach(
  packet: Packet,
  grants: readonly Granted[],
  holds: (option: PrefixOption) => boolean,
): boolean {
  const options = (prefixOptions(packet) ?? []).filter(holds);
  return grants.every((grant) => options.some((option) => isIn(option, grant)));
}

interface Stale {
  readonly facts: Facts;
  readonly toS: number;
  readonly all: readonly Packet[];
  readonly judged: (samples: readonly Told[], wrong: readonly Told[], failure: string) => Finding;
}

function judgeStale(
  told: readonly Told[],
  packets: readonly Packet[],
  { facts, toS, all, judged }: Stale,
): Finding {
  const gone = latest(facts, toS).filter(({ validS }) => validS === 0);
  if (gone.length === 0) return { ...judged([], [], ""), reason: "no delegation was taken back" };
  const before = toldIn(all);
  const samples: Told[] = [];
  const wrong: Told[] = [];
  for (const grant of gone) {
    const former = before.findLast(({ packet, option }) => packet.atS < grant.atS && isIn(option, grant));
    if (former === undefined) continue;
    const due = packets.filter(({ atS }) => atS > grant.atS + REACTION_S);
    for (const packet of due) {
      const own = told.find((one) => one.packet === packet && isIn(one.option, grant));
      const one = own ?? { packet, option: former.option };
      samples.push(one);
      const { a, l, preferredS, validS } = one.option;
      const right =
        own !== undefined &&
        preferredS === 0 &&
        validS === 0 &&
        a === former.option.a &&
        l === former.option.l;
      if (!right) wrong.push(one);
    }
  }
  return judged(
    samples,
    wrong,
    `${wrong.length} of ${samples.length} advertisements do not withdraw ${gone.map(({ network, length }) => `${network}/${length}`).join(", ")} with lifetimes of 0`,
  );
}

/** The newest word, at a time, on the delegation that an option's prefix is in. */
function grantOf({ option }: Told, facts: Facts, atS: number): Granted | undefined {
  return latest(facts, atS).find((one) => isIn(option, one));
}

function isIn({ prefix, length }: PrefixOption, grant: Granted): boolean {
  const outer = parsePrefix6(`${grant.network}/${grant.length}`);
  const inner = parsePrefix6(`${prefix}/${length}`);
  return outer !== undefined && inner !== undefined && containsPrefix(outer, inner);
}
