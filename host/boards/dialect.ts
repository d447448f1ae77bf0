/**
 * Makes the builtins of an interpreter of the standard behave as Espruino's do at their edges, in
 * ES5, evaluated before a bundle. A view may reach beyond its bytes, where it reads as zeros and
 * what is written is lost; `set` writes what fits; a DataView has no end. What can be made so is in
 * `test/dialect/builtins.json` with Espruino's own answers; what cannot is named there.
 */
export const DIALECT = `
(function (global) {
  var plainRound = Math.round, types = [Uint8Array, Uint16Array, Uint32Array, Int8Array, Int16Array,
    Int32Array, Float32Array, Float64Array], MOST = 65535;
  function whole(x) { x = +x; return x - x === 0 ? (x < 0 ? Math.ceil(x) : Math.floor(x)) : 0; }
  function given(x, other) {
    return typeof x === "number" || typeof x === "boolean" ? whole(x) : other;
  }
  // A view of so many elements, as much of it as there is; the rest is zeros of its own.
  function viewOf(Type, buffer, from, length) {
    var size = Type.BYTES_PER_ELEMENT, fresh, bytes, count;
    if (from < 0 || from > MOST) throw new Error("byteOffset too large (or negative)");
    if (from + length * size <= buffer.byteLength) return new Type(buffer, from, length);
    fresh = new Type(length);
    count = buffer.byteLength - from;
    if (count > 0) {
      bytes = new types[0](buffer, from, count);
      set.call(new types[0](fresh.buffer), bytes);
    }
    return fresh;
  }
  var list = Object.getPrototypeOf(types[0].prototype), set = list.set;
  function put(name, act) {
    Object.defineProperty(list, name, { value: act, writable: true, configurable: true });
  }
  put("subarray", function (begin, end) {
    var length = this.length, from = whole(begin), to = given(end, length);
    if (from < 0) from += length;
    if (to < 0) to += length;
    if (to < 0) to = 0;
    if (from >= to) return new this.constructor(0);
    return viewOf(this.constructor, this.buffer,
      this.byteOffset + from * this.constructor.BYTES_PER_ELEMENT, to - from);
  });
  put("set", function (source, offset) {
    var to = whole(offset), room = this.length - to;
    // Of a string, its bytes, which have a sign.
    if (typeof source === "string") {
      source = source.split("").map(function (one) { return one.charCodeAt(0) << 24 >> 24; });
    }
    if (source.byteLength !== undefined && source.length === undefined) {
      source = new types[0](source);
    }
    if (source.length > room) {
      if (room <= 0) return;
      source = Array.prototype.slice.call(source, 0, room);
    }
    set.call(this, source, to);
  });
  put("fill", function (value, start, end) {
    var length = this.length, from = whole(start), to = given(end, length);
    if (from < 0) from += length;
    if (to < 0) to += length;
    if (from < 0 || to < 0) return undefined;
    for (; from < to && from < length; from++) this[from] = value;
    return this;
  });
  put("indexOf", function (value, start) {
    var at = whole(start), exact = this instanceof types[6] || this instanceof types[7];
    if (!exact) value = whole(value);
    for (at = at < 0 ? 0 : at; at < this.length; at++) if (this[at] == value) return at;
    return -1;
  });
  types.forEach(function (Type) {
    var name = Type.name;
    global[name] = function (what, from, length) {
      var kind = Object.prototype.toString.call(what);
      if (kind === "[object ArrayBuffer]") {
        from = whole(from);
        length = whole(length) ||
          Math.max(0, Math.floor((what.byteLength - from) / Type.BYTES_PER_ELEMENT));
        return viewOf(Type, what, from, length);
      }
      if (typeof what === "number" || typeof what === "boolean") return new Type(what);
      if (!what || typeof what === "string" || what.length === undefined) {
        throw new Error("Unsupported first argument of type " + typeof what);
      }
      return new Type(what);
    };
    global[name].prototype = Type.prototype;
    global[name].BYTES_PER_ELEMENT = Type.BYTES_PER_ELEMENT;
  });
  function edge(name, size) {
    var proto = DataView.prototype, get = proto["get" + name], put = proto["set" + name];
    var aside = new DataView(new ArrayBuffer(8)), plainSet = put;
    function bytesOf(view, at) {
      var count = view.byteLength - at;
      return new types[0](view.buffer, view.byteOffset + (count > 0 ? at : 0),
        count > 0 ? (count < size ? count : size) : 0);
    }
    proto["get" + name] = function (offset, little) {
      var at = whole(offset);
      if (at < 0 || at + size <= this.byteLength) return get.call(this, at, little);
      plainSet.call(aside, 0, 0);
      set.call(new types[0](aside.buffer), bytesOf(this, at));
      return get.call(aside, 0, little);
    };
    proto["set" + name] = function (offset, value, little) {
      var at = whole(offset), bytes, index;
      // What 64 bits do not hold is no number of bits.
      if (name.charAt(0) !== "F" && Math.abs(value) >= 9223372036854775808) value = 0;
      if (at < 0 || at + size <= this.byteLength) return put.call(this, at, value, little);
      put.call(aside, 0, value, little);
      bytes = bytesOf(this, at);
      for (index = 0; index < bytes.length; index++) bytes[index] = aside.getUint8(index);
    };
  }
  edge("Uint8", 1); edge("Int8", 1); edge("Uint16", 2); edge("Int16", 2);
  edge("Uint32", 4); edge("Int32", 4); edge("Float32", 4);
  Math.round = function (x) {
    x = +x;
    return x < 0 ? -Math.floor(0.5 - x) : x > 0 ? Math.floor(x + 0.5) : plainRound(x);
  };
  // Builtins that are seldom called are made at their first call on some interpreters: not later.
  "a".split("a").join(String.fromCharCode(1)).lastIndexOf("a");
})(this);
`;
