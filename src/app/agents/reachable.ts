/** Engines of a lab on several machines that do not answer. */
import { HostError, MhlabError, reasonOf } from "../../core/model/errors.ts";
import { counted } from "../../core/model/words.ts";
import type { Engine } from "../ports/engine.ts";

/** A hung engine takes connections and never answers: it is given up after so long. */
const ANSWER_MS = 5000;

/** An engine that a lab names, as it was seen. */
export interface SeenEngine {
  readonly name: string;
  readonly host: string;
  /** The lab that names it; undefined: the lab file that the command is about. */
  readonly lab: string | undefined;
  /** Why it does not answer; undefined when it does. */
  readonly failure: MhlabError | undefined;
}

/** An engine that can be asked, with what labs call it. */
export interface NamedEngine extends Pick<SeenEngine, "host" | "failure"> {
  /** Undefined where no lab names it. */
  readonly name: string | undefined;
  readonly engine: Engine;
}

/** What is asked of an engine, given up when the engine itself does not answer in time. Rejects with a MhlabError. */
export async function whileItAnswers<T>(
  engine: Engine,
  signal: AbortSignal | undefined,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const end = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `it has not answered for ${ANSWER_MS / 1000} s`;
      reject(
        new HostError("MHLAB_NO_ENGINE", `the Docker engine at ${engine.reader.where} does not answer`, {
          evidence: [message],
          hint: "look whether it hangs: systemctl status docker, journalctl -u docker",
        }),
      );
    }, ANSWER_MS);
  });
  // A busy engine may take long for a list; to say that it is there costs it nothing.
  const alive = engine.reader.ping(end).then(() => clearTimeout(timer));
  alive.catch(() => undefined);
  try {
    return await Promise.race([Promise.all([ask(end), alive]).then(([answer]) => answer), silence]);
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/** Whether an error means that an engine does not answer. */
export function isSilence(error: unknown): error is MhlabError {
  return (
    error instanceof MhlabError &&
    ["MHLAB_NO_ENGINE", "MHLAB_ENGINE_LOST", "MHLAB_ENGINE_UNREACHABLE"].includes(error.code)
  );
}

/** Why an engine does not answer, in a line. */
export function whySilent({ failure }: Pick<SeenEngine, "failure">): string | null {
  if (failure === undefined) return null;
  return failure.evidence[0] ?? reasonOf(failure);
}

/** The error for a command that needs engines which do not answer. */
export function unreachable(
  silent: readonly SeenEngine[],
  { hint, state = "Nothing was changed." }: { readonly hint?: string; readonly state?: string } = {},
): HostError {
  const places = silent.map(({ name, host }) => `${name} at ${host}`).join(", ");
  const [only] = silent;
  const said =
    silent.length === 1
      ? `the engine ${places} does not answer`
      : `${counted(silent.length, "engine")} of the lab do not answer: ${places}`;
  const hints = [...new Set(silent.flatMap(({ failure }) => failure?.hint ?? []))];
  return new HostError("MHLAB_ENGINE_UNREACHABLE", said, {
    evidence: silent.map((engine) => `${engine.name}: ${whySilent(engine) ?? ""}`),
    hint: [...hints, ...(hint === undefined ? [] : [hint])].join("\n"),
    state,
    cause: only?.failure,
  });
}
