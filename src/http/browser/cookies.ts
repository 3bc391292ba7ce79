import type { BrowserContext } from 'playwright-core'
import type { CookieJar } from '../cookies/jar.ts'
import type { NetscapeCookie } from '../cookies/netscape.ts'

type Written = Parameters<BrowserContext['addCookies']>[0][number]
type Read = Awaited<ReturnType<BrowserContext['cookies']>>[number]

/** Gives the cookies of the run to the browser. One that it does not take is left out, as it leaves out a site's. */
export async function lendCookies(jar: CookieJar, context: BrowserContext): Promise<void> {
  const cookies = jar.all().map(written)
  if (cookies.length === 0) return
  await context.addCookies(cookies).catch(async () => {
    for (const cookie of cookies) await context.addCookies([cookie]).catch(() => undefined)
  })
}

/** Takes what sites have set in the browser, for the requests and pages that follow. */
export async function takeCookies(jar: CookieJar, context: BrowserContext): Promise<void> {
  jar.add((await context.cookies()).map(read))
}

function written({ name, value, domain, subdomains, path, secure, httpOnly, expires }: NetscapeCookie): Written {
  return {
    name,
    value,
    domain: subdomains ? `.${domain}` : domain,
    path,
    secure,
    httpOnly,
    ...(expires !== undefined && { expires: expires / 1000 }),
  }
}

function read({ name, value, domain, path, secure, httpOnly, expires }: Read): NetscapeCookie {
  return {
    name,
    value,
    domain: domain.replace(/^\./, ''),
    subdomains: domain.startsWith('.'),
    path,
    secure,
    httpOnly,
    // A session cookie has -1.
    ...(expires > 0 && { expires: expires * 1000 }),
  }
}
