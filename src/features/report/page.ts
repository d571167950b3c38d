import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { titleOf } from "../../core/judge/evidence/paths.ts";
import { comparisonReport } from "./comparison-page.ts";
import { markup, Markup } from "./html.ts";
import { SCRIPT } from "./script.ts";
import { singleReport } from "./single.ts";
import { STYLE } from "./style.ts";
import { plural } from "./words.ts";

/**
 * What the page may do: show itself, by this sheet and this script, and load nothing. The digests are of STYLE and SCRIPT; core
 * has no cryptography, so a test makes them anew and compares.
 */
const STYLE_DIGEST = "sha256-m7y75Ss+gJCVG5ep5fDZTaKQqxcObvaBsmqE9gSROQ8=";
const SCRIPT_DIGEST = "sha256-bSsxsSeNQWza4mWXGbKQNofcwCasI/Nu1jL+Bb+CP94=";
const POLICY = `default-src 'none'; style-src '${STYLE_DIGEST}'; script-src '${SCRIPT_DIGEST}'; base-uri 'none'; form-action 'none'`;

/**
 * What a report may do that is served beside other things: less than its own policy lets it, whoever wrote it. It is of no
 * origin, so that its script could ask for nothing with the reader's rights; styles of other versions are let through.
 */
export const SERVED_REPORT_POLICY = [
  "sandbox allow-scripts",
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src '${SCRIPT_DIGEST}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The report of a run, or the comparison of several, as one page of HTML that needs nothing else. */
export function reportPage(records: readonly RunRecord[]): string {
  const [first] = records;
  const single = first !== undefined && records.length === 1;
  const title = single ? titleOf(first) : plural(records.length, "run");
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="mhlab ${first?.machine.mhlab ?? ""}">
<title>${title}: mhlab experiment</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
${single ? singleReport(first) : comparisonReport(records)}
<footer><p>Made by mhlab from the run's record; the data are beside this page: probes.csv, flows.csv, facts.csv, run.json.</p></footer>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`.text;
}
