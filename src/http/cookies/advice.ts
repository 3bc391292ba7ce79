/** What always works. */
export const EXPORT_ADVICE = 'export the cookies from the browser as cookies.txt, and give the file: --cookies FILE'
