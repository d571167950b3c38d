import { creation } from "./creation.ts";
import { randomBytes } from "node:crypto";
import type Dockerode from "dockerode";
import type { ExecResult } from "../../app/ports/engine-reader.ts";
import type { OneShot } from "../../app/ports/engine-writer.ts";
import { NODES } from "../../core/render/nodes/registry.ts";
import { BIRTH_NAMESPACE } from "../../core/model/names.ts";
import { confinementBody, deviceBody } from "../../core/render/plan/body.ts";
import { demultiplex } from "./frames.ts";
import { bounded, LIMITS } from "./patience.ts";

/** Runs a container that looks at its host or mends something there, with the rights of a BNG; it is removed whatever happens. */
export async function runOnce(docker: Dockerode, shot: OneShot, signal: AbortSignal): Promise<ExecResult> {
  signal.throwIfAborted();
  const container = await docker.createContainer(creation(bodyOf(shot)));
  try {
    const output: Record<"stdout" | "stderr", Buffer[]> = { stdout: [], stderr: [] };
    const count = bounded(LIMITS.answerBytes);
    const push = demultiplex((name, piece) => {
      count(piece);
      output[name].push(piece);
    });
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    const broken = new AbortController();
    stream.on("data", (piece: Buffer) => {
      try {
        push(piece);
      } catch (error) {
        broken.abort(error);
      }
    });
    await container.start();
    const abortSignal = AbortSignal.any([signal, broken.signal]);
    const { StatusCode } = (await container.wait({ abortSignal }).catch((error: unknown) => {
      throw broken.signal.aborted ? broken.signal.reason : error;
    })) as { StatusCode: number };
    broken.signal.throwIfAborted();
    const text = (name: "stdout" | "stderr"): string => Buffer.concat(output[name]).toString("utf8");
    return { exitCode: StatusCode, stdout: text("stdout"), stderr: text("stderr") };
  } finally {
    await container.remove({ force: true, v: true }).catch(() => undefined);
  }
}

function bodyOf({
  image,
  argv,
  networkMode,
  binds = [],
  hostProcesses,
}: OneShot): Dockerode.ContainerCreateOptions {
  const { capabilities, devices, limits } = NODES.bng;
  return {
    name: `mhlab-probe-${randomBytes(4).toString("hex")}`,
    Image: image,
    Entrypoint: [...argv],
    Cmd: [],
    Labels: { "io.mhlab.probe": "yes" },
    HostConfig: {
      NetworkMode: networkMode ?? "none",
      UsernsMode: "host",
      ...(hostProcesses === true ? { PidMode: "host" } : {}),
      Binds: [`/proc/1/ns/net:${BIRTH_NAMESPACE}`, ...binds],
      ...confinementBody(limits),
      Tmpfs: { "/run": "rw,size=16m", "/tmp": "rw,size=64m" },
      CapAdd: [...capabilities],
      Devices: devices.map(deviceBody),
    },
  };
}
