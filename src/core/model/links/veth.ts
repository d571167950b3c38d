import * as z from "zod";
import { VETH } from "../host/kernel-feature.ts";
import { BadValue, type ReadScalar } from "../values/scalars.ts";
import { interfaceName } from "../values/scalars-network.ts";
import { showValue } from "../values/parse.ts";
import { HOST_NAMESPACES, NAMED_NAMESPACES, stableHex } from "../names.ts";
import type { Grammar } from "./grammar.ts";
import type { LinkKind } from "./kind.ts";

/** A pair of interfaces whose other end is called `peer`; it stays on the host unless `into` says otherwise. */
export interface VethLink {
  readonly kind: "veth";
  readonly peer: string;
  readonly into?: LinkTarget;
}

/** Where the far end of a veth goes: the network of a container, or a named namespace of the engine's host. */
export interface LinkTarget {
  readonly kind: "container" | "netns";
  readonly name: string;
}

const grammar: Grammar<VethLink> = {
  forms: ["veth:<name>", "veth:<name>:container:<container>", "veth:<name>:netns:<namespace>"],
  read([peer = "", ...rest]) {
    const name = interfaceName(peer);
    if (name instanceof BadValue) return name;
    if (rest.length === 0) return { kind: "veth", peer };
    const into = readTarget(rest.join(":"));
    return into instanceof BadValue ? into : { kind: "veth", peer, into };
  },
  write: ({ peer, into }) => [peer, ...(into === undefined ? [] : [into.kind, into.name])],
};

/** A new interface of the host, or of a container or namespace there, that is linked to the BNG. */
export const veth: LinkKind<VethLink> = {
  key: "veth",
  yaml: {
    shape: ({ interfaceOf, scalar }) =>
      z
        .union([
          interfaceOf("Name of the interface that appears on the host, linked to the BNG.", "to-alpha"),
          z.strictObject({
            name: interfaceOf("Name of the interface there.", "wan0"),
            into: scalar(readTarget, {
              description: "Where it appears: a running container, or a namespace of `ip netns`.",
              examples: ["container:openwrt", "netns:cpe"],
              pattern: "(container|netns):[A-Za-z0-9][A-Za-z0-9_.-]*",
            }).optional(),
          }),
        ])
        .meta({
          description: "An interface on the host, in a container or in a namespace, linked to the BNG.",
        })
        .transform((value): VethLink => {
          if (typeof value === "string") return { kind: "veth", peer: value };
          const { name, into } = value;
          return { kind: "veth", peer: name, ...(into === undefined ? {} : { into }) };
        }),
    value: ({ peer, into }) => (into === undefined ? peer : { name: peer, into: formatTarget(into) }),
    parts(value) {
      if (typeof value === "string") return [value];
      const { name, into, ...more } = (value ?? {}) as Record<string, unknown>;
      if (typeof name !== "string" || Object.keys(more).length > 0) return undefined;
      if (into === undefined) return [name];
      return typeof into === "string" ? [name, into] : undefined;
    },
  },
  word: grammar,
  environment: grammar,
  bng: (link) => ({ link }),
  place: ({ peer, into }) => (into === undefined ? peer : `${peer} in ${formatTarget(into)}`),
  // A name inside a container or namespace clashes with names there only.
  hostUse: ({ peer, into }) => ({
    interface: into === undefined ? peer : `${peer} in ${formatTarget(into)}`,
    how: "makes",
  }),
  hostEar: ({ peer, into }) => (into === undefined ? peer : undefined),
  // As a slave of the host's mount: what is mounted there later is seen, and nothing can be mounted from here.
  binds: ({ into }) => (into?.kind === "netns" ? [`${HOST_NAMESPACES}:${NAMED_NAMESPACES}:ro,rslave`] : []),
  features: [VETH],
  wizard: {
    offers: () => [
      {
        value: "veth:",
        label: "a new interface of the host",
        explain: "One end of a virtual cable; move it wherever your customer is.",
      },
    ],
    question: "Its name",
    complete: ({ provider }) => `veth:to-${provider}`,
    comment: "`ip link` shows it while the lab runs; move it to where your customer is.",
  },
  docs: {
    values: [
      {
        value: "a name: `to-alpha`",
        meaning: "an interface of this name appears on the host, linked to the BNG",
      },
      {
        value: "`{name: wan0, into: container:openwrt}`",
        meaning:
          "the interface appears in a running container; `netns:cpe`: in a namespace of `ip netns`, as soon as that is there",
      },
    ],
    situations: [
      { have: "a program on the host", link: { kind: "veth", peer: "to-alpha" } },
      {
        have: "a container of yours",
        link: { kind: "veth", peer: "wan0", into: { kind: "container", name: "openwrt" } },
      },
      {
        have: "a namespace of `ip netns`",
        link: { kind: "veth", peer: "wan0", into: { kind: "netns", name: "cpe" } },
      },
    ],
  },
};

/** Where a veth's far end goes: `container:<name>` or `netns:<name>`. */
const readTarget: ReadScalar<LinkTarget> = (text) => {
  const [, kind, name] = /^(container|netns):([A-Za-z0-9][A-Za-z0-9_.-]{0,127})$/.exec(text) ?? [];
  return (kind === "container" || kind === "netns") && name !== undefined
    ? { kind, name }
    : new BadValue(
        "MHLAB_LAB_CHOICE",
        `${showValue(text)} is no place for an interface`,
        "write container:<name> for a container, or netns:<name> for a namespace of `ip netns`",
      );
};

/** The container that a link goes into; undefined when it goes into none. */
export function containerTarget(link: { readonly kind: string } | VethLink): string | undefined {
  return "into" in link && link.into?.kind === "container" ? link.into.name : undefined;
}

/** Writes a target as the lab file has it. */
export function formatTarget({ kind, name }: LinkTarget): string {
  return `${kind}:${name}`;
}

/** The name under which a veth's far end waits in the host's namespace until it is delivered. */
export function waitingName(provider: string, peer: string, target: LinkTarget): string {
  return `mhv${stableHex(`${provider}/${peer}/${formatTarget(target)}`)}`;
}
