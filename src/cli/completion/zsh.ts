import type { CompletedCommand, CompletedOption } from './words.ts'

export function zshScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name)
  return `#compdef bowerbird
# Completion of bowerbird for zsh: bowerbird completion zsh > "\${fpath[1]}/_bowerbird"
_bowerbird() {
  local -a commands=(
${commands.map(({ name, about }) => `    ${quoted(`${name}:${about}`)}`).join('\n')}
  )
  local command=get
  if (( CURRENT == 2 )) && [[ $words[CURRENT] != -* ]]; then
    _describe -t commands command commands
  fi
  local word
  for word in \${words[2,CURRENT-1]}; do
    case $word in
      ${names.join('|')}) command=$word; break ;;
    esac
  done
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _bowerbird ]]; then _bowerbird "$@"; else compdef _bowerbird bowerbird; fi
`
}

function commandCase({ name, options, words }: CompletedCommand): string {
  const target = words.length === 0 ? "'*: :'" : quoted(`*: :_values -S "" word ${words.map(escaped).join(' ')}`)
  const specs = options.flatMap((option) => option.flags.map((flag) => spec(flag, option)))
  return `    ${name}) _arguments -S ${[...specs, target].join(' ')} ;;`
}

function spec(flag: string, { about, takes, words }: CompletedOption): string {
  const action = { nothing: '', words: `:value:(${words.join(' ')})`, path: ':file:_files', text: ':value: ' }[takes]
  return quoted(`*${flag}[${escaped(about)}]${action}`)
}

/** Signs that \`_arguments\` would read. */
function escaped(text: string): string {
  return text.replaceAll(/[\\[\]:]/g, (sign) => `\\${sign}`)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
