/** DHCPv6 messages as bytes, right and wrong ones. */
import * as fc from "fast-check";

const bytes16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);

/** An option (RFC 8415 21.1); `length` is what it says of its own size. */
function option(code: number, data: Uint8Array, length = data.length): Buffer {
  return Buffer.concat([bytes16(code), bytes16(length & 0xffff), data]);
}

/** Codes of RFC 8415 21 that messages of clients have, and some that only servers and relays may send. */
export const TYPES = { confirm: 4, renew: 5, rebind: 6, release: 8, decline: 9 } as const;
const OPTION = { client: 1, server: 2, na: 3, address: 5, elapsed: 8, pd: 25, prefix: 26 } as const;

/** What a customer has, as somebody else may have heard of it. */
export interface Held {
  /** DUIDs in hexadecimal. */
  readonly client: string;
  readonly server: string;
  readonly prefix: string;
  readonly address: string;
}

/** A message that names another customer's DUID and leases, in hexadecimal. */
export function foreignMessage(type: keyof typeof TYPES, { client, server, prefix, address }: Held): string {
  const [network = "", length = ""] = prefix.split("/");
  const leasedPrefix = Buffer.concat([
    Buffer.alloc(8, 0),
    Buffer.from([Number(length)]),
    addressBytes(network),
  ]);
  const leasedAddress = Buffer.concat([addressBytes(address), Buffer.alloc(8, 0)]);
  const head = Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([
    Buffer.from([TYPES[type], 0x66, 0, 1]),
    option(OPTION.client, Buffer.from(client, "hex")),
    ...(type === "confirm" || type === "rebind" ? [] : [option(OPTION.server, Buffer.from(server, "hex"))]),
    option(OPTION.elapsed, Buffer.alloc(2)),
    option(OPTION.na, Buffer.concat([head, option(OPTION.address, leasedAddress)])),
    ...(type === "confirm" || type === "decline"
      ? []
      : [option(OPTION.pd, Buffer.concat([head, option(OPTION.prefix, leasedPrefix)]))]),
  ]).toString("hex");
}

function addressBytes(text: string): Buffer {
  const [head = "", tail] = text.split("::");
  const words = (part = ""): number[] =>
    part === "" ? [] : part.split(":").map((word) => Number.parseInt(word, 16));
  const [front, back] = [words(head), words(tail)];
  const all = [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
  return Buffer.concat(all.map(bytes16));
}

const someBytes = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const code = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }) },
);
/** What an option says of its size: mostly the truth. */
const lie = fc.oneof(
  { weight: 6, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 0xffff, 0x8000) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 80 }) },
);

/** Options within options, as deep as associations have them and deeper. */
const { options } = fc.letrec<{ options: Buffer; one: Buffer }>((tie) => ({
  options: fc
    .array(tie("one"), { maxLength: 6, depthIdentifier: "options" })
    .map((all) => Buffer.concat(all)),
  one: fc
    .tuple(
      code,
      fc.oneof(
        { depthSize: "small", depthIdentifier: "options" },
        someBytes,
        fc
          .tuple(fc.constantFrom(4, 12, 24, 25), tie("options"))
          .map(([size, inner]) => Buffer.concat([Buffer.alloc(size, 1), inner])),
      ),
      lie,
    )
    .map(([number, data, length]) => option(number, data, length)),
}));

/** A message that no client sends, in hexadecimal: malformed options behind the DUIDs that Kea asks for, cut off anywhere. */
export function malformed(server: string): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.oneof(
        { weight: 5, arbitrary: fc.integer({ min: 1, max: 11 }) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
      ),
      fc.uint8Array({ minLength: 3, maxLength: 3 }),
      fc.boolean(),
      fc.boolean(),
      fc.uint8Array({ minLength: 1, maxLength: 20 }),
      options,
      fc.oneof({ weight: 3, arbitrary: fc.constant(1400) }, { weight: 1, arbitrary: fc.nat(200) }),
    )
    .map(([type, transaction, hasClient, hasServer, duid, rest, size]) =>
      Buffer.concat([
        Buffer.from([type, ...transaction]),
        ...(hasClient ? [option(OPTION.client, duid)] : []),
        ...(hasServer ? [option(OPTION.server, Buffer.from(server, "hex"))] : []),
        rest,
      ])
        .subarray(0, Math.max(1, size))
        .toString("hex"),
    );
}
