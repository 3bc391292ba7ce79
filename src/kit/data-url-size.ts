/** About how many bytes a `data:` URL holds, without decoding it. */
export function dataUrlSize(url: string): number {
  const comma = url.indexOf(',')
  if (comma < 0) return 0
  const length = url.length - comma - 1
  return /;\s*base64\s*$/i.test(url.slice(0, comma)) ? Math.floor((length * 3) / 4) : length
}
