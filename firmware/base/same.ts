/** Whether `width` bytes at `one` and at `other` are the same. */
export const same = (bytes: Uint8Array, one: number, other: number, width: number): boolean => {
  while (width && bytes[one++] === bytes[other++]) width--;
  return !width;
};
