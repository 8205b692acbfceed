const ESCAPE = 0x1b;
const BELL = 0x07;

/**
 * The text without terminal escapes and other control characters, except tab. Colours are lost on purpose: a log is shown as plain
 * text, and an escape in the middle of a token would hide it from the redactor. One pass.
 */
export function stripControls(text: string): string {
  let result = '';
  let from = 0;
  for (let i = 0; i < text.length; ) {
    const code = text.charCodeAt(i);
    if (!isControl(code)) {
      i++;
      continue;
    }
    result += text.slice(from, i);
    i = code === ESCAPE ? endOfEscape(text, i) : i + 1;
    from = i;
  }
  return from === 0 ? text : result + text.slice(from);
}

function isControl(code: number): boolean {
  return (
    (code < 0x20 && code !== 0x09) ||
    (code >= 0x7f && code <= 0x9f) ||
    // Zero-width characters and marks that reorder text.
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x2069) ||
    code === 0xfeff
  );
}

/** Position after the escape sequence that begins at `start`; what is not closed ends where the next escape begins. */
function endOfEscape(text: string, start: number): number {
  const kind = text[start + 1];
  let i = start + 2;
  if (kind === '[') {
    while (i < text.length && isBetween(text, i, 0x20, 0x3f)) i++;
    return isBetween(text, i, 0x40, 0x7e) ? i + 1 : i;
  }
  if (kind === ']') {
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === BELL) return i + 1;
      if (code === ESCAPE) return text[i + 1] === '\\' ? i + 2 : i;
    }
    return i;
  }
  return start + 1;
}

function isBetween(text: string, i: number, low: number, high: number) {
  const code = text.charCodeAt(i);
  return code >= low && code <= high;
}
