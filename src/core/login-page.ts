/** Names of the places where sites ask people to log in, as one segment of a path or as the first part of a host. */
const LOGIN_SEGMENT = /^(?:wp-)?(?:log[-_]?[io]n|sign[-_]?in|sso|authenticate|session[-_]?expired)(?:\.\w+)?$/i
const LOGIN_HOST = /^(?:login|signin|sso|accounts?|auth)\./i
const PASSWORD_FIELD = /<input\b[^<>]*\btype\s*=\s*["']?password\b/i

/** A redirect from one URL to another leads to where a site asks for a login. */
export function leadsToLogin(from: string, to: string): boolean {
  return !isLoginUrl(from) && isLoginUrl(to)
}

/** The beginning of a page has a field for a password. */
export function hasPasswordField(html: string): boolean {
  return PASSWORD_FIELD.test(html)
}

function isLoginUrl(url: string): boolean {
  const parsed = URL.parse(url)
  if (parsed === null) return false
  const segments = parsed.pathname.split('/')
  return LOGIN_HOST.test(parsed.hostname) || segments.some((segment) => LOGIN_SEGMENT.test(segment))
}
