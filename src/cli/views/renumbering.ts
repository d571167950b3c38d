import { formatSeconds } from "../../core/model/duration.ts";
import type { RenumberOrder } from "../../core/model/renumbering/order.ts";
import type { ProviderPrefix, ProviderStatus } from "../../core/model/status/model.ts";
import { secondsUntil } from "../../core/model/utc.ts";
import { harmlessAll, theme, type TimedView } from "./theme.ts";
import { wrap } from "./width.ts";

/** What came of an order. */
export interface RenumberedView {
  readonly name: string;
  readonly order: RenumberOrder;
  readonly done: {
    readonly provider: ProviderStatus;
    readonly prefixes: readonly ProviderPrefix[];
    readonly farSide: "bundled" | "late" | "real";
  };
  /** Commands for a real far side. */
  readonly farSide: { readonly now: readonly string[]; readonly afterwards: readonly string[] };
}

/** What a provider has now, who was told, and what is left to do. */
export function renderRenumbered(found: RenumberedView, view: TimedView): string {
  const told = harmlessAll(found);
  const { name, done, farSide } = told;
  const { asCalled = (text: string) => text, nowMs = Date.now() } = view;
  const nowS = nowMs / 1000;
  const look = theme(view.colour);
  const lines = [
    ...done.prefixes.map((prefix) => `${look.strong(name)}: ${phaseText(prefix, nowS)}`),
    ...(done.prefixes.some(({ state }) => state === "current") ? [] : [`${name} has no prefix any more`]),
    ...customerNotes(told, nowS).map((note) => look.dim(asCalled(note))),
    ...(done.farSide === "late"
      ? [look.warn("the bundled internet does not route it yet; see: mhlab logs internet")]
      : []),
  ];
  const blocks = [
    ...commands("on the server at its far side, now:", farSide.now),
    ...commands("and when nothing but the new prefix is left:", farSide.afterwards),
  ];
  const sentences = lines.flatMap((line) => wrap(line, { width: view.columns, hang: "  " }));
  return `${[...sentences, ...blocks].join("\n")}\n`;
}

/** `2001:db8:a::/48 is deprecated, and goes in 10 min`. */
export function phaseText({ prefix, state, endsAt }: ProviderPrefix, nowS: number): string {
  const end = endsAt === null ? "" : formatSeconds(secondsUntil(endsAt, nowS));
  switch (state) {
    case "current":
      return `${prefix} is current`;
    case "deprecated":
      return `${prefix} is deprecated, and goes in ${end}`;
    case "withdrawn":
      return `${prefix} is withdrawn, and its end is told${end === "" ? "" : ` for ${end}`}`;
  }
}

function commands(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

/** When customers hear of it: Kea has no Reconfigure (RFC 8415 18.3.11), so each hears when he asks. */
function customerNotes({ name, order, done }: RenumberedView, nowS: number): string[] {
  const { renewS } = done.provider.dhcp;
  const within = renewS > 0 ? `within ${formatSeconds(renewS)} (T1)` : "at T1";
  const leases = done.provider.delegations.length + done.provider.addresses.length;
  const back = `back with: mhlab renumber ${name} --abort`;
  if (order.how === "flash")
    return leases === 0
      ? []
      : [
          `nobody is told: its customers find out when their packets are refused, or ${within} when they renew`,
        ];
  const overlap = Math.max(
    0,
    ...done.prefixes.map(({ endsAt, state }) =>
      state === "deprecated" && endsAt !== null ? secondsUntil(endsAt, nowS) : 0,
    ),
  );
  const short = overlap > 0 && overlap < renewS;
  return [
    ...(leases === 0
      ? []
      : [`its customers hear of it when they renew, ${within}: Kea cannot ask them to (no Reconfigure)`]),
    ...(short && leases > 0
      ? [
          "the overlap ends before the last of them renews: those lose the former prefix unprepared; a longer --overlap, or a shorter delegation.renew some time before, avoids it",
        ]
      : []),
    ...(done.prefixes.some(({ state }) => state !== "current") ? [back] : []),
  ];
}
