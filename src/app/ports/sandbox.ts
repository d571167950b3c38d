export interface SandboxReport {
  readonly running: boolean;
  /** The engine's address as DOCKER_HOST takes it: `unix:///…`. */
  readonly socket: string;
  /** Whether this user may use that engine. */
  readonly usable: boolean;
  readonly pid: number | null;
  readonly root: string;
  readonly problem: string | null;
}

export interface Sandbox {
  start(onProgress: (step: string) => void): Promise<SandboxReport & { readonly already: boolean }>;
  stop(purge: boolean, onProgress: (step: string) => void): Promise<unknown>;
  status(): Promise<SandboxReport>;
  exec(argv: readonly string[]): Promise<number>;
}
