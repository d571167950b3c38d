/** The structure of a scenario; its steps and expectations are read by their kinds. */
import * as z from "zod";
import { scalar } from "../../model/yaml/scalar.ts";
import {
  address,
  expression,
  interfaceOf,
  named,
  oneOf,
  prose,
  source,
  time,
  whole,
} from "./entries/values.ts";

const LARGEST_SEED = 4_294_967_295;

const probes = z
  .strictObject({
    every: time("How often each source address sends to each target.", {
      min: 0.01,
      usual: "100ms",
    }).optional(),
    targets: z
      .array(address("One target."))
      .meta({ description: "Where probes go; left out: [2001:db8::1], the bundled internet.", minItems: 1 })
      .optional(),
    from: z
      .array(named("A host or CPE.", "home-host1"))
      .meta({ description: "Who sends; left out: all hosts and CPEs.", minItems: 1 })
      .optional(),
  })
  .meta({
    description:
      "What hosts and CPEs send from each of their source addresses, from the beginning to the end.",
  });

const flow = z
  .strictObject({
    id: named("Its name in expectations and results.", "ssh"),
    kind: oneOf(
      ["tcp", "udp", "mptcp", "dns"],
      "`tcp`, `udp`, `mptcp`: messages and their answers on one connection; `dns`: questions for the name that is the target.",
    ),
    from: named("The host or CPE.", "home-host1"),
    target: scalar((text) => text, {
      description: "An address; with `dns` the name that is asked for.",
      examples: ["2001:db8::1"],
    }),
    source: source("A provider or an address; left out: what the kernel chooses.").optional(),
    every: time("How often it sends.", { min: 0.01, usual: "100ms" }).optional(),
  })
  .meta({ description: "A connection that lives through the experiment." });

const capture = z
  .strictObject({
    in: named("The node.", "home"),
    interface: interfaceOf,
    filter: expression("Only these packets, as tcpdump has it; left out: all.", "icmp6").optional(),
  })
  .meta({ description: "Packets that are kept as a file." });

const map = z.record(z.string(), z.unknown());
const variable = z.string().meta({ type: ["string", "number", "boolean"] });

/** What several runs differ in. */
export const matrixShape = {
  variables: z
    .record(z.string(), variable)
    .meta({ description: "Values for `${NAME}`; of the environment only LAB_… and MHLAB_… are read." })
    .optional(),
  for: z
    .record(z.string(), z.array(variable))
    .meta({ description: "Several values for each of these variables: one run for each combination." })
    .optional(),
  except: z
    .array(z.record(z.string(), variable))
    .meta({
      description: "Combinations that are left out; one that names some of the variables means all that fit.",
    })
    .optional(),
};

/** A scenario as the parser reads it: every scalar is text. */
export const scenarioSchema = z
  .strictObject({
    name: named("Name of the scenario; the folders of its runs are called so.", "silent-upstream"),
    title: prose("What is tried, for people.", "The upstream of one provider dies in silence").optional(),
    source: prose("The RFC and section, or paper, that it is about.", "RFC 7084 G-5").optional(),
    lab: scalar((text) => text, {
      description: "The lab file, by its way from this file.",
      examples: ["../two-isps/lab.yaml"],
      minLength: 1,
    }),
    seed: whole(0, LARGEST_SEED, "What is left to chance is the same with the same seed.", 1).optional(),
    settle: time("How long the run goes on after its last step.", { usual: "5s" }).optional(),
    ...matrixShape,
    probes: probes.optional(),
    flows: z.array(flow).meta({ description: "Connections that live through the experiment." }).optional(),
    captures: z.array(capture).meta({ description: "Packets that are kept as files." }).optional(),
    steps: z.array(map).min(1).meta({ description: "What is done, in this order." }),
    expect: z.array(map).meta({ description: "What has to be so." }).optional(),
  })
  .meta({
    title: "mhlab scenario",
    description: "An experiment with a lab: what is done, and what has to be so.",
  });

/** A scenario whose structure is right, its steps and expectations not yet read. */
export type ScenarioFile = z.output<typeof scenarioSchema>;
