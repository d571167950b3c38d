import type { ValueInput } from "../../core/model/faults/option.ts";

/** What a person is asked for. */
export interface Field {
  readonly text: string;
  /** What it can be, and what each means; left out, it is any text. */
  readonly choices?: readonly Choice[];
  /** How a form asks for it; text when left out. */
  readonly input?: ValueInput;
  /** What counts when it is left out. */
  readonly default?: string;
  /** Whether it may be left out. */
  readonly optional?: true;
  /** It is `name=value` words of the fields that the choice of this other field has. */
  readonly of?: string;
}

interface Choice {
  readonly value: string;
  readonly text: string;
  /** The heading that it is listed under. */
  readonly group?: string;
  readonly fields?: Readonly<Record<string, Field>>;
}
