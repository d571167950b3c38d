import type { DeviceStatus } from "../../core/model/status/model.ts";
import { indent, type Look } from "./status-look.ts";
import { renderTable } from "./table.ts";
import { wrap } from "./width.ts";

/** A router of the user's own: what its providers hear of it, and who advertises on its LAN. Its hosts are in the block of that LAN. */
export function deviceBlock({ name, ready, wans, lan }: DeviceStatus, look: Look): string[] {
  const state = ready ? look.good("● ready") : look.warn("◐ not ready");
  const inner = { look, width: look.width === undefined ? undefined : look.width - 2 };
  const routers = lan === null ? [] : lan.routers.map(({ address }) => address);
  const advertises = routers.length === 0 ? look.bad("✗ no router advertises there") : routers.join(", ");
  return [
    ...wrap(`${look.dim("DEVICE")} ${look.strong(name)}  ${state}`, look),
    ...indent(
      renderTable(
        [
          "PROVIDER",
          { heading: "WAN", rank: 2 },
          { heading: "HEARD", rank: 1 },
          { heading: "DELEGATED PREFIX", rank: 3, below: "prefix" },
          "REJECTED",
        ],
        wans.map((wan) => wanCells(wan, look)),
        inner,
      ),
    ),
    ...(lan === null ? [] : indent(wrap(`${look.dim("LAN")} ${lan.place}: ${advertises}`, inner))),
  ];
}

const HEARD = { "router-solicitation": "RS", "router-advertisement": "RA", dhcpv6: "DHCPv6" } as const;

function wanCells(wan: DeviceStatus["wans"][number], look: Look): string[] {
  const { provider, place, macs, sent, delegatedPrefixes, rejected } = wan;
  const heard = macs.length === 0 ? look.bad("✗ nothing") : sent.map((one) => HEARD[one]).join(", ");
  const link =
    wan.present && wan.carrier ? place : `${place} ${look.bad(wan.present ? "✗ no carrier" : "✗ no link")}`;
  return [
    provider,
    link,
    heard === "" ? "neighbour" : heard,
    delegatedPrefixes.length === 0 ? look.bad("✗ none") : delegatedPrefixes.join(", "),
    rejected === 0 ? "0" : look.warn(String(rejected)),
  ];
}
