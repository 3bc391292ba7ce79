import ipaddr from 'ipaddr.js'

/** IPv6 ranges that carry an IPv4 address: what counts is the address inside. */
function embedded(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const bytes = address.toByteArray()
  const range = address.range()
  if (range === 'ipv4Mapped' || range === 'rfc6145' || range === 'rfc6052') return new ipaddr.IPv4(bytes.slice(12, 16))
  if (range === '6to4') return new ipaddr.IPv4(bytes.slice(2, 6))
  return undefined
}

/** Whether an IP address is one of the public internet: globally reachable unicast, also inside IPv6 transition forms. */
export function isPublicAddress(text: string): boolean {
  const [bare = ''] = text.split('%', 1)
  if (!ipaddr.isValid(bare)) return false
  const address = ipaddr.parse(bare)
  if (address instanceof ipaddr.IPv4) return address.range() === 'unicast'
  const inside = embedded(address)
  return (inside ?? address).range() === 'unicast'
}

/**
 * Names that never leave the machine, its network or its cloud, whatever a resolver says: RFC 6761, RFC 6762, RFC 8375,
 * ICANN's `internal`, and names of one label, which search domains complete.
 */
const LOCAL_NAMES = /(^|\.)(localhost|local|internal|home\.arpa)\.?$|^[^.]+\.?$/

/** Whether the host of a URL (as WHATWG URL writes it) is private by its text alone, before any lookup. */
export function isPrivateHost(hostname: string): boolean {
  if (hostname.startsWith('[')) return !isPublicAddress(hostname.slice(1, -1))
  if (/^[\d.]+$/.test(hostname)) return !isPublicAddress(hostname)
  return LOCAL_NAMES.test(hostname.toLowerCase())
}
