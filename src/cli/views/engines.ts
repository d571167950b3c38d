import type { EngineReport } from "../../app/list-engines.ts";
import { engineWords } from "../../core/model/lab/engines.ts";
import { renderTable } from "./table.ts";
import { harmlessAll, theme, type View } from "./theme.ts";

/** Engines as a table, and below what does not fit together with the command that fixes it. */
export function renderEngines(found: readonly EngineReport[], view: View): string {
  const { colour, columns, asCalled = (text) => text } = view;
  const engines = harmlessAll(found);
  const look = theme(colour);
  const lines = renderTable(
    [
      "ENGINE",
      "STATE",
      { heading: "DOCKER", rank: 4 },
      { heading: "ARCH", rank: 3 },
      { heading: "LOAD", rank: 2 },
      { heading: "NICS", rank: 1 },
      { heading: "AT", rank: 0 },
    ],
    engines.map((one) => [
      look.strong(one.name ?? "-"),
      one.reachable ? look.good("answers") : look.bad("does not answer"),
      one.version ?? "-",
      one.architecture ?? "-",
      one.load?.toFixed(2) ?? "-",
      nicsOf(one),
      look.dim(one.host),
    ]),
    { look, width: columns },
  );
  const troubles = engines.flatMap((one) => troubleOf(one).map((text) => `${one.name ?? one.host}: ${text}`));
  const below = troubles.length === 0 ? [] : ["", ...troubles.map((text) => look.warn(asCalled(text)))];
  return `${[...lines, ...below].join("\n")}\n`;
}

function nicsOf({ nics }: EngineReport): string {
  if (nics === null) return "-";
  return nics.map(({ name, carrier }) => (carrier ? name : `${name} (no carrier)`)).join(", ");
}

function troubleOf({ problem, images, outdated, host }: EngineReport): string[] {
  return [
    ...(problem === null ? [] : [problem]),
    ...(images === "other"
      ? [`its images are of another version of mhlab: mhlab ${engineWords(host)} image build`]
      : []),
    ...(outdated.length > 0
      ? [`${outdated.join(", ")} run another version's image: mhlab up recreates them`]
      : []),
  ];
}
