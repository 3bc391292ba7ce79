import { html } from '../harness/answers.ts'
import type { Answer } from '../harness/replica.ts'
import { WALLS } from './pictures.ts'

/**
 * What an engine answers in place of results, in the words of its own kind of page. No such page of Bing is recorded:
 * these have the marks that others report.
 */
export function wallPage(keyword: string): Answer | undefined {
  switch (keyword) {
    case WALLS.consent:
      return html('<!doctype html><title>Before you go on</title><div id="bnp_container"><button id="bnp_btn_accept">')
    case WALLS.captcha:
      return html('<!doctype html><title>One last step</title><div class="captcha"><p>Solve the challenge below</div>')
    case WALLS.shell:
      return html('<!doctype html><title></title><body><noscript>Turn on JavaScript</noscript><script>go()</script>')
    case WALLS.unknown:
      return html(`<!doctype html><title>News</title><body><p>${'Everything is new here. '.repeat(20)}`)
    default:
      return undefined
  }
}
