/** Names of parameters whose values are secrets, in lower case without `-` and `_`. */
const SECRET_NAMES = new Set([
  ...['token', 'idtoken', 'csrftoken', 'xsrftoken', 'usertoken', 'jwt', 'bearer', 'ticket'],
  ...['sig', 'sign', 'hmac', 'upsig', 'hdnts', 'hdnea', 'hdntl', 'policy', 'keypairid'],
  ...['key', 'xapikey', 'appkey', 'authkey', 'subscriptionkey', 'credential', 'googleaccessid'],
  ...['auth', 'authorization', 'cookie', 'pass', 'passwd', 'passphrase', 'pwd', 'session', 'sid'],
])

/** What longer names of secrets end in: `X-Amz-Signature`, `AWSAccessKeyId`, `oauth_token`, `PHPSESSID`. */
const SECRET_ENDINGS =
  /(?:secret|password|signature|credential|apikey|accesskey|accesskeyid|(?:access|auth|oauth|session|refresh|security|api|app|sts)token|sessionid|sessid)$/

const REDACTED = 'REDACTED'

/** Schemes whose URLs a browser reads with any number of slashes of either kind; of all others `//` begins a host. */
const USER_INFORMATION = /^(\s*(?:(?:https?|wss?|ftp):[/\\]*|(?:[a-z][a-z0-9+.-]*:)?\/\/))[^/\\?#@]*(?:@[^/\\?#@]*)*@/i

/** The same of a URL that another carries as a parameter. */
const INNER_USER_INFORMATION = /(=[a-z][a-z0-9+.-]*:\/\/)(?:[^/\\?#@&]*@)+/gi

/** The beginning of a parameter in query, fragment or path. */
const PARAMETER = /([?&#;])([^=&#?;]+)=/g

/** A parameter that is a whole URL in escaped form. */
const ESCAPED_URL = /=([a-z][a-z0-9+.-]*%3a%2f%2f[^&#;]*)/gi

/** Whether a parameter, option or header of this name holds a secret. */
export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[-_\s]/g, '')
  return SECRET_NAMES.has(plain) || SECRET_ENDINGS.test(plain)
}

/** True when a URL carries user information or the value of a secret parameter. */
export function hasSecrets(url: string): boolean {
  return redactUrl(url) !== url
}

/**
 * A URL as it may stand in catalogs, logs, errors and events: without user information, and with the values of
 * secret parameters replaced, in its query, its fragment, its path (`;jsessionid=…`), and in URLs that it carries as
 * parameters. Text that is no URL comes back with what looks like such a parameter replaced; without any, unchanged.
 */
export function redactUrl(url: string): string {
  if (!/[=@]/.test(url) || url.startsWith('data:')) return url
  return redactPlain(url).replace(ESCAPED_URL, (whole: string, escaped: string) => {
    const inner = decode(escaped)
    const plain = redactPlain(inner)
    return plain === inner ? whole : `=${encodeURIComponent(plain)}`
  })
}

function redactPlain(url: string): string {
  return redactParameters(url.replace(USER_INFORMATION, '$1').replace(INNER_USER_INFORMATION, '$1'))
}

/** A secret ends where the next parameter begins; what is none may hold further parameters. */
function redactParameters(url: string): string {
  let plain = ''
  let done = 0
  for (const { 1: mark, 2: name = '', 0: whole, index } of url.matchAll(PARAMETER)) {
    if (index < done || !isSecretName(lastName(decode(name)))) continue
    const start = index + whole.length
    const end = valueEnd(url, start, mark === ';' ? /[&#;?]/g : /[&#]/g)
    if (end === start) continue
    plain += url.slice(done, start) + REDACTED
    done = end
  }
  return done === 0 ? url : plain + url.slice(done)
}

function valueEnd(url: string, start: number, ends: RegExp): number {
  ends.lastIndex = start
  return ends.exec(url)?.index ?? url.length
}

/** `data[token]` and `token[]` are named by what is asked for: `token`. */
function lastName(name: string): string {
  return name.split(/[[\].]/).findLast((part) => part !== '') ?? name
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** True for a URL that has lost its secrets: it cannot be asked for any more. */
export function isRedacted(url: string): boolean {
  return url.includes(`=${REDACTED}`)
}
