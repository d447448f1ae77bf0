/** Types of values: fixed-width bytes inside, what a program expects outside. Little-endian. */

export type Integer = "Uint8" | "Uint16" | "Uint32" | "Int16" | "Int32";

export interface ValueType<Value> {
  /**
   * @returns the value at `at`, or undefined where the bytes are none. `slot` numbers the
   * commander.
   */
  load(view: DataView, at: number, slot: number): Value | undefined;
  /** @returns false where `value` is not of this type; the bytes are then of no use. */
  store(view: DataView, at: number, value: Value | undefined): boolean;
}

/** What `integer("Uint8")` is, in fewer bytes: one byte has no order. */
export const byte: ValueType<number> = {
  load: (view, at) => view.getUint8(at),
  store(view, at, value) {
    view.setUint8(at, value as number);
    return view.getUint8(at) === value;
  },
};

/** A whole number. What would not come back as it went in is no value. */
export const integer = (name: Integer): ValueType<number> => ({
  load: (view, at) => view[`get${name}`](at, true),
  store(view, at, value) {
    view[`set${name}`](at, value as number, true);
    return view[`get${name}`](at, true) === value;
  },
});

/** A number of single precision. What is not finite is no value. */
export const float: ValueType<number> = {
  load(view, at) {
    const value = view.getFloat32(at, true);
    return value - value === 0 ? value : undefined;
  },
  store(view, at, value) {
    view.setFloat32(at, value as number, true);
    return typeof value === "number" && float.load(view, at, 0) !== undefined;
  },
};

/** Bytes 0 and 1. Any other is no value. */
export const bool: ValueType<boolean> = {
  load(view, at) {
    const bits = view.getUint8(at);
    return bits < 2 ? bits > 0 : undefined;
  },
  store(view, at, value) {
    view.setUint8(at, value ? 1 : 0);
    return value === true || value === false;
  },
};

/**
 * A row of bytes. `load` fills one array a slot, and gives that array again in the next cycle.
 *
 * @param slots how many boards there are; there is a cell for the order besides
 */
export const bytes = (width: number, slots: number): ValueType<Uint8Array> => {
  const cells: Uint8Array[] = [];
  for (let slot = 0; slot <= slots; slot++) cells[slot] = new Uint8Array(width);
  return {
    load(view, at, slot) {
      const cell = cells[slot]!;
      for (let index = 0; index < width; index++) cell[index] = view.getUint8(at + index);
      return cell;
    },
    store(view, at, value) {
      if (!value || value.length !== width) return false;
      for (let index = 0; index < width; index++) {
        view.setUint8(at + index, value[index]!);
        if (view.getUint8(at + index) !== value[index]) return false;
      }
      return true;
    },
  };
};
