/** Writes docs/reference/: every table of the program as a page. The program's help is made from the same tables. */
import { describeSources } from '../src/app/describe-sources.ts'
import { sourceSchemas } from '../src/app/schemas.ts'
import { COMMANDS, LATER_COMMANDS } from '../src/cli/commands.ts'
import { configTemplate } from '../src/config/init.ts'
import { GROUPS, KINDS } from '../src/config/option.ts'
import type { OptionGroup } from '../src/config/option.ts'
import { optionOf, OPTION_NAMES, optionsOf, variableOf } from '../src/config/options.ts'
import type { OptionName } from '../src/config/options.ts'
import { FAULT_KINDS } from '../src/core/errors.ts'
import type { Disposition } from '../src/core/errors.ts'
import { FIELDS } from '../src/expr/fields.ts'
import { FILTERS } from '../src/expr/template-filters.ts'
import { DATE_TOKENS } from '../src/expr/template-dates.ts'
import type { GeneratedFiles } from './generated-files.ts'
import { writeGenerated } from './generated-files.ts'
import { code, page, sentence, table } from './markdown.ts'

export async function generate(): Promise<GeneratedFiles> {
  const pages = {
    commands: commands(),
    options: options(),
    config: config(),
    sources: sources(),
    fields: fields(),
    templates: templates(),
    faults: faults(),
  }
  return Object.fromEntries(
    Object.entries(pages).map(([name, lines]) => [`docs/reference/${name}.md`, page('generate-docs.ts', lines)]),
  )
}

function commands(): readonly string[] {
  return [
    '# Commands',
    '',
    'Options of each are under [options](options.md); `bowerbird COMMAND --help` tells them as well.',
    ...COMMANDS.flatMap(({ name, args, about, own = [], examples = [] }) => [
      '',
      `## ${name}`,
      code(`bowerbird ${name} ${args}`.trim()),
      '',
      sentence(about),
      ...(own.length === 0
        ? []
        : table(
            ['option', 'meaning'],
            own.map(([flag, what]) => [code(flag), what]),
          )),
      ...(examples.length === 0 ? [] : ['', '```sh', ...examples, '```']),
    ]),
    '',
    '## In a later version',
    ...table(
      ['command', 'until then'],
      Object.entries(LATER_COMMANDS).map(([name, advice]) => [code(name), advice]),
    ),
    '## Exit status',
    ...table(
      ['status', 'meaning'],
      [
        ['0', 'all is collected; numbers that a site does not have count as that'],
        ['1', 'a mistake in the program'],
        ['2', 'the command line, a list or the configuration cannot be understood'],
        ['3', 'finished, but some items failed'],
        ['4', 'a target could not be explored: unknown, gone, needs a login, blocked, changed, or empty'],
        ['5', 'local trouble: disk full, not writable, catalog damaged'],
        ['129, 130, 143', 'ended by SIGHUP, SIGINT or SIGTERM; everything settled so far is safe'],
        ['141', 'whoever read standard output has gone; everything settled so far is safe'],
      ],
    ),
    'Of several, 1 wins, else the highest.',
  ]
}

function options(): readonly string[] {
  const groups = Object.entries(GROUPS) as readonly (readonly [OptionGroup, string])[]
  return [
    '# Options',
    '',
    'An option may also stand in the [configuration file](config.md) and in the environment, unless it says "call only". The',
    'command line is heard over the environment, the environment over the file.',
    ...groups.flatMap(([group, title]) => {
      const names = OPTION_NAMES.filter((name) => optionOf(name).group === group)
      return names.length === 0 ? [] : ['', `## ${title}`, ...table(OPTION_HEAD, names.map(optionRow))]
    }),
    '## How values are written',
    ...table(
      ['argument', 'takes'],
      OPTION_NAMES.filter((name) => optionOf(name).argument !== undefined).map((name) => {
        const { flag, argument = '', kind, choices } = optionOf(name)
        return [code(`${flag} ${argument}`), choices?.join(', ') ?? KINDS[kind]]
      }),
    ),
    '## Which command takes which',
    ...table(
      ['command', 'options'],
      COMMANDS.map(({ name }) => [
        code(name),
        optionsOf(name)
          .map((each) => code(optionOf(each).flag))
          .join(' '),
      ]),
    ),
  ]
}

const OPTION_HEAD = ['option', 'meaning', 'default', 'in the file', 'in the environment']

function optionRow(name: OptionName): readonly string[] {
  const {
    flag,
    short,
    argument,
    about,
    otherwise,
    callOnly,
    repeatable,
    switches = [],
    default: standard,
  } = optionOf(name)
  const flags = [...(short === undefined ? [] : [short]), argument === undefined ? flag : `${flag} ${argument}`]
  const more = switches.map((each) => `${code(each.short ?? each.flag)}: ${each.about}`)
  const value = otherwise ?? (argument === undefined ? undefined : standard)
  return [
    flags.map(code).join(', '),
    [about, ...more, ...(repeatable === true ? ['repeatable'] : [])].join('; '),
    value === undefined ? '' : typeof value === 'string' && otherwise !== undefined ? value : code(String(value)),
    callOnly === true ? 'call only' : code(name),
    callOnly === true ? '' : code(variableOf(name)),
  ]
}

function config(): readonly string[] {
  return [
    '# Configuration file',
    '',
    '`bowerbird config init` writes this file, `bowerbird config check` says what is wrong with one, and `bowerbird config schema`',
    'prints its JSON Schema for editors. It is looked for at `$XDG_CONFIG_HOME/bowerbird/config.yaml` (without the variable at',
    '`~/.config/bowerbird/config.yaml`), or where `--config` or `BOWERBIRD_CONFIG` says.',
    '',
    '```yaml',
    configTemplate(sourceSchemas()).trimEnd(),
    '```',
  ]
}

function sources(): readonly string[] {
  return [
    '# Sources',
    '',
    'A URL is given to the source that knows its host; a short form, `NAME:…`, names its source. The page of a source tells',
    'its targets, options and limits, and what is known of its site; `bowerbird sources NAME` tells the same on a terminal.',
    ...table(
      ['source', 'collects', 'hosts'],
      describeSources().map(({ name, about, hosts }) => [
        `[${name}](../sources/${name}.md)`,
        about,
        hosts.map(code).join(', '),
      ]),
    ),
  ]
}

function fields(): readonly string[] {
  return [
    '# Fields',
    '',
    'What `--where`, `--folder` and `--name` know of an item. A source may add others (`bowerbird sources NAME` tells them): in `--where`',
    'they are asked for as `meta.NAME` (and by `has(meta.NAME)`), in templates as `{NAME}`. A template with any other name is refused.',
    ...table(
      ['field', 'type', 'meaning', 'known'],
      Object.entries(FIELDS).map(([name, field]) => [
        code(name),
        field.type === 'strings' ? 'list of texts' : field.type === 'string' ? 'text' : 'number',
        field.about,
        'file' in field ? 'from the listing, or once the file is here' : 'from the listing',
      ]),
    ),
    '## --where',
    'A condition in [CEL](https://cel.dev): `==` `!=` `<` `>=` `&&` `||` `!` `in`, `title.contains("x")`, `.startsWith`, `.endsWith`,',
    '`.matches("regular expression")`, `size(tags)`. Unknown names and wrong types are refused before anything starts.',
    '',
    '```sh',
    `--where 'width >= 2000 && kind == "image"'`,
    `--where '"landscape" in tags && !title.contains("sketch")'`,
    `--where 'date >= "2024-01-01"'`,
    '```',
    '',
    'What the listing does not tell and only the file can (kind, mime, bytes, width, height) is fetched first, then asked; a file for',
    'which the condition does not hold is `rejected`. Any other field that an item does not have makes the condition false: `excluded`.',
  ]
}

function templates(): readonly string[] {
  return [
    '# Templates',
    '',
    '`--folder` and `--name` say where files go: text with [fields](fields.md) in braces. The extension follows the content of a file.',
    '',
    '```sh',
    `--folder '{source}/{author}' --name '{date:YYYY-MM-DD} {title|max:80}'`,
    `--folder '{author|default:nobody}/{date:YYYY}' --name '{index:04} {filename}'`,
    '```',
    '',
    '- `{field:0N}` fills a number up to N digits with zeros.',
    `- \`{date:FORMAT}\` writes a date by ${DATE_TOKENS.map(code).join(' ')}.`,
    '- `{field|filter:argument|filter}` changes a value; `\\` takes the next character as it is; `{{` and `}}` are braces.',
    '- A `/` in a folder template separates folders; a `/` in a value never does. Nothing leads out of the library.',
    '- A file is named when it is listed: `{width}`, `{height}`, `{bytes}`, `{mime}` and `{kind}` are empty unless the site tells them, and so is',
    '  a field that only other sources have. `{width|default:unknown}` puts a word there; a name that is empty as a whole is the `id`.',
    '- Beside an empty field the separators go as well: with no title, `{date} - {title}` is the date alone.',
    '- Two items that would have one name: the second gets `~` and 8 digits that stay the same in every run.',
    ...table(
      ['filter', 'makes'],
      Object.values(FILTERS).map(({ usage, about }) => [code(usage), about]),
    ),
  ]
}

const DISPOSITIONS: Readonly<Record<Disposition, string>> = {
  retry: 'tried again (`--retries`)',
  later: 'waits as long as the host asks, and goes on',
  skip: 'the item fails, the others go on',
  'stop-source': 'the target ends, the others go on',
  abort: 'the run ends; what is settled is safe',
}

function faults(): readonly string[] {
  return [
    '# Reasons of failures',
    '',
    'The `code` of `failed` events, of the summary and of `bowerbird find --state failed`.',
    ...table(
      ['code', 'meaning', 'what happens', 'exit status'],
      Object.entries(FAULT_KINDS).map(([name, { meaning, disposition, exit }]) => [
        code(name),
        meaning,
        DISPOSITIONS[disposition],
        String(exit),
      ]),
    ),
  ]
}

if (import.meta.main) await writeGenerated(await generate())
