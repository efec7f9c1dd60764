package io.github.plimsoll.validation.profile;

/** Spreads bits. */
final class Mixer {

    private Mixer() {}

    /** A finaliser that spreads every bit over all others (Stafford's thirteenth variant, as in SplitMix64). */
    static long mix(long bits) {
        long z = bits + 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }
}
