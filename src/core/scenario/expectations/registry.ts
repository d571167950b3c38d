/** All kinds of expectations; what depends on the kind of one is looked up here. */
import type { Claim, Condition, Expectation } from "../../experiment/model.ts";
import type { EntryKind, EntryList } from "../entry.ts";
import { named, prose } from "../values.ts";
import { CLAIMS } from "./claims.ts";
import { CONDITIONS } from "./conditions.ts";
import { timed } from "./timed.ts";

type Key = Condition["is"] | Exclude<Claim["claim"], "condition">;
/** Without an id where the scenario gives none. */
export type WrittenExpectation = Omit<Expectation, "id"> & { readonly id: string | undefined };

const every = {
  id: named("Its name in results; left out: by its place.", "beta-stays").optional(),
  because: prose("Why it is expected: RFC and section.", "RFC 7084 G-5").optional(),
  "expected-failure": prose(
    "Why it fails today: it is then an expected failure, and an unexpected pass once it passes.",
    "the bundled CPE does not watch its upstream",
  ).optional(),
};

const kinds = {
  ...(Object.fromEntries(Object.entries(CONDITIONS).map(([key, kind]) => [key, timed(kind)])) as Record<
    Condition["is"],
    EntryKind<Claim>
  >),
  ...CLAIMS,
} satisfies Readonly<Record<Key, EntryKind<Claim>>>;

/** The kinds by the key that an expectation of them has, with the keys that each may have. */
export const EXPECTATIONS: EntryList<WrittenExpectation> = {
  noun: "expectation",
  code: "MHLAB_SCENARIO_EXPECTATION",
  kinds: Object.fromEntries(
    Object.entries<EntryKind<Claim>>(kinds).map(([key, kind]) => [
      key,
      kind.extended({
        shape: every,
        join: (
          claim,
          { id, because = null, "expected-failure": expectedFailure = null },
        ): WrittenExpectation => ({
          id,
          claim,
          because,
          expectedFailure,
        }),
      }),
    ]),
  ),
};
