/** The `subscriber` of a provider: every way that a CPE can be attached. */
import * as z from "zod";
import { ALL_KINDS, kindOf, type AnyLinkKind, type SubscriberLink } from "../links/registry.ts";
import type { MachineLink } from "./model.ts";
import { maps } from "../settings/maps.ts";
import { BadValue } from "../values/scalars.ts";
import { scalar } from "../yaml/scalar.ts";
import * as values from "../settings/schema-values.ts";

const words = { scalar, ...values };
const FORCIBLE = ALL_KINDS.filter((kind) => kind.forced !== undefined).map(({ key }) => key);

const force = values.yesNo({
  description: `With \`${FORCIBLE.join("`, `")}\`: take it even when it has addresses, carries the host's default route or an SSH session.`,
  default: false,
});

type LinkKeys = Readonly<Record<string, SubscriberLink | boolean | undefined>>;

/** A map with exactly one of the kinds' keys, read as the link that it means; `key` is that under which the map stands. */
function linkMap<L extends SubscriberLink>(
  key: string,
  kinds: readonly AnyLinkKind[],
  description: string,
): z.ZodType<L> {
  const keys = kinds.map((kind) => kind.key);
  // A kind's key, and `force` right after that of a kind that it belongs to.
  const shape = Object.fromEntries(
    kinds.flatMap((kind): [string, z.ZodType<SubscriberLink | boolean | undefined>][] => [
      [kind.key, kind.yaml.shape(words).optional()],
      ...(FORCIBLE.includes(kind.key) ? [["force", force.optional()] as [string, typeof force]] : []),
    ]),
  );
  return z
    .strictObject(shape)
    .transform((map, context): L => {
      const given = keys.filter((one) => map[one] !== undefined);
      const problem = wrongKeys(map, { key, keys, given });
      if (problem === undefined) return linkOf(map, given[0] ?? "") as L;
      const path = map["force"] !== undefined && given.length === 1 ? ["force"] : given.slice(1, 2);
      context.addIssue({ code: "custom", message: problem.message, params: { problem }, path });
      return z.NEVER;
    })
    .meta({
      description,
      oneOf: keys.map((one) => ({ required: [one] })),
      dependencies: { force: FORCIBLE },
    });
}

/** Where the customers of a provider are: any kind of link. */
export const subscriber = linkMap<SubscriberLink>("subscriber", ALL_KINDS, maps.subscriber.schema);

/** A link of the machine, which a host may be on as well as a provider: no kind that mhlab makes the other end of. */
export const machineLink = linkMap<MachineLink>(
  "lan",
  ALL_KINDS.filter(({ key }) => key !== "lan" && key !== "cpe"),
  "A link of the machine, as a provider's `subscriber` has it; exactly one of the keys.",
);

interface GivenKeys {
  readonly key: string;
  readonly keys: readonly string[];
  readonly given: readonly string[];
}

function wrongKeys(map: LinkKeys, { key, keys, given }: GivenKeys): BadValue | undefined {
  if (given.length !== 1) {
    return new BadValue(
      "MHLAB_LAB_SUBSCRIBER_KIND",
      given.length === 0 ? `${key} names no interface` : `${key} has ${given.join(" and ")} at once`,
      `give exactly one of ${keys.join(", ")}`,
    );
  }
  if (map["force"] === undefined || FORCIBLE.some((one) => given.includes(one))) return undefined;
  return new BadValue(
    "MHLAB_LAB_SUBSCRIBER_KIND",
    `force has no use with ${given[0]}`,
    `it belongs to ${FORCIBLE.join(", ")}, the only kind that takes something away from the host; take force out`,
  );
}

function linkOf(keys: LinkKeys, key: string): SubscriberLink {
  const link = keys[key] as SubscriberLink;
  return keys["force"] === true ? (kindOf(link).forced?.(link) ?? link) : link;
}
