import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** What a request says of who sends it, as far as that decides whether it is answered. */
interface Asking {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

/** Who may ask a server on loopback, where every page of the user's browser and every program of the machine can send to. */
export class Guard {
  readonly #port: number;
  readonly #token: string;

  constructor(port: number, token: string) {
    this.#port = port;
    this.#token = token;
  }

  /** Cookies know no ports: another dashboard's must not take this one's place. */
  get #cookieName(): string {
    return `mhlab-${this.#port}`;
  }

  /** For the browser that showed the token: read by no script, sent by no other site. */
  get cookie(): string {
    return `${this.#cookieName}=${this.#token}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /**
   * Whether the request was sent to this server by its own page or by no page: a name that an attacker's DNS points here
   * comes as another Host, another site's page as another Origin.
   */
  isOwn({ method, headers }: Asking): boolean {
    const hosts = ["127.0.0.1", "localhost"].map((name) => `${name}:${this.#port}`);
    const { host = "", origin, "sec-fetch-site": site } = headers;
    if (!hosts.includes(host)) return false;
    if (origin !== undefined && origin !== `http://${host}`) return false;
    if (site !== undefined && site !== "same-origin" && site !== "none") return false;
    // A program has no cookies of the user's; a browser always tells the origin of what changes something.
    return method === "GET" || origin !== undefined || bearerOf(headers) !== undefined;
  }

  /** Whether it comes from one who was shown the token. */
  knows({ headers }: Asking): boolean {
    const given = bearerOf(headers) ?? cookieOf(headers.cookie, this.#cookieName);
    return given !== undefined && this.isToken(given);
  }

  isToken(text: string): boolean {
    const [one, other] = [Buffer.from(text), Buffer.from(this.#token)];
    return one.length === other.length && timingSafeEqual(one, other);
  }
}

function bearerOf({ authorization }: IncomingHttpHeaders): string | undefined {
  return /^Bearer (\S+)$/.exec(authorization ?? "")?.[1];
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  const pairs = (header ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
