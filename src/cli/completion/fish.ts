import type { CompletedCommand, CompletedOption } from './words.ts'

export function fishScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name)
  const lines = [
    '# Completion of bowerbird for fish: bowerbird completion fish > ~/.config/fish/completions/bowerbird.fish',
    'complete -c bowerbird -f',
    ...commands.map(
      ({ name, about }) => `complete -c bowerbird -n __fish_use_subcommand -a ${name} -d ${quoted(about)}`,
    ),
    ...commands.flatMap((command) => commandLines(command, names)),
  ]
  return `${lines.join('\n')}\n`
}

/** \`get\` may be left out: its options hold wherever no other command stands. */
function commandLines({ name, options, words }: CompletedCommand, names: readonly string[]): readonly string[] {
  const others = names.filter((each) => each !== 'get').join(' ')
  const when = name === 'get' ? `'not __fish_seen_subcommand_from ${others}'` : `'__fish_seen_subcommand_from ${name}'`
  const head = `complete -c bowerbird -n ${when}`
  return [
    ...options.map((option) => `${head} ${optionPart(option)}`),
    ...(words.length === 0 ? [] : [`${head} -a ${quoted(words.join(' '))}`]),
  ]
}

function optionPart({ flags, about, takes, words }: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
  const value = { nothing: '', words: ` -x -a ${quoted(words.join(' '))}`, path: ' -r -F', text: ' -x' }[takes]
  return `${names.join(' ')}${value} -d ${quoted(about)}`
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, (sign) => `\\${sign}`)}'`
}
