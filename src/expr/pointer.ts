/** The line of a text that holds an offset, with carets under the place that is meant. */
export function pointAt(text: string, start: number, end: number): string {
  const lineStart = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1
  const [line = ''] = text.slice(lineStart).split('\n', 1)
  const column = start - lineStart
  const width = Math.max(1, Math.min(end - start, line.length - column))
  return `  ${line}\n  ${' '.repeat(column)}${'^'.repeat(width)}`
}
