/** Longer ones no provider takes. */
const MOST_CHARACTERS = 1_000

/** A keyword as the sources know it: blanks tidied, NFC, so that it is the same wherever it stands. */
export function tidyKeyword(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/g, ' ')
}

/** Whether a tidy text can be searched for: a few words, not bytes. */
export function isKeyword(keyword: string): boolean {
  return keyword !== '' && keyword.length <= MOST_CHARACTERS && !/[\p{Cc}\ufffd]/u.test(keyword)
}
