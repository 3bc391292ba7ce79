/** What always works. */
export const EXPORT_ADVICE = 'Export the cookies from the browser as cookies.txt, and give the file: --cookies FILE'
