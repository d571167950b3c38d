import type { CommandText } from "./command-text.ts";
import type { Context } from "./context.ts";
import type { Input, Outcome } from "./input.ts";

/** One command as data: its words, and what it does. */
export interface CommandDefinition extends CommandText {
  run(context: Context, input: Input): Promise<Outcome>;
}
