import type { ContainerSpec, FileSpec } from "../../core/render/nodes/spec.ts";
import { renderCompose } from "./compose.ts";
import { exportContainer, SECCOMP_FILE, type ExportedContainer } from "./container.ts";
import { renderContainerlab } from "./containerlab.ts";
import { renderDockerRun, renderDockerStop } from "./docker-run.ts";
import type { ExportFormat } from "./format.ts";
import { renderQuadlet } from "./quadlet.ts";
import { renderReadme } from "./readme.ts";

const TEXT_MODE = 0o644;
const SCRIPT_MODE = 0o755;

/** The files of a lab for people without mhlab, but for the folders of its images; paths are relative, keys are named only. */
export function exportLab(lab: string, specs: readonly ContainerSpec[], format: ExportFormat): FileSpec[] {
  const exported = specs.map(exportContainer);
  const containers = exported.map(({ container }) => container);
  return [
    ...mainFiles(lab, containers, format),
    textFile("README.md", renderReadme({ name: lab, containers }, format)),
    textFile(".gitignore", "/keys/\n"),
    ...exported.flatMap(({ files }) => files),
  ];
}

/** The folders of `images/` that the exported lab is built from. */
export function exportedImageFolders(specs: readonly ContainerSpec[]): string[] {
  return [...new Set(specs.map((spec) => exportContainer(spec).container.imageFolder))];
}

function mainFiles(lab: string, containers: readonly ExportedContainer[], format: ExportFormat): FileSpec[] {
  switch (format) {
    case "compose":
      return [textFile("compose.yaml", renderCompose(lab, containers)), SECCOMP_FILE];
    case "docker-run":
      return [
        textFile("up.sh", renderDockerRun(lab, containers), SCRIPT_MODE),
        textFile("down.sh", renderDockerStop(lab, containers), SCRIPT_MODE),
        SECCOMP_FILE,
      ];
    case "quadlet":
      return [
        ...containers.map((one) => textFile(`${lab}-${one.name}.container`, renderQuadlet(lab, one))),
        SECCOMP_FILE,
      ];
    case "containerlab":
      return [textFile(`${lab}.clab.yml`, renderContainerlab(lab, containers))];
  }
}

function textFile(path: string, text: string, mode = TEXT_MODE): FileSpec {
  return { path, mode, content: { text } };
}
