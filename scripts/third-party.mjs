// The licences of the packages whose code a build contains: all of them ask that their text goes along.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const LICENCE = /^(un)?licen[cs]e|^copying|^notice/i;

/** Folders of the packages that have a part in a build, by esbuild's record of it; sorted. */
export function packagesIn(metafiles) {
  const inputs = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap((output) => Object.keys(output.inputs)),
  );
  const folders = inputs.flatMap((input) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  return [...new Set(folders)].sort((one, other) => one.localeCompare(other));
}

/** What a package says of itself, for a list of what an image holds. */
export function aboutPackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { name, version, licence: license ?? null };
}

/** Names, versions and licences of packages, in their own words. Throws when one has none, which nobody may pass on. */
export function thirdParty(folders) {
  const parts = folders.map((folder) => {
    const { name, version, license, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const texts = readdirSync(folder)
      .filter((file) => LICENCE.test(file))
      .map((file) => readFileSync(join(folder, file), "utf8").trim());
    if (license === undefined && texts.length === 0) throw new Error(`${name} says nothing of its licence`);
    const by = typeof author === "string" ? author : author?.name;
    const said = texts.length > 0 ? texts : [`Licence: ${license}${by === undefined ? "" : `, by ${by}`}`];
    return [`${name} ${version} (${license ?? "see below"})`, ...said].join("\n\n");
  });
  const head = "mhlab contains code of these packages, each under its own licence.";
  return `${[head, ...parts].join(`\n\n${"=".repeat(80)}\n\n`)}\n`;
}
