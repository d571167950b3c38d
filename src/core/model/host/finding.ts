/** One thing that `mhlab doctor` looked at. */
export interface Finding {
  /** Stable kebab-case word; about one interface or provider, it ends with its name. */
  readonly id: string;
  /** `block`: a lab (or the lab asked about) cannot work like this. */
  readonly level: "ok" | "warn" | "block";
  readonly message: string;
  /** A command line that mends it, or where none can, a sentence. */
  readonly mend?: string;
  /** Of a lab on several engines: the one that it is about. */
  readonly engine?: string;
}

/** Whether this alone keeps a lab from working. */
export const blocking = ({ level }: Finding): boolean => level === "block";

/** Whether something keeps a lab from working. */
export function blocks(findings: readonly Finding[]): boolean {
  return findings.some(blocking);
}

/** Shorthand for the three levels. */
export const ok = (id: string, message: string): Finding => ({ id, level: "ok", message });
export const warn = (id: string, message: string, mend?: string): Finding => ({
  id,
  level: "warn",
  message,
  ...(mend === undefined ? {} : { mend }),
});
export const block = (id: string, message: string, mend?: string): Finding => ({
  id,
  level: "block",
  message,
  ...(mend === undefined ? {} : { mend }),
});
