/** Which fields the matrix's schema has at a path: for "did you mean" and for checking sweeps. */
import { z } from 'zod';
import { matrix } from './matrix-schema.ts';

type Schema = z.core.$ZodType;

/** @param content The matrix, whose `kind` fields choose between alternatives. @returns Empty when nothing is known of that place. */
export function schemaKeysAt(path: readonly string[], content: unknown): string[] {
  const keys = schemasAt(path, content).flatMap((schema) =>
    schema instanceof z.ZodObject ? Object.keys(schema.shape) : [],
  );
  return [...new Set(keys)];
}

/** Whether a value can be put at `path`: a field of the schema, an entry of a record, or an item that the list has. */
export function fieldExists(path: readonly string[], content: unknown): boolean {
  return schemasAt(path, content).length > 0;
}

function schemasAt(path: readonly string[], content: unknown): Schema[] {
  let value = content;
  let schemas = alternatives(matrix, value);
  for (const part of path) {
    const inner = ownValue(value, part);
    schemas = schemas
      .flatMap((schema) => child(schema, part, inner))
      .flatMap((schema) => alternatives(schema, inner));
    value = inner;
  }
  return schemas;
}

/** The schemas behind defaults, pipes and unions; of several, those that fit the value that is there. */
function alternatives(schema: Schema, value: unknown): Schema[] {
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
    const all = schema.options
      .flatMap((option) => alternatives(option, value))
      .filter((one) => Array.isArray(value) === isList(one) || value === undefined);
    const kind = ownValue(value, 'kind');
    const fitting = all.filter(
      (one) => one instanceof z.ZodObject && 'kind' in one.shape && one.shape.kind.safeParse(kind).success,
    );
    return fitting.length > 0 ? fitting : all;
  }
  return [schema];
}

function isList(schema: Schema): boolean {
  return schema instanceof z.ZodArray || schema instanceof z.ZodTuple;
}

function child(schema: Schema, part: string, value: unknown): Schema[] {
  if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, part) ? [schema.shape[part]] : [];
  if (schema instanceof z.ZodRecord) return part === '__proto__' ? [] : [schema.valueType];
  if (value === undefined) return [];
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodTuple) return [schema.def.items[Number(part)]];
  return [];
}

/** What stands in the file itself, never what every object inherits. */
function ownValue(container: unknown, part: string): unknown {
  if (typeof container !== 'object' || container === null || !Object.hasOwn(container, part))
    return undefined;
  return Reflect.get(container, part);
}
