/** Writes docs/sources/: a page for each source, with what is known of its site and what is not. */
import { describeSources } from '../src/app/describe-sources.ts'
import type { SourceDescription } from '../src/app/describe-sources.ts'
import type { GeneratedFiles } from './generated-files.ts'
import { writeGenerated } from './generated-files.ts'
import { code, page, sentence, table } from './markdown.ts'

export async function generate(): Promise<GeneratedFiles> {
  return Object.fromEntries(
    describeSources().map((source) => [
      `docs/sources/${source.name}.md`,
      page('generate-source-pages.ts', chapters(source)),
    ]),
  )
}

function chapters(source: SourceDescription): readonly string[] {
  const { name, about, hosts, folder, filename } = source
  return [
    `# ${name}`,
    '',
    sentence(about),
    '',
    ...(hosts.length === 0 ? [] : [`Hosts: ${hosts.map(code).join(', ')}.`]),
    `Files go to ${code(`${folder}/${filename}`)}, unless \`--folder\` and \`--name\` say otherwise.`,
    ...targets(source),
    ...options(source),
    ...fields(source),
    ...limits(source),
    ...evidence(source),
  ]
}

function targets({ routes }: SourceDescription): readonly string[] {
  return [
    '',
    '## Targets',
    ...table(
      ['route', 'takes', 'written', 'read by'],
      routes.map(({ name, about, example, also, newestFirst, strategies }) => [
        code(name),
        newestFirst && !about.includes('newest first') ? `${about}, newest first` : about,
        [example, ...also].map(code).join('<br>'),
        strategies.join(', then '),
      ]),
    ),
    ...(routes.some(({ strategies }) => strategies.length > 1)
      ? [
          'Where several stand under "read by", the next one is tried when the one before is refused or answers in an unknown shape.',
        ]
      : []),
  ]
}

function options({ name, options: own }: SourceDescription): readonly string[] {
  if (own.length === 0) return []
  return [
    '',
    '## Options',
    `As \`--option ${name}.NAME=VALUE\`, or below \`sources: ${name}:\` in the [configuration file](../reference/config.md).`,
    ...table(
      ['option', 'meaning', 'takes', 'default'],
      own.map((each) => [
        code(each.name),
        each.about,
        each.takes,
        each.default === undefined
          ? ''
          : code(typeof each.default === 'string' ? each.default : JSON.stringify(each.default)),
      ]),
    ),
  ]
}

function fields({ fields: own }: SourceDescription): readonly string[] {
  const rows = Object.entries(own)
  if (rows.length === 0) return []
  return [
    '',
    '## Fields',
    'Besides the [common ones](../reference/fields.md): `{NAME}` in templates, `meta.NAME` in `--where`.',
    ...table(
      ['field', 'holds'],
      rows.map(([name, about]) => [code(name), about]),
    ),
  ]
}

function limits({ limits: all }: SourceDescription): readonly string[] {
  if (all.length === 0) return []
  return [
    '',
    '## Limits',
    'What the site gets at most, unless `--per-host`, `--rate` or `--timeout` says otherwise.',
    ...table(
      ['hosts', 'at once', 'a second', 'timeout', 'user agent'],
      all.map((limit) => [
        limit.hosts.map((host) => code(`${host}${limit.path ?? ''}`)).join(', '),
        limit.slots === undefined ? '' : String(limit.slots),
        limit.perSecond === undefined ? '' : String(limit.perSecond),
        limit.timeout === undefined ? '' : `${limit.timeout} s`,
        limit.userAgent === undefined ? '' : code(limit.userAgent),
      ]),
    ),
  ]
}

function evidence({ evidence: known }: SourceDescription): readonly string[] {
  if (known === undefined) return []
  return [
    '',
    '## What is proven, and what is not',
    'None of it has been run against the live site.',
    ...(known.recorded.length === 0 ? [] : ['Recorded answers of the site, which tests read, show:', '']),
    ...known.recorded.map((line) => `- ${sentence(line)}`),
    '',
    'Known from documentation and other programs alone, or inferred:',
    '',
    ...known.unverified.map((line) => `- ${sentence(line)}`),
  ]
}

if (import.meta.main) await writeGenerated(await generate())
