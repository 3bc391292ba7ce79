import type { Fault } from '../../core/errors.ts'
import { harmless } from './format.ts'
import { styleOf } from './style.ts'

const INDENT = '           '

/**
 * What happened to what and why, in one line where it can be; then what to do. A mistake of the program's own shows
 * where it happened with `--verbose`. Returns the exit status.
 */
export function reportFault(fault: Fault, verbose: boolean): number {
  const style = styleOf(process.stderr, process.env)
  const { advice, url, where } = fault.evidence
  const place = url !== undefined && !fault.message.includes(url) ? ` (${url})` : ''
  const [first = '', ...more] = `${fault.message}${place}`.split('\n')
  const lines = [`${style.bad('bowerbird:')} ${harmless(first)}`, ...more.map((line) => INDENT + harmless(line))]
  if (where !== undefined && fault.code === 'SiteChanged') lines.push(`${INDENT}at ${harmless(where)}`)
  if (advice !== undefined) lines.push(...advice.split('\n').map((line) => INDENT + harmless(line)))
  if (fault.code === 'Internal')
    lines.push(`${INDENT}this is a mistake in bowerbird: run it again with --verbose, and report what it says`)
  if (verbose && fault.code === 'Internal') lines.push(originOf(fault))
  process.stderr.write(`${lines.join('\n')}\n`)
  return fault.exit
}

function originOf(fault: Fault): string {
  const { cause } = fault.evidence
  return (cause instanceof Error ? cause.stack : fault.stack) ?? ''
}
