import { timeLimit } from "../../app/ports/time.ts";
import type Dockerode from "dockerode";
import { createReadStream } from "node:fs";
import { Cancelled, HostError, MhlabError, reasonOf } from "../../core/model/errors.ts";
import { BASE_IMAGE, BASE_IMAGE_DIGEST, Label } from "../../core/model/names.ts";
import { bootstrapDebian } from "../sandbox/bootstrap.ts";
import { engineError, statusCodeOf } from "./errors.ts";
import { lineCutter } from "./frames.ts";

export interface BaseImageOptions {
  /** Told what happens, one short sentence per step. */
  onProgress?: (step: string) => void;
  signal?: AbortSignal | undefined;
  /** Take a new one even when it is there; where none can be had, the one that is there stays. */
  renew?: boolean;
}

const FIRST_ANSWER_MS = 8000;
const STALL_MS = 30_000;
const IMPORT_LIMIT_MS = 300_000;

/**
 * Sees to it that the engine has the base image: there already, else pulled by its digest, else (no registry in reach) bootstrapped
 * from the machine's Debian mirror and imported. Says which it was. Throws HostError MHLAB_BASE_IMAGE.
 */
export async function ensureBaseImage(
  docker: Dockerode,
  options: BaseImageOptions = {},
): Promise<"present" | "pulled" | "bootstrapped"> {
  const { onProgress, signal, renew = false } = options;
  const there = await lookForImage(docker);
  if (there !== undefined && !renew) return "present";
  onProgress?.(`pulling ${BASE_IMAGE}`);
  const refusal = await pull(docker, signal);
  if (refusal === undefined) return "pulled";
  if (signal?.aborted === true) throw new Cancelled({ state: "No base image was made." });

  onProgress?.(`no image registry in reach (${refusal})`);
  const kept = (why: string): "present" => {
    onProgress?.(`${why}, so it stays as it is`);
    return "present";
  };
  if (there === "foreign") return kept(`${BASE_IMAGE} is not of mhlab`);
  try {
    const architecture = await engineArchitecture(docker, refusal);
    const file = await bootstrapDebian({ release: "trixie", architecture, renew, onProgress, signal });
    onProgress?.(`importing it as ${BASE_IMAGE}`);
    await importBase(docker, file, signal);
    return "bootstrapped";
  } catch (error) {
    if (there === undefined || error instanceof Cancelled || !(error instanceof MhlabError)) throw error;
    return kept(`${BASE_IMAGE} cannot be made anew (${error.message})`);
  }
}

/** Whether the base image is there, and who made it. */
async function lookForImage(docker: Dockerode): Promise<"ours" | "foreign" | undefined> {
  try {
    const { Config } = await docker.getImage(BASE_IMAGE).inspect();
    return Config.Labels?.[Label.base] === undefined ? "foreign" : "ours";
  } catch (error) {
    if (statusCodeOf(error) === 404) return undefined;
    throw engineError(error, `look for the image ${BASE_IMAGE}`);
  }
}

const [REPOSITORY = "", TAG = ""] = BASE_IMAGE.split(":");

/** Returns why the image could not be pulled, or undefined when it was and has its name. Never waits long for silence. */
async function pull(docker: Dockerode, signal: AbortSignal | undefined): Promise<string | undefined> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), FIRST_ANSWER_MS);
  const abortSignal = signal === undefined ? silence.signal : AbortSignal.any([silence.signal, signal]);
  try {
    const pinned = `${REPOSITORY}@${BASE_IMAGE_DIGEST}`;
    const stream = await docker.pull(pinned, { abortSignal });
    const failure = await readFailure(stream, () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), STALL_MS);
    });
    if (failure === undefined) await docker.getImage(pinned).tag({ repo: REPOSITORY, tag: TAG });
    return failure;
  } catch (error) {
    return silence.signal.aborted ? "no answer in time" : shortReason(error);
  } finally {
    clearTimeout(timer);
  }
}

async function importBase(docker: Dockerode, file: string, signal: AbortSignal | undefined): Promise<void> {
  const source = createReadStream(file);
  try {
    const stream = await docker.importImage(source, {
      repo: REPOSITORY,
      tag: TAG,
      changes: `CMD ["bash"]\nLABEL ${Label.base}=bootstrapped`,
      message: "bootstrapped by mhlab",
      abortSignal: timeLimit(IMPORT_LIMIT_MS, signal),
    });
    const failure = await readFailure(stream, () => {});
    if (failure !== undefined) throw new Error(failure);
  } catch (error) {
    if (error instanceof MhlabError) throw error;
    if (signal?.aborted === true) throw new Cancelled({ state: "No base image was made." });
    throw new HostError("MHLAB_BASE_IMAGE", `the engine did not take the bootstrapped ${BASE_IMAGE}`, {
      evidence: [shortReason(error)],
      hint: `remove ${file} and try again; see that the engine's disk is not full`,
      cause: error,
    });
  } finally {
    source.destroy();
  }
}

async function engineArchitecture(docker: Dockerode, refusal: string): Promise<string> {
  const engine = (await docker.version()).Arch;
  const machine = { x64: "amd64", arm64: "arm64", arm: "arm" }[process.arch as string];
  if (engine === machine) return engine === "arm" ? "armhf" : engine;
  throw new HostError("MHLAB_BASE_IMAGE", `${BASE_IMAGE} can neither be pulled nor bootstrapped`, {
    evidence: [refusal, `the engine is ${engine}, this machine is ${machine ?? process.arch}`],
    hint: `bring it: docker save ${BASE_IMAGE} where it is, docker load into this engine`,
    state: "Nothing was changed.",
  });
}

/** Reads the engine's JSON lines to the end; a failure is one of them, not an HTTP status. */
export async function readFailure(
  stream: NodeJS.ReadableStream,
  onEvent: () => void,
): Promise<string | undefined> {
  let failure: string | undefined;
  const cutter = lineCutter((line) => {
    if (line.trim() === "") return;
    const event: { error?: string } = JSON.parse(line);
    failure = event.error ?? failure;
    onEvent();
  });
  for await (const chunk of stream) cutter.push(Buffer.from(chunk));
  cutter.flush();
  return failure;
}

/** The innermost cause of an engine's long sentence, without the names of hosts in front. */
function shortReason(error: unknown): string {
  const text = reasonOf(error);
  return (text.split(": ").at(-1) ?? text).trim();
}
