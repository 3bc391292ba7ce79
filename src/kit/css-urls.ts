/** At-rules whose URLs are no pictures. */
const NOT_PICTURES = /@(?:import|namespace)\b[^;]*;?|@font-face\b[^{]*(?:\{[^}]*\}?|$)/gi
const COMMENT = /\/\*[^]*?(?:\*\/|$)/g
/** CSS Syntax: `url-token` and `url("…")`. What stands bare is not empty: blanks alone would be gone through in square time. */
const URL_TOKEN = /\burl\(\s*(?:"((?:[^"\\\n]|\\[^])*)"|'((?:[^'\\\n]|\\[^])*)'|((?:[^\s"'()\\]|\\[^])+))\s*\)/gi
const ESCAPE = /\\(?:([0-9a-f]{1,6})\s?|\n|([^]))/gi

/** The URLs of pictures in a style attribute or a style sheet, in order, as written. */
export function cssUrls(css: string): readonly string[] {
  if (!/url\(/i.test(css)) return []
  const pictures = css.replace(COMMENT, ' ').replace(NOT_PICTURES, ' ')
  return Array.from(pictures.matchAll(URL_TOKEN), ([, double, single, bare]) =>
    unescapeCss(double ?? single ?? bare ?? ''),
  ).filter((url) => url !== '' && !url.startsWith('#'))
}

function unescapeCss(text: string): string {
  return text.replace(ESCAPE, (_, code: string | undefined, plain: string | undefined) =>
    code === undefined ? (plain ?? '') : String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff)),
  )
}
