/** Which fields the matrix's schema has at a path: for "did you mean" and for checking sweeps. */
import { z } from 'zod';
import { matrix } from './matrix-schema.ts';

/** @param content The matrix, whose `kind` fields choose between alternatives. @returns Empty when nothing is known of that place. */
export function schemaKeysAt(path: readonly string[], content: unknown): string[] {
  let schemas: z.core.$ZodType[] = [matrix];
  let value: unknown = content;
  for (const part of path) {
    schemas = schemas
      .flatMap((schema) => alternatives(schema, value))
      .flatMap((schema) => child(schema, part));
    value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
  }
  const keys = schemas
    .flatMap((schema) => alternatives(schema, value))
    .flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []));
  return [...new Set(keys)];
}

/** The object schemas behind defaults, pipes and unions; of several with a `kind`, those that fit the value's. */
function alternatives(schema: z.core.$ZodType, value: unknown): z.core.$ZodType[] {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional
  ) {
    return alternatives(schema.def.innerType, value);
  }
  if (schema instanceof z.ZodPipe) return alternatives(schema.def.in, value);
  if (schema instanceof z.ZodUnion) {
    const all = schema.options.flatMap((option) => alternatives(option, value));
    const kind: unknown =
      typeof value === 'object' && value !== null ? Reflect.get(value, 'kind') : undefined;
    const fitting = all.filter(
      (one) => one instanceof z.ZodObject && 'kind' in one.shape && one.shape.kind.safeParse(kind).success,
    );
    return fitting.length > 0 ? fitting : all;
  }
  return [schema];
}

function child(schema: z.core.$ZodType, part: string): z.core.$ZodType[] {
  if (schema instanceof z.ZodObject) return part in schema.shape ? [schema.shape[part]] : [];
  if (schema instanceof z.ZodArray) return [schema.element];
  return [];
}
