const FOR_PROGRAMS = /^\/(api|health|assets)(\/|$)|^\/(openapi\.json|version)$/;

/** Whether only programs ask for this path: it has no page, and no cookie counts there. */
export function isForPrograms(path: string): boolean {
  return FOR_PROGRAMS.test(path);
}
