import { readPort, readText } from "#utils";

/** What the service is told by its environment. */
export interface Settings {
  readonly port: number;
  /** Without one the service runs, and says so in /health; its resources answer 503. */
  readonly databaseUrl?: string;
  /** What callers of the resources send as `x-api-key`. Without one nobody gets in. */
  readonly apiKey?: string;
  /** Where ECS tells a container about itself. */
  readonly metadataUrl?: string;
}

/** @throws `Error` with one sentence about the first wrong variable */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  return {
    port: readPort(env, "PORT", 8080),
    databaseUrl: readText(env, "DATABASE_URL"),
    apiKey: readText(env, "API_KEY"),
    metadataUrl: readText(env, "ECS_CONTAINER_METADATA_URI_V4"),
  };
}
