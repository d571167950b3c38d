/** What the provider's resolvers answer in the place of the truth (RFC 1035 section 4). */
import type { DnsEffects } from "../../model/faults/effects.ts";
import { octetsOf } from "../../model/ip6.ts";

const HEADER = 12;
const [A, AAAA, HTTPS] = [1, 28, 65];
const IN = 1;
const NAME_ERROR = 3;
/** Short, so that the truth is heard soon after. */
const TTL_S = 5;

interface Question {
  /** In small letters, without a dot at its end. */
  readonly name: string;
  readonly type: number;
  /** Where it ends in the message. */
  readonly end: number;
}

/** The answer to a question; undefined when the truth is told, also of what is no question. */
export function lieTo(message: Uint8Array, { lie, known }: DnsEffects): Uint8Array | undefined {
  const question = readQuestion(message);
  if (question === undefined) return undefined;
  const { name, type } = question;
  if (known?.every((domain) => name !== domain && !name.endsWith(`.${domain}`)) === true)
    return answer(message, question, NAME_ERROR, []);
  if (lie === undefined || (lie.name !== undefined && lie.name !== name)) return undefined;
  if (type === AAAA) return answer(message, question, 0, addressRecord(lie.address));
  // Hints of addresses would be the true ones.
  return type === A || type === HTTPS ? answer(message, question, 0, []) : undefined;
}

/** Whether a message answers a question: its ID and its question are the same (RFC 5452 section 9.1). Of what is no question, the ID must do. */
export function isAnswerTo(question: Uint8Array, message: Uint8Array): boolean {
  const end = readQuestion(question)?.end ?? HEADER;
  const isSame = (at: number): boolean => message[at] === question[at];
  const asked = Array.from({ length: end - HEADER }, (_, index) => HEADER + index);
  return (message[2] ?? 0) >= 0x80 && [0, 1, ...asked].every(isSame);
}

function readQuestion(message: Uint8Array): Question | undefined {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  if (message.length < HEADER || (message[2] ?? 0) >= 0x80 || view.getUint16(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = HEADER;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > 63) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(String.fromCharCode(...message.subarray(at, at + length)).toLowerCase());
    at += length;
  }
  if (at + 4 > message.length || view.getUint16(at + 2) !== IN) return undefined;
  return { name: labels.join("."), type: view.getUint16(at), end: at + 4 };
}

function answer(message: Uint8Array, { end }: Question, code: number, record: readonly number[]): Uint8Array {
  const recursionDesired = (message[2] ?? 0) & 0x01;
  const count = record.length === 0 ? 0 : 1;
  return Uint8Array.from([
    ...message.subarray(0, 2),
    0x80 | recursionDesired,
    0x80 | code,
    0,
    1,
    0,
    count,
    0,
    0,
    0,
    0,
    ...message.subarray(HEADER, end),
    ...record,
  ]);
}

function addressRecord(address: bigint): number[] {
  const bytes = octetsOf(address, 16);
  // The name is that of the question.
  return [0xc0, HEADER, 0, AAAA, 0, IN, 0, 0, 0, TTL_S, 0, bytes.length, ...bytes];
}
