package io.github.plimsoll.core.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntPredicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class WordsTest {

    /** Each byte looked at alone. */
    private static long marked(byte[] bytes, IntPredicate which) {
        byte[] marks = new byte[Long.BYTES];
        for (int i = 0; i < marks.length; i++) {
            marks[i] = (byte) (which.test(bytes[i]) ? 0x80 : 0);
        }
        return word(marks);
    }

    private static long word(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** Bytes near the borders of what is looked for. */
    @Provide
    Arbitrary<byte[]> bytes() {
        return Arbitraries.oneOf(
                        Arbitraries.bytes(),
                        Arbitraries.of((byte) 0, (byte) 1, (byte) 13, (byte) 14, (byte) ',', (byte) 0x80, (byte) 0x8D))
                .array(byte[].class)
                .ofSize(Long.BYTES);
    }

    @Property
    void marksTheBytesThatAreAskedForAndNoOthers(@ForAll("bytes") byte[] bytes, @ForAll byte wanted) {
        long word = Words.at(bytes, 0);

        assertThat(word).isEqualTo(word(bytes));
        assertThat(Words.zeros(word)).isEqualTo(marked(bytes, b -> b == 0));
        assertThat(Words.controls(word)).isEqualTo(marked(bytes, b -> b >= 0 && b < 14));
        for (byte b : new byte[] {wanted, bytes[3], (byte) ','}) {
            assertThat(Words.zeros(word ^ Words.of(b))).isEqualTo(marked(bytes, other -> other == b));
        }
    }

    @Property
    void theFirstMarkIsThatOfTheFirstByte(@ForAll("bytes") byte[] bytes) {
        int first = 0;
        while (first < bytes.length && bytes[first] != ',') {
            first++;
        }

        assertThat(Words.first(Words.zeros(word(bytes) ^ Words.of((byte) ',')))).isEqualTo(first);
    }
}
