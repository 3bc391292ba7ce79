import { resolve } from 'node:path'

/**
 * Where the set-up of the suites puts the package as it is published, without declarations: the program starts in half
 * the time of its sources, hundreds of times. In `node_modules`, from where it finds other packages.
 */
export const PACKAGE_FOLDER = resolve(import.meta.dirname, '../node_modules/.bowerbird-tests')

/** The program that suites start. */
export const MAIN = resolve(PACKAGE_FOLDER, 'dist/program/main.js')
