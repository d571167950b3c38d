/** What a sender of probes left out until its end. */
export interface Sending {
  readonly member: string;
  /** Probes that were due and not sent, because the program did not run in time. */
  readonly skipped: number;
  /** Answers for which its sockets had no room. */
  readonly dropped: number;
}
