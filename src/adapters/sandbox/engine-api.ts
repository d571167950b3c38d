import { request } from "node:http";
import { isCode } from "./processes.ts";

/**
 * What an engine says about itself; `denied` when it answers, but not to this user. Without its containerd it still
 * answers, but can run nothing.
 */
export type EngineAnswer = { version: string; hasContainerd: boolean } | "denied" | undefined;

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
