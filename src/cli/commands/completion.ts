import { describeSources } from '../../app/describe-sources.ts'
import { Fault } from '../../core/errors.ts'
import { didYouMean } from '../../core/suggest.ts'
import { answerWith } from '../answer.ts'
import type { Call } from '../call.ts'
import { bashScript } from '../completion/bash.ts'
import { fishScript } from '../completion/fish.ts'
import { completions } from '../completion/words.ts'
import { zshScript } from '../completion/zsh.ts'

const SHELLS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

/** `completion SHELL`: the script that makes a shell complete commands, options, their values, and sources. */
export async function completion(call: Call): Promise<number> {
  const shell = call.args[0] ?? ''
  if (!isShell(shell)) {
    throw new Fault('Usage', `there is no completion for "${shell}"`, {
      advice: didYouMean(shell, Object.keys(SHELLS)),
    })
  }
  const names = describeSources().map(({ name }) => name)
  return answerWith(SHELLS[shell](completions(names)).trimEnd())
}

function isShell(name: string): name is keyof typeof SHELLS {
  return Object.hasOwn(SHELLS, name)
}
