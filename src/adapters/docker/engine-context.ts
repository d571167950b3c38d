/** Which engine is meant, and the contexts of the docker command (`docker context`), read as that reads them. */
import { createHash } from "node:crypto";
import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { HostError, UsageError } from "../../core/model/errors.ts";
import { dockerFolder, parseEndpoint, type EngineEndpoint } from "./endpoint.ts";

/** What the command line says of the engine. */
export interface EngineChoice {
  /** An address: --host. */
  readonly host?: string | undefined;
  /** The name of a docker context: --context. */
  readonly context?: string | undefined;
}

/** The context that stands for DOCKER_HOST, or for the socket of this machine. */
const DEFAULT = "default";
const STATE = "Nothing was changed.";

/**
 * The engine that is meant, by docker's own order: --context, --host, DOCKER_HOST, DOCKER_CONTEXT, the docker command's current
 * context, the socket of this machine. Throws HostError MHLAB_NO_CONTEXT when a context cannot be read, UsageError.
 */
export async function chooseEndpoint(choice: EngineChoice, env: NodeJS.ProcessEnv): Promise<EngineEndpoint> {
  const { host, context } = choice;
  if (host && context) {
    throw new UsageError("--host and --context name two engines", { hint: "leave one of them out" });
  }
  const address = host || env["DOCKER_HOST"];
  const named = context || (address ? DEFAULT : env["DOCKER_CONTEXT"]);
  const folder = dockerFolder(env);
  const name = named || (await currentContext(folder)) || DEFAULT;
  if (name !== DEFAULT) return await readContext(folder, name);
  const endpoint = parseEndpoint(address, env);
  return address ? { ...endpoint, namedBy: host ? "--host" : "DOCKER_HOST" } : endpoint;
}

async function currentContext(folder: string): Promise<string | undefined> {
  const file = join(folder, "config.json");
  const what = "which names docker's current context";
  return (await readJson<{ currentContext?: string }>(file, {}, what)).currentContext;
}

interface ContextMeta {
  readonly Name?: string;
  readonly Endpoints?: { readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean } };
}

async function readContext(folder: string, name: string): Promise<EngineEndpoint> {
  const id = createHash("sha256").update(name).digest("hex");
  const what = `which is the docker context '${name}'`;
  const meta = await readJson<ContextMeta | undefined>(metaFile(folder, id), undefined, what);
  if (meta === undefined) {
    throw new HostError("MHLAB_NO_CONTEXT", `there is no docker context '${name}' in ${folder}`, {
      hint: `there are: ${[DEFAULT, ...(await contextNames(folder))].join(", ")}\nname another one with --context or DOCKER_CONTEXT, or an engine with --host`,
      state: STATE,
    });
  }
  const { Host: host, SkipTLSVerify: skipVerify = false } = meta.Endpoints?.docker ?? {};
  const certificates = join(folder, "contexts/tls", id, "docker");
  const tls = skipVerify || (await exists(certificates));
  const endpoint = parseEndpoint(host, tls ? { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: certificates } : {});
  const text = `${endpoint.text} (docker context '${name}')`;
  return { ...endpoint, ...(endpoint.kind === "tls" ? { skipVerify } : {}), text, context: name };
}

/** The names of all contexts but the default one, sorted. */
async function contextNames(folder: string): Promise<string[]> {
  const ids = await readdir(join(folder, "contexts/meta")).catch(() => []);
  const names = await Promise.all(
    ids.map((id) =>
      readJson<ContextMeta>(metaFile(folder, id), {}, "which is a docker context").then(
        ({ Name }) => Name ?? [],
        () => [],
      ),
    ),
  );
  return names.flat().sort((one, other) => one.localeCompare(other));
}

function metaFile(folder: string, id: string): string {
  return join(folder, "contexts/meta", id, "meta.json");
}

/** The content of a JSON file, `otherwise` when there is none. One that cannot be read might name another engine: HostError. */
async function readJson<T>(file: string, otherwise: T, what: string): Promise<T> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as T;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return otherwise;
    throw new HostError("MHLAB_NO_CONTEXT", `cannot read ${file}, ${what}`, {
      hint: "mend the file, or name an engine with --context or --host; --context default is the engine of this machine",
      evidence: [message],
      state: STATE,
      cause,
    });
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
