import { RequestError } from "./failure.ts";
import { VERBS, type Request, type Verb, type VerbRecord } from "./verbs.ts";

/** A request is one line of at most so many characters, without its end. */
export const LONGEST_REQUEST = 4096;

/** By which way a request came: an agent's own socket, or the one in the folder that the lab's nodes share. */
export type Way = "own" | "shared";

type AnyRecord = VerbRecord<unknown, unknown>;
const RECORDS = Object.entries(VERBS) as unknown as [Verb, AnyRecord][];

/** The words of a request, as the agent's front takes them. */
export function requestWords(request: Request): string[] {
  const { verb, ...options } = request;
  const record = VERBS[verb] as AnyRecord;
  return [...record.words.split(" "), ...record.format(options)];
}

/** A request as one line, without its end. */
export function formatRequest(request: Request): string {
  return requestWords(request).join(" ");
}

/** Reads a line; throws RequestError when it is no request, or none that is taken by that way. */
export function parseRequest(line: string, way: Way): Request {
  if (line.length > LONGEST_REQUEST)
    throw new RequestError("bad-request", `a request has at most ${LONGEST_REQUEST} characters`);
  if (hasControlCharacter(line)) throw new RequestError("bad-request", "a request is one line of words");
  const words = line.trim().split(/\s+/);
  const taken = RECORDS.filter(([, record]) => isTaken(record, way));
  const [verb, record] =
    taken.find(([, one]) => one.words.split(" ").every((word, index) => word === words[index])) ?? [];
  if (verb === undefined || record === undefined) {
    const known = taken.map(([, one]) => one.words).join(", ");
    throw new RequestError(
      "unknown-request",
      `unknown request '${words.slice(0, 2).join(" ")}'; known are ${known}`,
    );
  }
  const options = record.parse(words.slice(record.words.split(" ").length)) as object;
  return { verb, ...options } as Request;
}

/** Whether a request is taken by that way: others of the lab may look, and neither change anything nor ask for all. */
export function isTaken({ changes, relays }: Pick<AnyRecord, "changes" | "relays">, way: Way): boolean {
  return way === "own" || (!changes && !relays);
}

function hasControlCharacter(line: string): boolean {
  for (let index = 0; index < line.length; index++) {
    const code = line.charCodeAt(index);
    if ((code < 0x20 && code !== 9) || code === 0x7f || code === 0xfffd) return true;
  }
  return false;
}
