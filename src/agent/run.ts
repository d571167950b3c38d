import { reasonOf } from "../core/model/errors.ts";
import type { NODES } from "../core/render/nodes/registry.ts";
import type { ImageRole, Role } from "../core/model/role.ts";
import { log } from "./log.ts";

export type Start = () => Promise<void>;

/** The roles that an image is for. */
export type RoleOf<Image extends ImageRole> = {
  [Name in Role]: (typeof NODES)[Name]["image"] extends Image ? Name : never;
}[Role];

/** Starts what the word of the image's entry point asks for; ends the program with 2 for another word, with 1 for a failure. */
export function run(words: Readonly<Record<string, Start>>): void {
  const word = process.argv[2] ?? "";
  const start = Object.hasOwn(words, word) ? words[word] : undefined;
  if (start === undefined) {
    log("error", `unknown role '${word}'; known are ${Object.keys(words).join(", ")}`);
    process.exitCode = 2;
    return;
  }
  start().catch((error: unknown) => {
    log("error", reasonOf(error));
    process.exit(1);
  });
}
