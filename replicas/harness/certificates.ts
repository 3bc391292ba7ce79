import { generate } from 'selfsigned'

/** A certificate authority and one leaf for all host names; PEM. */
export interface Certificates {
  readonly ca: string
  /** The leaf followed by the authority, as a server sends them. */
  readonly chain: string
  readonly key: string
}

/** Makes both anew (about 60 ms); their keys exist in memory only. */
export async function makeCertificates(hosts: readonly string[]): Promise<Certificates> {
  const shared = { keyType: 'ec', algorithm: 'sha256' } as const
  const authority = await generate([{ name: 'commonName', value: 'Bowerbird replicas' }], {
    ...shared,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const names = hosts.map((value) => ({ type: 2 as const, value }))
  const leaf = await generate([{ name: 'commonName', value: 'replica' }], {
    ...shared,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [...names, { type: 2, value: 'localhost' }, { type: 7, ip: '127.0.0.1' }] },
    ],
  })
  return { ca: authority.cert, chain: `${leaf.cert}\n${authority.cert}`, key: leaf.private }
}
