import { pump, pumps, rubbish } from './foreign.ts'
import { holds } from './rounds.ts'

/** What holds for any text: a few hundred short ones, and some that are made to be slow. */
export function property(name: string, tokens: readonly string[], check: (text: string) => unknown): void {
  holds(name, 300, rubbish(tokens), check)
  holds(`${name}, without measure`, 60, pumps(tokens), (one) => check(pump(one)))
}
