// Direction overrides and isolates can make a line read as something else; controls can break a layout.
const HIDDEN = /[\p{Cc}\p{Bidi_Control}\ufeff]/gu;

/** Text of people we do not know, without the characters that make it look like something else. */
export function plainText(text: string): string {
  return text.replace(/\s+/g, ' ').replace(HIDDEN, '').trim();
}

/** {@link plainText} of no more than so many characters; for names that may be as long as somebody likes. */
export function cutText(text: string, most: number): string {
  const plain = plainText(text);
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain;
}

/** First seven characters of a commit. */
export function shortSha(sha: string): string {
  return plainText(sha).slice(0, 7);
}
