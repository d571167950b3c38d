/** The `subscriber` of a provider: every way that a CPE can be attached. */
import { z } from "zod";
import type { SubscriberLink } from "./model.ts";
import { parseTarget, type LinkTarget } from "../bng/link.ts";
import { maps } from "../settings/maps.ts";
import { showValue } from "../values/parse.ts";
import { BadValue, type ReadScalar } from "../values/scalars.ts";
import { cpeName, interfaceOf, lanName, number, scalar, yesNo } from "./schema-values.ts";

/** Where the far end of a veth goes. */
const linkTarget: ReadScalar<LinkTarget> = (text) =>
  parseTarget(text) ??
  new BadValue(
    "MHLAB_LAB_CHOICE",
    `${showValue(text)} is no place for an interface`,
    "write container:<name> for a container, or netns:<name> for a namespace of `ip netns`",
  );

const parent = interfaceOf("The interface that carries it.");
const vlanId = (description: string): z.ZodType<number, string> =>
  number(1, 4094, { description, examples: [101] });

const keysOfSubscriber = z.strictObject({
  interface: interfaceOf("A physical interface of the host; it moves into the BNG.").optional(),
  force: yesNo({
    description:
      "With `interface`: take it even when it has addresses, carries the host's default route or an SSH session.",
    default: false,
  }).optional(),
  vlan: z
    .strictObject({
      parent,
      id: vlanId("VLAN id (IEEE 802.1Q)."),
      outer: vlanId("Service tag around it (IEEE 802.1ad), for QinQ.").optional(),
    })
    .meta({ description: "A VLAN on an interface of the host." })
    .optional(),
  macvlan: z
    .union([parent, z.strictObject({ parent })])
    .meta({ description: "A macvlan on an interface of the host; providers may share the parent." })
    .optional(),
  bridge: interfaceOf("A bridge of the host that the BNG is plugged into.", "br-lab").optional(),
  veth: z
    .union([
      interfaceOf("Name of the interface that appears on the host, linked to the BNG.", "to-alpha"),
      z.strictObject({
        name: interfaceOf("Name of the interface there.", "wan0"),
        into: scalar(linkTarget, {
          description: "Where it appears: a running container, or a namespace of `ip netns`.",
          examples: ["container:openwrt", "netns:cpe"],
          pattern: "(container|netns):[A-Za-z0-9][A-Za-z0-9_.-]*",
        }).optional(),
      }),
    ])
    .meta({ description: "An interface on the host, in a container or in a namespace, linked to the BNG." })
    .optional(),
  lan: lanName(
    "A segment that mhlab makes; every provider that names it is on it, as are `hosts` and your ports on the bridge mh-<lan>.",
  ).optional(),
  cpe: cpeName("One of `cpes`.").optional(),
});

/** The names of the ways to a subscriber. */
export const SUBSCRIBER_KINDS = ["interface", "vlan", "macvlan", "bridge", "veth", "lan", "cpe"] as const;

type SubscriberKeys = z.output<typeof keysOfSubscriber>;

/** Exactly one way, read as the link that it means. */
export const subscriber = keysOfSubscriber
  .transform((keys, context): SubscriberLink => {
    const given = SUBSCRIBER_KINDS.filter((kind) => keys[kind] !== undefined);
    const problem = wrongKeys(keys, given);
    if (problem === undefined) return linkOf(keys);
    const path = keys.force !== undefined && given.length === 1 ? ["force"] : given.slice(1, 2);
    context.addIssue({ code: "custom", message: problem.message, params: { problem }, path });
    return z.NEVER;
  })
  .meta({
    description: maps.subscriber.schema,
    minProperties: 1,
    maxProperties: 2,
  });

function wrongKeys(keys: SubscriberKeys, given: readonly string[]): BadValue | undefined {
  if (given.length !== 1) {
    return new BadValue(
      "MHLAB_LAB_SUBSCRIBER_KIND",
      given.length === 0 ? "subscriber names no interface" : `subscriber has ${given.join(" and ")} at once`,
      `give exactly one of ${SUBSCRIBER_KINDS.join(", ")}`,
    );
  }
  if (keys.force === undefined || keys.interface !== undefined) return undefined;
  return new BadValue(
    "MHLAB_LAB_SUBSCRIBER_KIND",
    `force has no use with ${given[0]}`,
    "it belongs to interface, the only kind that takes something away from the host; take force out",
  );
}

function linkOf(keys: SubscriberKeys): SubscriberLink {
  if (keys.interface !== undefined) {
    return { kind: "claim", interface: keys.interface, ...(keys.force === true ? { force: true } : {}) };
  }
  if (keys.vlan !== undefined) {
    const { outer, ...vlan } = keys.vlan;
    return { kind: "vlan", ...vlan, ...(outer === undefined ? {} : { outer }) };
  }
  if (keys.bridge !== undefined) return { kind: "bridge", bridge: keys.bridge };
  if (keys.lan !== undefined) return { kind: "lan", lan: keys.lan };
  if (keys.cpe !== undefined) return { kind: "cpe", cpe: keys.cpe };
  if (typeof keys.veth === "string") return { kind: "veth", peer: keys.veth };
  if (keys.veth !== undefined) {
    const { name, into } = keys.veth;
    return { kind: "veth", peer: name, ...(into === undefined ? {} : { into }) };
  }
  const { macvlan = "" } = keys;
  return { kind: "macvlan", parent: typeof macvlan === "string" ? macvlan : macvlan.parent };
}
