import { PROGRAMS } from "../../core/confinement/programs.ts";
import { inBirth } from "./command.ts";
import { confined } from "./confine.ts";
import { IpSession, LineError } from "./ip-session.ts";

/** Asks for one line that costs the kernel next to nothing: who only tells things is answered by it. */
const DONE = "neigh show dev lo nud permanent";
const TOLD_LINE_BY_LINE = ["ip", "-6", "-j", "-batch", "-"] as const;

/**
 * One `ip` that is told several things in a row: starting it takes ten times as long as what it does. It ends when it was not
 * spoken to for a while, because it takes a link that it knew by its name for the same one.
 */
class KeptIp {
  readonly #open: () => IpSession;
  readonly #quietMs: number;
  #session: IpSession | undefined;
  #quiet: NodeJS.Timeout | undefined;

  constructor(open: () => IpSession, quietMs: number) {
    this.#open = open;
    this.#quietMs = quietMs;
  }

  /** Tells lines, up to the first that fails. */
  async tell(lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await this.talk([...lines, DONE], 1);
  }

  /** The same with lines of which so many are answered; resolves with the answers. */
  async talk(lines: readonly string[], answers: number): Promise<string[]> {
    const session = (this.#session ??= this.#open());
    const knew = session.isUsed;
    try {
      return await session.talk(lines, answers);
    } catch (error) {
      if (!knew || !(error instanceof LineError)) throw error;
      // It may have meant a link that is gone; another one says how it is. What is only asked is asked again as a whole.
      const rest = answers === lines.length ? lines : lines.slice(error.line);
      return await this.#open().talkOnce(rest, answers);
    } finally {
      this.#quiet ??= setTimeout(() => this.forget(), this.#quietMs).unref();
      this.#quiet.refresh();
    }
  }

  forget(): void {
    this.#session?.end();
    this.#session = undefined;
  }
}

/** Nobody else is its user: it may do what others of the group may not. */
const here = new KeptIp(() => new IpSession(confined(TOLD_LINE_BY_LINE, PROGRAMS.ip, { alone: "ip" })), 5000);
/** Root's, because it hands links to the agent's process; so it ends as soon as a lab's members are made. */
const inBirthNamespace = new KeptIp(() => new IpSession(inBirth(TOLD_LINE_BY_LINE)), 1000);

/** Runs lines of `ip -6` in this namespace, up to the first that fails; throws CommandError. None may name a process, whose files are its user's. */
export async function runIp(lines: readonly string[]): Promise<void> {
  await here.tell(lines);
}

/** The same in the birth namespace, where links are named that are nobody else's, and where a process may be named. */
export async function runIpInBirth(lines: readonly string[]): Promise<void> {
  await inBirthNamespace.tell(lines);
}

/**
 * Asks `ip -6` several questions; the entries of each answer, in their order. Throws CommandError or SyntaxError. Never `link show`:
 * after it, the same `ip` tells of links without their addresses.
 */
export async function askIp(questions: readonly (readonly string[])[]): Promise<unknown[][]> {
  const answers = await here.talk(
    questions.map((words) => words.join(" ")),
    questions.length,
  );
  return answers.map((line) => JSON.parse(line) as unknown[]);
}

/** Told that a link of this namespace is gone: another of its name has another number. */
export function forgetLinks(): void {
  here.forget();
}
