import { z } from "zod";
import type { Deed } from "../../experiment/model.ts";
import { shellWord } from "../../words.ts";
import { entryKind, Trouble } from "../entry.ts";
import { argument, file, named, time } from "../values.ts";
import type { StepKind } from "./step-kind.ts";

const USUAL_LIMIT_S = 60;

/** A command in a member. */
export const run: StepKind<Extract<Deed, { do: "run" }>> = {
  entry: entryKind({
    summary: "runs a command in a member, and keeps what it prints when `save` says so",
    example: "{at: 70s, run: [iperf3, -6, -c, 2001:db8::1, -J], in: home-host1, save: iperf3.json}",
    shape: {
      run: z.array(argument("One word.")).meta({
        description: "The command and its arguments, one word each; no shell reads them.",
        minItems: 1,
      }),
      in: named("The member in which it runs.", "home-host1"),
      save: file("The file of the run's folder that its standard output goes to.", "iperf3.json").optional(),
      limit: time("After this time it is ended, and the step has failed.", {
        min: 0.1,
        usual: "1m",
      }).optional(),
    },
    refs: { in: "member" },
    read({ run: argv, in: member, save = null, limit = USUAL_LIMIT_S }) {
      const [program = ""] = argv;
      return program.trim() === ""
        ? Trouble.at(["run"], "MHLAB_SCENARIO_STEP", [
            "this runs nothing",
            "write the command as a list: run: [ping, -c, 3, 2001:db8::1]",
          ])
        : { do: "run", argv, member, save, limitS: limit };
    },
  }),
  command: ({ argv, member, save }) =>
    `mhlab exec ${member} -- ${argv.map(shellWord).join(" ")}${save === null ? "" : ` > ${shellWord(save)}`}`,
};
