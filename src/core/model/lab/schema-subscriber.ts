/** The `subscriber` of a provider: every way that a CPE can be attached. */
import * as z from "zod";
import { ALL_KINDS, kindOf, type SubscriberLink } from "../links/registry.ts";
import { maps } from "../settings/maps.ts";
import { BadValue } from "../values/scalars.ts";
import { scalar } from "../yaml/scalar.ts";
import * as values from "../settings/schema-values.ts";

const words = { scalar, ...values };
const KEYS = ALL_KINDS.map(({ key }) => key);
const FORCIBLE = ALL_KINDS.filter((kind) => kind.forced !== undefined).map(({ key }) => key);

const force = values.yesNo({
  description: `With \`${FORCIBLE.join("`, `")}\`: take it even when it has addresses, carries the host's default route or an SSH session.`,
  default: false,
});

/** A kind's key, and `force` right after that of a kind that it belongs to. */
const keysOfSubscriber = z.strictObject(
  Object.fromEntries(
    ALL_KINDS.flatMap(({ key, yaml }): [string, z.ZodType<SubscriberLink | boolean | undefined>][] => [
      [key, yaml.shape(words).optional()],
      ...(FORCIBLE.includes(key) ? [["force", force.optional()] as [string, typeof force]] : []),
    ]),
  ),
);

type SubscriberKeys = z.output<typeof keysOfSubscriber>;

/** Exactly one way, read as the link that it means. */
export const subscriber = keysOfSubscriber
  .transform((keys, context): SubscriberLink => {
    const given = KEYS.filter((key) => keys[key] !== undefined);
    const problem = wrongKeys(keys, given);
    if (problem === undefined) return linkOf(keys, given[0] ?? "");
    const path = keys["force"] !== undefined && given.length === 1 ? ["force"] : given.slice(1, 2);
    context.addIssue({ code: "custom", message: problem.message, params: { problem }, path });
    return z.NEVER;
  })
  .meta({
    description: maps.subscriber.schema,
    oneOf: KEYS.map((key) => ({ required: [key] })),
    dependencies: { force: FORCIBLE },
  });

function wrongKeys(keys: SubscriberKeys, given: readonly string[]): BadValue | undefined {
  if (given.length !== 1) {
    return new BadValue(
      "MHLAB_LAB_SUBSCRIBER_KIND",
      given.length === 0 ? "subscriber names no interface" : `subscriber has ${given.join(" and ")} at once`,
      `give exactly one of ${KEYS.join(", ")}`,
    );
  }
  if (keys["force"] === undefined || FORCIBLE.some((key) => given.includes(key))) return undefined;
  return new BadValue(
    "MHLAB_LAB_SUBSCRIBER_KIND",
    `force has no use with ${given[0]}`,
    `it belongs to ${FORCIBLE.join(", ")}, the only kind that takes something away from the host; take force out`,
  );
}

function linkOf(keys: SubscriberKeys, key: string): SubscriberLink {
  const link = keys[key] as SubscriberLink;
  return keys["force"] === true ? (kindOf(link).forced?.(link) ?? link) : link;
}
