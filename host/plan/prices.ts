import type { Optimize } from "../network/network.js";
import type { Family, Kind } from "./work.js";

/**
 * Written by `make prices`; not to be changed by hand. Instructions that Espruino's Linux build
 * executes for each kind of work, by what a bundle is made for (docs/boards.md).
 */
export const PRICES: Readonly<
  Record<Optimize, Readonly<Record<Family, Readonly<Record<Kind, number>>>>>
> = {
  size: {
    oral: {
      beacon: 1304875, beacon2: 10022912, open: 802881, settle: 1260439, poll: 1033223,
      path: 440982, vote: 290967, pathLong: 537928, pathByte: 30, voteLong: 221855,
      voteByte: 43439, record: 0, log: 538985, tally: 67779, send: 0, sendByte: 0, try: 90647,
      step: 367, send2: 15077910, sendByte2: 8831, try2: 0, step2: 844, frame: 816083, byte: 4727,
      frame2: 13103423, byte2: 3803, piece: 418517, piece2: 12700251, seal: 1000149, sealByte: 0,
      tag: 1485323, tagByte: 2236, hash: 0, health: 1089332,
    },
    deep: {
      beacon: 1372814, beacon2: 0, open: 421657, settle: 4299846, poll: 1030303, path: 295289,
      vote: 322007, pathLong: 222985, pathByte: 0, voteLong: 233025, voteByte: 34311, record: 0,
      log: 538985, tally: 67779, send: 0, sendByte: 45113, try: 90647, step: 367, send2: 15077910,
      sendByte2: 0, try2: 0, step2: 844, frame: 873331, byte: 4272, frame2: 10110084, byte2: 3803,
      piece: 432354, piece2: 5316755, seal: 155727, sealByte: 6506, tag: 1784147, tagByte: 9248,
      hash: 0, health: 279724,
    },
    signed: {
      beacon: 3039452, beacon2: 11526349, open: 923314, settle: 4944823, poll: 1188207,
      path: 831463, vote: 370309, pathLong: 618618, pathByte: 35, voteLong: 598819,
      voteByte: 49955, record: 0, log: 619833, tally: 77946, send: 38908, sendByte: 51880,
      try: 104245, step: 423, send2: 17339597, sendByte2: 29986, try2: 0, step2: 971,
      frame: 1102166, byte: 6312, frame2: 15068937, byte2: 20312, piece: 497208, piece2: 14605289,
      seal: 1150172, sealByte: 7482, tag: 2051770, tagByte: 10636, hash: 291359, health: 1252732,
    },
    ballots: {
      beacon: 2643001, beacon2: 10022912, open: 587358, settle: 0, poll: 1033223, path: 440982,
      vote: 322007, pathLong: 320496, pathByte: 0, voteLong: 520712, voteByte: 7081, record: 0,
      log: 538985, tally: 67779, send: 33833, sendByte: 0, try: 90647, step: 367, send2: 1995536,
      sendByte2: 8831, try2: 0, step2: 844, frame: 958405, byte: 5488, frame2: 13103423,
      byte2: 3247, piece: 408214, piece2: 12700251, seal: 791250, sealByte: 3671, tag: 1578809,
      tagByte: 0, hash: 0, health: 1089332,
    },
  },
  balanced: {
    oral: {
      beacon: 835884, beacon2: 10800868, open: 668438, settle: 755603, poll: 584267, path: 356512,
      vote: 179254, pathLong: 378898, pathByte: 413, voteLong: 131609, voteByte: 39266, record: 0,
      log: 462904, tally: 52438, send: 0, sendByte: 0, try: 64553, step: 366, send2: 14173219,
      sendByte2: 4317, try2: 0, step2: 840, frame: 849394, byte: 4567, frame2: 12886878,
      byte2: 3852, piece: 390301, piece2: 12680646, seal: 453313, sealByte: 0, tag: 900863,
      tagByte: 4497, hash: 0, health: 1152307,
    },
    deep: {
      beacon: 1064227, beacon2: 0, open: 221068, settle: 3117589, poll: 596729, path: 252846,
      vote: 222179, pathLong: 195933, pathByte: 0, voteLong: 153144, voteByte: 34304, record: 0,
      log: 462904, tally: 52438, send: 0, sendByte: 34550, try: 64553, step: 366, send2: 14173219,
      sendByte2: 0, try2: 0, step2: 840, frame: 977783, byte: 3534, frame2: 9840979, byte2: 3852,
      piece: 403141, piece2: 5134924, seal: 0, sealByte: 0, tag: 1064858, tagByte: 18146, hash: 0,
      health: 233247,
    },
    signed: {
      beacon: 1564298, beacon2: 12420999, open: 1087196, settle: 3585228, poll: 686239,
      path: 831463, vote: 255506, pathLong: 435733, pathByte: 3762, voteLong: 350485,
      voteByte: 45156, record: 0, log: 532340, tally: 60304, send: 0, sendByte: 39733, try: 74236,
      step: 423, send2: 16299202, sendByte2: 29986, try2: 0, step2: 968, frame: 1124451,
      byte: 6618, frame2: 14819910, byte2: 20312, piece: 463613, piece2: 14582743, seal: 563540,
      sealByte: 1177, tag: 1317237, tagByte: 20868, hash: 291359, health: 1325154,
    },
    ballots: {
      beacon: 1360259, beacon2: 10800868, open: 945387, settle: 596234, poll: 596729,
      path: 356512, vote: 222179, pathLong: 214503, pathByte: 3271, voteLong: 304769,
      voteByte: 11371, record: 0, log: 462904, tally: 52438, send: 0, sendByte: 0, try: 64553,
      step: 366, send2: 1600660, sendByte2: 4317, try2: 0, step2: 840, frame: 801981, byte: 5754,
      frame2: 12886878, byte2: 2607, piece: 385608, piece2: 12680646, seal: 490034,
      sealByte: 1023, tag: 1145423, tagByte: 0, hash: 0, health: 1152307,
    },
  },
  speed: {
    oral: {
      beacon: 655374, beacon2: 10370621, open: 651640, settle: 510873, poll: 507454, path: 158608,
      vote: 100548, pathLong: 174989, pathByte: 507, voteLong: 71459, voteByte: 33215, record: 0,
      log: 465618, tally: 57041, send: 0, sendByte: 0, try: 64467, step: 367, send2: 14230477,
      sendByte2: 26074, try2: 0, step2: 841, frame: 849751, byte: 4581, frame2: 12871679,
      byte2: 17662, piece: 390467, piece2: 12432116, seal: 443224, sealByte: 0, tag: 858830,
      tagByte: 5208, hash: 253355, health: 1008346,
    },
    deep: {
      beacon: 550830, beacon2: 0, open: 625492, settle: 2258980, poll: 528835, path: 164108,
      vote: 205352, pathLong: 100570, pathByte: 0, voteLong: 88679, voteByte: 35718, record: 0,
      log: 465618, tally: 57041, send: 0, sendByte: 28675, try: 64467, step: 367, send2: 14230477,
      sendByte2: 0, try2: 0, step2: 841, frame: 982984, byte: 3555, frame2: 9836506, byte2: 3843,
      piece: 405685, piece2: 5064966, seal: 0, sealByte: 0, tag: 1120722, tagByte: 13371,
      hash: 253355, health: 249934,
    },
    signed: {
      beacon: 0, beacon2: 0, open: 0, settle: 0, poll: 528835, path: 723011, vote: 0,
      pathLong: 174989, pathByte: 507, voteLong: 265458, voteByte: 35718, record: 0, log: 465618,
      tally: 57041, send: 0, sendByte: 28675, try: 64467, step: 367, send2: 0, sendByte2: 26074,
      try2: 0, step2: 841, frame: 982984, byte: 5765, frame2: 10542415, byte2: 17662,
      piece: 405685, piece2: 12432116, seal: 443224, sealByte: 1603, tag: 1120722, tagByte: 13371,
      hash: 253355, health: 1008346,
    },
    ballots: {
      beacon: 1084453, beacon2: 10370621, open: 1038477, settle: 639498, poll: 528835,
      path: 723011, vote: 205352, pathLong: 50788, pathByte: 143, voteLong: 265458,
      voteByte: 12433, record: 0, log: 465618, tally: 57041, send: 0, sendByte: 2776, try: 64467,
      step: 367, send2: 2007604, sendByte2: 10407, try2: 0, step2: 841, frame: 813407, byte: 5765,
      frame2: 12871679, byte2: 3183, piece: 385451, piece2: 12432116, seal: 397719,
      sealByte: 1603, tag: 1099600, tagByte: 0, hash: 253355, health: 1008346,
    },
  },
};

/** The same for one pass of what `tagma measure` has a board do. */
export const WORKLOAD_COST = 497128;
