import { HostError } from "../../core/model/errors.ts";
import type { EngineEndpoint, SshEndpoint, TlsEndpoint } from "./endpoint.ts";
import { ENGINE_SILENT, isTlsFailure, type EngineFailure } from "./errors.ts";

interface Said {
  readonly message: string;
  readonly hint: string;
}

/** What to say when no engine answers at the very first question: what came to nothing, and what mends that. */
export function noEngine(endpoint: EngineEndpoint, error: unknown): HostError {
  const failure = (error ?? {}) as EngineFailure;
  const { message, hint } = ofKind(endpoint, failure);
  return new HostError("MHLAB_NO_ENGINE", message, {
    hint,
    evidence: String(failure.message ?? error).split("\n"),
    state: "Nothing was changed.",
    cause: error,
  });
}

function ofKind(endpoint: EngineEndpoint, failure: EngineFailure): Said {
  const { text } = endpoint;
  if (endpoint.kind === "tls" && (isTlsFailure(failure.code) || failure.code === "ECONNRESET")) {
    return tlsSaid(endpoint, String(failure.code));
  }
  if (failure.code === ENGINE_SILENT) {
    return {
      message: `the Docker engine at ${text}${namer(endpoint)} takes the question and does not answer`,
      hint: "look whether it hangs: systemctl status docker, journalctl -u docker; of the sandbox: mhlab sandbox stop, then start",
    };
  }
  if (endpoint.kind === "ssh") return sshSaid(endpoint, text, failure);
  const refused = failure.code === "EACCES" || failure.code === "EPERM";
  return refused
    ? {
        message: `no permission to use the Docker engine at ${text}${namer(endpoint)}`,
        hint: "join its group (sudo usermod -aG docker $USER, then log in again), or use mhlab's own throw-away engine: mhlab --sandbox up lab.yaml",
      }
    : { message: `no Docker engine answers at ${text}${namer(endpoint)}`, hint: otherHint(endpoint) };
}

function namer({ namedBy }: EngineEndpoint): string {
  return namedBy === undefined ? "" : `, which ${namedBy} names`;
}

function otherHint({ kind, context, namedBy }: EngineEndpoint): string {
  if (context !== undefined) {
    return `what it is: docker context inspect ${context}\nname another one with --context or DOCKER_CONTEXT, or an engine with --host`;
  }
  if (kind === "tls") return "is that its port for TLS? That is 2376 unless it was told otherwise";
  const tls =
    "\nan engine with TLS needs DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH with ca.pem, cert.pem and key.pem";
  if (namedBy !== undefined) {
    const without = namedBy.startsWith("--") ? `leave ${namedBy} out` : `unset ${namedBy}`;
    return `does an engine run there, and is the address right?\nthe engine of this machine is taken without it: ${without}\nor use mhlab's own throw-away engine, which needs no setup: mhlab --sandbox up lab.yaml${kind === "tcp" ? tls : ""}`;
  }
  return `get one with: sudo apt-get install docker.io\nor use mhlab's own throw-away engine, which needs no setup: mhlab --sandbox up lab.yaml\nor name another one with --host or DOCKER_HOST`;
}

function tlsSaid(endpoint: TlsEndpoint & EngineEndpoint, code: string): Said {
  const { certificates, host, text, context } = endpoint;
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH|EPROTO/.test(code)) {
    return {
      message: `what answers at ${text} does not speak TLS`,
      hint: `TLS is usually on port 2376; ${context === undefined ? "without TLS leave DOCKER_TLS_VERIFY unset" : otherCertificates(endpoint)}`,
    };
  }
  // OpenSSL names what the other side said an alert; some sides only hang up.
  if (/ALERT|ECONNRESET/.test(code)) {
    return {
      message: `the Docker engine at ${text} refuses this client's certificate`,
      hint: `${certificates}/cert.pem has to be of an authority that the engine trusts (dockerd --tlscacert), and valid today; ${otherCertificates(endpoint)}`,
    };
  }
  return {
    message: `what answers at ${text} does not prove to be your Docker engine`,
    hint: `${certificates}/ca.pem has to be the authority of the engine's certificate, and that has to name ${host}; ${otherCertificates(endpoint)}`,
  };
}

/** How a user names other certificates than those of an endpoint. */
export function otherCertificates({ context }: EngineEndpoint): string {
  return context === undefined
    ? "DOCKER_CERT_PATH names another folder"
    : `docker context update ${context} --docker host=…,ca=…,cert=…,key=… takes others`;
}

function sshSaid({ host, user, port }: SshEndpoint, text: string, { code }: EngineFailure): Said {
  if (code === "ENOENT") {
    return {
      message: `the ssh command is missing, by which mhlab gets to ${text}`,
      hint: "sudo apt-get install openssh-client",
    };
  }
  const there = `${port === undefined ? "" : `-p ${port} `}${user === undefined ? "" : `${user}@`}${host}`;
  return {
    message: `no Docker engine answers at ${text}`,
    hint: `this has to work without a question: ssh -o BatchMode=yes ${there} docker version\nso the host is known, and the key is with ssh-agent or has no passphrase`,
  };
}
