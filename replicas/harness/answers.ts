import type { Media } from './media.ts'
import type { HeaderValues } from './headers.ts'
import type { Answer } from './replica.ts'

export interface AnswerOptions {
  readonly status?: number
  readonly headers?: HeaderValues
}

export function json(value: unknown, options: AnswerOptions = {}): Answer {
  return text(JSON.stringify(value), 'application/json', options)
}

export function html(markup: string, options: AnswerOptions = {}): Answer {
  return text(markup, 'text/html; charset=utf-8', options)
}

export function xml(markup: string, options: AnswerOptions = {}): Answer {
  return text(markup, 'application/xml', options)
}

export function text(body: string, type = 'text/plain; charset=utf-8', options: AnswerOptions = {}): Answer {
  return { status: options.status ?? 200, headers: { 'content-type': type, ...options.headers }, body }
}

/** A media file with validators and byte ranges. */
export function file(media: Media, options: AnswerOptions = {}): Answer {
  return { ...options, file: media }
}

export function redirect(location: string, status = 302): Answer {
  return { status, headers: { location }, body: '' }
}
