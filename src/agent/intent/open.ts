import { existsSync } from "node:fs";

import { BIRTH_NAMESPACE } from "../../core/model/names.ts";
import { log } from "../log.ts";
import { Intent, type IntentOptions } from "./intent.ts";

/**
 * Opens the intent of a node by its document. What is wrong with it, what else is wrong (`more`), and a birth namespace that is not
 * there, is logged line by line; then the exit code is 2 and there is no intent.
 */
export function openIntent<C>(
  options: IntentOptions<C>,
  more: readonly string[] = [],
): Intent<C> | undefined {
  const opened = Intent.open(options);
  const errors = [...more, ...(opened instanceof Intent ? [] : opened.errors)];
  if (!existsSync(BIRTH_NAMESPACE)) {
    errors.push(
      `${BIRTH_NAMESPACE} is not there; start the container with -v /proc/1/ns/net:${BIRTH_NAMESPACE}`,
    );
  }
  for (const message of errors) log("error", message);
  if (errors.length === 0 && opened instanceof Intent) return opened;
  process.exitCode = 2;
  return undefined;
}
