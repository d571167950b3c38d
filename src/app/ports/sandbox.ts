export interface SandboxReport {
  readonly running: boolean;
  readonly socket: string;
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
