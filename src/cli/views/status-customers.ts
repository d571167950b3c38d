import { isCpeSoftware } from "../../core/model/lab/cpe-software-names.ts";
import { foreignSoftware } from "../../core/render/cpe/software/registry.ts";
import { preferredOf } from "../../core/render/cpe/host-addresses.ts";
import { formatMs, formatSeconds } from "../../core/model/duration.ts";
import type {
  CpeStatus,
  HostAddress,
  HostStatus,
  LabStatus,
  WanStatus,
} from "../../core/model/status/model.ts";
import { secondsUntil } from "../../core/model/utc.ts";
import { indent, nodeState, type Look } from "./status-look.ts";
import { renderTable, type Column } from "./table.ts";
import { wrap } from "./width.ts";

/** A CPE with its WANs and the hosts behind it. */
export function cpeBlock(cpe: CpeStatus & { hosts: readonly HostStatus[] }, look: Look): string[] {
  const wans = renderTable(
    [
      "PROVIDER",
      { heading: "DEFAULT ROUTER", rank: 2 },
      { heading: "DELEGATED PREFIX", rank: 3, below: "prefix" },
      { heading: "VALID FOR", rank: 1 },
      "INTERNET",
    ],
    cpe.wans.map((wan) => wanCells(wan, look)),
    inside(look),
  );
  const order = cpe.wans.map(({ provider }) => provider);
  const hosts = cpe.hosts.flatMap((host) =>
    hostRows(host, byProvider(preferredOf(host.addresses), order), look, ({ address, provider }) => [
      address,
      provider ?? "-",
    ]),
  );
  return [
    ...wrap(
      `${look.dim("CPE")} ${look.strong(cpe.name)}${softwareOf(cpe, look)}  ${nodeState(cpe, look)}`,
      look,
    ),
    ...(cpe.wans.length === 0 ? [] : indent(wans)),
    ...addressTable(cpe, look),
    ...indent(formerLines(cpe, { ...look, width: inside(look).width })),
    ...indent(unmeasuredLines(cpe, { ...look, width: inside(look).width })),
    ...(hosts.length === 0
      ? []
      : ["", ...indent(renderTable(["HOST", "STATE", ...ADDRESS_COLUMNS], hosts, inside(look)))]),
  ];
}

/** What it runs, where that is not mhlab's own. */
function softwareOf({ software }: CpeStatus, look: Look): string {
  if (software === undefined) return "";
  const title = isCpeSoftware(software) ? foreignSoftware(software)?.title : undefined;
  return ` ${look.dim(`(${title ?? software})`)}`;
}

function wanCells(wan: WanStatus, look: Look): string[] {
  return [
    wan.provider,
    wan.present ? (wan.defaultRouter ?? look.bad("✗ none")) : look.bad("✗ no link"),
    wan.delegatedPrefix ?? look.bad("✗ none"),
    wan.validUntil === null ? "-" : formatSeconds(secondsUntil(wan.validUntil, look.nowS)),
    reachText(wan, look),
  ];
}

function reachText({ reach, rttMs }: WanStatus, look: Look): string {
  if (reach === "yes") return `${look.good("✓")}${rttMs === null ? "" : ` ${formatMs(rttMs)}`}`;
  return reach === "not-measured" ? look.dim("not measured") : look.bad("✗ no answer");
}

/** The addresses of the WANs themselves, those of the prefix between CPE and provider. */
function addressTable({ wans }: CpeStatus, look: Look): string[] {
  const rows = wans
    .filter(({ addresses }) => addresses.length > 0)
    .flatMap(({ provider, addresses }) =>
      inPairs([...addresses].sort()).map((pair, index) => [index === 0 ? provider : "", pair.join(", ")]),
    );
  if (rows.length === 0) return [];
  return ["", ...indent(renderTable(["PROVIDER", "WAN ADDRESSES"], rows, inside(look)))];
}

/** Two to a row fit on 80 columns as a rule; more come for a while when a provider is renumbered. */
function inPairs(addresses: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(addresses.length / 2) }, (_, index) =>
    addresses.slice(2 * index, 2 * index + 2),
  );
}

/** What hosts still have of a provider that is renumbered, or lost; an agent of an earlier version tells none. */
function formerLines({ wans }: CpeStatus, look: Look): string[] {
  return wans.flatMap(({ provider, formerPrefixes }) =>
    formerPrefixes.flatMap(({ prefix, usable, validUntil }) => {
      const way = usable ? "still passes" : "does not pass";
      const left = formatSeconds(secondsUntil(validUntil, look.nowS));
      return wrap(
        look.dim(`${provider}: ${prefix} is deprecated for its hosts, ${way}, for ${left} more`),
        look,
      );
    }),
  );
}

/** What makes a CPE ask, where it has nobody to ask. */
function unmeasuredLines({ wans }: CpeStatus, look: Look): string[] {
  const names = wans.filter(({ reach }) => reach === "not-measured").map(({ provider }) => provider);
  if (names.length === 0) return [];
  const text = `not measured by ${names.join(", ")}: wireguard.probe in the lab file names who is asked`;
  return wrap(look.dim(text), look);
}

const ADDRESS_COLUMNS: readonly Column[] = [
  { heading: "ADDRESSES", rank: 2, below: "" },
  { heading: "PROVIDER", rank: 2 },
];

/** The hosts of one LAN, with the way out of each address. */
export function lanBlock(lan: string, { hosts, providers }: LabStatus, look: Look): string[] {
  const order = providers.map(({ name }) => name);
  const rows = hosts
    .filter((host) => host.lan === lan)
    .flatMap((host) =>
      hostRows(
        host,
        byProvider(preferredOf(host.addresses), order),
        look,
        ({ address, provider, router }) => [address, provider ?? "-", router ?? look.bad("✗ none")],
      ),
    );
  return [
    ...wrap(`${look.dim("LAN")} ${look.strong(lan)}`, look),
    ...indent(
      renderTable(
        ["HOST", "STATE", ...ADDRESS_COLUMNS, { heading: "BY ROUTER", rank: 1 }],
        rows,
        inside(look),
      ),
    ),
  ];
}

/** Addresses in the order of the providers; the kernel's own order changes from run to run. */
function byProvider<A extends HostAddress>(addresses: readonly A[], order: readonly string[]): A[] {
  const rank = ({ provider }: A): number => {
    const index = order.indexOf(provider ?? "");
    return index < 0 ? order.length : index;
  };
  return [...addresses].sort((one, other) => rank(one) - rank(other));
}

/** A row per address, the first one with the host itself. */
function hostRows<A>(
  host: Pick<HostStatus, "name" | "state" | "ready" | "problems">,
  addresses: readonly A[],
  look: Look,
  cells: (address: A) => readonly string[],
): string[][] {
  const first = [look.strong(host.name), nodeState(host, look)];
  if (addresses.length === 0) return [[...first, look.bad("✗ none"), "", ""]];
  return addresses.map((address, index) => [...(index === 0 ? first : ["", ""]), ...cells(address)]);
}

function inside(look: Look): { look: Look; width: number | undefined } {
  return { look, width: look.width === undefined ? undefined : look.width - 2 };
}
