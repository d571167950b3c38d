import { IMAGES_FILE } from "../../core/judge/experiment/file-names.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import type { FolderFile } from "./format.ts";
import { plain, table } from "./markdown.ts";
import { countSentence, OUTCOMES, resultOf } from "../../core/judge/evidence/outcomes.ts";
import { titleOf } from "../../core/judge/evidence/paths.ts";
import { moment } from "./words.ts";

/** The README of a run's folder: what it is, how to repeat the run, and which badges of ACM it supports with what. */
export function writeReadme(record: RunRecord, files: readonly FolderFile[]): string {
  const { scenario, machine, lab, startedAt, durationS, licence, partial } = record;
  const mhlab = `mhlab ${machine.mhlab}${machine.commit === null ? "" : `, commit ${machine.commit}`}`;
  const parts = [
    `# ${plain(titleOf(record))}`,
    scenario.title === null ? "" : plain(scenario.title),
    `This folder is the record of one run of the scenario \`${scenario.name}\` in the lab \`${plain(lab)}\`, a network of real IPv6 daemons in
containers. mhlab began it at ${startedAt}; it took ${moment(durationS)}${partial ? " and was cut short" : ""}. Result: ${OUTCOMES[resultOf(record)].word} (${countSentence(record.verdicts)}).`,
    "The folder is complete in itself: no file outside of it is needed to read it.",
    "## Licence",
    licence === null
      ? "No licence is stated. Ask whoever ran this before you use the data. (`mhlab run --licence CC-BY-4.0` states one.)"
      : `The data are under the licence \`${licence}\` (SPDX).`,
    "## Repeat the run",
    `The record was made with ${plain(mhlab)}, on ${plain(machine.kernel)}. Take the same version of mhlab, a machine with
Docker and root rights, and:`,
    `\`\`\`sh
sha256sum -c SHA256SUMS        # the folder is as it was left
mhlab report . -o again.html   # the report from the data, without an engine
mhlab run --replay .           # the same run again, compared with this one
\`\`\``,
    `The replay takes about ${moment(durationS)} and the time to start the lab; to build the images takes some minutes more. It compares each verdict
with the one recorded here, and exits with 0 when all expectations are met. Measured times vary with the load of the machine; \`run.json\` states that
of this run under \`machine.load\`.`,
    files.some(({ path }) => path === IMAGES_FILE)
      ? `\`${IMAGES_FILE}\` holds the images of this run. \`mhlab run --replay . --with-images\` loads those that the engine lacks, and runs them. Do this
only if you trust whoever made the folder: programs in the images run as root on the engine.`
      : "The folder holds no images: a replay builds them with the packages of its day (`mhlab run --with-images` adds them).",
    "## Files",
    // Names of files are plain by the rules of the scenario, and the rest is ours.
    [
      "| file | what is in it | who opens it |",
      "| --- | --- | --- |",
      ...files.map(({ path, what, reader }) => `| \`${path}\` | ${what} | ${reader} |`),
    ].join("\n"),
    "Times are seconds since t=0, the moment when the probes began.",
    "## ACM badges",
    "What reviewers of an artifact need for the badges of ACM's _Artifact Review and Badging_ (version 1.1):",
    table({
      caption: "Badges",
      head: ["badge", "what supports it"],
      rows: [
        [
          "Artifacts Available",
          `Put this folder into an archive that gives it a DOI. ro-crate-metadata.json describes it; ${licence === null ? "state a licence first" : `its licence is ${licence}`}.`,
        ],
        [
          "Artifacts Evaluated: Functional",
          "Documented: this file and run.json. Complete: SHA256SUMS covers every file. Exercisable: mhlab report makes the report anew from the data.",
        ],
        [
          "Results Reproduced",
          "mhlab run --replay repeats the run and compares every verdict. run.json states versions of all programs, image ids, kernel settings, hardware and load.",
        ],
      ],
    }),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
