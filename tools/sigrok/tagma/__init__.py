'''
Frames of Tagma, Byzantine agreement for microcontrollers on serial wires.

This decoder stacks on the UART decoder. It shows each frame's parts, says whose frame it is and of
which round and cycle, and whether its checksum is right. SPEC.md of the package tagma has the bytes.
'''

from .pd import Decoder
