import type { Browser as Chromium } from 'playwright-core'
import { Fault } from '../../core/errors.ts'
import type { HttpSettings } from '../settings.ts'
import { BROWSER_ADVICE, requireBrowser } from './find.ts'
import { openGateway } from './gateway.ts'
import type { Gateway } from './gateway.ts'

/** Milliseconds for the browser to be there: the first start after an installation reads 400 MB from the disk. */
const START_MS = 60_000

/** Megabytes of script objects that one page may hold; beyond it the page breaks down, and nothing else. */
const PAGE_MEMORY = 1024

/** A browser that runs, with the gateway that all its connections take. */
export interface Launched {
  readonly chromium: Chromium
  readonly gateway: Gateway
  /** As the browser itself says it. */
  readonly userAgent: string
  close(): Promise<void>
}

/** Starts the system's Chromium without a window. Nothing hides that a program drives it. */
export async function launch(settings: HttpSettings): Promise<Launched> {
  const executablePath = requireBrowser(settings.browser, settings.environment ?? {})
  const [playwright, gateway] = await Promise.all([import('playwright-core'), openGateway(settings)])
  const { port, username, password } = gateway
  try {
    const chromium = await playwright.chromium.launch({
      executablePath,
      headless: true,
      // As root Chromium starts without its sandbox only: setuid and user namespaces are no use to root.
      chromiumSandbox: process.getuid?.() !== 0,
      proxy: { server: `http://127.0.0.1:${port}`, username, password },
      args: argumentsFor(gateway),
      // The program ends on signals by its own rules, and closes the browser then.
      handleSIGHUP: false,
      handleSIGINT: false,
      handleSIGTERM: false,
      timeout: START_MS,
    })
    return { chromium, gateway, userAgent: await userAgentOf(chromium), close: () => closeBoth(chromium, gateway) }
  } catch (thrown) {
    await gateway.close()
    throw startFault(executablePath, thrown)
  }
}

function argumentsFor({ key }: Gateway): string[] {
  return [
    // Nothing may leave but through the gateway: no look-ups of the browser's own, no UDP.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    '--webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--disable-quic',
    `--js-flags=--max-old-space-size=${PAGE_MEMORY}`,
    // Of all certificates without a known authority only the one that the gateway has the key of.
    ...(key === undefined ? [] : [`--ignore-certificate-errors-spki-list=${key}`]),
  ]
}

async function userAgentOf(chromium: Chromium): Promise<string> {
  const session = await chromium.newBrowserCDPSession()
  const { userAgent } = await session.send('Browser.getVersion')
  await session.detach()
  return userAgent
}

async function closeBoth(chromium: Chromium, gateway: Gateway): Promise<void> {
  await chromium.close()
  await gateway.close()
}

/** What the browser said before it gave up, without the call log of the library that starts it. */
function startFault(program: string, thrown: unknown): Fault {
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  // oxlint-disable-next-line no-control-regex -- the colours of terminals begin so
  const plain = text.replace(/\u001b\[[\d;]*m/g, '')
  if (/no usable sandbox|setuid sandbox/i.test(plain)) {
    return new Fault('Browser', `the browser ${program} may not build its sandbox on this machine`, {
      advice:
        'allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1), or name another browser: --browser FILE',
      cause: thrown,
    })
  }
  const said = /\[err\] *(.+)/.exec(plain)?.[1]
  const status = /exitCode=(\d+)/.exec(plain)?.[1]
  const ended = status === undefined ? undefined : `it ended with status ${status}`
  const why = said ?? ended ?? plain.split('\n')[0]?.replace('browserType.launch: ', '') ?? ''
  return new Fault('Browser', `the browser ${program} does not start: ${why.slice(0, 300)}`, {
    advice: `see whether it starts by hand; else ${BROWSER_ADVICE}`,
    cause: thrown,
  })
}
