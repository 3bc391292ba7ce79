/** The number at the end of a work's address: `…/art/Misty-510056679`, `…/art/510056679`, `/deviation/510056679/`. */
export function idOfAddress(url: string): number | undefined {
  const number = /\/(?:art|journal|status-update|deviation|view|poll)\/(?:[^/?#]*-)?(\d{1,15})\/?(?:[?#]|$)/.exec(
    url,
  )?.[1]
  return number === undefined ? undefined : Number(number)
}

/** `d8foa93`, as short addresses and file names write it: the number in base 36. */
export function idOfShort(name: string): number | undefined {
  if (!/^d[0-9a-z]{1,9}$/i.test(name)) return undefined
  return Number.parseInt(name.slice(1), 36)
}
