/** Header values; a list is sent as several headers, `null` takes a default header away. */
export type HeaderValues = Readonly<Record<string, string | readonly string[] | null>>
