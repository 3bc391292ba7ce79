/** `*.example.org` takes every host below example.org, but not itself; any other pattern only its equal. */
export function hostMatches(pattern: string, hostname: string): boolean {
  return pattern.startsWith('*.') ? hostname.endsWith(pattern.slice(1)) : pattern === hostname
}
