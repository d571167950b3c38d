/** The tools that a lab can be exported for. */
export const EXPORT_FORMATS = ["compose", "docker-run", "containerlab", "quadlet"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
