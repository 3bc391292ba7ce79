/** What stands on a terminal (text with SGR sequences, as `tmux capture-pane -e` gives it) as an SVG. */

const CELL = { width: 8.4, height: 18 } as const
const PADDING = 16
const BACKGROUND = '#1c1f26'
const FOREGROUND = '#d7dae0'
/** The colours that the program uses, as a usual dark theme shows them. */
const COLORS: Readonly<Record<number, string>> = { 31: '#f07178', 32: '#a5d67c', 35: '#d49bea' }

interface Look {
  readonly color: string
  readonly bold: boolean
  readonly faint: boolean
}

const PLAIN: Look = { color: FOREGROUND, bold: false, faint: false }

export function svgOf(screen: string, columns: number, title: string): string {
  const lines = screen.split('\n')
  const width = Math.ceil(columns * CELL.width + 2 * PADDING)
  const height = Math.ceil(lines.length * CELL.height + 2 * PADDING)
  let look = PLAIN
  const rows = lines.map((line, row) => {
    const { spans, after } = spansOf(line, look)
    look = after
    return spans.map((span) => spanText(span, row)).join('\n')
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" xml:space="preserve">
${rows.filter((row) => row !== '').join('\n')}
</g>
</svg>
`
}

interface Span {
  readonly column: number
  readonly text: string
  readonly look: Look
}

function spansOf(line: string, before: Look): { readonly spans: readonly Span[]; readonly after: Look } {
  const spans: Span[] = []
  let look = before
  let column = 0
  // oxlint-disable-next-line no-control-regex -- what is looked for begins with ESC
  for (const part of line.split(/(\u001b\[[\d;]*m)/)) {
    if (part.startsWith('\u001b')) look = lookAfter(look, part)
    else if (part !== '') {
      if (part.trim() !== '') spans.push({ column, text: part, look })
      column += part.length
    }
  }
  return { spans, after: look }
}

function lookAfter(look: Look, sequence: string): Look {
  let next = look
  for (const code of sequence.slice(2, -1).split(';').map(Number)) {
    if (code === 0) next = PLAIN
    else if (code === 1) next = { ...next, bold: true }
    else if (code === 2) next = { ...next, faint: true }
    else if (code === 22) next = { ...next, bold: false, faint: false }
    else if (code === 39) next = { ...next, color: FOREGROUND }
    else next = { ...next, color: COLORS[code] ?? next.color }
  }
  return next
}

/** `textLength` keeps the cells where they belong, whatever the font. */
function spanText({ column, text, look }: Span, row: number): string {
  const x = (PADDING + column * CELL.width).toFixed(1)
  const y = (PADDING + (row + 0.75) * CELL.height).toFixed(1)
  const weight = look.bold ? ' font-weight="bold"' : ''
  const faint = look.faint ? ' opacity="0.65"' : ''
  const length = (text.length * CELL.width).toFixed(1)
  return `<text x="${x}" y="${y}" fill="${look.color}"${weight}${faint} textLength="${length}" lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
