import { request } from "node:http";
import type { SandboxPaths } from "./paths.ts";
import { isCode } from "./processes.ts";
import { hasRecord, labHostPid } from "./state.ts";

/** What `mhlab sandbox status --json` prints; the keys are a contract. */
export interface SandboxStatus {
  running: boolean;
  /** The engine's address as DOCKER_HOST takes it: `unix:///…`. */
  socket: string;
  /** Whether this user may use that engine. */
  usable: boolean;
  /** PID 1 of the lab host as the machine sees it: `nsenter -t PID -n` enters its network. */
  pid: number | null;
  root: string;
  engineVersion: string | null;
  /** Why a sandbox that was started is not usable; `start` mends it. */
  problem: string | null;
}

/** Looks at the sandbox; needs no root and changes nothing. */
export async function sandboxStatus(paths: SandboxPaths): Promise<SandboxStatus> {
  const { root, socket } = paths;
  const down = {
    running: false,
    socket: `unix://${socket}`,
    usable: false,
    pid: null,
    root,
    engineVersion: null,
  };
  const pid = labHostPid(paths);
  if (pid === undefined) return { ...down, problem: hasRecord(paths) ? "its processes are gone" : null };
  const engine = await askEngine(socket);
  if (engine === undefined) return { ...down, problem: "its engine does not answer" };
  const up = { ...down, running: true, pid };
  if (engine === "denied") return { ...up, problem: `you may not use ${socket}` };
  if (!engine.hasContainerd) return { ...down, problem: "its engine lost its containerd" };
  return { ...up, usable: true, engineVersion: engine.version, problem: null };
}

/**
 * What an engine says about itself; `denied` when it answers, but not to this user. Without its containerd it still
 * answers, but can run nothing.
 */
type EngineAnswer = { version: string; hasContainerd: boolean } | "denied" | undefined;

/** Asks the engine on a unix socket for its version; undefined when nobody answers in time. */
export function askEngine(socketPath: string, timeoutMs = 2000): Promise<EngineAnswer> {
  return new Promise((resolve) => {
    const call = request({ socketPath, path: "/version", timeout: timeoutMs }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("error", () => {
        resolve(undefined);
      });
      response.on("end", () => {
        resolve(response.statusCode === 200 ? readVersion(body) : undefined);
      });
    });
    call.on("timeout", () => call.destroy());
    call.on("error", (error) => {
      resolve(isCode(error, "EACCES") ? "denied" : undefined);
    });
    call.on("close", () => {
      resolve(undefined);
    });
    call.end();
  });
}

interface VersionAnswer {
  Version?: string;
  Components?: { Name?: string; Version?: string }[];
}

function readVersion(body: string): EngineAnswer {
  try {
    const answer: VersionAnswer = JSON.parse(body);
    if (typeof answer.Version !== "string") return undefined;
    const containerd = answer.Components?.find(({ Name: name }) => name === "containerd");
    return { version: answer.Version, hasContainerd: (containerd?.Version ?? "") !== "" };
  } catch {
    return undefined;
  }
}
