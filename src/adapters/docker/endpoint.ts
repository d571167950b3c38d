import { homedir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../core/model/errors.ts";

/** Where a Docker engine listens, with the text that named it. */
export type EngineEndpoint = (UnixEndpoint | TcpEndpoint | TlsEndpoint | SshEndpoint) & {
  readonly text: string;
  /** The docker context that it is of. */
  readonly context?: string;
  /** The option or variable that names it; undefined when nobody did. */
  readonly namedBy?: string;
  /** Told when it does not answer for a while. */
  readonly tell?: (text: string) => void;
  /** Told of each request, with its duration. */
  readonly trace?: (line: string) => void;
};

export interface UnixEndpoint {
  readonly kind: "unix";
  readonly socket: string;
}

export interface TcpEndpoint {
  readonly kind: "tcp";
  readonly host: string;
  readonly port: number;
}

export interface TlsEndpoint {
  readonly kind: "tls";
  readonly host: string;
  readonly port: number;
  /** The folder with ca.pem, cert.pem and key.pem; that of a docker context may lack some of them. */
  readonly certificates: string;
  /** Whether any certificate of the engine will do. */
  readonly skipVerify?: boolean;
}

export interface SshEndpoint {
  readonly kind: "ssh";
  readonly host: string;
  /** Undefined: what the user's ssh configuration says. */
  readonly port: number | undefined;
  readonly user: string | undefined;
  /** The engine's socket over there; undefined: what the `docker` there says. */
  readonly socket: string | undefined;
}

const DEFAULT_SOCKET = "unix:///var/run/docker.sock";

/** Reads a DOCKER_HOST, with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH beside it; throws UsageError when it is none. */
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
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (url.protocol === "ssh:") return { kind: "ssh", host, ...sshParts(url), text };
  if (url.protocol === "https:" || Boolean(env["DOCKER_TLS_VERIFY"])) {
    const certificates = env["DOCKER_CERT_PATH"] || dockerFolder(env);
    return { kind: "tls", host, port: Number(url.port || 2376), certificates, text };
  }
  return { kind: "tcp", host, port: Number(url.port || 2375), text };
}

/** Where the docker command keeps its configuration. */
export function dockerFolder(env: NodeJS.ProcessEnv): string {
  return env["DOCKER_CONFIG"] || join(env["HOME"] || homedir(), ".docker");
}

function sshParts(url: URL): Pick<SshEndpoint, "port" | "user" | "socket"> {
  const path = decodeURIComponent(url.pathname);
  return {
    port: url.port === "" ? undefined : Number(url.port),
    user: url.username === "" ? undefined : decodeURIComponent(url.username),
    socket: ["", "/"].includes(path) ? undefined : path,
  };
}
