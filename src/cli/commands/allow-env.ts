import type { LoadedLab } from "../../app/choose-lab.ts";
import type { OptionDefinition } from "./command-text.ts";
import type { Context } from "./context.ts";
import { list, type Input } from "./input.ts";

/** The option of every command that uses a lab for more than to look at it. */
export const ALLOW_ENV: OptionDefinition = {
  flags: "--allow-env <name...>",
  description: "variables of the lab file that may be part of names that are looked up",
};

/**
 * Sees to it that the variables of a lab file which became part of a name that is looked up were meant for that: by their name
 * (LAB_…, MHLAB_…), by the option, or by a person, who is asked once for a file. Throws MHLAB_ENV_NOT_ALLOWED, Cancelled.
 */
export async function allowVariables(
  context: Context,
  input: Input,
  { place, lookedUp }: Pick<LoadedLab, "place" | "lookedUp">,
): Promise<void> {
  const given = list(input, "allowEnv");
  const unnamed = lookedUp.filter((name) => !given.includes(name));
  if (unnamed.length === 0) return;
  const allowed = await context.allowedVariables();
  const known = await allowed.of(place);
  const open = unnamed.filter((name) => !known.includes(name));
  if (open.length === 0) return;
  const names = open.join(", ");
  const guide = await context.guide();
  const { Cancelled, MhlabError } = await import("../../core/model/errors.ts");
  if (!guide.interactive) {
    throw new MhlabError(
      "MHLAB_ENV_NOT_ALLOWED",
      `${place} puts the value of ${names} into a name that is looked up`,
      {
        hint: `who serves that name would read it; if it is no secret, say so: --allow-env ${open.join(" ")}\nvariables that are called LAB_… are for labs, and never asked about`,
        state: "Nothing was changed.",
      },
    );
  }
  const yes = await (
    await guide.prompter()
  ).confirm({
    message: `Use ${names} in this lab?`,
    explain: `${place} puts the value of ${names} into a name that is looked up: who serves that name reads it.`,
    propose: false,
  });
  if (!yes) throw new Cancelled({ state: "Nothing was changed." });
  await allowed.add(place, open);
}
