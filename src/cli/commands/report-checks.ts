/** `mhlab report` of folders that `mhlab check` wrote. */
import type { Check } from "../../core/judge/check/verdict.ts";
import type { ComparedChecks } from "../../features/check/comparison.ts";
import type { RunFolders } from "../../app/ports/run-folder.ts";
import type { View } from "../views/theme.ts";

/** The checks that the folders hold; undefined when they are no folders of checks. Throws UsageError when only some are. */
export async function readChecks(
  folders: readonly string[],
  runs: Pick<RunFolders, "read">,
): Promise<readonly Check[] | undefined> {
  const [{ CHECK_JSON, readCheck }, { MhlabError, UsageError }] = await Promise.all([
    import("../../core/judge/check/read.ts"),
    import("../../core/model/errors.ts"),
  ]);
  const texts = folders.map((folder) => runs.read(folder)(CHECK_JSON));
  if (texts.every((text) => text === undefined)) return undefined;
  return texts.map((text, index) => {
    const folder = folders[index] ?? "";
    if (text === undefined)
      throw new UsageError(`${folder} is no folder of a check, and another one is`, {
        hint: "a check is compared with checks, a run with runs; the run of a check is in its folder, as run/",
        state: "Nothing was written.",
      });
    try {
      return readCheck(text);
    } catch (error) {
      if (!(error instanceof MhlabError)) throw error;
      throw error.with({ state: `This is of ${folder}. Nothing was written.` });
    }
  });
}

/** One check as `mhlab check` printed it, or several per requirement. Throws UsageError for a format that checks do not have. */
export async function reportChecks(
  checks: readonly Check[],
  folders: readonly string[],
  { format, view }: { readonly format: string; readonly view: View },
): Promise<{ readonly json: unknown; readonly text: string }> {
  const [{ compareChecks }, { comparisonMarkdown }, { checkMarkdown }, views, { UsageError }] =
    await Promise.all([
      import("../../core/judge/check/compare.ts"),
      import("../../features/check/comparison.ts"),
      import("../../features/check/markdown.ts"),
      import("../views/check.ts"),
      import("../../core/model/errors.ts"),
    ]);
  const compared: ComparedChecks = {
    checks: checks.map((check, index) => ({ folder: folders[index] ?? "", check })),
    requirements: compareChecks(checks),
  };
  const [only, ...others] = checks;
  const single = others.length === 0 ? only : undefined;
  const json = single ?? {
    // Their results are the requirements.
    checks: compared.checks.map(({ folder, check }) => ({ folder, ...check, results: undefined })),
    requirements: compared.requirements,
  };
  if (format === "html")
    throw new UsageError("checks have no page", {
      hint: "write Markdown or data: -o compared.md, -o compared.json",
      state: "Nothing was written.",
    });
  if (format === "json") return { json, text: `${JSON.stringify(json, null, 2)}\n` };
  if (format === "md")
    return { json, text: single === undefined ? comparisonMarkdown(compared) : checkMarkdown(single) };
  return {
    json,
    text:
      single === undefined
        ? views.renderComparison(compared, view)
        : views.renderCheck(single, folders[0] ?? "", view),
  };
}
