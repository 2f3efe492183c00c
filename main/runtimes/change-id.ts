/** Of one change, made by the console: it names folders and files on the box. */
export const changeIdPattern = /^[a-z0-9]{8,32}$/
