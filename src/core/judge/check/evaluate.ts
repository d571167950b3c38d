import { judgeExit } from "./exit.ts";
import { latest, type Facts } from "./facts.ts";
import { finding, seen, type Finding, type Looking, type StepTimes, type Window } from "./finding.ts";
import { cell, type Packet } from "./packets.ts";
import { judgePrefixOptions } from "./prefix-options.ts";
import type { Observation, Requirement, Rule } from "./requirement.ts";
import type { Observed } from "./verdict.ts";

/** The rule of a requirement with the values of this check in its filters: one for each delegation where it names them. */
function rulesOf(rule: Rule, facts: Facts, window: Window): Rule[] | string {
  const text = JSON.stringify(rule);
  const needs: readonly [word: string, values: readonly string[], lacks: string][] = [
    [
      "${cpe}",
      facts.cpe,
      "no DHCPv6 message of the CPE was captured, so its packets cannot be told from others",
    ],
    [
      "${routers}",
      facts.routers,
      "neither a router advertisement nor a DHCPv6 answer of a provider was captured",
    ],
    ["${lan}", facts.lan, "no router advertisement was captured on the LAN"],
  ];
  let filled = text;
  for (const [word, values, lacks] of needs) {
    if (!filled.includes(word)) continue;
    if (values.length === 0) return lacks;
    filled = filled.replaceAll(word, values.join(", "));
  }
  if (!filled.includes("${delegation")) return [JSON.parse(filled) as Rule];
  const current = latest(facts, window.toS).filter(({ validS }) => validS > 0);
  if (current.length === 0) return "no delegation of a provider was captured";
  return current.map(
    ({ network, length }) =>
      JSON.parse(
        filled
          .replaceAll("${delegation.network}", network)
          .replaceAll("${delegation}", `${network}/${length}`),
      ) as Rule,
  );
}

/** The rules of a requirement, and the condition for it to apply; or why they cannot be told. */
function resolved(
  { rule, applies }: Pick<Requirement, "rule" | "applies">,
  facts: Facts,
  window: Window,
): { readonly rules: readonly Rule[]; readonly applies: Observation | undefined } | string {
  const rules = rulesOf(rule, facts, window);
  if (typeof rules === "string") return rules;
  if (applies === undefined) return { rules, applies: undefined };
  const condition = rulesOf({ kind: "some", of: applies.to, among: applies.to }, facts, window);
  if (typeof condition === "string") return condition;
  const [first] = condition;
  return { rules, applies: first !== undefined && "of" in first ? first.of : undefined };
}

function filtersIn(rule: Rule): Observation[] {
  if (rule.kind === "every") return [rule.of, { side: rule.of.side, filter: rule.holds }];
  if (rule.kind === "answered") return [rule.of, rule.by];
  if (rule.kind === "same" || rule.kind === "exit" || rule.kind === "prefix-options") return [rule.of];
  return [rule.of, rule.among];
}

/** The filters that the evaluation of a requirement looks at, filled in. */
export function filtersOf(requirement: Requirement, facts: Facts, window: Window): Observation[] {
  const found = resolved(requirement, facts, window);
  if (typeof found === "string") return [];
  return [...found.rules.flatMap(filtersIn), ...(found.applies === undefined ? [] : [found.applies])];
}

/** What the packets say of a requirement. Packets have a column for each filter of `filtersOf`. */
export function evaluate(
  requirement: Requirement,
  {
    packets,
    facts,
    window,
    steps,
  }: {
    readonly packets: readonly Packet[];
    readonly facts: Facts;
    readonly window: Window;
    readonly steps: StepTimes;
  },
): Finding {
  const nothing = { samples: 0, violations: 0, observed: [], evidence: [] };
  const found = resolved(requirement, facts, window);
  if (typeof found === "string") return { ...nothing, verdict: "inconclusive", reason: found };
  const matching = ({ side, filter }: Observation, { fromS, toS }: Window = window): Packet[] =>
    packets.filter(
      (one) => one.side === side && one.atS >= fromS && one.atS <= toS && cell(one, filter) !== "",
    );
  const { applies } = requirement;
  if (applies !== undefined && found.applies !== undefined && matching(found.applies).length === 0)
    return { ...nothing, verdict: "not-applicable", reason: applies.otherwise };
  const findings = found.rules.map((rule) => judge(rule, { matching, facts, window, steps }));
  const worst = (["fail", "inconclusive", "not-applicable"] as const)
    .flatMap((name) => findings.find(({ verdict }) => verdict === name) ?? [])
    .at(0);
  const [first] = findings;
  const told = worst ?? first;
  if (told === undefined) return { ...nothing, verdict: "inconclusive", reason: "nothing was captured" };
  return {
    ...told,
    samples: findings.reduce((sum, { samples }) => sum + samples, 0),
    violations: findings.reduce((sum, { violations }) => sum + violations, 0),
    observed: findings.flatMap(({ observed }) => observed),
  };
}

function judge(rule: Rule, looking: Looking): Finding {
  const { matching } = looking;
  switch (rule.kind) {
    case "every": {
      const all = matching(rule.of);
      const wrong = all.filter((one) => cell(one, rule.holds) === "");
      const shown: Observed[] = [
        seen(rule.of, all),
        seen({ side: rule.of.side, filter: `(${rule.of.filter}) && !(${rule.holds})` }, wrong),
      ];
      return finding(all, wrong, shown, `${wrong.length} of ${all.length} packets are not as required`);
    }
    case "some": {
      const [samples, found] = [matching(rule.among), matching(rule.of)];
      const wrong = found.length === 0 ? samples : [];
      const shown = [seen(rule.among, samples), seen(rule.of, found)];
      return finding(samples, wrong, shown, "no packet is as required", found);
    }
    case "none": {
      const [samples, wrong] = [matching(rule.among), matching(rule.of)];
      const shown = [seen(rule.among, samples), seen(rule.of, wrong)];
      return finding(samples, wrong, shown, `${wrong.length} packets should not be there`);
    }
    case "answered": {
      const asked = matching(rule.of).slice(0, rule.only === "first" ? 1 : undefined);
      const answers = matching(rule.by);
      const late = asked.filter((one) =>
        answers.every(({ atS }) => atS < one.atS || atS > one.atS + rule.withinS),
      );
      // What was not yet due when the window ended says nothing.
      const due = late.filter(({ atS }) => atS + rule.withinS <= looking.window.toS);
      const samples = asked.filter((one) => !late.includes(one) || due.includes(one));
      const shown = [seen(rule.of, asked), seen(rule.by, answers)];
      return finding(
        samples,
        due,
        shown,
        `${due.length} of ${samples.length} without an answer within ${rule.withinS} s`,
      );
    }
    case "same":
      return judgeSame(rule, looking);
    case "exit":
      return judgeExit(rule, looking);
    case "prefix-options":
      return judgePrefixOptions(rule, looking);
  }
}

function judgeSame(rule: Rule & { readonly kind: "same" }, { matching, window, steps }: Looking): Finding {
  const all = matching(rule.of, { fromS: 0, toS: window.toS });
  const shown = [seen(rule.of, all)];
  const step = steps.get(rule.across);
  const files = [...new Set(all.map(({ file }) => file))];
  const compared = files.flatMap((file) => {
    const own = all.filter((one) => one.file === file);
    const before = own.filter(({ atS }) => atS < (step?.startedS ?? Infinity));
    const after = own.filter(({ atS }) => atS > (step?.startedS ?? Infinity));
    return before.length === 0 || after.length === 0 ? [] : [{ before, after }];
  });
  if (compared.length === 0)
    return {
      verdict: "inconclusive",
      reason: "there is no packet before the restart and after it on one link",
      samples: 0,
      violations: 0,
      observed: shown,
      evidence: [],
    };
  const wrong = compared.flatMap(({ before, after }) => {
    const former = cell(before.at(-1) as Packet, rule.field);
    return after.filter((one) => cell(one, rule.field) !== former);
  });
  const samples = compared.flatMap(({ before, after }) => [...before.slice(-1), ...after]);
  return finding(
    samples,
    wrong,
    shown,
    `${rule.field} is another one in ${wrong.length} packets after the restart`,
  );
}
