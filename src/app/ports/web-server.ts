/** What a server on loopback needs to know of what it serves. */

export interface WebRequest {
  /** What stands in the path where the route has a name in braces. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
  /** Where a stream of server-sent events goes on. */
  readonly lastEventId: string | undefined;
  /** Fires when the client goes or the server ends. */
  readonly signal: AbortSignal;
}

export type WebAnswer =
  | { readonly kind: "json"; readonly value: unknown; readonly status?: number }
  | { readonly kind: "text"; readonly type: string; readonly text: string }
  | {
      readonly kind: "bytes";
      readonly type: string;
      readonly bytes: Uint8Array;
      /** Of a document that is no part of the page: its own Content-Security-Policy. */
      readonly policy?: string;
    }
  /** Written as it comes, until `write` resolves. A client that does not read is cut off. */
  | {
      readonly kind: "stream";
      readonly type: string;
      /** What a browser saves it as; left out for what it reads itself. */
      readonly fileName?: string;
      write(out: (chunk: string | Uint8Array) => void, signal: AbortSignal): Promise<void>;
    };

export interface WebRoute {
  readonly method: "GET" | "POST";
  /** `/api/nodes/{name}/log`. */
  readonly path: string;
  answer(request: WebRequest): Promise<WebAnswer> | WebAnswer;
}

export interface WebServerOptions {
  /** Left out: the usual one, or any when that is taken. */
  readonly port: number | undefined;
  readonly routes: readonly WebRoute[];
  /** Nobody is told anything who does not know it. */
  readonly token: string;
  /** An answer for what a route throws. */
  readonly failed: (error: unknown) => { readonly status: number; readonly value: unknown };
}

export interface RunningServer {
  /** With the token: whoever opens it may look and act. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Serves on loopback only. Throws HostError when the port is taken. */
export type ServeWeb = (options: WebServerOptions) => Promise<RunningServer>;

/** A file of a page. */
export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** What this machine has to serve a page, and to show it. */
export interface WebMachine {
  readonly serve: ServeWeb;
  /** The files of the page, by path. Throws MhlabError when they were not built. */
  assets(): Promise<ReadonlyMap<string, Asset>>;
  /** Letters and digits that nobody guesses. */
  secret(): string;
  /** Shows an address in the user's browser; whether there is a program for that. */
  open(url: string): Promise<boolean>;
}
