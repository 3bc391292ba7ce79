import type { HtmlDocument } from '../../kit/html.ts'
import type { WallPage } from './provider.ts'

/** What captchas of any make are marked by: DuckDuckGo's, Bing's (2025), Google's, Cloudflare's, and those of the trade. */
const CAPTCHAS = [
  '#challenge-form',
  '.anomaly-modal__modal',
  'div.captcha',
  '#captcha-form',
  '.g-recaptcha',
  '.h-captcha',
  'input[name="cf-turnstile-response"]',
] as const

/** Forms that lead on only with an answer to the question of cookies. */
const CONSENTS = ['form[action*="consent."]', '#bnp_container'] as const

/** A body with less text than this, scripts apart, tells nobody anything. */
const SHELL_CHARACTERS = 200

/** What a page without results is: a question for consent, a captcha, an empty shell, or nothing that is known. */
export function wallOf($: HtmlDocument): WallPage {
  const captcha = CAPTCHAS.find((selector) => $(selector).length > 0)
  if (captcha !== undefined) return { kind: 'captcha', where: captcha }
  const consent = CONSENTS.find((selector) => $(selector).length > 0)
  if (consent !== undefined) return { kind: 'consent', where: consent }
  return isShell($) ? { kind: 'script-shell', where: 'body' } : { kind: 'unknown-layout', where: 'body' }
}

function isShell($: HtmlDocument): boolean {
  if ($('script, noscript').length === 0) return false
  const body = $('body').clone()
  body.find('script, style, noscript').remove()
  return body.text().trim().length < SHELL_CHARACTERS
}
