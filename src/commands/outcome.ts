/** What a command gives back: data for scripts and text for people; the CLI prints one of them. */
export interface Outcome {
  readonly json?: unknown;
  readonly text?: string;
  /** One of ExitCode, or that of a command run elsewhere. */
  readonly exitCode?: number;
}
