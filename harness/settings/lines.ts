/** Lines of a text put together: what is null is left out. */

/** Nested as it comes; null stands for nothing. */
export type Line = string | readonly Line[] | null;

/** Joined with line breaks, one at the end. */
export function lines(...parts: readonly Line[]): string {
  return `${flatten(parts).join('\n')}\n`;
}

function flatten(parts: readonly Line[]): string[] {
  return parts.flatMap((part) => {
    if (part === null) return [];
    return typeof part === 'string' ? [part] : flatten(part);
  });
}

/** `part` when the condition holds. */
export function only<Part extends Line>(condition: boolean, part: Part): Part | null {
  return condition ? part : null;
}

/** 4949 → `4_949`, as JavaScript and Rust group digits. */
export function grouped(value: number): string {
  return `${value}`.replaceAll(/\B(?=(\d{3})+$)/g, '_');
}
