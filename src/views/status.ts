import { preferredOf } from "../core/cpe/host-addresses.ts";
import { labProblems } from "../core/status/derive.ts";
import { explainSilence } from "../core/status/heard.ts";
import type {
  CpeStatus,
  HostStatus,
  LabStatus,
  LanHostStatus,
  ProviderStatus,
  UplinkStatus,
  WanStatus,
} from "../core/status/model.ts";
import { formatMs, formatSeconds } from "../core/duration.ts";
import { renderTable } from "./table.ts";
import { harmlessAll, theme, visibleWidth, type Theme } from "./theme.ts";

export interface StatusView {
  readonly colour: boolean;
  /** Width to keep to by leaving details out; undefined when nobody reads it on a terminal. */
  readonly columns: number | undefined;
}

/** A theme, and whether details are left out for want of room. */
interface Look extends Theme {
  readonly compact: boolean;
}

/** A lab's status for people: providers, CPEs with their hosts, and what is wrong in words. */
export function renderStatus(told: LabStatus, { colour, columns }: StatusView): string {
  const status = harmlessAll(told);
  const full = render(status, { ...theme(colour), compact: false });
  const width = Math.max(...full.split("\n").map(visibleWidth));
  return columns === undefined || width <= columns
    ? full
    : render(status, { ...theme(colour), compact: true });
}

function render(status: LabStatus, look: Look): string {
  const { lab, healthy, providers, cpes, hosts } = status;
  const state = healthy ? look.good("healthy") : look.bad("degraded");
  const blocks = [
    [`${look.strong(lab)}  ${state}${farSide(status, look)}`],
    indent([
      ...providerTable(status, look),
      ...silenceLines(status, look),
      ...validationLines(providers, look),
    ]),
    ...cpes.map((cpe) => cpeBlock(cpe, look)),
    ...[...new Set(hosts.map(({ lan }) => lan))].map((lan) => lanBlock(lan, hosts, look)),
    problemBlock(status, look),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

function farSide({ internet }: LabStatus, look: Look): string {
  if (internet === undefined) return "";
  const mark = internet.ready && internet.state === "running" ? look.good("✓") : look.bad("✗");
  return (
    look.dim("  bundled internet ") + mark + look.dim(internet.address === "" ? "" : ` ${internet.address}`)
  );
}

function providerTable(status: LabStatus, look: Look): string[] {
  const rows = status.providers.flatMap((provider) => {
    const first = [
      look.strong(provider.name),
      memberState(provider, look),
      uplinkText(provider, look),
      provider.prefix || "-",
    ];
    const delegations = delegationCells(provider, status, look);
    return delegations.map((cells, index) => [...(index === 0 ? first : ["", "", "", ""]), ...cells]);
  });
  return renderTable(
    ["PROVIDER", "STATE", "UPLINK", "PREFIX", "DELEGATED", "TO", "EXPIRES IN", "ROUTE"],
    rows,
    look,
  );
}

/** Who is heard where nobody has a delegation yet, so that a wrong cable is seen. */
function silenceLines(status: LabStatus, look: Look): string[] {
  return status.providers.flatMap((provider) => {
    const why = servedHosts(provider, status).length > 0 ? undefined : explainSilence(provider);
    return why === undefined ? [] : [look.dim(`${provider.name}: ${why}`)];
  });
}

/** Where the host's kernel or the container's rights do not allow what was configured. */
function validationLines(providers: readonly ProviderStatus[], look: Look): string[] {
  return providers.flatMap(({ name, sourceValidation }) => {
    // An agent of an earlier version does not tell it.
    const { wanted, effective = null } = sourceValidation ?? {};
    if (effective === null || effective === wanted) return [];
    return [
      look.dim(
        `${name}: source validation works as ${effective}, its log tells why ${wanted} is not possible`,
      ),
    ];
  });
}

/** Hosts on a shared LAN take addresses and need no delegation. */
function servedHosts({ name }: ProviderStatus, { hosts }: LabStatus): string[] {
  return hosts
    .filter(({ addresses }) => addresses.some(({ provider }) => provider === name))
    .map((host) => host.name);
}

function delegationCells(provider: ProviderStatus, status: LabStatus, look: Look): string[][] {
  const { cpes } = status;
  if (provider.delegations.length === 0) {
    const hosts = servedHosts(provider, status);
    if (hosts.length > 0) return [[look.dim("addresses only"), hosts.join(", "), "", ""]];
    const why = provider.state === "running" && provider.subscriber.present ? subscriberText(provider) : "-";
    return [[look.dim(why), "", "", ""]];
  }
  return provider.delegations.map(({ prefix, via, expiresInS, routed }) => {
    const cpe = cpes.find(({ wans }) => wans.some((wan) => wan.delegatedPrefix === prefix));
    const to = [cpe?.name, via === null || (look.compact && cpe !== undefined) ? undefined : look.dim(via)]
      .filter((part) => part !== undefined)
      .join(" ");
    return [prefix, to || "-", formatSeconds(expiresInS), routed ? look.good("✓") : look.bad("✗ none")];
  });
}

function subscriberText({ subscriber }: ProviderStatus): string {
  const { interface: name, carrier } = subscriber;
  return carrier ? `nobody yet on ${name}` : `${name} has no carrier`;
}

function memberState(
  { state, ready }: { state: LabStatus["providers"][number]["state"]; ready: boolean },
  look: Look,
): string {
  if (state === "running") return ready ? look.good("● ready") : look.warn("◐ not ready");
  return state === "starting" || state === "restarting" ? look.warn(`◐ ${state}`) : look.bad(`○ ${state}`);
}

function uplinkText({ state, uplink }: ProviderStatus, look: Look): string {
  if (state === "missing" || state === "stopped") return "-";
  const words: Record<UplinkStatus["state"], string> = {
    up: look.good("✓"),
    waiting: look.warn("… no handshake yet"),
    stale: look.bad("✗ stale"),
    down: look.bad("✗ down"),
  };
  const details = [
    uplink.rttMs === null ? undefined : formatMs(uplink.rttMs),
    uplink.handshakeAgeS === null
      ? undefined
      : look.dim(`${look.compact ? "" : "handshake "}${formatSeconds(uplink.handshakeAgeS)} ago`),
    uplink.backend === null || look.compact ? undefined : look.dim(uplink.backend),
  ].filter((detail) => detail !== undefined);
  const text = details.join(look.dim(", "));
  return text === ""
    ? words[uplink.state]
    : `${words[uplink.state]}${uplink.state === "up" ? "" : ","} ${text}`;
}

function cpeBlock(cpe: CpeStatus & { hosts: readonly HostStatus[] }, look: Look): string[] {
  const title = `${look.dim("CPE")} ${look.strong(cpe.name)}  ${memberState(cpe, look)}`;
  const wans = cpe.wans.map((wan) => [
    wan.provider,
    wan.present ? (wan.defaultRouter ?? look.bad("✗ none")) : look.bad("✗ no link"),
    wan.delegatedPrefix ?? look.bad("✗ none"),
    wan.validS === null ? "-" : formatSeconds(wan.validS),
    reachText(wan, look),
  ]);
  const hosts = cpe.hosts.flatMap((host) =>
    hostRows(host, preferredOf(host.addressDetails), look, ({ address, provider }) => [
      address,
      provider ?? "-",
    ]),
  );
  return [
    title,
    ...(wans.length === 0
      ? []
      : indent(
          renderTable(
            ["PROVIDER", "DEFAULT ROUTER", "DELEGATED PREFIX", "VALID FOR", "REACHES THE INTERNET"],
            wans,
            look,
          ),
        )),
    ...indent(unmeasuredLine(cpe, look)),
    ...(hosts.length === 0
      ? []
      : ["", ...indent(renderTable(["HOST", "STATE", "ADDRESSES", "PROVIDER"], hosts, look))]),
  ];
}

function reachText({ reachable, reach, rttMs }: WanStatus, look: Look): string {
  if (reachable) return `${look.good("✓")}${rttMs === null ? "" : ` ${formatMs(rttMs)}`}`;
  return reach === "not-measured" ? look.dim("not measured") : look.bad("✗ no answer");
}

/** What makes a CPE ask, where it has nobody to ask. */
function unmeasuredLine({ wans }: CpeStatus, look: Look): string[] {
  const names = wans.filter(({ reach }) => reach === "not-measured").map(({ provider }) => provider);
  if (names.length === 0) return [];
  return [
    look.dim(`not measured by ${names.join(", ")}: wireguard.probe in the lab file names who is asked`),
  ];
}

/** The hosts of one LAN, with the way out of each address. */
function lanBlock(lan: string, hosts: readonly LanHostStatus[], look: Look): string[] {
  const rows = hosts
    .filter((host) => host.lan === lan)
    .flatMap((host) =>
      hostRows(host, host.addresses, look, ({ address, provider, router }) => [
        address,
        provider ?? "-",
        router ?? look.bad("✗ none"),
      ]),
    );
  return [
    `${look.dim("LAN")} ${look.strong(lan)}`,
    ...indent(renderTable(["HOST", "STATE", "ADDRESSES", "PROVIDER", "BY ROUTER"], rows, look)),
  ];
}

/** A row per address, the first one with the host itself. */
function hostRows<A>(
  host: Pick<HostStatus, "name" | "state" | "ready">,
  addresses: readonly A[],
  look: Look,
  cells: (address: A) => readonly string[],
): string[][] {
  const first = [look.strong(host.name), memberState(host, look)];
  if (addresses.length === 0) return [[...first, "-", "", ""]];
  return addresses.map((address, index) => [...(index === 0 ? first : ["", ""]), ...cells(address)]);
}

function problemBlock(status: LabStatus, look: Look): string[] {
  const problems = labProblems(status);
  if (problems.length === 0) return [];
  return [
    look.strong("Problems"),
    ...problems.map(({ member, message }) => `  ${look.bad("✗")} ${look.strong(member)}  ${message}`),
  ];
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
