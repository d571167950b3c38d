import { showValue, type ParseValue } from "../values/parse.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentError {
  readonly variable: string;
  /** One line: the variable, its value (never a secret), what would be right. */
  readonly message: string;
}

/** What came of reading an environment: its meaning, or every variable that is wrong. */
export type EnvironmentRead<C> =
  | { readonly config: C; readonly errors?: never }
  | { readonly config?: never; readonly errors: readonly EnvironmentError[] };

/** How one required variable is read, and what its messages say. */
export interface RequiredVariable<T> {
  readonly parse: ParseValue<T>;
  readonly right: string;
  readonly example?: string;
  /** The value is a key: messages do not show it. */
  readonly secret?: boolean;
}

/** Reads variables one by one and remembers every wrong one. */
export class EnvironmentReader {
  readonly env: Environment;
  readonly errors: EnvironmentError[] = [];

  constructor(env: Environment) {
    this.env = env;
  }

  /** The trimmed value; undefined when the variable is unset, empty or blank. */
  text(variable: string): string | undefined {
    return this.env[variable]?.trim() || undefined;
  }

  fail(variable: string, what: string): void {
    this.errors.push({ variable, message: `${variable} ${what}` });
  }

  required<T>(variable: string, { parse, right, example, secret }: RequiredVariable<T>): T | undefined {
    const text = this.text(variable);
    if (text !== undefined) {
      return this.#parse(
        variable,
        parse,
        `${secret ? "is not right (the value is not shown)" : `is ${showValue(text)}`}; right would be ${right}`,
      );
    }
    this.fail(
      variable,
      `is not set; right would be ${right}${example === undefined ? "" : `, for example ${example}`}`,
    );
    return undefined;
  }

  optional<T>(variable: string, parse: ParseValue<T>, right: string): T | undefined {
    const text = this.text(variable);
    return text === undefined
      ? undefined
      : this.#parse(variable, parse, `is ${showValue(text)}; right would be ${right}`);
  }

  #parse<T>(variable: string, parse: ParseValue<T>, complaint: string): T | undefined {
    const value = parse(this.text(variable) ?? "");
    if (value === undefined) this.fail(variable, complaint);
    return value;
  }
}
