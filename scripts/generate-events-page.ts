/** Writes docs/reference/events.md: what `--json` prints. */
import { EVENT_KINDS } from '../src/core/event-kinds.ts'
import { VERIFY_EVENT_KINDS } from '../src/core/verify-events.ts'
import type { GeneratedFiles } from './generated-files.ts'
import { writeGenerated } from './generated-files.ts'
import { code, page, sentence, table } from './markdown.ts'

export async function generate(): Promise<GeneratedFiles> {
  const lines = [
    '# Events',
    '',
    'What `--json` prints while a command collects: one object a line, whose field `event` names its kind. A field of which nothing is',
    'known is left out. URLs carry no secrets, but for `asset` events of a dry run: there they are what was asked for. Each item that',
    'is told of ends in one of `stored`, `known`, `excluded`, `rejected`, `missing` and `failed`, unless the run is interrupted or dry.',
    ...sections(EVENT_KINDS),
    '',
    '# Events of verify',
    '',
    'What `bowerbird verify --json` prints; with `--repair` the events of the run that fetches follow.',
    ...sections(VERIFY_EVENT_KINDS),
  ]
  return { 'docs/reference/events.md': page('generate-events-page.ts', lines) }
}

type Kinds = Readonly<Record<string, { readonly about: string; readonly fields: Readonly<Record<string, string>> }>>

function sections(kinds: Kinds): readonly string[] {
  return Object.entries(kinds).flatMap(([name, { about, fields }]) => [
    '',
    `## ${name}`,
    sentence(about),
    ...table(
      ['field', 'holds'],
      Object.entries(fields).map(([field, what]) => [code(field), what]),
    ),
  ])
}

if (import.meta.main) await writeGenerated(await generate())
