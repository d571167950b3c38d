/** What a node's drawer says of it: pairs of a term and a text. */
import { formatMs } from "../../core/model/duration.ts";
import type {
  CpeStatus,
  DeviceStatus,
  HostStatus,
  InternetStatus,
  NodeStatus,
  ProviderStatus,
} from "../../core/model/status/model.ts";
import { counted } from "../../core/model/words.ts";
import { formatSpan } from "../data/format.ts";
import { ageOf, leftOf } from "../parts/countdown.tsx";

export type Fact = readonly [term: string, text: string];
type FactRole = Exclude<NodeStatus["role"], "keeper">;
type Of<R extends FactRole> = Extract<NodeStatus, { role: R }>;

const FACTS: { readonly [R in FactRole]: (status: Of<R>) => readonly Fact[] } = {
  bng: providerFacts,
  cpe: cpeFacts,
  host: hostFacts,
  internet: internetFacts,
};

/** The facts of a node, by its role. */
export function factsOf(status: Of<FactRole>): readonly Fact[] {
  return FACTS[status.role](status as never);
}

function providerFacts(provider: ProviderStatus): Fact[] {
  const { uplink, subscriber, capacity, sourceValidation, leaks, flooded, dropped } = provider;
  return [
    ["Prefix", provider.prefix],
    ["Transfer network", provider.transfer],
    ["Pool", provider.pool ?? "none"],
    ["Delegated", `${provider.delegations.length} of ${capacity.delegations}`],
    ["Address leases", `${provider.addresses.length} of ${capacity.addresses}`],
    [
      "Tunnel",
      `${uplink.state}${uplink.backend === null ? "" : `, ${uplink.backend}`}, to ${uplink.endpoint}`,
    ],
    ["Loss of the last 20 echoes", uplink.lossPct === null ? "not measured yet" : `${uplink.lossPct} %`],
    ["Round trip", uplink.rttMs === null ? "no answer" : formatMs(uplink.rttMs)],
    [
      "Last handshake",
      uplink.handshakeAt === null ? "never" : `${formatSpan(ageOf(uplink.handshakeAt))} ago`,
    ],
    [
      "Subscriber link",
      `${subscriber.place || subscriber.interface}, ${subscriber.carrier ? "up" : "no carrier"}`,
    ],
    ["Link-local address", provider.linkLocal],
    ["Neighbours", String(subscriber.neighbours.length)],
    ["Source validation", sourceValidation?.effective ?? "not known"],
    ["Leaks", counted(leaks.up + leaks.down, "packet")],
    [
      "Floods",
      [counted(flooded.packets, "packet"), ...flooded.senders.slice(0, 3).map(({ mac }) => mac)].join(", "),
    ],
    [
      "Dropped",
      `${dropped.wrapped} of wrapped DHCPv6, ${dropped.unassigned} to unassigned addresses, ${dropped.unsent} DHCPv6 replies, ${dropped.foreign} Releases of others`,
    ],
    [
      "Restarts",
      Object.entries(provider.restarts)
        .map(([name, count]) => `${name} ${count}`)
        .join(", "),
    ],
    ...Object.entries(provider.override.settings).map(([name, value]): Fact => [
      `RuntimeOverride ${name}`,
      value,
    ]),
  ];
}

function cpeFacts({ wans, lan, restarts, software }: CpeStatus): Fact[] {
  return [
    ...(software === undefined ? [] : [["Software", software] as const]),
    ...wans.flatMap((wan): Fact[] => [
      [`${wan.provider}: prefix`, wan.delegatedPrefix ?? "none"],
      [`${wan.provider}: default router`, wan.defaultRouter ?? "none"],
      [`${wan.provider}: internet`, wan.rttMs === null ? REACH[wan.reach] : formatMs(wan.rttMs)],
      [`${wan.provider}: valid for`, formatSpan(leftOf(wan.validUntil))],
    ]),
    ["LAN", lan.addresses.join(", ") || "no address"],
    [
      "Restarts",
      Object.entries(restarts)
        .map(([name, count]) => `${name} ${count}`)
        .join(", ") || "none",
    ],
  ];
}

const REACH = { yes: "answers", "no-answer": "no answer", "not-measured": "not measured" } as const;

function hostFacts({ addresses, defaultRouters }: HostStatus): Fact[] {
  return [
    ...addresses.map(({ address, provider, state }): Fact => [provider ?? "address", `${address}, ${state}`]),
    ...defaultRouters.map(({ address, preference }): Fact => [
      "Default router",
      `${address}, ${preference} preference`,
    ]),
  ];
}

function internetFacts({ address, peers }: InternetStatus): Fact[] {
  return [
    ["Address", address],
    ...peers.map(({ provider, backend, handshakeAt }): Fact => [
      `Tunnel of ${provider}`,
      `${backend ?? "not made"}, ${handshakeAt === null ? "no handshake" : `handshake ${formatSpan(ageOf(handshakeAt))} ago`}`,
    ]),
  ];
}

/** What both sides of a router of the user's own see of it. */
export function deviceFacts({ wans, lan }: DeviceStatus): Fact[] {
  return [
    ...wans.flatMap(({ provider, place, carrier, macs, delegatedPrefixes, rejected }): Fact[] => [
      [
        `WAN to ${provider}`,
        `${place}, ${carrier ? "up" : "no carrier"}, ${macs.join(", ") || "nothing heard"}`,
      ],
      [`Prefix of ${provider}`, delegatedPrefixes.join(", ") || "none"],
      [`Rejected by ${provider}`, counted(rejected, "packet")],
    ]),
    ...(lan === null
      ? []
      : ([
          ["LAN", lan.place],
          ["Routers there", lan.routers.map(({ address }) => address).join(", ") || "none"],
          ["Hosts there", lan.hosts.join(", ")],
        ] as const)),
  ];
}
