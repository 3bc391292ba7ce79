/** How far into a page its wall shows (bytes). */
export const WALL_LOOK_BYTES = 64 * 1024

const MARKERS: readonly (readonly [RegExp, string])[] = [
  [/challenge-platform|cf-chl-|_cf_chl_opt|<title>just a moment/i, 'Cloudflare'],
  [/captcha-delivery\.com|geo\.captcha-delivery/i, 'DataDome'],
  [/ddos-guard/i, 'DDoS-Guard'],
  [/window\.awsWafCookieDomainList|awswaf\.com/i, 'AWS WAF'],
  [/_Incapsula_Resource/i, 'Imperva'],
  [/px-captcha/i, 'HUMAN'],
  // Told of the Louvre's collections in 2026.
  [/\bWADP\b/, 'WADP'],
  [/g-recaptcha|h-captcha|hcaptcha\.com/i, 'a captcha'],
]

/** Who put a challenge in place of what was asked for, by the beginning of the page. */
export function wallIn(page: string): string | undefined {
  return MARKERS.find(([marker]) => marker.test(page))?.[1]
}

/** What a user can do who is asked for proof of a person. */
export const WALL_ADVICE = 'open the site in your browser, and give its cookies: --cookies-from-browser NAME'
