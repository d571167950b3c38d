/**
 * Proof that a line which another node passed on is from the container that it is about. The key is the container's id:
 * 256 random bits, which only the engine, its users and the container itself know. The asker's nonce, the connection and the
 * number of the line in it keep a line from being told twice, and lines from being left out.
 */
const NONCE = /^[0-9a-f]{32}$/;
const PROOF = /,"proof":"([0-9a-f]{12})\.(\d{1,15})\.([0-9a-f]{64})"\}$/;

/** HMAC-SHA-256 (RFC 2104) of a text, as hexadecimal digits. */
export type Hmac = (key: string, text: string) => string;

/** Whether a word can be the nonce of a question. */
export function isNonce(text: string): boolean {
  return NONCE.test(text);
}

/** The container's id in its own /proc/self/mountinfo, where the engine mounts its files from; undefined with an engine that does not. */
export function containerIdIn(mountinfo: string): string | undefined {
  return /\/([0-9a-f]{64})\/(?:userdata\/)?(?:hostname|hosts|resolv\.conf) /.exec(mountinfo)?.[1];
}

/** Signs the lines of one connection, in their order. Each is an object in JSON that has keys, without an end of line. */
export class Signer {
  readonly #mac: (text: string) => string;
  readonly #connection: string;
  #next = 0;

  /** `connection`: 12 hexadecimal digits that no other connection has. */
  constructor(nonce: string, connection: string, mac: (text: string) => string) {
    this.#connection = connection;
    this.#mac = (text) => mac(`${nonce}.${text}`);
  }

  sign(line: string): string {
    const place = `${this.#connection}.${this.#next}`;
    this.#next += 1;
    return `${line.slice(0, -1)},"proof":"${place}.${this.#mac(`${place}.${line}`)}"}`;
  }
}

/** Reads signed lines of one node that answer one question. */
export class Verifier {
  readonly #nonce: string;
  readonly #hmac: Hmac;
  /** How many lines each connection has had; only the last may go on. */
  readonly #counts = new Map<string, number>();
  #connection = "";

  constructor(nonce: string, hmac: Hmac) {
    this.#nonce = nonce;
    this.#hmac = hmac;
  }

  /** The line without its proof; undefined when that is not of this container, or not the next line. */
  read(line: string, containerId: string): string | undefined {
    const [end, connection = "", number = "", mac] = PROOF.exec(line) ?? [];
    if (end === undefined) return undefined;
    const next = this.#counts.get(connection) ?? 0;
    if (Number(number) !== next || (next > 0 && connection !== this.#connection)) return undefined;
    const plain = `${line.slice(0, -end.length)}}`;
    if (mac !== this.#hmac(containerId, `${this.#nonce}.${connection}.${number}.${plain}`)) return undefined;
    this.#counts.set(connection, next + 1);
    this.#connection = connection;
    return plain;
  }
}
