import { statusJsonSchema } from "../../core/model/status/json-schema.ts";
import { ACTIONS, LONGEST_TEXT, type Action } from "./actions.ts";
import type { ApiRoute } from "./api-route.ts";

/** The API as an OpenAPI 3.1 document, made of the routes themselves. */
export function openApi(routes: readonly ApiRoute[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const operations = (paths[route.path] ??= {});
    operations[route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "mhlab dashboard",
      version,
      description:
        "What `mhlab dashboard` serves on loopback. Every request needs its token: as the cookie that the first URL sets, or as a bearer token.",
    },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      schemas: { Status: statusJsonSchema(), Error: ERROR },
    },
  };
}

const ERROR = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message"],
      properties: { code: { type: "string" }, message: { type: "string" }, hint: { type: "string" } },
    },
  },
} as const;

const PROBLEM = {
  description: "Why not.",
  content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
} as const;

function operation({ path, method, summary, query = {}, type, takesFields }: ApiRoute): object {
  const schema =
    path === "/api/status"
      ? { $ref: "#/components/schemas/Status" }
      : type === "application/json"
        ? { type: "object" }
        : { type: "string" };
  const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: path.startsWith("/api/actions/") ? { enum: Object.keys(ACTIONS) } : { type: "string" },
  }));
  const inQuery = Object.entries(query).map(([name, description]) => ({
    name,
    in: "query",
    required: false,
    description,
    schema: { type: "string" },
  }));
  return {
    summary,
    operationId: `${method.toLowerCase()}${path.replaceAll(/[{}]/g, "").replaceAll("/", "-")}`,
    parameters: [...inPath, ...inQuery],
    ...(takesFields === undefined ? {} : { requestBody: body() }),
    responses: {
      200: { description: summary, content: { [type]: { schema } } },
      400: PROBLEM,
      403: {
        description:
          "Without the token, by another name than loopback's, or from another page. Nothing is told.",
      },
    },
  };
}

/** The fields of all actions; which of them an action takes, /api/actions tells. */
function body(): object {
  const fields = new Set(
    Object.values<Action>(ACTIONS).flatMap((action) => [
      ...(action.roles.length > 0 ? ["node"] : []),
      ...Object.keys(action.fields),
    ]),
  );
  const properties = Object.fromEntries(
    [...fields].map((name) => [name, { type: "string", maxLength: LONGEST_TEXT }]),
  );
  return {
    required: true,
    content: { "application/json": { schema: { type: "object", properties, additionalProperties: false } } },
  };
}
