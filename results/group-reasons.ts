/** Lists each cause once. Reasons that differ only in their numbers are one cause, stated with the first numbers and a count. */
export function groupReasons(reasons: readonly string[]): string[] {
  const causes = new Map<string, { readonly first: string; count: number }>();
  for (const reason of reasons) {
    const cause = reason.replaceAll(/\d+(?:[.,]\d+)*/g, '#');
    const known = causes.get(cause);
    if (known === undefined) causes.set(cause, { first: reason, count: 1 });
    else known.count++;
  }
  return [...causes.values()].map(({ first, count }) =>
    count === 1 ? first : `${first}, in ${count} trials`,
  );
}
