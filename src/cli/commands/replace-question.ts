import type { OtherFile } from "../../app/check-file.ts";
import type { Context } from "./context.ts";

/** Asks whether a lab that was started from another file is meant; undefined when there is nobody to ask. */
export function replaceQuestion(context: Context): ((other: OtherFile) => Promise<boolean>) | undefined {
  if (!context.stdinIsTTY || !context.stderr.isTTY) return undefined;
  return async ({ lab, startedFrom, file, steps }) => {
    const prompter = await (await context.guide()).prompter();
    return await prompter.confirm({
      message: `Make the running lab '${lab}' what ${file} says?`,
      explain: `It was started from ${startedFrom}; ${steps.map(({ action, name }) => `${action} ${name}`).join(", ")}`,
      propose: false,
    });
  };
}
