import { expect, test } from "vitest";
import {
  parseNamespacePids,
  parseProcessStat,
} from "../../../../../src/adapters/sandbox/texts/process-stat.ts";

const TAIL = "1 10 10 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 2572 203";

test("reads a process whose command imitates the format", () => {
  expect(parseProcessStat(`42 (a) Z (b) S ${TAIL}\n`)).toEqual({
    pid: 42,
    command: "a) Z (b",
    state: "S",
    parent: 1,
    startTime: "987654",
  });
});

test.each(["", "42", "42 (cut", "42 (cut) S 1"])("takes %j for no process", (text) => {
  expect(parseProcessStat(text)).toBeUndefined();
});

test("reads the pids of a process in its namespaces", () => {
  expect(parseNamespacePids("Name:\ttini\nNSpid:\t6839\t1\nNSpgid:\t6839\t1\n")).toEqual([6839, 1]);
  expect(parseNamespacePids("Name:\ttini\n")).toEqual([]);
});
