const NAMED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v', 0: '\0' }
const ESCAPE = /\\(?:u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|x([0-9a-f]{2})|(\r\n|[^]))/gi

/**
 * The text that a JavaScript string literal stands for, from its opening quote on. Nothing where no literal begins, or
 * none ends. Written by hand because JSON has no `\'` and no `\x`, and pages are read, never run.
 */
export function scriptTextAt(script: string, start: number): string | undefined {
  const quote = script[start]
  if (quote !== '"' && quote !== "'") return undefined
  let end = script.indexOf(quote, start + 1)
  while (end >= 0 && isEscaped(script, end)) end = script.indexOf(quote, end + 1)
  return end < 0 ? undefined : script.slice(start + 1, end).replaceAll(ESCAPE, unescape)
}

/** An odd number of backslashes before it. */
function isEscaped(script: string, at: number): boolean {
  let first = at
  while (script[first - 1] === '\\') first -= 1
  return (at - first) % 2 === 1
}

function unescape(
  found: string,
  braced: string | undefined,
  unicode: string | undefined,
  byte: string | undefined,
  character: string | undefined,
): string {
  const code = braced ?? unicode ?? byte
  if (code !== undefined) {
    const point = Number.parseInt(code, 16)
    return point > 0x10ffff ? found : String.fromCodePoint(point)
  }
  // A backslash at the end of a line joins it with the next one.
  if (character === undefined || /[\r\n\u2028\u2029]/.test(character)) return ''
  return NAMED[character] ?? character
}
