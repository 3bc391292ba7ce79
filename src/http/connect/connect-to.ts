import { Fault } from '../../core/errors.ts'

/** One `--connect-to`: who asks for HOST1:PORT1 is connected to HOST2:PORT2. */
export interface ConnectTo {
  /** Lower case, IPv6 in brackets; absent matches any. */
  readonly fromHost?: string
  readonly fromPort?: number
  /** Without brackets; absent keeps the original. */
  readonly toHost?: string
  readonly toPort?: number
}

const SHAPE = /^(\[[^\]]*\]|[^:[\]]*):(\d*):(\[[^\]]*\]|[^:[\]]*):(\d*)$/

function port(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text)
}

/** Reads HOST1:PORT1:HOST2:PORT2 as curl does. */
export function parseConnectTo(text: string): ConnectTo {
  const match = SHAPE.exec(text)
  const [, fromHost, fromPortText, toHost, toPortText] = match ?? []
  const fromPort = port(fromPortText)
  const toPort = port(toPortText)
  if (match === null || (fromPort ?? 0) > 65_535 || (toPort ?? 0) > 65_535) {
    throw new Fault('Usage', `--connect-to takes HOST1:PORT1:HOST2:PORT2, which "${text}" is not`, {
      advice: 'leave a part empty to match any, and write IPv6 addresses in brackets: example.org:443:[::1]:8443',
    })
  }
  return {
    ...(fromHost ? { fromHost: fromHost.toLowerCase() } : {}),
    ...(fromPort === undefined ? {} : { fromPort }),
    ...(toHost ? { toHost: toHost.replace(/^\[|\]$/g, '') } : {}),
    ...(toPort === undefined ? {} : { toPort }),
  }
}

/** Where a connection goes, or `undefined` where no rule names the place. The first rule that matches counts. */
export function mapConnection(
  rules: readonly ConnectTo[],
  hostname: string,
  portNumber: number,
): { readonly host: string; readonly port: number } | undefined {
  const rule = rules.find(
    (one) =>
      (one.fromHost === undefined || one.fromHost === hostname) &&
      (one.fromPort === undefined || one.fromPort === portNumber),
  )
  if (rule === undefined) return undefined
  return { host: rule.toHost ?? hostname.replace(/^\[|\]$/g, ''), port: rule.toPort ?? portNumber }
}
