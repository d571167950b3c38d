/** What a person is asked before the value of a variable becomes part of a name that is looked up. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAllowedVariables } from "../../../../src/adapters/files/allowed-variables.ts";
import { allowVariables } from "../../../../src/cli/commands/allow-env.ts";
import type { Context } from "../../../../src/cli/commands/context.ts";
import { Cancelled } from "../../../../src/core/model/errors.ts";

interface Question {
  readonly message: string;
  readonly explain: string;
  readonly propose: boolean;
}

/** Somebody at a terminal, who answers so; what he is asked, and what is remembered. */
function person(answer: boolean): { asked: Question[]; allow: (...lookedUp: string[]) => Promise<void> } {
  const asked: Question[] = [];
  const allowed = openAllowedVariables(mkdtempSync(join(tmpdir(), "mhlab-allow-")));
  const confirm = async (question: Question): Promise<boolean> => {
    asked.push(question);
    return answer;
  };
  const context = {
    allowedVariables: async () => allowed,
    guide: async () => ({ interactive: true, prompter: async () => ({ confirm }) }),
  } as unknown as Context;
  const input = { arguments: [], options: {} };
  return {
    asked,
    allow: (...lookedUp) => allowVariables(context, input, { place: "/labs/lab.yaml", lookedUp }),
  };
}

test("a person is asked once for a file, by the names of all of them; yes is remembered, and proposed is no", async () => {
  const { asked, allow } = person(true);
  await allow("TOKEN", "SITE");
  await allow("SITE");
  expect(asked).toEqual([
    {
      message: "Use TOKEN, SITE in this lab?",
      explain:
        "/labs/lab.yaml puts the value of TOKEN, SITE into a name that is looked up: who serves that name reads it.",
      propose: false,
    },
  ]);
  await allow("SITE", "OTHER");
  expect(asked.map(({ message }) => message).at(-1)).toBe("Use OTHER in this lab?");
});

test("no ends the command, and is asked again", async () => {
  const { asked, allow } = person(false);
  await expect(allow("TOKEN")).rejects.toThrow(Cancelled);
  await expect(allow("TOKEN")).rejects.toMatchObject({ state: "Nothing was changed." });
  expect(asked).toHaveLength(2);
});

test("where nothing is looked up, nobody is asked", async () => {
  const { asked, allow } = person(false);
  await allow();
  expect(asked).toEqual([]);
});
