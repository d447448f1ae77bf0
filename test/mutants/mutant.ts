/** One wrong line of a firmware file. Its text has to be there once. */
export interface Mutant {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

export const mutant = (file: string) => (why: string, from: string, to: string): Mutant => ({
  file: `firmware/${file}`, from, to, why,
});
