import { refuseRa } from "../host/accept-ra.ts";
import { block, ok, warn, type Finding } from "../host/finding.ts";
import { VETH } from "../host/kernel-feature.ts";
import { interfaceName } from "../values/scalars-network.ts";
import { named } from "./grammar.ts";
import type { HostLook, LinkKind } from "./kind.ts";

/** A port of a bridge of the host. */
export interface BridgeLink {
  readonly kind: "bridge";
  readonly bridge: string;
}

const grammar = named<BridgeLink>({
  kind: "bridge",
  of: "bridge",
  name: interfaceName,
  link: linkTo,
  nameOf: ({ bridge: name }) => name,
});

/** The BNG is plugged into a bridge of the host. */
export const bridge: LinkKind<BridgeLink> = {
  key: "bridge",
  yaml: {
    shape: ({ interfaceOf }) =>
      interfaceOf("A bridge of the host that the BNG is plugged into.", "br-lab").transform((name) =>
        linkTo(name),
      ),
    value: (link) => link.bridge,
    parts: (value) => (typeof value === "string" ? [value] : undefined),
  },
  word: grammar,
  environment: grammar,
  bng: (link) => ({ link }),
  place: (link) => link.bridge,
  hostUse: (link) => ({ interface: link.bridge, how: "shares" }),
  hostEar: (link) => link.bridge,
  features: [VETH],
  findings: (link, look) => [bridgeFinding(link.bridge, look)],
  wizard: {
    offers: () => [
      {
        value: "bridge:",
        label: "a bridge of the host",
        explain: "For virtual machines: libvirt, GNS3, QEMU.",
      },
    ],
    question: "Its name",
    complete: ({ bridges }) =>
      `bridge:${bridges.find((name) => !/^(docker|br-[0-9a-f]{12}$)/.test(name)) ?? "br-lab"}`,
  },
  docs: {
    values: [
      {
        value: "a name: `br-lab`",
        meaning: "the BNG is plugged into a bridge of the host; several providers may share it",
      },
    ],
    situations: [{ have: "virtual machines on a bridge (libvirt, GNS3, QEMU)", link: linkTo("br-lab") }],
  },
};

function linkTo(name: string): BridgeLink {
  return { kind: "bridge", bridge: name };
}

function bridgeFinding(name: string, { id, network }: HostLook): Finding {
  const link = network.links.find(({ ifname }) => ifname === name);
  if (link === undefined) {
    const mend = `sudo ip link add ${name} type bridge && ${refuseRa(name)} && sudo ip link set ${name} up`;
    return warn(id, `there is no bridge ${name} on the host; the BNG will wait for it`, mend);
  }
  const kind = link.linkinfo?.info_kind;
  return kind === "bridge"
    ? ok(id, `the bridge ${name} is there`)
    : block(id, `${name} is no bridge, it is ${kind ?? "a physical interface"}`);
}
