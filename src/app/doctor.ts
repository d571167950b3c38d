import { MhlabError } from "../core/model/errors.ts";
import {
  engineFindings,
  imageFindings,
  type EngineFacts,
  oldImageFindings,
  type ImageFacts,
} from "../features/doctor/engine-findings.ts";
import { block, warn, type Finding } from "../core/model/host/finding.ts";
import { hostFindings } from "../features/doctor/host-findings.ts";
import { linkFindings, needsOf } from "../features/doctor/lab-findings.ts";
import { roomFindings, sizeOf } from "../features/doctor/room-findings.ts";
import { PATH_SCRIPT, pathFindings } from "../features/doctor/path.ts";
import { engineWords, enginesOfNodes } from "../core/model/lab/engines.ts";
import type { Lab } from "../core/model/lab/model.ts";
import type { Engines } from "./agents/engines.ts";
import { whySilent } from "./agents/reachable.ts";
import { stateOf } from "./list-engines.ts";
import { BASE_IMAGE } from "../core/model/names.ts";
import { probeHost } from "./probe-host.ts";
import type { HostProbe } from "./ports/host-probe.ts";

export interface DoctorQuestion {
  /** Whose needs are looked at as well. */
  readonly lab: Lab | undefined;
  /** A host whose path is measured. */
  readonly path: string | undefined;
  /** References of this mhlab's own images; undefined when they cannot be told. */
  readonly current: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

/** Looks at everything that a lab depends on. Whatever cannot be looked at is a finding too, never a failure. */
export async function examine(probe: HostProbe, question: DoctorQuestion): Promise<Finding[]> {
  const { signal } = question;
  let engine: EngineFacts;
  try {
    engine = await probe.engine(signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof MhlabError)) throw error;
    return [block("engine", error.message, error.hint)];
  }
  const images = await probe.images(signal);
  const { current } = question;
  const old = current === undefined ? [] : oldImageFindings(await probe.oldImages(current, signal));
  const host = await examineHost(probe, question, images);
  return [...engineFindings(engine), ...imageFindings(images), ...old, ...host];
}

/** The same on every engine of a lab, each with the nodes that it runs. */
export async function examineEngines(
  engines: Engines,
  { lab, ...question }: DoctorQuestion & { readonly lab: Lab },
): Promise<Finding[]> {
  const found = await Promise.all(
    (await engines.each(question.signal)).map(async ({ name, host, engine, failure }) => {
      const about = name === undefined ? {} : { engine: name };
      if (failure !== undefined) {
        const message = `the engine at ${host} does not answer: ${whySilent({ failure }) ?? ""}`;
        return [{ ...block("engine", message, failure.hint), ...about }];
      }
      const findings = await examine(await engine.probe(), { ...question, lab: partOn(lab, name) });
      const { current } = question;
      const state = current === undefined ? "current" : stateOf(await engine.reader.listImages(), current);
      const other = warn(
        "engine-images",
        "its images are of another version of mhlab; `mhlab up` builds them",
        `mhlab ${engineWords(host)} image build`,
      );
      return [...findings, ...(state === "other" ? [other] : [])].map((one) => ({ ...one, ...about }));
    }),
  );
  return found.flat();
}

/** The lab with no other nodes than those of an engine. */
function partOn(lab: Lab, engine: string | undefined): Lab {
  const places = enginesOfNodes(lab);
  const isThere = ({ name }: { readonly name: string }): boolean => places.get(name) === engine;
  return {
    ...lab,
    providers: lab.providers.filter(isThere),
    cpes: lab.cpes.filter(isThere),
    hosts: lab.hosts.filter(isThere),
  };
}

async function examineHost(
  probe: HostProbe,
  { lab, path, signal }: DoctorQuestion,
  { bng, base }: ImageFacts,
): Promise<Finding[]> {
  const image = bng ?? (base ? BASE_IMAGE : undefined);
  if (image === undefined) {
    return [
      warn(
        "probe",
        "the host itself was not looked at: no image is there to look with",
        "mhlab image build bng",
      ),
    ];
  }
  try {
    const { runOnce, sshAddress } = probe;
    const facts = await probeHost({ runOnce, image, sshAddress, signal });
    return [
      ...(facts.network === undefined
        ? [
            warn(
              "probe",
              "only a part of the host was looked at: the BNG image is not built yet",
              "mhlab image build bng",
            ),
          ]
        : []),
      ...hostFindings(facts, needsOf(lab)),
      ...(lab === undefined ? [] : roomFindings(sizeOf(lab), facts)),
      ...(lab === undefined ? [] : linkFindings(lab, facts, await probe.held(signal))),
      ...(path === undefined ? [] : await measurePath(probe, { host: path, image: bng, signal })),
    ];
  } catch (error) {
    if (signal.aborted || !(error instanceof MhlabError)) throw error;
    const why = error.evidence.length === 0 ? error.message : error.evidence.join(" ");
    return [block("probe", `the engine cannot run a container with a BNG's rights: ${why}`, error.hint)];
  }
}

async function measurePath(
  probe: HostProbe,
  { host, image, signal }: { host: string; image: string | undefined; signal: AbortSignal },
): Promise<Finding[]> {
  if (image === undefined) {
    return [
      warn(
        "path",
        "the path is measured with the BNG image, which is not built yet",
        "mhlab image build bng",
      ),
    ];
  }
  const { stdout, stderr } = await probe.runOnce({ image, argv: ["sh", "-c", PATH_SCRIPT, host] }, signal);
  return pathFindings(host, `${stderr}${stdout}`);
}
