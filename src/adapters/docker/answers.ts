/** The answers of an engine, read by the kind of each of their keys: what calls itself an engine can say anything. */
import type { ContainerState } from "../../app/ports/engine-reader.ts";
import type { FoundContainer } from "../../core/render/nodes/observed.ts";
import { list, number, object, orNull, record, text, type Reader } from "../../core/model/values/shape.ts";
import { rememberName } from "./names.ts";

interface ListedContainer {
  Id: string;
  Names: string[] | null;
  Image: string;
  ImageID: string;
  State: string;
  Labels: Record<string, string> | null;
  Created: number;
}

interface ListedImage {
  Id: string;
  Created: number;
  RepoTags: string[] | null;
}

interface ImageStep {
  Created: number;
  CreatedBy: string;
  Size: number;
}

interface InspectedContainer {
  RestartCount: number;
  State: { Status: string; ExitCode: number };
}

const containers = list(
  object<ListedContainer>({
    Id: text,
    Names: orNull(list(text)),
    Image: text,
    ImageID: text,
    State: text,
    Labels: orNull(record(text)),
    Created: number,
  }),
);

/** `/containers/json`. */
export const containerList: Reader<FoundContainer[]> = (value) => containers(value ?? []).map(toFound);

/** `/images/json`. */
export const imageList = list(
  object<ListedImage>({ Id: text, Created: number, RepoTags: orNull(list(text)) }),
);

/** `/images/NAME/json`. */
export const imageFound = object<{ Id: string }>({ Id: text });

/** `/info`, as far as it says which engine it is and where it keeps its data. */
export const engineInfo = object<{ ID: string; DockerRootDir: string }>({ ID: text, DockerRootDir: text });

/** `/images/ID/history`. */
export const imageHistory = list(object<ImageStep>({ Created: number, CreatedBy: text, Size: number }));

const inspected = object<InspectedContainer>({
  RestartCount: number,
  State: object<InspectedContainer["State"]>({ Status: text, ExitCode: number }),
});

/** `/containers/ID/json`. */
export const containerState: Reader<ContainerState> = (value) => {
  const { RestartCount, State } = inspected(value);
  return { status: State.Status, exitCode: State.ExitCode, restartCount: RestartCount };
};

/** `/exec/ID/json`. */
export const endedExec = object<{ ExitCode: number | null }>({ ExitCode: orNull(number) });

function toFound({ Id, Names, Image, ImageID, State, Labels, Created }: ListedContainer): FoundContainer {
  const containerName = (Names?.[0] ?? Id).replace(/^\//, "");
  rememberName(Id, containerName);
  return {
    id: Id,
    containerName,
    image: Image,
    imageId: ImageID,
    state: State,
    labels: Labels ?? {},
    createdS: Created,
  };
}
