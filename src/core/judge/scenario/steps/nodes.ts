/** Steps that do something with a node: its end and beginning, commands in it, files into and out of it. */
import * as z from "zod";
import { listOf } from "../../experiment/record.ts";
import { showValue } from "../../../model/values/parse.ts";
import { BadValue, type ReadScalar } from "../../../model/values/scalars.ts";
import { shellWord } from "../../../model/words.ts";
import { Trouble } from "../entries/entry.ts";
import { argument, file, fileBelow, named, oneOf, time } from "../entries/values.ts";
import { stepKind } from "./kind.ts";

const text = z.string();
const HOW = ["restart", "kill", "stop", "start"] as const;

const restart = stepKind("restart", {
  summary: "restarts, kills, stops or starts a node",
  example: "{at: 20s, restart: home, how: kill}",
  shape: {
    restart: named("A provider, a CPE, a host or `internet`.", "home"),
    how: oneOf(HOW, "What is done: `kill` ends it at once, as a power cut does.").optional(),
  },
  refs: { restart: "node" },
  fields: { node: text, how: z.enum(HOW) },
  read: ({ restart: node, how = "restart" }) => ({ node, how }),
  command: ({ node, how }) => `mhlab ${how} ${node}`,
  limitS: () => 120,
  node: ({ node }) => node,
});

const USUAL_LIMIT_S = 60;

const run = stepKind("run", {
  summary: "runs a command in a node, and keeps what it prints when `save` says so",
  example: "{at: 70s, run: [iperf3, -6, -c, 2001:db8::1, -J], in: home-host1, save: iperf3.json}",
  shape: {
    run: z.array(argument("One word.")).meta({
      description: "The command and its arguments, one word each; no shell reads them.",
      minItems: 1,
    }),
    in: named("The node in which it runs.", "home-host1"),
    save: file("The file of the run's folder that its standard output goes to.", "iperf3.json").optional(),
    limit: time("After this time it is ended, and the step has failed.", {
      min: 0.1,
      usual: "1m",
    }).optional(),
  },
  refs: { in: "node" },
  /** `save`: where its standard output goes in the folder of the run; null: only its exit code counts. */
  fields: { argv: listOf(text), node: text, save: text.nullable(), limitS: z.number() },
  read({ run: argv, in: node, save = null, limit = USUAL_LIMIT_S }) {
    const [program = ""] = argv;
    return program.trim() === ""
      ? Trouble.at(["run"], "MHLAB_SCENARIO_STEP", [
          "this runs nothing",
          "write the command as a list: run: [ping, -c, 3, 2001:db8::1]",
        ])
      : { argv, node, save, limitS: limit };
  },
  command: ({ argv, node, save }) =>
    `mhlab exec ${node} -- ${argv.map(shellWord).join(" ")}${save === null ? "" : ` > ${shellWord(save)}`}`,
  limitS: ({ limitS }) => limitS + 10,
  node: ({ node }) => node,
  saves: ({ save }) => (save === null ? undefined : { key: "save", file: save }),
});

/** Reads a path in a node. */
const absolute: ReadScalar<string> = (path) =>
  /^\/[^\p{Cc}]+$/u.test(path) && path.length <= 200
    ? path
    : new BadValue(
        "MHLAB_LAB_NAME",
        `${showValue(path)} is no path in a node`,
        "it begins with a slash: /tmp/answer",
      );

const copy = stepKind("copy", {
  summary:
    "copies a file that lies beside the scenario into a node, where it may be executed (on hosts below `/opt`), or one of a node into the folder of the run",
  example: "{at: 5s, copy: dhcpcd.conf, into: home, to: /etc/dhcpcd.conf}",
  shape: {
    copy: argument(
      "What is copied: a file beside the scenario with `into`, a path in the node with `out-of`.",
    ),
    into: named("The node that gets it.", "home").optional(),
    "out-of": named("The node that has it.", "home").optional(),
    to: argument("Where it goes: a path in the node with `into`, a file of the run's folder with `out-of`."),
  },
  refs: { into: "node", "out-of": "node" },
  /** `to` in the node, `from` beside the scenario; `out` the other way round, into the folder of the run. */
  fields: { node: text, from: text, to: text, direction: z.enum(["in", "out"]) },
  read({ copy: from, into, "out-of": source, to }) {
    const node = into ?? source;
    if (node === undefined || (into !== undefined && source !== undefined))
      return Trouble.at([], "MHLAB_SCENARIO_STEP", [
        node === undefined
          ? "it is not said which node this is about"
          : "this goes into a node and out of one at once",
        "give exactly one of into and out-of",
      ]);
    const direction = into === undefined ? "out" : "in";
    const [readFrom, readTo] = direction === "in" ? [fileBelow, absolute] : [absolute, fileBelow];
    const [one, other] = [readFrom(from), readTo(to)];
    if (one instanceof BadValue) return Trouble.at(["copy"], one.code, [one.message, one.hint]);
    if (other instanceof BadValue) return Trouble.at(["to"], other.code, [other.message, other.hint]);
    return { node, from: one, to: other, direction } as const;
  },
  command: ({ node, from, to, direction }) =>
    direction === "in"
      ? `mhlab exec ${node} -- tee ${shellWord(to)} < ${shellWord(from)}`
      : `mhlab exec ${node} -- cat ${shellWord(from)} > ${shellWord(to)}`,
  limitS: () => 60,
  node: ({ node }) => node,
  saves: ({ direction, to }) => (direction === "out" ? { key: "to", file: to } : undefined),
});

export const NODE_STEPS = { restart, run, copy };
