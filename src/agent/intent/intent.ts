import { rmSync } from "node:fs";
import {
  settingsOf,
  type DocumentProblem,
  type DocumentRead,
  type NodeDocument,
  type Settings,
} from "../../core/model/document.ts";
import { reasonOf } from "../../core/model/errors.ts";
import type { Fault } from "../../core/model/faults/kinds.ts";
import {
  describeOverride,
  desiredDocument,
  EMPTY_OVERRIDE,
  isEmptyOverride,
  parseOverride,
  type RuntimeOverride,
} from "../../core/model/intent/runtime-override.ts";
import { OVERRIDE_FILE } from "../../core/model/names.ts";
import { RequestError } from "../../core/model/protocol/failure.ts";
import { RENUMBERING_PATHS } from "../../core/model/renumbering/document.ts";
import type { Problem } from "../../core/model/status/model.ts";
import { readNodeFile, sayProblem, type WrittenNode } from "../../core/model/yaml/node-file.ts";
import type { FileKind } from "../../core/model/yaml/file-kind.ts";
import { readIfThere, replaceFile } from "../files.ts";
import { log } from "../log.ts";

export interface IntentOptions<C> {
  /** The file of the document. */
  readonly file: string;
  readonly kind: FileKind;
  /** What a document means with an override, or everything that is wrong with it. */
  read(document: NodeDocument, override: RuntimeOverride): DocumentRead<C>;
  /** Whether a setting may change while the node runs. */
  isLive(path: string): boolean;
  /** What variables of the container add to the file, and the one that fills a place. */
  readonly variables?: {
    fill(document: NodeDocument): NodeDocument;
    at(path: readonly (string | number)[]): string | undefined;
  };
  readonly overrideFile?: string;
}

/** A change that the node cannot do; nothing of it was taken. */
class IntentRefused extends RequestError {
  constructor(message: string) {
    super("bad-request", message);
    this.name = "IntentRefused";
  }
}

interface Loaded {
  readonly document: NodeDocument;
  readonly written: WrittenNode | undefined;
}

/**
 * What the node should be, now: its document, and its override above that. Whoever acts by it asks for `config` each time, and
 * is told of changes. Both are on disk before they count, so a restart of anything finds them.
 */
export class Intent<C> {
  readonly #options: IntentOptions<C>;
  readonly #overrideFile: string;
  readonly #listeners: (() => void)[] = [];
  #document: NodeDocument;
  #override: RuntimeOverride = EMPTY_OVERRIDE;
  #config: C;
  /** Of the override's file, when it could not be used. */
  #problem: Problem | undefined;

  private constructor(options: IntentOptions<C>, document: NodeDocument, config: C) {
    this.#options = options;
    this.#overrideFile = options.overrideFile ?? OVERRIDE_FILE;
    this.#document = document;
    this.#config = config;
  }

  /** Reads document and override; otherwise everything that is wrong with the document. An override that cannot be used is a problem, and left out. */
  static open<C>(options: IntentOptions<C>): Intent<C> | { readonly errors: readonly string[] } {
    const loaded = load(options);
    if ("errors" in loaded) return loaded;
    const { config, problems } = options.read(loaded.document, EMPTY_OVERRIDE);
    if (problems !== undefined) return { errors: say(problems, loaded.written, options) };
    const intent = new Intent(options, loaded.document, config);
    intent.#loadOverride(config);
    return intent;
  }

  get config(): C {
    return this.#config;
  }

  get override(): RuntimeOverride {
    return this.#override;
  }

  /** The settings that are in force, by their places in the document. */
  get settings(): Settings {
    return settingsOf(desiredDocument(this.#document, this.#override));
  }

  /** The document as it is without the override. */
  get document(): NodeDocument {
    return this.#document;
  }

  /** What on disk could not be used. */
  get problems(): readonly Problem[] {
    return this.#problem === undefined ? [] : [this.#problem];
  }

  /** Calls back after each change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Reads the files again, as after `up` has put another document there. Throws IntentRefused when one is wrong, or what cannot change while it runs has changed. */
  reload(): void {
    const loaded = load(this.#options);
    if ("errors" in loaded) throw new IntentRefused(loaded.errors.join("; "));
    const [before, after] = [settingsOf(this.#document), settingsOf(loaded.document)];
    const fixed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
      (path) => before[path] !== after[path] && !this.#options.isLive(path),
    );
    if (fixed.length > 0)
      throw new IntentRefused(`${fixed.join(", ")} cannot change while it runs; restart the container`);
    const { config, problems } = this.#options.read(loaded.document, EMPTY_OVERRIDE);
    if (problems !== undefined)
      throw new IntentRefused(say(problems, loaded.written, this.#options).join("; "));
    this.#document = loaded.document;
    this.#loadOverride(config);
    if (this.#problem !== undefined) throw new IntentRefused(this.#problem.message);
  }

  /** Puts values above those of the document. Throws IntentRefused when a place or a value cannot be, or the disk does not take it. */
  set(settings: Settings): void {
    const renumbering = Object.keys(settings).filter((path) => RENUMBERING_PATHS.has(path));
    if (renumbering.length > 0)
      throw new IntentRefused(`${renumbering.join(", ")} cannot change while it runs but by \`renumber\``);
    const fixed = Object.keys(settings).filter((path) => !this.#options.isLive(path));
    if (fixed.length > 0) throw new IntentRefused(`${fixed.join(", ")} cannot change while it runs`);
    this.#take({ ...this.#override, settings: { ...this.#override.settings, ...settings } });
  }

  /** Puts these faults in the place of those that are kept. Throws IntentRefused when the disk does not take them. */
  keepFaults(faults: readonly Fault[]): void {
    this.#take({ ...this.#override, faults });
  }

  /** Puts these prefixes in the place of that of the document, or takes them away. Throws IntentRefused like `set`. */
  keepPrefixes(prefixes: RuntimeOverride["prefixes"]): void {
    const { prefixes: _, ...rest } = this.#override;
    this.#take(prefixes === undefined ? rest : { ...rest, prefixes });
  }

  /** Empties the override, also one that cannot be read. */
  clear(): void {
    this.#take(EMPTY_OVERRIDE, "whatever is there");
  }

  #take(override: RuntimeOverride, over?: "whatever is there"): void {
    // What could not be read is not nothing: whoever wrote it meant something, and would lose it.
    if (this.#problem !== undefined && over === undefined)
      throw new IntentRefused(`${this.#problem.message}; \`override clear\` (mhlab up --reset) empties it`);
    const { config, problems } = this.#options.read(this.#document, override);
    if (problems !== undefined) throw new IntentRefused(say(problems, undefined, this.#options).join("; "));
    try {
      if (isEmptyOverride(override)) rmSync(this.#overrideFile, { force: true });
      else replaceFile(this.#overrideFile, `${JSON.stringify(override)}\n`);
    } catch (error) {
      throw new IntentRefused(`the override cannot be kept: ${reasonOf(error)}`);
    }
    // Faults have log lines of their own.
    const [before, after] = [this.#override, override].map((one) => describeOverride({ ...one, faults: [] }));
    this.#problem = undefined;
    if (after !== before) log("info", after === "" ? "the override is empty" : `override: ${after}`);
    this.#become(override, config);
  }

  /**
   * Reads the override's file; one that says nothing leaves what is in force, and one that cannot be used is a problem.
   * `plain` is what the document means without an override.
   */
  #loadOverride(plain: C): void {
    this.#problem = undefined;
    const note = (reason: string): void => {
      const message = `${this.#overrideFile} is not used: ${reason}`;
      log("error", message);
      this.#problem = { code: "intent-broken", message };
    };
    let override = this.#override;
    try {
      const text = readIfThere(this.#overrideFile);
      if (text !== undefined) override = parseOverride(text);
    } catch (error) {
      note(reasonOf(error));
    }
    if (isEmptyOverride(override)) return this.#become(override, plain);
    const { config, problems } = this.#options.read(this.#document, override);
    if (problems === undefined) return this.#become(override, config);
    note(say(problems, undefined, this.#options).join("; "));
    this.#become(EMPTY_OVERRIDE, plain);
  }

  #become(override: RuntimeOverride, config: C): void {
    this.#override = override;
    this.#config = config;
    for (const listener of this.#listeners) listener();
  }
}

/** The document of the file, with what variables say; without a file, only that. */
function load<C>({
  file,
  kind,
  variables,
}: IntentOptions<C>): Loaded | { readonly errors: readonly string[] } {
  const text = readIfThere(file);
  if (text === undefined && variables === undefined)
    return { errors: [`${file} is not there; it says what this node is to be`] };
  const node = text === undefined ? undefined : readNodeFile(text, file, kind);
  if (node !== undefined && "problems" in node) return { errors: node.problems };
  const document = node?.document ?? {};
  return { document: variables?.fill(document) ?? document, written: node };
}

/** Problems in words: a place that a variable fills by that variable, others by their line. */
function say<C>(
  problems: readonly DocumentProblem[],
  written: WrittenNode | undefined,
  { variables }: IntentOptions<C>,
): string[] {
  return problems.map((problem) => {
    const variable = variables?.at(problem.path);
    return variable === undefined
      ? sayProblem(problem, written)
      : `${variable}: ${problem.message}; ${problem.hint}`;
  });
}
