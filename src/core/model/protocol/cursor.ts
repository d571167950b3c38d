/** A place in the events of one agent: whose life it is, and the number of the last event heard. */
export interface Cursor {
  readonly epoch: string;
  readonly seq: number;
}

/** `<epoch>:<seq>`. */
export function formatCursor({ epoch, seq }: Cursor): string {
  return `${epoch}:${seq}`;
}

/** Undefined when the text is no such place. */
export function parseCursor(text: string): Cursor | undefined {
  const [, epoch, seq] = /^([0-9a-z]{1,32}):(\d{1,15})$/.exec(text) ?? [];
  return epoch === undefined ? undefined : { epoch, seq: Number(seq) };
}
