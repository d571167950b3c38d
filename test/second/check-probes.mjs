// Compares probes.csv and the outages of run.json with the captures.
import { canonical } from "./addresses.mjs";
import { blindSpans, isBlind } from "./blind.mjs";
import { commonest, groupsOf } from "./groups.mjs";
import { outagesOf, probesOn, TIMEOUT_S } from "./probes.mjs";

export const TOLERANCE_S = 0.02;
/** A row and a packet with the same number are of one probe when they are not further apart. */
const SAME_S = 1;
/** A probe that waited this long in its sender's queue left after it was told lost. */
const LONGEST_WAIT_S = 4;
/** What a sender tells of a probe comes when it was answered, or after so long. */
const TOLD_S = 2.5;

const pathOf = ({ source, target }) => `${canonical(source)} ${canonical(target)}`;
const apart = (one, other) => Math.abs(one - other);

/** What disagrees, and how many probes and outages agree. `probes` are the rows of probes.csv. */
export function checkProbes({ packets, probes: rows, outages, durationS, steps, sources }) {
  const killedS = steps.filter(({ action }) => action === "restart").map(({ startedS }) => startedS);
  const differences = [];
  const wire = [...groupsOf(probesOn(packets), pathOf)];
  const tables = groupsOf(rows, pathOf);
  const numbered = wire.flatMap(([path, probes]) => numbersOf(probes, tables.get(path) ?? []));
  const seen = groupsOf(numbered, (probe) => `${pathOf(probe)} ${probe.number}`);
  const blind = blindSpans(packets);
  const usual = new Map(wire.map(([path, probes]) => [path, commonest(probes.map(({ port }) => port))]));
  const checked = { probes: 0, answered: 0, lost: 0, neverOnTheWire: 0, notCaptured: 0, outages: 0 };
  const matched = new Set();
  const all = rows.map((row) => {
    const sentS = Number(row.sent_s);
    // A sender that was killed had not told its last, whose numbers come again; what waited too long for its link was lost by then.
    const sameS = row.outcome === "no-answer" ? LONGEST_WAIT_S : SAME_S;
    const probe = seen.get(`${pathOf(row)} ${row.seq}`)?.find((one) => apart(one.atS, sentS) < sameS);
    if (probe !== undefined) matched.add(probe);
    checked.probes += 1;
    // Where nobody captured what passes first, the table is all that there is.
    const untilS = row.received_s === "" ? (probe?.answeredS ?? sentS) : Number(row.received_s);
    if (isBlind(blind, usual.get(pathOf(row)), sentS - TOLERANCE_S, untilS + TOLERANCE_S)) {
      checked.notCaptured += 1;
      return { ...row, atS: sentS, isAnswered: row.outcome === "answered" };
    }
    differences.push(...differencesOf(row, probe));
    if (probe === undefined) checked.neverOnTheWire += 1;
    const isAnswered = isAnsweredBy(probe, sentS);
    checked[isAnswered ? "answered" : "lost"] += 1;
    const isLate = probe === undefined || probe.atS - sentS > TIMEOUT_S;
    return { ...row, atS: isLate ? sentS : probe.atS, isAnswered };
  });
  for (const probe of numbered) {
    if (matched.has(probe) || probe.atS < TOLERANCE_S || probe.atS > durationS - TOLERANCE_S) continue;
    // What a sender that was killed had not told yet went with it.
    if (killedS.some((atS) => probe.atS < atS + 0.5 && probe.atS > atS - TOLD_S)) continue;
    differences.push(
      `on the wire and not in probes.csv: ${probe.source} to ${probe.target}, probe ${probe.seq} at ${probe.atS.toFixed(3)} s`,
    );
  }
  differences.push(...differencesOfOutages(all, outages, checked), ...differencesOfLoss(all, sources));
  return { differences, checked };
}

/**
 * The numbers that probes.csv gives to probes of one path: each run of a sender counts from 0, and the table goes on. How far it had
 * come is read from the row that is nearest in time.
 */
function numbersOf(probes, rows) {
  return [...groupsOf(probes, ({ session }) => session).values()].flatMap((session) => {
    const offsets = session.flatMap(({ atS, seq }) => {
      const near = rows.filter((row) => apart(Number(row.sent_s), atS) < TOLERANCE_S);
      return near.length === 1 ? [Number(near[0].seq) - seq] : [];
    });
    const offset = commonest(offsets) ?? 0;
    return session.map((probe) => ({ ...probe, number: probe.seq + offset }));
  });
}

function isAnsweredBy(probe, sentS) {
  return probe !== undefined && probe.answeredS !== null && probe.answeredS - sentS <= TIMEOUT_S;
}

function differencesOf(row, probe) {
  const sentS = Number(row.sent_s);
  const told = `${row.node} ${row.source} to ${row.target}, probe ${row.seq} at ${sentS.toFixed(3)} s`;
  if (row.outcome === "not-sent") return probe === undefined ? [] : [`${told}: not sent, and on the wire`];
  if (row.outcome === "no-answer")
    return !isAnsweredBy(probe, sentS)
      ? []
      : [
          `${told}: no answer (${row.reason}), but one passed ${probe.port} at ${probe.answeredS.toFixed(3)} s`,
        ];
  if (probe === undefined) return [`${told}: answered, and not on the wire`];
  if (probe.answeredS === null) return [`${told}: answered, but no answer passed ${probe.port}`];
  const receivedS = Number(row.received_s);
  return [
    ...(apart(sentS, probe.atS) <= TOLERANCE_S ? [] : [`${told}: on the wire at ${probe.atS.toFixed(3)} s`]),
    ...(apart(receivedS, probe.answeredS) <= TOLERANCE_S
      ? []
      : [`${told}: answered at ${receivedS.toFixed(3)} s, on the wire at ${probe.answeredS.toFixed(3)} s`]),
  ];
}

function differencesOfOutages(all, outages, checked) {
  const lastOfAllS = all.reduce((last, { atS }) => Math.max(last, atS), 0);
  const series = groupsOf(all, (one) => `${one.node} ${pathOf(one)}`);
  const mine = [...series.values()].flatMap((path) =>
    outagesOf(
      path.sort((one, other) => one.atS - other.atS || Number(one.seq) - Number(other.seq)),
      lastOfAllS,
    ).map((outage) => ({
      node: path[0].node,
      source: path[0].source,
      target: path[0].target,
      ...outage,
    })),
  );
  const differences = [];
  const left = [...outages];
  const isSame = (one, other) =>
    one.node === other.node &&
    pathOf(one) === pathOf(other) &&
    one.lost === other.lost &&
    apart(one.fromS, other.fromS) <= TOLERANCE_S &&
    (one.toS === null || other.toS === null
      ? one.toS === other.toS
      : apart(one.toS, other.toS) <= TOLERANCE_S);
  for (const outage of mine) {
    const index = left.findIndex((other) => isSame(outage, other));
    if (index === -1) differences.push(`an outage in the captures only: ${outageText(outage)}`);
    else left.splice(index, 1);
    checked.outages += 1;
  }
  return [...differences, ...left.map((outage) => `an outage in run.json only: ${outageText(outage)}`)];
}

/** The counts of result.json, by which loss is told. */
function differencesOfLoss(all, sources) {
  const paths = groupsOf(all, (one) => `${one.node} ${pathOf(one)}`);
  return sources.flatMap((source) => {
    const mine = paths.get(`${source.node} ${pathOf(source)}`) ?? [];
    const answered = mine.filter(({ isAnswered }) => isAnswered).length;
    const lost = source.noAnswer + source.notSent;
    return answered === source.answered && mine.length - answered === lost
      ? []
      : [
          `${source.node} ${source.source} to ${source.target}: ${source.answered} answered and ${lost} lost in result.json, ${answered} and ${mine.length - answered} in the captures`,
        ];
  });
}

function outageText({ node, source, target, fromS, toS, lost }) {
  return `${node} ${source} to ${target}, ${fromS.toFixed(3)} s to ${toS === null ? "the end" : `${toS.toFixed(3)} s`}, ${lost} lost`;
}
