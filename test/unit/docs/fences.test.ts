import { expect, test } from "vitest";
import { parseLab } from "../../../src/core/model/lab/parse.ts";
import { isScenarioText } from "../../../src/core/judge/scenario/detect.ts";
import { parseScenario } from "../../../src/core/judge/scenario/parse.ts";
import { formatDiagnostics } from "../../../src/cli/views/diagnostics.ts";
import { PROVIDER_FILE_KIND } from "../../../src/core/render/bng/document.ts";
import { readNodeFile } from "../../../src/core/model/yaml/node-file.ts";
import { configOf } from "../support/alpha.ts";
import { blocksOf, pages } from "../../docs/fences.ts";

const blocks = pages().flatMap(blocksOf);
const placeOf = ({ fence }: (typeof blocks)[number]): string => `${fence.page}:${fence.line}`;

/** How a line begins that somebody would copy into a shell. */
const COMMAND = /^(\$ |mhlab |docker |ip |sudo |npm |npx |ssh |wg |bash |export \w+=|apt)/m;

test("what looks like commands says whether it is run", () => {
  const unsaid = blocks.filter(({ kind, fence }) => kind === "picture" && COMMAND.test(fence.text));
  expect(unsaid.map(placeOf)).toEqual([]);
});

test("commands stand without a prompt", () => {
  const prompted = blocks.filter(({ fence }) => fence.language === "sh" && /^\$ /m.test(fence.text));
  expect(prompted.map(placeOf)).toEqual([]);
});

test("of three blocks at least two are run", () => {
  const count = (kind: string): number => blocks.filter((block) => block.kind === kind).length;
  expect(count("run")).toBeGreaterThanOrEqual(2 * count("skip"));
});

/** Documents of nodes for people without mhlab. */
const DOCUMENT = "provider.yaml";

test("every document of a BNG that a page shows is one", () => {
  const shown = blocks.filter((block) => block.kind === "file" && block.name === DOCUMENT);
  expect(shown.length).toBeGreaterThan(0);
  for (const { fence } of shown) {
    const read = readNodeFile(fence.text, DOCUMENT, PROVIDER_FILE_KIND);
    expect("document" in read && configOf(read.document).ra).toBeTruthy();
  }
});

test("every lab file and scenario that a page shows is one", () => {
  const files = blocks.flatMap((block) => (block.kind === "file" && block.name !== DOCUMENT ? [block] : []));
  expect(files.length).toBeGreaterThan(5);
  for (const block of files) {
    const { text } = block.fence;
    const file = placeOf(block);
    const { diagnostics = [], warnings = [] } = isScenarioText(text)
      ? { ...parseScenario(text, { file, variables: {} }), warnings: [] }
      : parseLab(text, { file, env: {} });
    expect(formatDiagnostics([...diagnostics, ...warnings], { colour: false })).toBe("");
  }
});
