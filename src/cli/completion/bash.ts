import type { CompletedCommand, CompletedOption } from './words.ts'

/**
 * Works in bash 3.2 and newer, with and without the package bash-completion. `:` breaks words in bash: what is offered
 * for `imgur:` is cut to what stands behind the last one.
 */
export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# Completion of bowerbird for bash: source <(bowerbird completion bash)
_bowerbird() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=get word at
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    case \${COMP_WORDS[at]} in
      ${commands.map(({ name }) => name).join('|')}) command=\${COMP_WORDS[at]}; break ;;
    esac
  done
  local words=
  case $command in
${commands.map(commandCase).join('\n')}
  esac
  if [[ $COMP_CWORD -eq 1 && $current != -* ]]; then
    words="$words ${commands.map(({ name }) => name).join(' ')} help"
  fi
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$words" -- "$current")
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *: ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -F _bowerbird bowerbird
`
}

function commandCase({ name, options, words }: CompletedCommand): string {
  const flags = options.flatMap(({ flags: each }) => each)
  return `    ${name})
      case $previous in
${valueCases(options)}
      esac
      if [[ $current == -* ]]; then words="${flags.join(' ')}"; else words="${words.join(' ')}"; fi ;;`
}

/** What stands behind an option: words, files, or whatever the user likes. */
function valueCases(options: readonly CompletedOption[]): string {
  const flagsOf = (takes: CompletedOption['takes']): string =>
    options.flatMap((option) => (option.takes === takes ? option.flags : [])).join('|')
  const chosen = options
    .filter(({ takes }) => takes === 'words')
    .map(
      ({ flags, words }) =>
        `        ${flags.join('|')}) while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "${words.join(' ')}" -- "$current"); return 0 ;;`,
    )
  const paths = flagsOf('path')
  const texts = flagsOf('text')
  return [
    ...chosen,
    ...(paths === ''
      ? []
      : [
          `        ${paths}) compopt -o filenames 2>/dev/null; while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current"); return 0 ;;`,
        ]),
    ...(texts === '' ? [] : [`        ${texts}) return 0 ;;`]),
  ].join('\n')
}
