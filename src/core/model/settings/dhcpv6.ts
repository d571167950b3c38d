import {
  addressIn,
  containsAddress,
  containsPrefix,
  formatIp6,
  formatPrefix6,
  subnet,
  subnetCount,
  type Prefix6,
} from "../ip6.ts";
import { duid } from "../values/announced.ts";
import { address, prefix } from "../values/scalars-network.ts";
import { type RecordOf, records, seconds, text } from "./codec.ts";
import { setting, type Section } from "./setting.ts";

/** RFC 8415, section 7.6, and section 21.24: 60 s to a day. */
const LONGEST_RT_S = 86_400;
const USUAL_SOL_MAX_RT_S = 60;

const RESERVATION = {
  duid: {
    key: "duid",
    codec: text<string>({
      read: duid,
    }),
    required: true,
    schema: "The customer's DUID, in hexadecimal.",
    examples: ["00:03:00:01:02:00:00:00:00:42"],
  },
  prefix: {
    key: "prefix",
    codec: text<Prefix6>({ read: prefix(33, 64), format: formatPrefix6 }),
    schema: "What it is delegated; a part of the pool.",
    examples: ["2001:db8:a:9000::/56"],
  },
  address: {
    key: "address",
    codec: text<bigint>({
      read: address,
      format: formatIp6,
    }),
    schema: "The address that it gets in the transfer network.",
    examples: ["2001:db8:a::1:42"],
  },
} as const;
/** What one customer always gets. */
export type Reservation = RecordOf<typeof RESERVATION>;

/** What the DHCPv6 server says beside delegations and their lifetimes (RFC 8415, 6603). */
export const dhcpv6 = {
  exclude: setting({
    path: "delegation.exclude",
    codec: text<Prefix6>({ read: prefix(34, 128), format: formatPrefix6 }),
    default: { value: undefined },
    group: "delegation",
    live: true,
    text: {
      schema: "A prefix of the first delegation that is not the customer's (RFC 6603).",
      lab: "a prefix of the first delegation that a CPE must not use inside (RFC 6603); of each other delegation, the one at the same place",
    },
    examples: ["2001:db8:a:80ff::/64"],
  }),
  reservations: setting({
    path: "delegation.reservations",
    codec: records(RESERVATION),
    default: { value: [] },
    group: "delegation",
    live: true,
    text: {
      schema: "What single customers always get, by their DUID.",
      lab: "list of what single customers always get, each with `duid`, and `prefix`, `address` or both",
    },
    item: "What one customer gets.",
    examples: ['{duid: "00:03:00:01:02:00:00:00:00:42", prefix: "2001:db8:a:9000::/56"}'],
  }),
  solMaxRtS: setting({
    path: "delegation.sol-max-rt",
    codec: seconds(60, LONGEST_RT_S),
    default: { value: USUAL_SOL_MAX_RT_S },
    group: "delegation",
    live: true,
    text: {
      schema: "Longest time between two Solicits of a CPE that nobody serves (SOL_MAX_RT).",
      lab: "SOL_MAX_RT: the longest time between two Solicits of a CPE that gets nothing (RFC 8415), to whom asks for it",
    },
    examples: ["1m"],
  }),
  infMaxRtS: setting({
    path: "delegation.inf-max-rt",
    codec: seconds(60, LONGEST_RT_S),
    default: { value: undefined },
    group: "delegation",
    live: true,
    text: {
      schema: "Longest time between two Information-requests (INF_MAX_RT).",
      lab: "INF_MAX_RT: the longest time between two Information-requests",
    },
    examples: ["1h"],
  }),
} satisfies Section;

/** What addresses and delegations are given from. */
interface Stock {
  readonly transfer: Prefix6;
  readonly pool: Prefix6 | undefined;
  readonly delegatedLength: number;
}

/** The first delegation of a pool, in which an excluded prefix is named; undefined when there is none. */
export function firstDelegation({ pool, delegatedLength }: Stock): Prefix6 | undefined {
  return pool === undefined || subnetCount(pool, delegatedLength) === 0n
    ? undefined
    : subnet(pool, delegatedLength, 0n);
}

/** Whether a prefix can be excluded from delegations: a part of the first one, and not all of it (RFC 6603). */
export function canExclude(excluded: Prefix6, stock: Stock): boolean {
  const first = firstDelegation(stock);
  return first !== undefined && excluded.length > first.length && containsPrefix(first, excluded);
}

/** What is wrong with one of several reservations. */
export interface ReservationProblem {
  readonly index: number;
  readonly field: keyof typeof RESERVATION;
  readonly kind: "repeated" | "nothing" | "outside" | "length" | "own";
}

/** Every contradiction among reservations, and between them and what the provider gives. */
export function reservationProblems(
  reservations: readonly Reservation[],
  stock: Stock,
): ReservationProblem[] {
  const own = new Set([0n, 1n].map((index) => addressIn(stock.transfer, index)));
  return reservations.flatMap((reservation, index) => {
    const earlier = reservations.slice(0, index);
    const problems: ReservationProblem[] = [];
    const add = (field: ReservationProblem["field"], kind: ReservationProblem["kind"]): void =>
      void problems.push({ index, field, kind });
    const { prefix: reserved, address: fixed } = reservation;
    if (earlier.some((other) => other.duid === reservation.duid)) add("duid", "repeated");
    if (reserved === undefined && fixed === undefined) add("duid", "nothing");
    if (reserved !== undefined) {
      if (stock.pool === undefined || !containsPrefix(stock.pool, reserved)) add("prefix", "outside");
      else if (reserved.length !== stock.delegatedLength) add("prefix", "length");
      else if (earlier.some((other) => other.prefix?.bits === reserved.bits)) add("prefix", "repeated");
    }
    if (fixed !== undefined) {
      if (!containsAddress(stock.transfer, fixed)) add("address", "outside");
      else if (own.has(fixed)) add("address", "own");
      else if (earlier.some((other) => other.address === fixed)) add("address", "repeated");
    }
    return problems;
  });
}
