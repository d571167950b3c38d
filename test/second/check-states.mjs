// States of hosts' addresses, followed through the router advertisements on their links (RFC 4862, section 5.5.3).
import { bitsOf, contains } from "./addresses.mjs";
import { TOLERANCE_S } from "./check-probes.mjs";
import { groupsOf } from "./groups.mjs";

const RA = 134;
const ALL_NODES = "ff02::1";
const TWO_HOURS_S = 7200;
/** A host that did not run in time sends its probes late as well, and the record says how late. */
const AROUND_S = 0.5;
/** Linux looks for lifetimes that have ended by a timer of its own, about once a second. */
const TIMER_S = 1.2;
const IDENTIFIER = (1n << 64n) - 1n;

/** Compares the states of the addresses that hosts formed; a CPE's are made by its own programs. */
export function checkStates({ packets, facts, probes, durationS, nodes, cpes, unheard }) {
  const addresses = groupsOf(
    facts.filter(({ kind, node }) => kind === "address" && nodes.includes(node) && !cpes.includes(node)),
    ({ node, subject }) => `${node} ${subject}`,
  );
  const advertised = packets.filter(({ icmp }) => icmp === RA);
  const checked = { addresses: addresses.size, stateChanges: 0 };
  const differences = [...addresses.values()].flatMap((rows) => {
    const [{ node, subject }] = rows;
    const isDark = (atS) =>
      unheard.some(
        (one) =>
          one.node === node && atS >= one.fromS - TOLERANCE_S && atS <= (one.toS ?? Infinity) + TIMER_S,
      );
    const late = probes.filter((one) => one.node === node && Number(one.waited_s) > TOLERANCE_S);
    const lateS = (atS) =>
      late
        .filter((one) => Math.abs(Number(one.sent_s) - atS) < AROUND_S)
        .reduce((most, one) => Math.max(most, Number(one.waited_s)), 0);
    const found = compare(subject, { rows, packets: advertised, durationS, isDark, lateS });
    checked.stateChanges += found.changes;
    return found.differences.map((one) => `${node}: ${one}`);
  });
  return { checked, differences };
}

/**
 * One address: `rows` are its states in order, `packets` the advertisements of the lab, and `isDark` says at which times nothing is
 * known of the host, `lateS` how late it ran about then.
 */
function compare(address, { rows, packets, durationS, isDark, lateS }) {
  const heard = packets.filter(
    ({ dst }) => dst === ALL_NODES || (bitsOf(dst) & IDENTIFIER) === (bitsOf(address) & IDENTIFIER),
  );
  const said = heard.flatMap(({ atS, prefixes }) =>
    prefixes
      .filter(
        ({ prefix, length, autonomous }) => autonomous && length === 64 && contains(`${prefix}/64`, address),
      )
      .map(({ preferredS, validS }) => ({ atS, preferredS, validS })),
  );
  const changes = changesOf(said, durationS);
  const differences = [];
  let compared = 0;
  let before = null;
  for (const { at_s: at, state } of rows) {
    const atS = Number(at);
    const isChange = before !== null && atS > 0 && !isDark(atS);
    if (isChange && (state === "deprecated" || (state === "preferred" && before === "deprecated"))) {
      compared += 1;
      const cause = changes.find((one) => one.state === state && isNear(atS, one, lateS(atS)));
      if (cause === undefined)
        differences.push(`${address} is ${state} at ${at} s, and no advertisement says so`);
    }
    before = state;
  }
  for (const change of changes) {
    if (change.isFirst || change.atS < TIMER_S || change.atS > durationS - TIMER_S || isDark(change.atS))
      continue;
    const stateAt = stateOf(rows, change.atS - TOLERANCE_S);
    // Whose address is not there has nothing to change; nor has one that is so already.
    if (stateAt === "" || stateAt === "tentative" || stateAt === change.state) continue;
    compared += 1;
    const isTold = rows.some(
      ({ at_s: at, state }) =>
        isNear(Number(at), change, lateS(change.atS)) && [change.state, ""].includes(state),
    );
    if (!isTold)
      differences.push(
        `${address} is ${change.state} at ${change.atS.toFixed(3)} s by advertisements, and ${stateAt} in facts.csv`,
      );
  }
  return { differences, changes: compared };
}

function isNear(atS, change, lateS) {
  const slackS = (change.byTimer ? TIMER_S : TOLERANCE_S) + lateS;
  return atS >= change.atS - TOLERANCE_S && atS <= change.atS + slackS;
}

function stateOf(rows, atS) {
  return rows.findLast(({ at_s: at }) => Number(at) <= atS)?.state ?? "";
}

/** When an address becomes preferred or deprecated by what is advertised. */
function changesOf(said, durationS) {
  const changes = [];
  let [state, preferredUntilS, validUntilS] = ["", -Infinity, -Infinity];
  const pass = (untilS) => {
    if (state === "preferred" && preferredUntilS < untilS && preferredUntilS < validUntilS) {
      state = "deprecated";
      changes.push({ atS: preferredUntilS, state, byTimer: true, isFirst: false });
    }
    if (state !== "" && validUntilS < untilS) state = "";
  };
  for (const { atS, preferredS, validS } of said) {
    pass(atS);
    const leftS = validUntilS - atS;
    if (state === "" && validS === 0) continue;
    if (validS > TWO_HOURS_S || validS > leftS) validUntilS = atS + validS;
    else if (leftS > TWO_HOURS_S) validUntilS = atS + TWO_HOURS_S;
    preferredUntilS = atS + preferredS;
    const next = preferredS > 0 ? "preferred" : "deprecated";
    if (next !== state) changes.push({ atS, state: next, byTimer: false, isFirst: state === "" });
    state = next;
  }
  pass(durationS);
  return changes;
}
