import { plainText } from '../../format/plainText';

/** `payments` of `system:default/payments`. */
export function nameOfRef(ref: string | undefined): string {
  const text = plainText(ref ?? '');
  return text.slice(text.indexOf('/') + 1);
}
