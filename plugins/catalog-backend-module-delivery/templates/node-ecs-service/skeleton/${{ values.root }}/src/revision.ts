const LABEL = "org.opencontainers.image.revision";

/**
 * The commit that this container was made from: the label that the pipeline puts on it, which ECS tells the container.
 *
 * @returns the full SHA, or `unknown` outside ECS and when ECS does not answer: that alone is no reason not to serve
 */
export async function readRevision(
  metadataUrl: string | undefined,
  get: typeof fetch = fetch,
): Promise<string> {
  if (metadataUrl === undefined) return "unknown";
  try {
    const response = await get(metadataUrl, { signal: AbortSignal.timeout(2_000) });
    const body = (await response.json()) as { Labels?: Record<string, unknown> };
    const label = body.Labels?.[LABEL];
    return typeof label === "string" && label !== "" ? label : "unknown";
  } catch {
    return "unknown";
  }
}
