import { UsageError, reasonOf } from "../../core/model/errors.ts";
import type { Role } from "../../core/model/role.ts";
import type { NodeAction } from "../../core/render/plan/plan.ts";
import { nodesOf, type Engines } from "../agents/engines.ts";
import type { SeenNode } from "../agents/node.ts";
import { control } from "../control.ts";
import { chooseFaults, clearFaults, faultRequest, findFaults, injectFault } from "../faults.ts";
import type { LabLock } from "../ports/lab-lock.ts";
import { renumber } from "../renumber.ts";
import type { Collector } from "./collector.ts";
import { FAULT_TIME, injectable } from "./fault-fields.ts";
import type { Field } from "./field.ts";
import { orderOf, RENUMBER_WAYS } from "./renumber-action.ts";

export interface ActionPorts {
  readonly engines: Engines;
  readonly lock: LabLock;
  readonly collector: Collector;
}

/** What an action is given: texts by the names of its fields. */
export type Fields = Readonly<Record<string, string>>;

/** A word of a command; a list of words is left out when a field in it was. Fields stand in braces. */
type Word = string | readonly string[];

/** One thing that a page can do to a lab. */
export interface Action {
  readonly title: string;
  /** What it does, before one confirms it. */
  readonly text: string;
  /** The roles of the node that it is done to; none where it is the lab. */
  readonly roles: readonly Role[];
  /** What else it asks for. */
  readonly fields: Readonly<Record<string, Field>>;
  /** The same as words after `mhlab`; none where no command does it. */
  readonly words: readonly Word[];
  run(fields: Fields, ports: ActionPorts, signal: AbortSignal): Promise<unknown>;
}

const TIMEOUT_MS = 60_000;
/** Of a field. */
export const LONGEST_TEXT = 200;
const ANY: readonly Role[] = ["bng", "cpe", "host", "internet"];

/** Everything that pages can do. A new one is a record here. */
export const ACTIONS = {
  inject: {
    title: "Inject a fault",
    text: "Makes the provider fail, for a time or until it is cleared. Several faults can be in force at once.",
    roles: ["bng"],
    fields: {
      kind: { text: "What is to happen", choices: injectable() },
      options: { text: "Options of the kind, such as direction=up mtu=1300", optional: true, of: "kind" },
      for: FAULT_TIME,
    },
    words: ["fault", "inject", "{kind}", "{node}", ["{options}"], ["--for", "{for}"], "--lab", "{lab}"],
    async run({ node = "", kind = "", options = "", for: time }, ports, signal) {
      const given = { ...optionsIn(options), ...(time === undefined ? {} : { for: time }) };
      const request = faultRequest(kind, given);
      return await injectFault(await nodeNamed(node, ports, signal), request, signal);
    },
  },
  clear: {
    title: "Clear",
    text: "Ends the fault; others stay as they are.",
    roles: ["bng"],
    fields: { fault: { text: "Which fault" } },
    words: ["fault", "clear", "{fault}", "--lab", "{lab}"],
    async run({ node = "", fault = "" }, ports, signal) {
      const found = await findFaults([await nodeNamed(node, ports, signal)], signal);
      const cleared = await clearFaults(chooseFaults(fault, found), signal);
      return { cleared: cleared.map((one) => one.fault) };
    },
  },
  renumber: {
    title: "Renumber",
    text: "Gives the provider another prefix while it runs; no container is started again.",
    roles: ["bng"],
    fields: {
      how: { text: "How", choices: RENUMBER_WAYS },
      to: { text: "The new prefix, such as 2001:db8:c::/48", optional: true },
      overlap: { text: "With graceful: how long both live, such as 10m", optional: true },
    },
    words: ["renumber", "{node}", ["{to}"], "--{how}", ["--overlap", "{overlap}"], "--lab", "{lab}"],
    async run(fields, ports, signal) {
      const order = orderOf(fields);
      const node = await nodeNamed(fields["node"] ?? "", ports, signal);
      return { prefixes: (await renumber(node, order, ports, signal)).prefixes };
    },
  },
  restart: byHand(
    "restart",
    "Restart",
    "Stops the node and starts it again; its interfaces are given back meanwhile.",
  ),
  stop: byHand("stop", "Stop", "Stops the node; it stays so until it is started."),
  start: byHand("start", "Start", "Starts the node again."),
  kill: byHand("kill", "Kill", "Ends the node at once, as a power failure does."),
  mark: {
    title: "Mark",
    text: "A line across all plots, now.",
    roles: [],
    fields: { label: { text: "What it is for" } },
    words: [],
    run: ({ label = "" }, { collector }) => Promise.resolve(collector.mark(label)),
  },
} as const satisfies Record<string, Action>;

/** What can be done, in words. */
export function describeActions(): object[] {
  return Object.entries<Action>(ACTIONS).map(([name, { title, text, roles, fields, words }]) => ({
    name,
    title,
    text,
    roles,
    fields,
    words,
  }));
}

export type ActionName = keyof typeof ACTIONS;

/** By its name; undefined when there is none. */
function actionNamed(name: string): Action | undefined {
  return Object.hasOwn(ACTIONS, name) ? ACTIONS[name as ActionName] : undefined;
}

/** `name=value` words. Throws UsageError. */
function optionsIn(text: string): Record<string, string> {
  const words = text.split(/\s+/).filter((word) => word !== "");
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf("=");
      if (at < 1)
        throw new UsageError(`'${word}' is no option`, {
          hint: "options are name=value, with spaces between",
        });
      return [word.slice(0, at), word.slice(at + 1)] as const;
    }),
  );
}

/**
 * Does an action, tells the log of it, and resolves to what came of it. Throws UsageError for what it is not given. What was
 * begun is brought to its end when the page that asked is closed: half of a restart is none.
 */
export async function act(name: string, body: unknown, ports: ActionPorts): Promise<unknown> {
  const action = actionNamed(name);
  if (action === undefined)
    throw new UsageError(`there is no action '${name}'`, {
      hint: `there are: ${Object.keys(ACTIONS).join(", ")}`,
    });
  const fields = fieldsOf(action, body);
  const node = fields["node"] ?? "";
  const tell = (level: "info" | "good" | "bad", text: string): void => {
    if (action.words.length > 0) ports.collector.note({ node, event: "action", level, text });
  };
  const title = action.title.toLowerCase();
  tell("info", `${title}, asked for on the page`);
  try {
    const result = await action.run(fields, ports, new AbortController().signal);
    tell("good", `${title}: done`);
    return result;
  } catch (error) {
    tell("bad", `${title}: ${reasonOf(error)}`);
    throw error;
  }
}

/** The texts that an action needs, and none that it does not know. Throws UsageError. */
function fieldsOf(action: Action, body: unknown): Fields {
  const wanted: Readonly<Record<string, Field>> = {
    ...(action.roles.length > 0 ? { node: { text: "Which node" } } : {}),
    ...action.fields,
  };
  const given = Object(body ?? {}) as Readonly<Record<string, unknown>>;
  const wrong = Object.keys(given).find((key) => !Object.hasOwn(wanted, key));
  if (wrong !== undefined)
    throw new UsageError(`'${wrong}' is not known here`, {
      hint: `it takes: ${Object.keys(wanted).join(", ")}`,
    });
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([key, { optional }]) => {
      const value = given[key] ?? "";
      if (value === "" && optional === true) return [];
      if (typeof value === "string" && value !== "" && value.length <= LONGEST_TEXT)
        return [[key, value] as const];
      throw new UsageError(`'${key}' has to be a text of 1 to ${LONGEST_TEXT} characters`);
    }),
  );
}

/** Stopping and starting of nodes. */
function byHand(action: NodeAction, title: string, text: string): Action {
  return {
    title,
    text,
    roles: ANY,
    fields: {},
    words: [action, "{node}", "--lab", "{lab}"],
    async run({ node = "" }, ports, signal) {
      const found = await nodeNamed(node, ports, signal);
      const options = { action, timeoutMs: TIMEOUT_MS, report: () => undefined, signal };
      return { nodes: await control([found], ports, options) };
    },
  };
}

/** A node of the lab. Throws UsageError when there is none. */
export async function nodeNamed(
  name: string,
  { engines, collector }: Pick<ActionPorts, "engines" | "collector">,
  signal: AbortSignal,
): Promise<SeenNode> {
  const nodes = nodesOf(await engines.look(signal), collector.lab);
  const found = nodes.find((node) => node.name === name);
  if (found !== undefined) return found;
  const names = nodes.map((node) => node.name).sort();
  throw new UsageError(`there is no node named '${name}'`, {
    hint: names.length === 0 ? `start the lab with: mhlab up` : `there are: ${names.join(", ")}`,
  });
}
