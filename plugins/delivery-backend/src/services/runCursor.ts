import { InputError } from '@backstage/errors';
import { z } from 'zod';
import type { RunCursor } from '../database/DeliveryStore';

const shape = z.tuple([z.number().int().nonnegative(), z.string().min(1)]);

/** Opaque to the caller: only what {@link decodeCursor} reads. */
export function encodeCursor(cursor: RunCursor): string {
  return Buffer.from(
    JSON.stringify([cursor.createdAt, cursor.runKey]),
  ).toString('base64url');
}

/** @throws `InputError` for anything but the word of an earlier answer */
export function decodeCursor(text: string): RunCursor {
  try {
    const [createdAt, runKey] = shape.parse(
      JSON.parse(Buffer.from(text, 'base64url').toString('utf8')),
    );
    return { createdAt, runKey };
  } catch {
    throw new InputError(
      'Query parameter "cursor" is not one that this list gave; start again without it.',
    );
  }
}
