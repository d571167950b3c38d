import { UsageError } from "../../core/errors.ts";

/** Where a Docker engine listens. */
export type EngineEndpoint =
  | { readonly kind: "unix"; readonly socket: string; readonly text: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly text: string }
  /** TLS or SSH: dockerode's modem knows how. */
  | { readonly kind: "modem"; readonly url: URL; readonly text: string };

const DEFAULT_SOCKET = "unix:///var/run/docker.sock";

/** Reads a DOCKER_HOST; throws UsageError when it is none. */
export function parseEndpoint(dockerHost: string | undefined, env: NodeJS.ProcessEnv): EngineEndpoint {
  const text = dockerHost || DEFAULT_SOCKET;
  if (text.startsWith("unix://")) return { kind: "unix", socket: text.slice("unix://".length), text };
  if (text.startsWith("/")) return { kind: "unix", socket: text, text: `unix://${text}` };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["tcp:", "http:", "https:", "ssh:"].includes(url.protocol)) {
    throw new UsageError(`'${text}' is not the address of a Docker engine`, {
      hint: "such as unix:///var/run/docker.sock, tcp://192.0.2.1:2375 or ssh://user@host",
    });
  }
  const tls = url.protocol === "https:" || Boolean(env["DOCKER_TLS_VERIFY"]);
  if (url.protocol === "ssh:" || tls) return { kind: "modem", url, text };
  return { kind: "tcp", host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 2375), text };
}
