import type { NetscapeCookie } from './netscape.ts'

/** Where browsers keep their profiles depends on these. */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

export interface BrowserCookies {
  readonly cookies: readonly NetscapeCookie[]
  /** Cookies of the profile that only the desktop's keyring can decrypt. */
  readonly leftOut: number
  /** `Firefox`. */
  readonly browser: string
  /** The database they came from. */
  readonly file: string
}
