/** The catalogue against the bundled CPE: as it is, and with each defect. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { beforeAll, expect, test } from "vitest";
import { REQUIREMENTS } from "../../../src/core/judge/check/catalogue/registry.ts";
import { checkJsonSchema } from "../../../src/core/judge/check/verdict.ts";
import { ALPHA, BETA, labFolder, useLabs, writeLab } from "../lab/fixture.ts";
import { makeDefective } from "./defective.ts";
import { DEFECTS } from "./defects.ts";
import { check } from "./fixture.ts";

useLabs();

const NAME = "check";
let lab: { readonly name: string; readonly file: string; readonly cpe: string };
let defective: string;
beforeAll(async () => {
  lab = { name: NAME, file: writeLab(NAME, [ALPHA, BETA]), cpe: "home" };
  defective = await makeDefective(join(labFolder(), "defective"));
});

test("the bundled CPE passes everything, with samples, and the folder is what its schema says", async () => {
  const { code, verdicts, check: result, said } = await check(lab, [], { out: join(labFolder(), "all") });
  expect({ verdicts, said, code }).toEqual({
    verdicts: Object.fromEntries(REQUIREMENTS.map(({ id }) => [id, "pass"])),
    said,
    code: 0,
  });
  expect(result.results.filter(({ samples, evidence }) => samples === 0 || evidence.length === 0)).toEqual(
    [],
  );
  const ajv = new Ajv();
  expect({ valid: ajv.validate(checkJsonSchema(), result), errors: ajv.errors }).toEqual({
    valid: true,
    errors: null,
  });
});

test("each requirement has a defect that violates it", () => {
  expect(Object.keys(DEFECTS).sort()).toEqual(REQUIREMENTS.map(({ id }) => id).sort());
});

/** What fails besides, because it follows from the defect. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  "G-4": ["G-5"],
  "G-5": ["G-4"],
  // One message that lacks all that a client asks for.
  "W-4": ["WAA-4", "WAA-8", "W-5"],
  "WAA-8": ["W-4", "WAA-4", "W-5"],
  // A source that is let through is not answered.
  "S-2": ["L-14"],
};

test.for(REQUIREMENTS.map(({ id, phase }) => ({ id, phase })))(
  "a CPE with the defect $id fails it, and nothing that does not follow from it",
  async ({ id, phase }) => {
    const same = REQUIREMENTS.filter((one) => one.phase === phase).map((one) => one.id);
    const { code, verdicts, said } = await check(lab, ["--repeat", "0", "--only", ...same], {
      out: join(labFolder(), `defect-${id}`),
      program: defective,
      defect: id,
    });
    const others = Object.keys(verdicts).filter((one) => verdicts[one] === "fail" && one !== id);
    const unexplained = others.filter((one) => !(FOLLOWS[id] ?? []).includes(one));
    expect({ verdict: verdicts[id], unexplained, code, said }).toEqual({
      verdict: "fail",
      unexplained: [],
      code: 1,
      said,
    });
  },
);

test.for([
  { what: "a defect that stays fails each time", once: false, verdict: "fail", next: "fail" },
  {
    what: "a defect that is over in the repetition is inconclusive",
    once: true,
    verdict: "inconclusive",
    next: "pass",
  },
])("a failure is repeated before it is reported: $what", async ({ once, verdict, next }) => {
  const out = join(labFolder(), `repeated-${next}`);
  const {
    code,
    check: result,
    said,
  } = await check(lab, ["--only", "L-3", "L-6"], {
    out,
    program: defective,
    defect: "L-3",
    once,
  });
  const [first, second] = result.results;
  expect({ first, second, said, code }).toMatchObject({
    first: {
      id: "L-3",
      verdict,
      attempts: [
        { run: "run", verdict: "fail" },
        { run: "run-2", verdict: next },
      ],
    },
    second: { id: "L-6", verdict: "pass", attempts: [] },
    code: 1,
  });
  expect(first?.reason).toContain(once ? "failed 1 of 2 times (" : "; failed 2 of 2 times");
  expect(existsSync(join(out, "run-2/run.json"))).toBe(true);
});
