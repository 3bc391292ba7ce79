/** What the user types to start the program: commands in advice can be copied as they are. */
export function programName(): string {
  return process.env['npm_lifecycle_event'] === 'start' ? 'npm start --' : 'bowerbird'
}
