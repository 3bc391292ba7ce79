import type { Fault } from '../../core/errors.ts'

/**
 * One clear line: what happened to what and why, then what to do. A mistake of the program's own shows where it
 * happened with `--verbose`. Returns the exit status.
 */
export function reportFault(fault: Fault, verbose: boolean): number {
  const { advice, url } = fault.evidence
  const place = url !== undefined && !fault.message.includes(url) ? ` (${url})` : ''
  const lines = [`bowerbird: ${fault.message}${place}`]
  if (advice !== undefined) lines.push(`           ${advice}`)
  if (fault.code === 'Internal')
    lines.push('           this is a mistake in bowerbird; run it again with --verbose and report what it prints')
  if (verbose && fault.code === 'Internal') lines.push(originOf(fault))
  process.stderr.write(`${lines.join('\n')}\n`)
  return fault.exit
}

function originOf(fault: Fault): string {
  const { cause } = fault.evidence
  return (cause instanceof Error ? cause.stack : fault.stack) ?? ''
}
