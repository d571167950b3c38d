import { OPERATOR_FOLDER } from "../../model/names.ts";

/** The end of the names of these files in the folder that a lab's operators share. */
const ENDING = ".tunnel";

/** The file by which the bundled internet tells a provider that its end of the tunnel is there, since when the file was changed. */
export function tunnelNoticeFile(provider: string): string {
  return `${OPERATOR_FOLDER}/${provider}${ENDING}`;
}

/** Whether a file in that folder is such a notice. */
export function isTunnelNotice(file: string): boolean {
  return file.endsWith(ENDING);
}
