import type { ExportedContainer } from "./container.ts";
import { NODES } from "../../core/render/nodes/registry.ts";
import { podmanImage, quadletFolder } from "./quadlet.ts";
import type { ExportFormat } from "./format.ts";

interface ExportedLab {
  readonly name: string;
  readonly containers: readonly ExportedContainer[];
}

interface Manual {
  readonly needs: string;
  readonly start: string;
  readonly stop: string;
  readonly look: (node: string) => string;
  readonly notes: readonly string[];
}

const PRIVATE_KEYS =
  "The files under `keys` are private keys, mode 0600. They are the same ones that mhlab uses for this lab: do not run both at once. Commit everything but that folder; `.gitignore` leaves it out.";
const SAME_MACHINE = "The engine must run on this machine, because it mounts the key files from here.";

/** How an exported lab is used, in a few lines. */
export function renderReadme(lab: ExportedLab, format: ExportFormat): string {
  const { needs, start, stop, look, notes } = manual(lab, format);
  const provider = lab.containers.find(({ role }) => NODES[role].chosen)?.name ?? "<name>";
  return `# ${lab.name}

Written by \`mhlab export ${format}\`. It needs ${needs}, and nothing of mhlab.

\`\`\`sh
${start}
${look(provider)}
${stop}
\`\`\`

${[PRIVATE_KEYS, ...notes].map((note) => `- ${note}\n`).join("")}`;
}

function manual({ name: lab, containers }: ExportedLab, format: ExportFormat): Manual {
  const builds = new Set(
    containers.map(
      ({ image, imageFolder }) => `docker build --network host -t ${image} images/${imageFolder}`,
    ),
  );
  switch (format) {
    case "compose":
      return {
        needs: "Docker with compose",
        start: "docker compose up --detach",
        stop: "docker compose down --volumes",
        look: (node) => `docker compose exec ${node} agent status`,
        notes: [SAME_MACHINE, "Compose builds the images from the folder `images` when they are missing."],
      };
    case "docker-run":
      return {
        needs: "Docker",
        start: "./up.sh",
        stop: "./down.sh",
        look: (node) => `docker exec ${lab}-${node} agent status`,
        notes: [SAME_MACHINE, "`up.sh` builds the images from the folder `images` when they are missing."],
      };
    case "quadlet": {
      const images = new Map(containers.map((one) => [podmanImage(one), one.imageFolder]));
      const units = containers.map(({ name }) => `${lab}-${name}`).join(" ");
      return {
        needs: "podman 5 and systemd",
        start: [
          ...[...images].map(
            ([image, from]) => `sudo podman build --network host -t ${image} images/${from}`,
          ),
          `sudo cp -r . ${quadletFolder(lab)}`,
          "sudo systemctl daemon-reload",
          `sudo systemctl start ${units}`,
        ].join("\n"),
        stop: `sudo systemctl stop ${units}`,
        look: (node) => `sudo podman exec ${lab}-${node} agent status`,
        notes: [
          `The units name files in \`${quadletFolder(lab)}\`, so the folder has to be there.`,
          "The lab starts with the machine; remove the folder and reload systemd to end that.",
          "The units are checked with podman's generator; the lab itself was not run with podman.",
        ],
      };
    }
    case "containerlab":
      return {
        needs: "containerlab",
        start: [...builds, "sudo containerlab deploy"].join("\n"),
        stop: "sudo containerlab destroy",
        look: (node) => `docker exec clab-${lab}-${node} agent status`,
        notes: [
          "Containerlab does not build images, so the first lines do.",
          "Containerlab runs its nodes privileged, with a writable root and logs without an end; mhlab itself needs far less.",
          "The topology has no `links`: the containers make the links between them.",
        ],
      };
  }
}
