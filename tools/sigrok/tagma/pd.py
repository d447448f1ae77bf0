##
## Frames of Tagma on UART lines; SPEC.md, "Framing", has the bytes.
##
## Copyright of the tagma package's authors. MIT licence, see LICENSE there.
##

import zlib

import sigrokdecode as srd

HUB = 31
# Header and cycle; before them a start and a mask word, behind them payload and checksum.
FIXED = 2
# What begins like a frame and goes on for longer is none.
LONGEST = 65536
# FRAME.5: each byte of a start word, and the last one of the mask that stands for itself.
START, PLAIN = 0x16, 0x17

(ANN_START, ANN_HEADER, ANN_CYCLE, ANN_PAYLOAD, ANN_CHECKSUM, ANN_FRAME, ANN_WARNING) = range(7)


def unmask(content, mask):
    '''FRAME.6: in the content the mask word stands for start words.'''
    content = bytearray(content)
    if mask == bytes([0] * (len(mask) - 1) + [PLAIN]):
        return bytes(content)
    at = content.find(mask)
    while at >= 0:
        content[at:at + len(mask)] = bytes([START] * len(mask))
        at = content.find(mask, at)
    return bytes(content)


class Found:
    '''A frame as far as it has come: bytes, and where each of them begins and ends.'''

    def __init__(self, word, places):
        self.word = word
        self.bytes = bytearray([START] * word)
        self.places = places

    def add(self, byte, ss, es):
        self.bytes.append(byte)
        self.places.append((ss, es))

    @property
    def content(self):
        word = self.word
        return unmask(self.bytes[2 * word:], bytes(self.bytes[word:2 * word]))

    def is_whole(self):
        '''FRAME.4: its checksum, of 3 or 2 bytes, is right.'''
        size = 4 - self.word
        if len(self.bytes) < 2 * self.word + FIXED + size:
            return False
        content = self.content
        sum = zlib.crc32(content[:-size]) & ((1 << (8 * size)) - 1)
        return sum == int.from_bytes(content[-size:], 'little')


class Decoder(srd.Decoder):
    api_version = 3
    id = 'tagma'
    name = 'Tagma'
    longname = 'Tagma Byzantine agreement'
    desc = 'Frames of Byzantine agreement on serial wires.'
    license = 'mit'
    inputs = ['uart']
    outputs = []
    tags = ['Embedded/industrial', 'Networking']
    options = (
        {'id': 'word', 'desc': 'Bytes of a word, as the capture says', 'default': 1,
         'values': (1, 2)},
        {'id': 'boards', 'desc': 'Names of the boards, by number, as a+b+c', 'default': ''},
    )
    annotations = (
        ('start', 'Start and mask'),
        ('header', 'Header'),
        ('cycle', 'Cycle'),
        ('payload', 'Payload'),
        ('checksum', 'Checksum'),
        ('frame', 'Frame'),
        ('warning', 'Warning'),
    )
    annotation_rows = (
        ('parts', 'Parts', (ANN_START, ANN_HEADER, ANN_CYCLE, ANN_PAYLOAD, ANN_CHECKSUM)),
        ('frames', 'Frames', (ANN_FRAME,)),
        ('warnings', 'Warnings', (ANN_WARNING,)),
    )

    def __init__(self):
        self.reset()

    def reset(self):
        # One frame may be open on each of the two lines that a UART decoder has; before it, bytes
        # of a start word, of which the next may be the last.
        self.open = [None, None]
        self.starts = [[], []]

    def start(self):
        self.out_ann = self.register(srd.OUTPUT_ANN)
        self.word = self.options['word']
        self.names = [name for name in self.options['boards'].split('+') if name]

    def name_of(self, sender):
        if sender == HUB:
            return 'hub'
        return self.names[sender] if sender < len(self.names) else 'board %d' % sender

    def annotate(self, frame, first, last, kind, texts):
        self.put(frame.places[first][0], frame.places[last][1], self.out_ann, [kind, texts])

    def what_of(self, header):
        round, sender = header >> 5, header & 31
        name = self.name_of(sender)
        if sender == HUB:
            long = 'hub: round %d opens' % round if round else 'hub: the cycle closes'
            return [long, 'round %d opens' % round if round else 'closes', 'B%d' % round]
        return ['%s: round %d' % (name, round), '%s %d' % (name, round), 'R%d' % round]

    def show(self, frame):
        '''All parts of a whole frame.'''
        word = frame.word
        size = 4 - word
        content = frame.content
        body = 2 * word
        check = len(frame.bytes) - size
        payload = content[FIXED:-size]
        what = self.what_of(content[0])
        digits = ' '.join('%02x' % byte for byte in payload)
        mask = frame.bytes[word:body].hex()
        self.annotate(frame, 0, body - 1, ANN_START, ['Start, mask %s' % mask, 'Start', 'S'])
        self.annotate(frame, body, body, ANN_HEADER, what)
        self.annotate(frame, body + 1, body + 1, ANN_CYCLE,
                      ['Cycle %d' % content[1], '%d' % content[1]])
        if payload:
            self.annotate(frame, body + 2, check - 1, ANN_PAYLOAD,
                          ['Payload: %s' % digits, digits, 'P'])
        self.annotate(frame, check, len(frame.bytes) - 1, ANN_CHECKSUM,
                      ['Checksum ok', 'ok'])
        tail = ', cycle %d' % content[1] + (': %s' % digits if payload else '')
        self.annotate(frame, 0, len(frame.bytes) - 1, ANN_FRAME, [what[0] + tail, what[0], what[2]])

    def close(self, line):
        '''Nothing more belongs to it, and it is not whole.'''
        frame = self.open[line]
        self.open[line] = None
        if frame is not None:
            self.annotate(frame, 0, len(frame.bytes) - 1, ANN_WARNING,
                          ['No whole frame: %s' % bytes(frame.bytes).hex(), 'No frame', '!'])

    def take(self, line, byte, ss, es):
        frame = self.open[line]
        starts = self.starts[line]
        starts.append((ss, es))
        if byte != START:
            starts.clear()
        if len(starts) >= self.word and not self.is_mask_due(frame):
            # FRAME.6: a start word is nowhere but at the start, so what was open is over.
            if frame is not None:
                del frame.bytes[len(frame.bytes) - self.word + 1:]
                del frame.places[len(frame.places) - self.word + 1:]
            self.close(line)
            self.open[line] = Found(self.word, starts[-self.word:])
        elif frame is not None and not (byte == START and self.is_mask_due(frame)):
            frame.add(byte, ss, es)
            if len(frame.bytes) > LONGEST:
                self.close(line)
        elif frame is not None:
            # No mask begins like a start: that began later.
            frame.places = starts[-self.word:]
        elif byte != START:
            self.put(ss, es, self.out_ann, [ANN_WARNING, ['Outside of a frame', '!']])

    def is_mask_due(self, frame):
        return frame is not None and len(frame.bytes) == self.word

    def finish(self, line):
        '''Shows what is open, if it is whole.'''
        if self.open[line] is not None and self.open[line].is_whole():
            self.show(self.open[line])
            self.open[line] = None

    def decode(self, ss, es, data):
        kind, line, value = data
        if kind == 'DATA':
            # Of words of two bytes the checksum is short: a part of a frame may look whole.
            if self.word == 1 or value[0] == START:
                self.finish(line)
            self.take(line, value[0], ss, es)
        elif kind == 'IDLE':
            self.finish(line)
        elif kind in ('INVALID STARTBIT', 'INVALID STOPBIT', 'BREAK'):
            self.put(ss, es, self.out_ann, [ANN_WARNING, ['Line: %s' % kind.lower(), '!']])
