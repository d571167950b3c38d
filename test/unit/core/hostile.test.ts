/** Labels and environments that nobody of mhlab wrote: never a throw, never a control character in what is said of them. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readBngEnvironment } from "../../../src/core/bng/environment.ts";
import { parseHostLink } from "../../../src/core/links/host-link.ts";
import { isName, Label } from "../../../src/core/names.ts";
import { labContainersOf, labNames } from "../../../src/core/plan/labels.ts";
import { PlanLabel } from "../../../src/core/plan/spec.ts";
import { labFolder } from "../../../src/adapters/files/state-folder.ts";

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    "../../victim",
    "..",
    ".",
    "",
    "\u001b[2J",
    "a\nb",
    "__proto__",
    "constructor",
    "alpha",
    "bng",
    "yes",
  ),
);
const KEYS = [...Object.values(Label), ...Object.values(PlanLabel), "__proto__"];

test("labels", () => {
  const containers = fc.array(fc.dictionary(fc.constantFrom(...KEYS), hostile), { maxLength: 5 });
  fc.assert(
    fc.property(containers, (all) => {
      const found = all.map((labels) => ({
        id: "1",
        containerName: "c",
        image: "i",
        state: "running",
        labels,
      }));
      for (const { lab, name } of labContainersOf(found))
        expect([isName(lab), isName(name)]).toEqual([true, true]);
      for (const lab of labNames(found)) expect(labFolder("/state", lab)).toBe(`/state/labs/${lab}`);
      for (const { labels } of found)
        parseHostLink(new Map(Object.entries(labels)).get(PlanLabel.hostLink) ?? "");
    }),
    { numRuns: 300 },
  );
});

const VARIABLES = [
  "WIREGUARD_INTERFACE_SUFFIX",
  "WIREGUARD_PEER",
  "WIREGUARD_ADDRESS",
  "WIREGUARD_ENDPOINT",
  "ASSIGNED_PREFIX",
  "SUBSCRIBER_INTERFACE",
  "SUBSCRIBER_LINK",
  "DELEGATED_LENGTH",
  "RA_MTU",
  "DNS_SERVERS",
  "DNS_SEARCH",
  "SOURCE_VALIDATION",
  "VALID_LIFETIME",
];

test("environments: every complaint is one line, and shows no broken key", () => {
  const broken = "YAnz5TF+lXXJte14tji3zlMNq";
  const env = fc.dictionary(fc.constantFrom(...VARIABLES), hostile);
  fc.assert(
    fc.property(env, (given) => {
      const own = { ...given, WIREGUARD_PRIVATE_KEY: broken, WIREGUARD_PRESHARED_KEY: broken };
      for (const { message } of readBngEnvironment(own).errors ?? []) {
        expect(message).not.toMatch(/\p{Cc}/u);
        expect(message).not.toContain(broken);
      }
    }),
    { numRuns: 500 },
  );
});
