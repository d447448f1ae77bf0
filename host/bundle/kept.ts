/** Texts that were made before, by what they were made of. */
export interface Kept {
  readonly get: (key: string) => string | undefined;
  readonly set: (key: string, text: string) => void;
}

let kept: Kept | undefined;

/**
 * Has every text that is made from now on looked up first. A program that makes the same bundles
 * many times over, as the tests do, need not make each again.
 */
export const keepTexts = (where: Kept | undefined): void => {
  kept = where;
};

/** @returns what was made of the same before, or else is made now */
export const madeOnce = async (
  of: readonly unknown[], make: () => Promise<string>,
): Promise<string> => {
  if (!kept) return make();
  const key = JSON.stringify(of);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const text = await make();
  kept.set(key, text);
  return text;
};
