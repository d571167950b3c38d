import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import { BIRTH_NAMESPACE, Label } from "../../core/names.ts";
import { demultiplex, lineCutter } from "../docker/frames.ts";
import type { EngineResponse, Transport } from "../docker/transport.ts";

/** Prints, one per line: interfaces, default routes of IPv4 and IPv6, and whether the kernel makes a WireGuard interface. */
const SCRIPT = `
in_host() { nsenter --net=${BIRTH_NAMESPACE} "$@" | tr -d '\\n'; echo; }
in_host ip -j -d addr
in_host ip -j route show default
in_host ip -j -6 route show default
if ip link add mhprobe type wireguard 2> /dev/null; then echo kernel; else echo userspace; fi
`;

/** Runs the newest BNG image for a moment to see the engine's host; undefined when there is none or it cannot. */
export async function lookByEngine(transport: Transport, signal: AbortSignal): Promise<string[] | undefined> {
  const image = await newestImage(transport, signal);
  if (image === undefined) return undefined;
  const name = `look-${randomBytes(6).toString("hex")}`;
  try {
    const id = await create(transport, { image, name }, signal);
    if (id === undefined) return undefined;
    const started = await drained(
      await transport({ method: "POST", path: `/containers/${id}/start`, signal }),
    );
    if (started.statusCode >= 400) return undefined;
    const ended = await drained(await transport({ method: "POST", path: `/containers/${id}/wait`, signal }));
    if (!ended.text.includes('"StatusCode":0')) return undefined;
    const { body } = await transport({ method: "GET", path: `/containers/${id}/logs?stdout=1`, signal });
    return await linesOf(body);
  } finally {
    // Whatever happened: the container that has this mark is gone.
    const marks = encodeURIComponent(JSON.stringify({ label: [`${Label.name}=${name}`] }));
    await transport({ method: "POST", path: `/containers/prune?filters=${marks}` })
      .then(drained)
      .catch(() => undefined);
  }
}

async function newestImage(transport: Transport, signal: AbortSignal): Promise<string | undefined> {
  const { text } = await drained(await transport({ method: "GET", path: "/images/json", signal }));
  const images = JSON.parse(text) as { RepoTags?: string[] | null; Created: number }[];
  return images
    .sort((one, other) => other.Created - one.Created)
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .find((tag) => tag.startsWith("mhlab/bng:"));
}

async function create(
  transport: Transport,
  { image, name }: { image: string; name: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  const body = {
    Image: image,
    Entrypoint: ["/bin/sh", "-c", SCRIPT],
    Cmd: [],
    Labels: { [Label.role]: "look", [Label.name]: name },
    HostConfig: {
      NetworkMode: "none",
      UsernsMode: "host",
      Binds: [`/proc/1/ns/net:${BIRTH_NAMESPACE}`],
      CapDrop: ["ALL"],
      // SYS_ADMIN enters the namespace; NET_ADMIN makes the probe in the container's own.
      CapAdd: ["SYS_ADMIN", "NET_ADMIN"],
      SecurityOpt: ["no-new-privileges"],
    },
  };
  const { text } = await drained(
    await transport({ method: "POST", path: "/containers/create", body, signal }),
  );
  return (JSON.parse(text) as { Id?: string }).Id;
}

async function drained({ statusCode, body }: EngineResponse): Promise<{ statusCode: number; text: string }> {
  let text = "";
  for await (const chunk of body) text += String(chunk);
  return { statusCode, text };
}

async function linesOf(body: Readable): Promise<string[]> {
  const lines: string[] = [];
  const cutter = lineCutter((line) => lines.push(line));
  const push = demultiplex((_, piece) => cutter.push(piece));
  for await (const chunk of body) push(chunk as Buffer);
  cutter.flush();
  return lines;
}
