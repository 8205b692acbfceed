// Direction overrides and isolates can make a line read as something else; controls can break a layout.
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Text of people we do not know, without the characters that make it look like something else. */
export function plainText(text: string): string {
  return text.replace(HIDDEN, '').trim();
}

/** First seven characters of a commit. */
export function shortSha(sha: string): string {
  return plainText(sha).slice(0, 7);
}
