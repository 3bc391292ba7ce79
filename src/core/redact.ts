/** Parameter names whose values are secrets, compared without case, `-` and `_`. */
const SECRET_PARAMETERS = new Set([
  'token',
  'accesstoken',
  'authtoken',
  'sessiontoken',
  'refreshtoken',
  'idtoken',
  'csrftoken',
  'sig',
  'signature',
  'xamzsignature',
  'xamzcredential',
  'xamzsecuritytoken',
  'xgoogsignature',
  'xgoogcredential',
  'key',
  'apikey',
  'keypairid',
  'policy',
  'auth',
  'authorization',
  'oauthtoken',
  'oauthsignature',
  'password',
  'passwd',
  'pwd',
  'secret',
  'clientsecret',
  'session',
  'sessionid',
  'sid',
  'jwt',
  'hmac',
  'credential',
])

const REDACTED = 'REDACTED'

/** Whether a parameter, option or header of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_PARAMETERS.has(name.toLowerCase().replace(/[-_]/g, ''))
}

/** True when a URL carries user information or the value of a secret parameter. */
export function hasSecrets(url: string): boolean {
  return (url.includes('@') || url.includes('=')) && redactUrl(url) !== url
}

/**
 * A URL as it may stand in catalogs, logs, errors and events: without user information, and with the values of
 * secret parameters replaced. Text that is no URL comes back with anything that looks like a secret pair replaced.
 */
export function redactUrl(url: string): string {
  const clean = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*(?:@[^/?#@]*)*@/i, '$1')
  return clean.replace(/([?&#;])([^=&#;?]+)=([^&#;]*)/g, (pair: string, mark: string, name: string, value: string) =>
    value !== '' && isSecretName(decodeName(name)) ? `${mark}${name}=${REDACTED}` : pair,
  )
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** True for a URL that has lost its secrets: it cannot be asked for any more. */
export function isRedacted(url: string): boolean {
  return url.includes(`=${REDACTED}`)
}
