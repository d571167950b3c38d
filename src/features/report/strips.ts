/** Strips below and above the tracks: states of addresses and routers, and by whose tunnel packets came in. */
import type { Fact } from "../../core/judge/experiment/record.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import type { ProbedPath } from "../../core/judge/evidence/paths.ts";
import { colourOf, count } from "./words.ts";
import { stretches, timeColumns, type Stretch } from "./columns-of-time.ts";
import { markup, type Markup, type Part } from "./html.ts";
import { plot, row, segment } from "./plot.ts";
import type { TimeScale } from "./scale.ts";

const STRIP = 15;

const ADDRESS_KINDS: Readonly<Record<string, string>> = { preferred: "preferred", deprecated: "deprecated" };

export function stateRow({ states, source }: ProbedPath, scale: TimeScale): Markup[] {
  return states.length === 0 ? [] : [factRow("address", `State of ${source}`, states, scale, ADDRESS_KINDS)];
}

export function routerRows({ facts }: RunRecord, node: string, scale: TimeScale): Markup[] {
  const own = facts.filter((fact) => fact.kind === "router" && fact.node === node);
  const routers = [...new Set(own.map(({ subject }) => subject))];
  return routers.map((router) => {
    const states = own.filter(({ subject }) => subject === router).sort((one, other) => one.atS - other.atS);
    const provider = states.find((fact) => fact.provider !== null)?.provider;
    const who = markup`default router <code>${router}</code>${provider !== undefined && ` of ${provider}`}`;
    return factRow(who, `Default router ${router}`, states, scale, {});
  });
}

/** A state as a strip: what it was, from each fact to the next. */
function factRow(
  who: Part,
  label: string,
  facts: readonly Fact[],
  scale: TimeScale,
  kinds: Readonly<Record<string, string>>,
): Markup {
  const parts = facts.flatMap(({ atS, state }, index) => {
    const toS = facts[index + 1]?.atS ?? scale.endS;
    return state === null || toS <= atS
      ? []
      : [{ fromS: atS, toS, text: state, kind: kinds[state] ?? "other", height: STRIP }];
  });
  const words = parts.map(
    ({ text, fromS, toS }) => `${text} from ${fromS.toFixed(2)} to ${toS.toFixed(2)} s`,
  );
  return row(
    "strip",
    who,
    plot(
      STRIP,
      `${label}: ${words.join(", ") || "none"}`,
      parts.map((one) => segment(scale, one)),
    ),
  );
}

/** From the first to the last packet that came in by the same provider; by columns where it changes all the time. */
function arrivals(probes: ProbedPath["probes"], endS: number, everyS: number): Stretch<string>[] {
  const each = probes.map((probe) => {
    const fromS = probe.sentNs / 1e9;
    return { fromS, toS: fromS + everyS, arrivedBy: probe.arrivedBy };
  });
  const exact = stretches(each, ({ arrivedBy }) => arrivedBy, 3 * everyS);
  if (exact.length <= 100) return exact;
  return stretches(timeColumns(probes, endS, 100), ({ arrivedBy }) => arrivedBy, 0.001);
}

/** By whose tunnel the far side got the packets. Another's than the source's own is a wrong tunnel; leaks are counted at the ports. */
export function arrivalRow(
  record: RunRecord,
  { source, provider, probes }: ProbedPath,
  scale: TimeScale,
): Markup[] {
  if (probes.every(({ arrivedBy }) => arrivedBy === null)) return [];
  const parts = arrivals(probes, scale.endS, record.scenario.probes.everyMs / 1000);
  const strays = probes.filter(
    ({ arrivedBy }) => arrivedBy !== null && provider !== null && arrivedBy !== provider,
  );
  const who = markup`came in by${strays.length > 0 && markup` <span class="tag bad">${count(strays.length)} by another</span>`}`;
  const words = parts.map(
    ({ value, fromS, toS }) => `${value} from ${fromS.toFixed(1)} to ${toS.toFixed(1)} s`,
  );
  return [
    row(
      "strip",
      who,
      plot(
        STRIP,
        `Packets from ${source} came in by: ${words.slice(0, 20).join(", ")}`,
        parts.map(({ value, fromS, toS }) => {
          const foreign = provider !== null && value !== provider ? "foreign" : "";
          return segment(scale, {
            fromS,
            toS,
            text: value,
            kind: `way ${colourOf(record, value)} ${foreign}`,
            height: STRIP,
          });
        }),
      ),
    ),
  ];
}
