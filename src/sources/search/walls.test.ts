import { describe, expect, it } from 'vitest'
import { loadHtml } from '../../kit/html.ts'
import { wallFault } from './faults.ts'
import type { Wall } from './provider.ts'
import { wallOf } from './walls.ts'

describe('a page without results', () => {
  it.each<readonly [string, Wall, string]>([
    ['<div class="captcha"><p>Enter the characters you see</div>', 'captcha', 'div.captcha'],
    ['<form id="challenge-form" action="/anomaly.js">', 'captcha', '#challenge-form'],
    [
      '<form action="https://consent.bing.com/save"><button>Agree</button></form>',
      'consent',
      'form[action*="consent."]',
    ],
    ['<script>load()</script><noscript>Please turn on JavaScript</noscript>', 'script-shell', 'body'],
    [`<p>${'Something else altogether. '.repeat(20)}</p><script>x()</script>`, 'unknown-layout', 'body'],
    ['<p>Short, and no script fills it</p>', 'unknown-layout', 'body'],
  ])('%s', async (body, kind, where) => {
    expect(wallOf(await loadHtml(`<!doctype html><title>t</title><body>${body}`))).toEqual({ kind, where })
  })
})

describe('the fault that a wall stands for', () => {
  it.each<readonly [Wall, string, string]>([
    ['consent', 'Blocked', 'bing asks for consent before it shows results'],
    ['captcha', 'Blocked', 'bing wants proof of a person (captcha) before it shows results'],
    ['script-shell', 'Blocked', 'bing sends an empty page (script shell) that only scripts in a browser fill'],
    ['unknown-layout', 'SiteChanged', 'bing sends a page that this version cannot read (unknown layout)'],
  ])('%s', (kind, code, message) => {
    const fault = wallFault({ kind, where: 'body' }, 'https://www.bing.com/', 'bing')
    expect([fault.code, fault.message, fault.evidence.where]).toEqual([code, message, 'body'])
    expect(fault.evidence.advice).toMatch(/try another provider, such as search:openverse\/… or search:commons\/…$/)
  })

  it('names no provider that has just failed as another one', () => {
    const { advice } = wallFault({ kind: 'captcha' }, 'https://api.openverse.org/', 'openverse').evidence
    expect(advice).toContain('search:commons/… or search:bing/…')
  })
})
