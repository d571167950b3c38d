import { PROGRAMS } from "../../core/confinement/programs.ts";
import { confined } from "./confine.ts";
import { IpSession, LineError } from "./ip-session.ts";

/** What it forgets when it ends: the numbers of the links by their names. */
const QUIET_MS = 5000;
/** Asks for one line that costs the kernel next to nothing: who only tells things is answered by it. */
const DONE = "neigh show dev lo nud permanent";

let session: IpSession | undefined;
let quiet: NodeJS.Timeout | undefined;

/** Runs lines of `ip -6` in this namespace, up to the first that fails; throws CommandError. None may name a process, whose files are its user's. */
export async function runIp(lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await talk([...lines, DONE], 1);
}

/**
 * Asks `ip -6` several questions; the entries of each answer, in their order. Throws CommandError or SyntaxError. Never `link show`:
 * after it, the same `ip` tells of links without their addresses.
 */
export async function askIp(questions: readonly (readonly string[])[]): Promise<unknown[][]> {
  const answers = await talk(
    questions.map((words) => words.join(" ")),
    questions.length,
  );
  return answers.map((line) => JSON.parse(line) as unknown[]);
}

/** Told that a link is gone: another of its name has another number. */
export function forgetLinks(): void {
  session?.end();
  session = undefined;
}

/**
 * Several in a row are said to one program: starting it takes ten times as long as what it does. It ends soon after, because it
 * takes a link that it knew by its name for the same one.
 */
async function talk(lines: readonly string[], answers: number): Promise<string[]> {
  const current = (session ??= open());
  const knew = current.isUsed;
  try {
    return await current.talk(lines, answers);
  } catch (error) {
    if (!knew || !(error instanceof LineError)) throw error;
    // It may have meant a link that is gone; another one says how it is. What is only asked is asked again as a whole.
    const rest = answers === lines.length ? lines : lines.slice(error.line);
    return await open().talkOnce(rest, answers);
  } finally {
    quiet ??= setTimeout(forgetLinks, QUIET_MS).unref();
    quiet.refresh();
  }
}

function open(): IpSession {
  // Nobody else is its user: it may do what others of the group may not.
  return new IpSession(confined(["ip", "-6", "-j", "-batch", "-"], PROGRAMS.ip, { alone: "ip" }));
}
