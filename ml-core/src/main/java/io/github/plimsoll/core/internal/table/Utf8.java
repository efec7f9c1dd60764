package io.github.plimsoll.core.internal.table;

/** Looks whether bytes are UTF-8. */
final class Utf8 {

    private Utf8() {}

    /** Where the first byte is that is no UTF-8 (The Unicode Standard, table 3-7), or -1. */
    static int invalidAt(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int b = bytes[at];
            if (b >= 0) {
                at++;
                continue;
            }
            int lead = b & 0xFF;
            int more = lead >= 0xC2 && lead <= 0xDF ? 1 : lead >= 0xE0 && lead <= 0xEF ? 2 : lead <= 0xF4 ? 3 : 0;
            if (lead < 0xC2 || more == 0 || to - at <= more) {
                return at;
            }
            int second = bytes[at + 1] & 0xFF;
            int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
            int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
            if (second < least || second > most) {
                return at;
            }
            for (int i = 2; i <= more; i++) {
                if ((bytes[at + i] & 0xC0) != 0x80) {
                    return at;
                }
            }
            at += more + 1;
        }
        return -1;
    }
}
