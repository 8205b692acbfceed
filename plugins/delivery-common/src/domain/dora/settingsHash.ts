import type { DoraSettings } from '../../contract';
import { canonical } from '../canonical';

const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/**
 * Sixteen hex digits that are the same for the same settings. Stands beside every exported number, so that two numbers can be told to have
 * been made by the same rules; it protects nothing.
 */
export function doraSettingsHash(settings: DoraSettings): string {
  let hash = OFFSET;
  const text = canonical(settings);
  // Code units, low byte and high byte: FNV-1a takes bytes.
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    for (const byte of [unit & 0xff, unit >> 8]) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
    }
  }
  return hash.toString(16).padStart(16, '0');
}
