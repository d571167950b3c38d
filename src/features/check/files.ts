/** The files of a check's folder, beside that of its run. */
import { CHECK_JSON } from "../../core/judge/check/read.ts";
import type { Check } from "../../core/judge/check/verdict.ts";
import { checkEarl } from "./earl.ts";
import { checkJunit } from "./junit.ts";
import { checkMarkdown } from "./markdown.ts";

export function checkFiles(check: Check): { readonly path: string; readonly content: string }[] {
  return [
    { path: CHECK_JSON, content: `${JSON.stringify(check, null, 2)}\n` },
    { path: "report.md", content: checkMarkdown(check) },
    { path: "junit.xml", content: checkJunit(check) },
    { path: "earl.jsonld", content: checkEarl(check) },
  ];
}
