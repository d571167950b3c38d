import type { WebAnswer, WebRoute } from "../ports/web-server.ts";

/** A route as the API's document describes it. */
export interface ApiRoute extends WebRoute {
  readonly summary: string;
  /** What stands after the question mark, and what it means. */
  readonly query?: Readonly<Record<string, string>>;
  /** The media type of what it answers. */
  readonly type: string;
  /** Whether a POST takes fields of an action. */
  readonly takesFields?: true;
}

export function json(value: unknown): WebAnswer {
  return { kind: "json", value };
}
