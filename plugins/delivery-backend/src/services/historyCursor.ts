import type { HistoryCursor } from '../database/EnvironmentStore';
import { decodeCursor, encodeCursor } from './runCursor';

/** Opaque to the caller: only what {@link decodeHistoryCursor} reads. */
export function encodeHistoryCursor({ startedAt, id }: HistoryCursor): string {
  return encodeCursor({ createdAt: startedAt, runKey: id });
}

/** @throws `InputError` for anything but the word of an earlier answer */
export function decodeHistoryCursor(text: string): HistoryCursor {
  const { createdAt, runKey } = decodeCursor(text);
  return { startedAt: createdAt, id: runKey };
}
