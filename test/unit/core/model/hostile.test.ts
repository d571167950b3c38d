/** Labels and environments that nobody of mhlab wrote: never a throw, never a control character in what is said of them. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readBngDocument } from "../../../../src/core/render/bng/document.ts";
import { mergeSettings } from "../../../../src/core/model/document.ts";
import { EMPTY_OVERRIDE } from "../../../../src/core/model/intent/runtime-override.ts";
import { sayProblem } from "../../../../src/core/model/yaml/node-file.ts";
import { ALPHA, PRIVATE_KEY } from "../../support/alpha.ts";
import { parseHostLink } from "../../../../src/core/model/links/host-link.ts";
import { isName, Label } from "../../../../src/core/model/names.ts";
import { labContainersOf, labNames } from "../../../../src/core/render/plan/labels.ts";
import { PlanLabel } from "../../../../src/core/render/nodes/spec.ts";
import { labFolder } from "../../../../src/adapters/files/state-folder.ts";

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

const PLACES = [
  "name",
  "wireguard.address",
  "wireguard.endpoint",
  "prefix",
  "subscriber.veth",
  "dns",
  "dns-search",
  "source-validation",
  "delegation.valid",
];

test("documents: every complaint is one line, and shows no broken key", () => {
  const broken = "YAnz5TF+lXXJte14tji3zlMNq";
  const settings = fc.dictionary(fc.constantFrom(...PLACES), hostile);
  fc.assert(
    fc.property(settings, (given) => {
      const document = mergeSettings(ALPHA, { ...given, "wireguard.peer": broken });
      for (const problem of readBngDocument(document, EMPTY_OVERRIDE, PRIVATE_KEY).problems ?? []) {
        expect(sayProblem(problem, undefined)).not.toMatch(/\p{Cc}/u);
        expect(sayProblem(problem, undefined)).not.toContain(broken);
      }
    }),
    { numRuns: 500 },
  );
});
