import { formatMs, formatSeconds } from "../../core/model/duration.ts";
import { isRenumbered } from "../../core/model/renumbering/explain.ts";
import { describeOverride } from "../../core/model/intent/runtime-override.ts";
import { isExplained } from "../../core/judge/health/derive.ts";
import { explainSilence, explainUnheard, isUnheard } from "../../core/model/status/heard.ts";
import type {
  Delegation,
  FaultStatus,
  LabStatus,
  ProviderStatus,
  UplinkStatus,
} from "../../core/model/status/model.ts";
import { parseUtc, secondsSince, secondsUntil } from "../../core/model/utc.ts";
import { counted } from "../../core/model/words.ts";
import { phaseText } from "./renumbering.ts";
import { nodeState, type Look } from "./status-look.ts";
import { renderTable } from "./table.ts";
import { wrap } from "./width.ts";

/** More delegations of a provider than these are counted, not shown. */
const SHOWN = 10;
/** How much of a pool is taken before it is worth a word. */
const NEARLY_FULL = 0.75;

/** A row per provider: what it is, and how it reaches the internet. */
export function providerTable({ providers }: LabStatus, look: Look): string[] {
  return renderTable(
    [
      "PROVIDER",
      "STATE",
      "UPLINK",
      { heading: "HANDSHAKE", rank: 2 },
      { heading: "WIREGUARD", rank: 1, detail: true },
      { heading: "PREFIX", rank: 3 },
    ],
    providers.map((provider) => [
      look.strong(provider.name),
      stateCell(provider, look),
      ...uplinkCells(provider, look),
      provider.prefix || "-",
    ]),
    { look, width: look.width },
  );
}

/** One with a fault, or that is renumbered, does something else than its lab file says, whether that is seen as a problem or not. */
function stateCell(provider: ProviderStatus, look: Look): string {
  const { faults, problems, prefixes, override } = provider;
  const changes = [
    ...(faults.length === 0 ? [] : [counted(faults.length, "fault")]),
    ...(isRenumbered(prefixes, override) ? ["renumbered"] : []),
  ];
  if (changes.length === 0 || !problems.every(isExplained)) return nodeState(provider, look);
  return look.warn(`◐ ${changes.join(", ")}`);
}

function uplinkCells({ state, uplink }: ProviderStatus, look: Look): string[] {
  if (state === "missing" || state === "stopped") return ["-", "", ""];
  const words: Record<UplinkStatus["state"], string> = {
    up: look.good("✓"),
    waiting: look.warn("… waiting"),
    stale: look.bad("✗ stale"),
    down: look.bad("✗ down"),
  };
  return [
    `${words[uplink.state]}${uplink.rttMs === null ? "" : ` ${formatMs(uplink.rttMs)}`}`,
    uplink.handshakeAt === null
      ? look.dim("never")
      : `${formatSeconds(secondsSince(uplink.handshakeAt, look.nowS))} ago`,
    uplink.backend ?? "",
  ];
}

/** A row per delegation, or what a provider has in the place of one; nothing when there is neither. */
export function delegationTable(status: LabStatus, look: Look, all: boolean): string[] {
  const rows = status.providers.flatMap((provider) =>
    delegationCells(provider, status, { look, all }).map((cells, index) => [
      index === 0 ? look.strong(provider.name) : "",
      ...cells,
    ]),
  );
  if (rows.length === 0) return [];
  return renderTable(
    [
      "PROVIDER",
      "DELEGATED",
      { heading: "TO", rank: 3, below: "to" },
      { heading: "VIA", rank: 1, detail: true },
      { heading: "EXPIRES IN", rank: 2 },
      { heading: "ROUTE", rank: 4 },
    ],
    rows,
    { look, width: look.width },
  );
}

interface DelegationLook {
  readonly look: Look;
  readonly all: boolean;
}

function delegationCells(
  provider: ProviderStatus,
  status: LabStatus,
  { look, all }: DelegationLook,
): string[][] {
  const { delegations, state, subscriber } = provider;
  if (delegations.length === 0) {
    const hosts = servedHosts(provider, status);
    if (hosts.length > 0) return [[look.dim("addresses only"), namesOf(hosts), "", "", ""]];
    if (state !== "running" || !subscriber.present) return [];
    // As after a flash renumbering; the CPE's own table has the prefix that it goes on with.
    const keeper = isWithdrawn(provider) ? undefined : keeperOf(provider, status);
    if (subscriber.carrier && keeper !== undefined)
      return [[look.dim("not renewed yet"), keeper, "", "", ""]];
    const why = isWithdrawn(provider)
      ? "none: its prefix is withdrawn"
      : subscriber.carrier
        ? `nobody yet on ${subscriber.interface}`
        : `${subscriber.interface} has no carrier`;
    return [[look.dim(why), "", "", "", ""]];
  }
  return shownOf(delegations, all).map(({ prefix, via, expiresAt, routed }) => {
    const cpe = status.cpes.find(({ wans }) =>
      wans.some((wan) =>
        [wan.delegatedPrefix, ...wan.formerPrefixes.map((former) => former.prefix)].includes(prefix),
      ),
    )?.name;
    return [
      prefix,
      cpe ?? via ?? "-",
      cpe === undefined || via === null ? "" : look.dim(via),
      formatSeconds(secondsUntil(expiresAt, look.nowS)),
      routed ? look.good("✓") : look.bad("✗ none"),
    ];
  });
}

/** The bundled CPE that goes on with a lease of a provider which has forgotten it; undefined when there is none. */
function keeperOf({ name }: ProviderStatus, { cpes }: LabStatus): string | undefined {
  return cpes.find(({ wans }) =>
    wans.some(({ provider, delegatedPrefix }) => provider === name && delegatedPrefix !== null),
  )?.name;
}

/** Whether it was told to withdraw its prefix, and has no other. */
function isWithdrawn({ prefix, prefixes, override }: ProviderStatus): boolean {
  return prefix === "" && (prefixes.length > 0 || override.prefixes !== undefined);
}

/** Those that were granted or renewed last, when there are too many. */
function shownOf(delegations: readonly Delegation[], all: boolean): readonly Delegation[] {
  if (all || delegations.length <= SHOWN) return delegations;
  return [...delegations].sort((one, other) => grantedS(other) - grantedS(one)).slice(0, SHOWN);
}

/** When it was granted or renewed, in seconds since 1970. */
function grantedS({ validS, expiresAt }: Delegation): number {
  return (parseUtc(expiresAt) ?? 0) - validS;
}

function namesOf(hosts: readonly string[]): string {
  return hosts.length <= 3 ? hosts.join(", ") : counted(hosts.length, "host");
}

/** Hosts on a shared LAN take addresses and need no delegation. */
function servedHosts({ name }: ProviderStatus, { hosts }: LabStatus): string[] {
  return hosts
    .filter(({ addresses }) =>
      addresses.some(({ provider, state }) => provider === name && state === "preferred"),
    )
    .map((host) => host.name);
}

/** What the tables cannot say: faults and overrides, who is heard where nobody has a delegation, what was left out. */
export function providerNotes(status: LabStatus, look: Look, all: boolean): string[] {
  const unheard = status.providers.filter((one) => silenceOf(one, status) !== undefined && isUnheard(one));
  const together = unheard.length > 1 ? new Set(unheard) : new Set<ProviderStatus>();
  const notes = status.providers.flatMap((provider) => [
    ...changeNotes(provider, look.nowS).map((note) => look.warn(`${provider.name}: ${look.asCalled(note)}`)),
    ...factNotes(provider, { status, all, silence: !together.has(provider) }).map((note) =>
      look.dim(`${provider.name}: ${look.asCalled(note)}`),
    ),
  ]);
  return [...notes, ...(together.size === 0 ? [] : [look.dim(explainUnheard([...together]))])].flatMap(
    (note) => wrap(note, { width: look.width, hang: "  " }),
  );
}

/** Why a provider has no delegation; undefined where it needs none. */
function silenceOf(provider: ProviderStatus, status: LabStatus): string | undefined {
  const needsNone = isWithdrawn(provider) || servedHosts(provider, status).length > 0;
  return needsNone ? undefined : explainSilence(provider);
}

/** What was changed while it runs, and what nothing is left of: a lab can be meant so, so that is no problem yet. */
function changeNotes({ faults, override, ...provider }: ProviderStatus, nowS: number): string[] {
  return [
    ...(fillOf(provider) >= 1
      ? [`all ${provider.capacity.delegations} prefixes are delegated; a further customer gets none`]
      : []),
    ...faults.map((fault) => faultInWords(fault, nowS)),
    // In their own words, as its prefixes are.
    ...prefixNotes(provider, nowS),
    ...(Object.keys(override.settings).length === 0
      ? []
      : [
          `override ${describeOverride({ settings: override.settings, faults: [] })}; \`mhlab up --reset\` empties it`,
        ]),
  ];
}

/** While it is renumbered. */
function prefixNotes(
  { prefix, prefixes, state }: Pick<ProviderStatus, "prefix" | "prefixes" | "state">,
  nowS: number,
): string[] {
  const former = prefixes.filter((one) => one.state !== "current");
  return [
    ...(prefix === "" && former.length > 0 && state !== "missing" ? ["it has no prefix any more"] : []),
    ...former.map((one) => phaseText(one, nowS)),
  ];
}

function faultInWords({ id, kind, direction, endsAt, hits }: FaultStatus, nowS: number): string {
  const time =
    endsAt === null ? "until it is cleared" : `for ${formatSeconds(secondsUntil(endsAt, nowS))} more`;
  return `fault ${id}: ${kind} ${direction}, ${time}; ${metText(hits)}`;
}

/** `it met 1 packet up, 0 down`. */
export function metText({ up, down }: FaultStatus["hits"]): string {
  return `it met ${counted(up, "packet")} up, ${down} down`;
}

interface FactView {
  readonly status: LabStatus;
  readonly all: boolean;
  /** Whether its silence is told here. */
  readonly silence: boolean;
}

function factNotes(provider: ProviderStatus, { status, all, silence: told }: FactView): string[] {
  const { delegations, sourceValidation } = provider;
  const silence = told ? silenceOf(provider, status) : undefined;
  const { wanted, effective = null } = sourceValidation ?? {};
  const fill = fillOf(provider);
  return [
    ...(fill >= NEARLY_FULL && fill < 1
      ? [`${delegations.length} of ${provider.capacity.delegations} prefixes are delegated`]
      : []),
    ...(delegations.length > SHOWN && !all
      ? [
          `${counted(delegations.length, "delegation")}, of which the newest ${SHOWN} are shown; all: \`mhlab status --all\``,
        ]
      : []),
    ...(silence === undefined ? [] : [silence]),
    ...(effective === null || effective === wanted
      ? []
      : [`source validation works as ${effective}, its log tells why ${wanted} is not possible`]),
  ];
}

type Pool = Pick<ProviderStatus, "capacity" | "delegations">;

/** How full the pool is; a pool of one is made for its one customer. */
function fillOf({ capacity, delegations }: Pool): number {
  return capacity.delegations > 1 ? delegations.length / capacity.delegations : 0;
}
